//! The result of a tuning over all its days.

use super::choose::{Recommendation, choose};
use super::grid::Candidate;
use super::score::{DayMark, MARKED, Score};
use super::shard::{DayOf, JudgedDay, TuneIdentity};
use super::tally::{DayTally, FaultDetection, closer_to_breach, farther_from_breach, threshold};
use crate::decision::Rule;
use crate::measure::estimate;
use crate::names::RuleId;

/// What was tried for one rule, and what came of it.
#[derive(Debug, Clone)]
pub struct Tuned {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub alert: String,
    /// Every candidate with its score, in the order of the grid.
    pub tried: Vec<(Candidate, Score)>,
    /// Positions in `tried` of those that no other beats, fewest false alarms first.
    pub frontier: Vec<usize>,
    /// The one recommended, with its reason; `None`: none found anything.
    pub choice: Option<Recommendation>,
}

/// What a tuning came to.
#[derive(Debug, Clone)]
pub struct TuningOutcome {
    /// How long the quiet days were watched, in weeks.
    pub quiet_weeks: f64,
    /// The faults that began on any day, and on how many.
    pub troubled: Vec<(String, usize)>,
    /// One per rule.
    pub tuned: Vec<Tuned>,
}

/// Adds days up that come one by one, in order.
#[derive(Debug)]
pub struct Scoring<'i> {
    identity: &'i TuneIdentity,
    quiet_days: u64,
    watched_s: f64,
    /// For each fault, on how many days it began.
    began: Vec<usize>,
    /// For each candidate.
    sums: Vec<Sum<'i>>,
}

#[derive(Debug)]
struct Sum<'i> {
    rule: &'i Rule,
    false_alarms: u64,
    alarmed: u64,
    quiet_worst: Option<f64>,
    found: Vec<FaultDetection>,
    fault_least: Option<f64>,
    marks: Vec<DayMark>,
}

impl<'i> Scoring<'i> {
    /// Of a tuning, before its first day.
    pub fn new(identity: &'i TuneIdentity) -> Scoring<'i> {
        let sum = |candidate: &'i Candidate| Sum {
            rule: &candidate.rule,
            false_alarms: 0,
            alarmed: 0,
            quiet_worst: None,
            found: Vec::new(),
            fault_least: None,
            marks: Vec::new(),
        };
        Scoring {
            identity,
            quiet_days: 0,
            watched_s: 0.0,
            began: vec![0; identity.faults.len()],
            sums: identity.candidates().map(sum).collect(),
        }
    }

    /// Takes in the next day. One that is not of this tuning says nothing.
    pub fn add(&mut self, day: &JudgedDay) {
        let own_day = self.identity.day(day.trial);
        match own_day {
            None => return,
            Some(DayOf::Quiet(_)) => {
                self.quiet_days += 1;
                self.watched_s += day.watched.seconds();
            }
            // A fault that begins with a change may never begin.
            Some(DayOf::Fault(fault, _)) => {
                self.began[fault] += usize::from(day.tallies.iter().any(|t| t.found.is_some()));
            }
        }
        for (sum, tally) in self.sums.iter_mut().zip(&day.tallies) {
            sum.add(own_day, tally);
        }
    }

    /// What they come to.
    pub fn outcome(self) -> TuningOutcome {
        let identity = self.identity;
        let quiet_weeks = self.watched_s / (7.0 * 86_400.0);
        let began = identity.faults.iter().cloned().zip(self.began);
        let mut sums = self.sums.into_iter();
        let mut tuned = Vec::with_capacity(identity.tried.len());
        for of in &identity.tried {
            let scored = |candidate: &Candidate| {
                let sum = sums.next().expect("one for each candidate");
                (candidate.clone(), sum.score(identity, (self.quiet_days, quiet_weeks)))
            };
            let tried: Vec<(Candidate, Score)> = of.candidates.iter().map(scored).collect();
            let (frontier, choice) = choose(&tried, identity.allowed, identity.every);
            tuned.push(Tuned { rule: of.rule, alert: of.alert.clone(), tried, frontier, choice });
        }
        TuningOutcome {
            quiet_weeks,
            troubled: began.filter(|(_, days)| *days > 0).collect(),
            tuned,
        }
    }
}

impl Sum<'_> {
    fn add(&mut self, day: Option<DayOf>, tally: &DayTally) {
        self.mark(day, tally);
        match day {
            Some(DayOf::Fault(..)) => {
                self.fault_least = farther_from_breach(self.rule, self.fault_least, tally.worst);
                self.found.extend(tally.found);
            }
            _ => {
                self.false_alarms = self.false_alarms.saturating_add(tally.alarms);
                self.alarmed += u64::from(tally.alarms > 0);
                self.quiet_worst = closer_to_breach(self.rule, self.quiet_worst, tally.worst);
            }
        }
    }

    /// Keeps what the day reached, if not enough of its kind are kept.
    fn mark(&mut self, day: Option<DayOf>, tally: &DayTally) {
        let Some(value) = tally.worst else { return };
        let (fault, number, fired) = match day {
            Some(DayOf::Fault(fault, number)) => {
                let Some(found) = tally.found else { return };
                (Some(fault), number, found.minutes.is_some())
            }
            Some(DayOf::Quiet(number)) => (None, number, tally.alarms > 0),
            None => return,
        };
        if number < MARKED as u64 {
            self.marks.push(DayMark { fault, value, fired });
        }
    }

    fn score(self, identity: &TuneIdentity, (quiet_days, quiet_weeks): (u64, f64)) -> Score {
        let Sum { rule, false_alarms, alarmed, quiet_worst, found, fault_least, marks } = self;
        let detected: Vec<f64> = found.iter().filter_map(|found| found.minutes).collect();
        let all: Vec<f64> = found.iter().map(FaultDetection::minutes_or_all).collect();
        let lost: Vec<f64> = found.iter().map(|found| found.lost).collect();
        let missed = found.iter().filter(|found| found.is_missed()).count() as u64;
        let already = found.iter().filter(|found| found.already).count() as u64;
        Score {
            false_alarms,
            quiet_days: (quiet_days, alarmed),
            per_week: estimate::rate(false_alarms, quiet_weeks),
            minutes: estimate::mean(&detected),
            minutes_or_all: estimate::mean(&all),
            missed: estimate::share(missed, found.len() as u64),
            already,
            lost: estimate::mean(&lost),
            found,
            quiet_worst,
            fault_least,
            threshold: threshold(rule, &identity.baseline),
            marks,
        }
    }
}
