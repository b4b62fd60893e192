//! What a candidate is worth: false alarms on quiet days, minutes to detect on bad ones.

use super::days::{Day, Days, Kept, Wanted};
use crate::decision::{Baseline, Compare, Condition, Drill, Rule};
use crate::measure::estimate::{self, Estimate};
use crate::names::Names;
use crate::units::{Span, Time};

/// What became of one fault of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Position of the fault in [`Days::troubled`].
    pub fault: usize,
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

impl Found {
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

/// What a candidate is worth, with 95 % intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Alarms on quiet days.
    pub false_alarms: u64,
    /// Quiet days, and those of them with an alarm.
    pub quiet_days: (u64, u64),
    /// The same per week; `None` without quiet days.
    pub per_week: Option<Estimate>,
    /// One for each fault of each bad day, in order.
    pub found: Vec<Found>,
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

    /// The same for one fault alone.
    pub fn of_fault(&self, fault: usize) -> Vec<Found> {
        self.found.iter().filter(|found| found.fault == fault).copied().collect()
    }
}

/// Judges a candidate on all days.
pub fn score(
    rule: &Rule,
    baseline: &Baseline,
    names: &Names,
    wanted: &Wanted,
    days: &Days,
) -> Score {
    let scopes = rule.scopes(names).into_iter();
    let places = scopes.filter_map(|scope| wanted.scopes.iter().position(|one| *one == scope));
    let trier = Trier { rule, baseline, places: places.collect() };
    let (mut false_alarms, mut alarmed) = (0, 0);
    let mut quiet_worst = None;
    for day in &days.quiet {
        let tried = trier.day(day, (Time::ZERO, Time::NEVER));
        false_alarms += tried.fired.len() as u64;
        alarmed += u64::from(!tried.fired.is_empty());
        quiet_worst = trier.closer_to_breach(quiet_worst, tried.worst);
    }
    let (mut found, mut fault_least) = (Vec::new(), None);
    for (fault, (_, days)) in days.troubled.iter().enumerate() {
        for day in days {
            let Some(onset) = day.onset else { continue };
            // A window still holds what a fault left in it when the fault is over.
            let until = onset.to + rule.window;
            let tried = trier.day(day, (onset.from, until));
            let in_time = |tick: &&Kept| onset.from < tick.to && tick.to <= until;
            let alarm = tried.fired.iter().map(|at| &day.kept[*at]).find(in_time);
            fault_least = trier.farther_from_breach(fault_least, tried.worst);
            let minutes = |span: Span| span.seconds() / 60.0;
            let lost = alarm.map_or(day.lost_at(onset.to), |alarm| alarm.lost);
            found.push(Found {
                fault,
                minutes: alarm.map(|alarm| minutes(alarm.known.since(onset.from))),
                already: alarm.is_none() && tried.firing_before,
                horizon: minutes(until.since(onset.from) + day.delay()),
                lasted: minutes(onset.to.since(onset.from)),
                lost: minutes(Span(lost.0.saturating_sub(onset.lost_before().0))),
            });
        }
    }
    let detected: Vec<f64> = found.iter().filter_map(|found| found.minutes).collect();
    let all: Vec<f64> = found.iter().map(Found::minutes_or_all).collect();
    let lost: Vec<f64> = found.iter().map(|found| found.lost).collect();
    let missed = found.iter().filter(|found| found.is_missed()).count() as u64;
    let already = found.iter().filter(|found| found.already).count() as u64;
    Score {
        false_alarms,
        quiet_days: (days.quiet.len() as u64, alarmed),
        per_week: estimate::rate(false_alarms, days.quiet_weeks()),
        minutes: estimate::mean(&detected),
        minutes_or_all: estimate::mean(&all),
        missed: estimate::share(missed, found.len() as u64),
        already,
        lost: estimate::mean(&lost),
        found,
        quiet_worst,
        fault_least,
        threshold: trier.threshold(),
    }
}

struct Trier<'r> {
    rule: &'r Rule,
    baseline: &'r Baseline,
    /// Of its scopes, in [`Wanted::scopes`].
    places: Vec<usize>,
}

/// A day as a candidate saw it.
struct Tried {
    /// Positions of the readings at whose end it fired, on any scope, in order.
    fired: Vec<usize>,
    /// The value furthest on the way to a breach, within the time asked for.
    worst: Option<f64>,
    /// It was firing on some scope when that time began.
    firing_before: bool,
}

impl Trier<'_> {
    fn rises(&self) -> bool {
        let compare = self.rule.breach.map(|breach| breach.compare);
        !matches!(compare, Some(Compare::Below | Compare::AtMost))
    }

    fn closer_to_breach(&self, one: Option<f64>, other: Option<f64>) -> Option<f64> {
        let pick = if self.rises() { f64::max } else { f64::min };
        one.zip(other).map(|(one, other)| pick(one, other)).or(one).or(other)
    }

    fn farther_from_breach(&self, one: Option<f64>, other: Option<f64>) -> Option<f64> {
        let pick = if self.rises() { f64::min } else { f64::max };
        one.zip(other).map(|(one, other)| pick(one, other)).or(one).or(other)
    }

    fn threshold(&self) -> f64 {
        let level = |breach: Condition| {
            breach.threshold.level(self.rule.measure, self.baseline, (Time::ZERO, Time::ZERO))
        };
        self.rule.breach.map_or(0.0, level)
    }

    fn day(&self, day: &Day, (from, to): (Time, Time)) -> Tried {
        let mut fired = Vec::new();
        let (mut worst, mut firing_before) = (None, false);
        for place in &self.places {
            let mut drill = Drill::new(self.rule, self.baseline);
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
                    worst = self.closer_to_breach(worst, drilled.value.map(|(value, _)| value));
                }
            }
        }
        fired.sort_unstable();
        Tried { fired, worst, firing_before }
    }
}

#[cfg(test)]
mod tests {
    use super::super::days::Onset;
    use super::*;
    use crate::decision::{Hold, Measure, Threshold};
    use crate::names::Scope;
    use crate::telemetry::{Reading, ScopeReading};

    const EVERY: Span = Span::from_secs(10);
    const DELAY: Span = Span::from_secs(20);

    /// More than 5 % of the requests of the last 30 s fail.
    fn rule(hold: u64) -> Rule {
        let breach = Condition { compare: Compare::Above, threshold: Threshold::Fixed(0.05) };
        Rule {
            text: "error_rate > 5%".into(),
            measure: Measure::ErrorRate,
            breach: Some(breach),
            resolve: None,
            resolve_limit: None,
            scope: Scope::Site,
            by: None,
            window: Span::from_secs(30),
            hold: Hold::For(Span::from_secs(hold)),
            keep_firing_for: Span::from_secs(60),
            no_data_for: Span::MINUTE * 3,
            min_requests: 20,
            severity: None,
            good: false,
            joined: Vec::new(),
            active: None,
        }
    }

    /// A day of an hour in which these seconds are bad, all of each reading or none.
    fn day(wanted: &Wanted, bad: &[(u64, u64)], onset: Option<(u64, u64)>) -> Day {
        let mut day = Day::empty();
        for second in (0..3_600).step_by(10) {
            let failed =
                if bad.iter().any(|(from, to)| (*from..*to).contains(&second)) { 30 } else { 0 };
            let from = Time::ZERO + Span::from_secs(second);
            let scope = ScopeReading { ok: 100 - failed, failed, ..ScopeReading::default() };
            let to = from + EVERY;
            let reading = Reading { from, to, missing: false, scopes: vec![scope] };
            day.add(wanted, to + DELAY, &reading, Span::ZERO);
        }
        let at = |second| Time::ZERO + Span::from_secs(second);
        day.onset = onset.map(|(from, to)| Onset::new(at(from), at(to), Span::ZERO));
        day
    }

    fn found(hold: u64, bad: &[(u64, u64)], fault: (u64, u64)) -> Found {
        let (rule, names, baseline) = (rule(hold), Names::default(), Baseline::default());
        let wanted = Wanted::of([&rule].into_iter(), &names, &baseline);
        let troubled = vec![("fault".to_string(), vec![day(&wanted, bad, Some(fault))])];
        let days = Days { quiet: Vec::new(), troubled };
        score(&rule, &baseline, &names, &wanted, &days).found[0]
    }

    #[test]
    fn an_alert_counts_until_the_fault_has_left_the_window() {
        let minutes = |found: Found| found.minutes.map(|minutes| (minutes * 60.0).round() as u64);
        // Held for 30 s, it fires 40 s after the first bad second; 20 s later that is known.
        assert_eq!(minutes(found(30, &[(600, 700)], (600, 700))), Some(60));
        // The fault ends with its tenth second, its last trace 30 s later: no alarm afterwards.
        let spike = found(30, &[(600, 610)], (600, 610));
        assert_eq!((minutes(spike), spike.is_missed(), spike.already), (None, true, false));
        assert_eq!(minutes(found(20, &[(600, 610)], (600, 610))), Some(50));
        // Something else that begins 40 s after the end is no detection of this fault.
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
    fn quiet_days_with_an_alarm_are_counted() {
        let (rule, names, baseline) = (rule(0), Names::default(), Baseline::default());
        let wanted = Wanted::of([&rule].into_iter(), &names, &baseline);
        let noisy = [(600, 700), (2_000, 2_100)];
        let quiet = vec![day(&wanted, &[], None), day(&wanted, &noisy, None)];
        let days = Days { quiet, troubled: Vec::new() };
        let score = score(&rule, &baseline, &names, &wanted, &days);
        assert_eq!((score.false_alarms, score.quiet_days), (2, (2, 1)));
    }
}
