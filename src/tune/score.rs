//! What a candidate is worth: false alarms on quiet days, minutes to detect on bad ones.

use super::tally::FaultDetection;
use crate::measure::estimate::Estimate;

/// What a candidate is worth, with 95 % intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Alarms on quiet days.
    pub false_alarms: u64,
    /// Quiet days, and those of them with an alarm.
    pub quiet_days: (u64, u64),
    /// The same per week; `None` without quiet days.
    pub per_week: Option<Estimate>,
    /// One for each bad day whose fault began, fault by fault.
    pub found: Vec<FaultDetection>,
    /// Minutes to detect over the faults that were detected.
    pub minutes: Option<Estimate>,
    /// The same with what was not detected counted as longer than any detection.
    pub minutes_or_all: Option<Estimate>,
    /// The share of faults that were missed.
    pub missed: Option<Estimate>,
    /// Faults that began while the alert was firing already.
    pub already: u64,
    /// User-minutes lost until detection.
    pub lost: Option<Estimate>,
    /// The value furthest on the way to a breach on any quiet day.
    pub quiet_worst: Option<f64>,
    /// The least of the values that the faults of the bad days reached.
    pub fault_least: Option<f64>,
    /// What the values are compared with.
    pub threshold: f64,
    /// The value furthest on the way to a breach of each day on which one was known, at most
    /// [`MARKED`] quiet days and as many with each fault.
    pub marks: Vec<DayMark>,
}

/// The most days of a kind that are kept one by one. A choice: in a strip of the report, more
/// points than that lie on each other and tell no more.
pub const MARKED: usize = 400;

/// What one day reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayMark {
    /// Its fault, by its position among those of the tuning; `None`: a quiet day.
    pub fault: Option<usize>,
    /// The value furthest on the way to a breach.
    pub value: f64,
    /// The alert fired: falsely, or in time for the fault.
    pub fired: bool,
}

impl Score {
    /// How far the threshold is from both the quiet days and the faults, as a ratio; 1 or less: it
    /// is beyond one of them.
    pub fn clearance(&self) -> f64 {
        let ratio = |one: f64, other: f64| {
            let (low, high) = if one < other { (one, other) } else { (other, one) };
            high / low.max(high * 1e-3).max(f64::MIN_POSITIVE)
        };
        let quiet = self.quiet_worst.map_or(1e3, |worst| ratio(worst, self.threshold));
        let fault = self.fault_least.map_or(1.0, |least| ratio(self.threshold, least));
        quiet.min(fault)
    }

    /// Faults that were not detected.
    pub fn undetected(&self) -> u64 {
        self.found.iter().filter(|found| found.minutes.is_none()).count() as u64
    }
}
