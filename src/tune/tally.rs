//! What one day counts for one candidate.

use super::days::{DayReading, KeptDay, ReadingSelection};
use crate::decision::{Baseline, Compare, Condition, Rule, RuleEvaluator};
use crate::names::Names;
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

/// What became of one fault of one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FaultDetection {
    /// Minutes from its beginning until the alert was known; `None`: it was not detected.
    pub minutes: Option<f64>,
    /// The alert was firing when the fault began and did not fire again: that detected nothing, and
    /// nobody can tell whether it would have.
    pub already: bool,
    /// Minutes from its beginning until the last moment at which an alert could be known that
    /// counts as detection.
    pub horizon: f64,
    /// How long it lasted, in minutes.
    pub lasted: f64,
    /// Minutes that users lost until then, or until it was over.
    pub lost: f64,
}

impl FaultDetection {
    /// Minutes to detect. What was not detected counts as longer than any detection of this fault
    /// could have taken, not as the length of the fault: else a short spike would be cheaper to
    /// miss than to find.
    pub fn minutes_or_all(&self) -> f64 {
        self.minutes.unwrap_or(self.horizon)
    }

    /// It was neither detected nor was the alert firing already.
    pub fn is_missed(&self) -> bool {
        self.minutes.is_none() && !self.already
    }
}

/// What one day says of one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayTally {
    /// Alarms of the whole day.
    pub alarms: u64,
    /// The value furthest on the way to a breach: of a quiet day, or while the fault lasted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<f64>,
    /// What became of the fault of the day, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<FaultDetection>,
}

/// Judges days by one rule.
#[derive(Debug)]
pub(super) struct DayJudge<'r> {
    rule: &'r Rule,
    baseline: &'r Baseline,
    /// Of its scopes, in [`ReadingSelection::scopes`].
    places: Vec<usize>,
}

/// A day as a candidate saw it.
struct ObservedDay {
    /// Positions of the readings at whose end it fired, on any scope, in order.
    fired: Vec<usize>,
    /// The value furthest on the way to a breach, within the time asked for.
    worst: Option<f64>,
    /// It was firing on some scope when that time began.
    firing_before: bool,
}

impl<'r> DayJudge<'r> {
    pub(super) fn new(
        rule: &'r Rule,
        baseline: &'r Baseline,
        names: &Names,
        wanted: &ReadingSelection,
    ) -> DayJudge<'r> {
        let scopes = rule.scopes(names).into_iter();
        let places = scopes.filter_map(|scope| wanted.scopes.iter().position(|one| *one == scope));
        DayJudge { rule, baseline, places: places.collect() }
    }

    /// What a day without a fault says.
    pub(super) fn quiet(&self, day: &KeptDay) -> DayTally {
        let ObservedDay { fired, worst, .. } = self.day(day, (Time::ZERO, Time::NEVER));
        DayTally { alarms: fired.len() as u64, worst, found: None }
    }

    /// What a day with a fault says; nothing if it never began.
    pub(super) fn troubled(&self, day: &KeptDay) -> DayTally {
        let Some(onset) = day.onset else {
            return DayTally { alarms: 0, worst: None, found: None };
        };
        // A window still holds what a fault left in it when the fault is over.
        let until = onset.to + self.rule.window;
        let seen = self.day(day, (onset.from, until));
        let in_time = |tick: &&DayReading| onset.from < tick.to && tick.to <= until;
        let alarm = seen.fired.iter().map(|at| &day.kept[*at]).find(in_time);
        let minutes = |span: Span| span.seconds() / 60.0;
        let lost = alarm.map_or(day.lost_at(onset.to), |alarm| alarm.lost);
        let found = FaultDetection {
            minutes: alarm.map(|alarm| minutes(alarm.known.since(onset.from))),
            already: alarm.is_none() && seen.firing_before,
            horizon: minutes(until.since(onset.from) + day.delay()),
            lasted: minutes(onset.to.since(onset.from)),
            lost: minutes(Span(lost.0.saturating_sub(onset.lost_before().0))),
        };
        DayTally { alarms: seen.fired.len() as u64, worst: seen.worst, found: Some(found) }
    }

    fn day(&self, day: &KeptDay, (from, to): (Time, Time)) -> ObservedDay {
        let mut fired = Vec::new();
        let (mut worst, mut firing_before) = (None, false);
        for place in &self.places {
            let mut drill = RuleEvaluator::new(self.rule, self.baseline);
            for (at, kept) in day.kept.iter().enumerate() {
                let scope = kept.scopes.as_ref().map(|scopes| &scopes[*place]);
                let drilled = drill.observe(kept.from, kept.to, scope);
                if drilled.fires {
                    fired.push(at);
                }
                let last_before =
                    kept.to <= from && day.kept.get(at + 1).is_none_or(|next| next.to > from);
                firing_before |= last_before && drilled.firing;
                if from < kept.to && kept.to <= to {
                    worst =
                        closer_to_breach(self.rule, worst, drilled.value.map(|(value, _)| value));
                }
            }
        }
        fired.sort_unstable();
        ObservedDay { fired, worst, firing_before }
    }
}

/// Of two values the one that is further on the way to a breach.
pub(super) fn closer_to_breach(rule: &Rule, one: Option<f64>, other: Option<f64>) -> Option<f64> {
    pick_known(one, other, if rises(rule) { f64::max } else { f64::min })
}

/// Of two values the one that is less far on the way.
pub(super) fn farther_from_breach(
    rule: &Rule,
    one: Option<f64>,
    other: Option<f64>,
) -> Option<f64> {
    pick_known(one, other, if rises(rule) { f64::min } else { f64::max })
}

fn pick_known(one: Option<f64>, other: Option<f64>, pick: fn(f64, f64) -> f64) -> Option<f64> {
    one.zip(other).map(|(one, other)| pick(one, other)).or(one).or(other)
}

fn rises(rule: &Rule) -> bool {
    let compare = rule.breach.map(|breach| breach.compare);
    !matches!(compare, Some(Compare::Below | Compare::AtMost))
}

/// What the values of a rule are compared with.
pub(super) fn threshold(rule: &Rule, baseline: &Baseline) -> f64 {
    let level = |breach: Condition| {
        breach.threshold.level(rule.measure, baseline, (Time::ZERO, Time::ZERO))
    };
    rule.breach.map_or(0.0, level)
}

#[cfg(test)]
mod tests {
    use super::super::days::Onset;
    use super::*;
    use crate::decision::{Hold, Measure, Threshold};
    use crate::telemetry::{Reading, ScopeReading};

    const EVERY: Span = Span::from_secs(10);
    const DELAY: Span = Span::from_secs(20);

    /// More than 5 % of the requests of the last 30 s fail.
    fn rule(hold: u64) -> Rule {
        let breach = Condition { compare: Compare::Above, threshold: Threshold::Fixed(0.05) };
        Rule {
            breach: Some(breach),
            window: Span::from_secs(30),
            hold: Hold::For(Span::from_secs(hold)),
            keep_firing_for: Span::from_secs(60),
            no_data_for: Span::MINUTE * 3,
            min_requests: 20,
            ..Rule::new("error_rate > 5%", Measure::ErrorRate)
        }
    }

    /// A day of an hour in which these seconds are bad, all of each reading or none.
    fn day(wanted: &ReadingSelection, bad: &[(u64, u64)], onset: Option<(u64, u64)>) -> KeptDay {
        let mut day = KeptDay::empty();
        for second in (0..3_600).step_by(10) {
            let failed =
                if bad.iter().any(|(from, to)| (*from..*to).contains(&second)) { 30 } else { 0 };
            let from = Time::ZERO + Span::from_secs(second);
            let scope = ScopeReading { ok: 100 - failed, failed, ..ScopeReading::default() };
            let to = from + EVERY;
            let reading = Reading::new(from, to, vec![scope]);
            day.add(wanted, to + DELAY, &reading, Span::ZERO);
        }
        let at = |second| Time::ZERO + Span::from_secs(second);
        day.onset = onset.map(|(from, to)| Onset::new(at(from), at(to), Span::ZERO));
        day
    }

    fn found(hold: u64, bad: &[(u64, u64)], fault: (u64, u64)) -> FaultDetection {
        let (rule, names, baseline) = (rule(hold), Names::default(), Baseline::default());
        let wanted = ReadingSelection::for_rules([&rule].into_iter(), &names, &baseline);
        let judge = DayJudge::new(&rule, &baseline, &names, &wanted);
        judge.troubled(&day(&wanted, bad, Some(fault))).found.expect("a fault")
    }

    #[test]
    fn an_alert_counts_until_the_fault_has_left_the_window() {
        let minutes =
            |found: FaultDetection| found.minutes.map(|minutes| (minutes * 60.0).round() as u64);
        // Held for 30 s, it fires 40 s after the first bad second; 20 s later that is known.
        assert_eq!(minutes(found(30, &[(600, 700)], (600, 700))), Some(60));
        // The fault ends with its tenth second, its last trace 30 s later: no alarm afterwards.
        let spike = found(30, &[(600, 610)], (600, 610));
        assert_eq!((minutes(spike), spike.is_missed(), spike.already), (None, true, false));
        assert_eq!(minutes(found(20, &[(600, 610)], (600, 610))), Some(50));
        // Something else that begins 40 s after the end is not a detection of this fault.
        let later = found(0, &[(650, 700)], (600, 610));
        assert_eq!((minutes(later), later.is_missed()), (None, true));
    }

    #[test]
    fn a_miss_costs_more_than_any_detection_of_the_fault() {
        let missed = found(30, &[(600, 610)], (600, 610));
        let latest = found(20, &[(600, 610)], (600, 610));
        assert!((missed.lasted - 10.0 / 60.0).abs() < 1e-9);
        // Ten seconds, the window of thirty, and twenty until a reading is known.
        assert!((missed.minutes_or_all() - 1.0).abs() < 1e-9, "{missed:?}");
        assert!(missed.minutes_or_all() > latest.minutes_or_all(), "{latest:?}");
    }

    #[test]
    fn what_is_firing_already_is_told_apart() {
        let firing = found(0, &[(500, 800)], (600, 700));
        assert_eq!((firing.minutes, firing.already, firing.is_missed()), (None, true, false));
        // It has resolved before: then it is a miss.
        let over = found(0, &[(300, 400)], (600, 700));
        assert_eq!((over.already, over.is_missed()), (false, true));
    }

    #[test]
    fn alarms_of_a_quiet_day_are_counted() {
        let (rule, names, baseline) = (rule(0), Names::default(), Baseline::default());
        let wanted = ReadingSelection::for_rules([&rule].into_iter(), &names, &baseline);
        let judge = DayJudge::new(&rule, &baseline, &names, &wanted);
        assert_eq!(judge.quiet(&day(&wanted, &[], None)).alarms, 0);
        assert_eq!(judge.quiet(&day(&wanted, &[(600, 700), (2_000, 2_100)], None)).alarms, 2);
        let none = judge.troubled(&day(&wanted, &[(600, 700)], None));
        assert_eq!((none.alarms, none.found), (0, None), "a fault that never began says nothing");
    }
}
