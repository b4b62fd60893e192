//! What a candidate is worth: false alarms on quiet days, minutes to detect on bad ones.

use super::days::{Day, Days, Kept, Wanted, scopes_of};
use crate::decision::{Baseline, Compare, Drill, Rule};
use crate::measure::estimate::{self, Estimate};
use crate::names::Names;
use crate::units::{Span, Time};

/// What became of one fault of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Position of the fault in [`Days::troubled`].
    pub fault: usize,
    /// Minutes from its beginning until the alert was known; `None`: it was missed.
    pub minutes: Option<f64>,
    /// How long it lasted, in minutes.
    pub lasted: f64,
    /// Minutes that users lost until then, or until it was over.
    pub lost: f64,
}

impl Found {
    /// Minutes to detect; a miss counts as the whole length of the fault.
    pub fn minutes_or_all(&self) -> f64 {
        self.minutes.unwrap_or(self.lasted)
    }
}

/// What a candidate is worth, with 95 % intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Alarms on quiet days.
    pub false_alarms: u64,
    /// The same per week; `None` without quiet days.
    pub per_week: Option<Estimate>,
    /// One for each fault of each bad day, in order.
    pub found: Vec<Found>,
    /// Minutes to detect over the faults that were detected.
    pub minutes: Option<Estimate>,
    /// The same with a miss counted as the whole length of the fault.
    pub minutes_or_all: Option<Estimate>,
    /// The share of faults that were missed.
    pub missed: Option<Estimate>,
    /// User-minutes lost until detection.
    pub lost: Option<Estimate>,
    /// The value furthest on the way to a breach on any quiet day.
    pub quiet_worst: Option<f64>,
    /// The least of the values that the faults of the bad days reached.
    pub fault_least: Option<f64>,
    /// What the values are compared with.
    pub threshold: f64,
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

    /// The same for one fault alone.
    pub fn of_fault(&self, fault: usize) -> Vec<Found> {
        self.found.iter().filter(|found| found.fault == fault).copied().collect()
    }
}

/// Judges a candidate on all days.
pub fn score(
    rule: &Rule,
    baseline: Baseline,
    names: &Names,
    wanted: &Wanted,
    days: &Days,
) -> Score {
    let scopes = scopes_of(rule, names).into_iter();
    let places = scopes.filter_map(|scope| wanted.scopes.iter().position(|one| *one == scope));
    let trier = Trier { rule, baseline, places: places.collect() };
    let mut false_alarms = 0;
    let mut quiet_worst = None;
    for day in &days.quiet {
        let tried = trier.day(day, (Time::ZERO, Time::NEVER));
        false_alarms += tried.fired.len() as u64;
        quiet_worst = trier.worse(quiet_worst, tried.worst);
    }
    let (mut found, mut fault_least) = (Vec::new(), None);
    for (fault, (_, days)) in days.troubled.iter().enumerate() {
        for day in days {
            let Some(onset) = day.onset else { continue };
            let until = onset.to + rule.window;
            let tried = trier.day(day, (onset.from, until));
            let in_time = |tick: &&Kept| onset.from < tick.to && tick.to <= until;
            let alarm = tried.fired.iter().map(|at| &day.kept[*at]).find(in_time);
            fault_least = trier.milder(fault_least, tried.worst);
            let minutes = |span: Span| span.seconds() / 60.0;
            let lost = alarm.map_or(day.lost_at(onset.to), |alarm| alarm.lost);
            found.push(Found {
                fault,
                minutes: alarm.map(|alarm| minutes(alarm.known.since(onset.from))),
                lasted: minutes(onset.to.since(onset.from)),
                lost: minutes(Span(lost.0.saturating_sub(onset.lost_before().0))),
            });
        }
    }
    let detected: Vec<f64> = found.iter().filter_map(|found| found.minutes).collect();
    let all: Vec<f64> = found.iter().map(Found::minutes_or_all).collect();
    let lost: Vec<f64> = found.iter().map(|found| found.lost).collect();
    Score {
        false_alarms,
        per_week: estimate::rate(false_alarms, days.quiet_weeks()),
        minutes: estimate::mean(&detected),
        minutes_or_all: estimate::mean(&all),
        missed: estimate::share((found.len() - detected.len()) as u64, found.len() as u64),
        lost: estimate::mean(&lost),
        found,
        quiet_worst,
        fault_least,
        threshold: trier.threshold(),
    }
}

struct Trier<'r> {
    rule: &'r Rule,
    baseline: Baseline,
    /// Of its scopes, in [`Wanted::scopes`].
    places: Vec<usize>,
}

/// A day as a candidate saw it.
struct Tried {
    /// Positions of the readings at whose end it fired, on any scope, in order.
    fired: Vec<usize>,
    /// The value furthest on the way to a breach, within the time asked for.
    worst: Option<f64>,
}

impl Trier<'_> {
    fn rises(&self) -> bool {
        let compare = self.rule.breach.map(|breach| breach.compare);
        !matches!(compare, Some(Compare::Below | Compare::AtMost))
    }

    fn worse(&self, one: Option<f64>, other: Option<f64>) -> Option<f64> {
        let pick = if self.rises() { f64::max } else { f64::min };
        one.zip(other).map(|(one, other)| pick(one, other)).or(one).or(other)
    }

    fn milder(&self, one: Option<f64>, other: Option<f64>) -> Option<f64> {
        let pick = if self.rises() { f64::min } else { f64::max };
        one.zip(other).map(|(one, other)| pick(one, other)).or(one).or(other)
    }

    fn threshold(&self) -> f64 {
        use crate::decision::Threshold;
        match self.rule.breach.map(|breach| breach.threshold) {
            Some(Threshold::Fixed(threshold)) => threshold,
            Some(Threshold::Baseline { multiple, floor }) => {
                let normal = self.baseline.error_rate.map_or(0.0, |ratio| ratio.0);
                (multiple * normal).max(floor.unwrap_or(0.0))
            }
            None => 0.0,
        }
    }

    fn day(&self, day: &Day, (from, to): (Time, Time)) -> Tried {
        let mut fired = Vec::new();
        let mut worst = None;
        for place in &self.places {
            let mut drill = Drill::new(self.rule, self.baseline);
            for (at, kept) in day.kept.iter().enumerate() {
                let scope = kept.scopes.as_ref().map(|scopes| &scopes[*place]);
                let drilled = drill.observe(kept.from, kept.to, scope);
                if drilled.fires {
                    fired.push(at);
                }
                if from < kept.to && kept.to <= to {
                    worst = self.worse(worst, drilled.value.map(|(value, _)| value));
                }
            }
        }
        fired.sort_unstable();
        Tried { fired, worst }
    }
}
