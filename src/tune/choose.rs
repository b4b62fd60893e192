//! Which candidates no other beats, and which of them to take.

use super::grid::Candidate;
use super::score::{Found, Score};
use crate::decision::Hold;
use crate::measure::estimate::{self, Estimate};
use crate::units::Span;

/// The candidate recommended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Its position among all that were tried.
    pub at: usize,
    /// It has more false alarms than were allowed; nothing that has fewer finds anything.
    pub noisy: bool,
    /// The fastest of those that were allowed.
    pub fastest: usize,
    /// How much later than that it detects, in minutes, by paired draws.
    pub later: Option<Estimate>,
    /// How many candidates were as fast within one reading.
    pub as_fast: usize,
}

/// What no other candidate beats, fewest false alarms first, and which one to take: of those with
/// at most `allowed` false alarms a week, the ones that detect within one reading of the fastest,
/// and of these the one whose threshold lies furthest from both what quiet days and what faults
/// reach; of equals the one that holds longest.
pub fn choose(
    tried: &[(Candidate, Score)],
    allowed: f64,
    every: Span,
) -> (Vec<usize>, Option<Choice>) {
    let finds = |at: &usize| tried[*at].1.found.iter().any(|found| found.minutes.is_some());
    let finding: Vec<usize> = (0..tried.len()).filter(finds).collect();
    let frontier = frontier(tried, &finding);
    let quiet = |at: &usize| per_week(&tried[*at].1) <= allowed;
    let mut pool: Vec<usize> = finding.iter().copied().filter(quiet).collect();
    let noisy = pool.is_empty();
    if noisy {
        let least = finding.iter().map(|at| tried[*at].1.false_alarms).min();
        pool = finding;
        pool.retain(|at| Some(tried[*at].1.false_alarms) == least);
    }
    let by_minutes = |one: &&usize, other: &&usize| {
        minutes(&tried[**one].1).total_cmp(&minutes(&tried[**other].1))
    };
    let Some(fastest) = pool.iter().min_by(by_minutes).copied() else { return (frontier, None) };
    let limit = minutes(&tried[fastest].1) + every.seconds() / 60.0 + 1e-9;
    pool.retain(|at| minutes(&tried[*at].1) <= limit);
    let as_fast = pool.len();
    let better = |one: &usize, other: &usize| {
        let key = |at: usize| (tried[at].1.clearance(), hold(&tried[at].0));
        let (one, other) = (key(*one), key(*other));
        // Of equals the first wins, so that the order of the grid decides and nothing else.
        one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))
    };
    let first_best = |best: usize, at: &usize| match better(at, &best) {
        std::cmp::Ordering::Greater => *at,
        _ => best,
    };
    let at = pool.iter().skip(1).fold(pool[0], first_best);
    let later = later(&tried[at].1.found, &tried[fastest].1.found);
    (frontier, Some(Choice { at, noisy, fastest, later, as_fast }))
}

/// Those than which no other has both at most as many false alarms and at most as many minutes,
/// and fewer of one; of equals the first.
fn frontier(tried: &[(Candidate, Score)], finding: &[usize]) -> Vec<usize> {
    let point = |at: usize| (tried[at].1.false_alarms, minutes(&tried[at].1));
    let mut order = finding.to_vec();
    order.sort_by(|one, other| {
        let (one, other) = (point(*one), point(*other));
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    });
    let mut frontier: Vec<usize> = Vec::new();
    for at in order {
        if frontier.last().is_none_or(|last| point(at).1 < point(*last).1 - 1e-9) {
            frontier.push(at);
        }
    }
    frontier
}

fn per_week(score: &Score) -> f64 {
    score.per_week.map_or(0.0, |rate| rate.value)
}

fn minutes(score: &Score) -> f64 {
    score.minutes_or_all.map_or(f64::INFINITY, |minutes| minutes.value)
}

fn hold(candidate: &Candidate) -> f64 {
    match candidate.rule.hold {
        Hold::For(span) => span.seconds(),
        Hold::Of { n, .. } => f64::from(n),
    }
}

/// The mean difference, fault by fault of the same days.
fn later(one: &[Found], other: &[Found]) -> Option<Estimate> {
    let pairs = one.iter().zip(other);
    let differences: Vec<f64> =
        pairs.map(|(one, other)| one.minutes_or_all() - other.minutes_or_all()).collect();
    estimate::mean(&differences)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Compare, Condition, Measure, Rule, Threshold};
    use crate::names::Scope;

    fn tried(false_alarms: u64, minutes: f64, hold: u64, worst: f64) -> (Candidate, Score) {
        let breach = Condition { compare: Compare::Above, threshold: Threshold::Fixed(0.1) };
        let rule = Rule {
            text: "error_rate > 10%".into(),
            measure: Measure::ErrorRate,
            breach: Some(breach),
            resolve: None,
            scope: Scope::Site,
            by: None,
            window: Span::MINUTE,
            hold: Hold::For(Span::from_secs(hold)),
            keep_firing_for: Span::MINUTE,
            no_data_for: Span::MINUTE,
            min_requests: 0,
            severity: None,
        };
        let found = Found { fault: 0, minutes: Some(minutes), lasted: 30.0, lost: 0.0 };
        let score = Score {
            false_alarms,
            per_week: estimate::rate(false_alarms, 1.0),
            found: vec![found; 3],
            minutes: estimate::mean(&[minutes; 3]),
            minutes_or_all: estimate::mean(&[minutes; 3]),
            missed: estimate::share(0, 3),
            lost: None,
            quiet_worst: Some(worst),
            fault_least: Some(1.0),
            threshold: 0.1,
        };
        (Candidate { numbers: Vec::new(), rule, beside: None }, score)
    }

    #[test]
    fn the_frontier_is_what_no_other_beats() {
        let all = [
            tried(0, 9.0, 60, 0.05),
            tried(5, 2.0, 0, 0.05),
            tried(2, 4.0, 30, 0.05),
            tried(2, 5.0, 30, 0.05),
            tried(6, 2.0, 0, 0.05),
            tried(0, 9.0, 60, 0.05),
        ];
        let (frontier, _) = choose(&all, 1.0, Span::from_secs(10));
        assert_eq!(frontier, [0, 2, 1]);
    }

    #[test]
    fn of_the_quiet_and_fast_the_one_with_the_most_clearance_is_taken() {
        let all = [
            tried(9, 1.0, 0, 0.001),
            tried(0, 3.0, 30, 0.09),
            tried(1, 3.1, 60, 0.02),
            tried(0, 3.1, 90, 0.02),
            tried(0, 4.0, 90, 0.001),
        ];
        let (_, choice) = choose(&all, 1.0, Span::from_secs(10));
        let choice = choice.expect("one");
        assert_eq!((choice.at, choice.fastest, choice.as_fast, choice.noisy), (3, 1, 3, false));
        assert!((choice.later.expect("pairs").value - 0.1).abs() < 1e-9);
        let (_, choice) = choose(&all[..1], 1.0, Span::from_secs(10));
        assert!(choice.expect("one").noisy);
        let mut missing = tried(0, 1.0, 0, 0.1);
        missing.1.found.iter_mut().for_each(|found| found.minutes = None);
        assert_eq!(choose(&[missing], 1.0, Span::from_secs(10)), (Vec::new(), None));
    }
}
