//! Which candidates no other beats, and which of them to take.

use super::grid::Candidate;
use super::score::Score;
use super::tally::FaultDetection;
use crate::decision::Hold;
use crate::measure::estimate::{Estimate, Estimator, PairedDifference};
use crate::units::Span;

/// The candidate recommended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommendation {
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
/// at most `allowed` false alarms a week, the ones that leave the fewest faults undetected; of
/// these, those that detect within one reading of the fastest; of these the one whose threshold
/// lies furthest from both what quiet days and what faults reach; of equals the one that holds
/// longest. No speed makes up for a missed fault.
pub fn choose(
    tried: &[(Candidate, Score)],
    allowed: f64,
    every: Span,
) -> (Vec<usize>, Option<Recommendation>) {
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
    let fewest = pool.iter().map(|at| tried[*at].1.undetected()).min();
    pool.retain(|at| Some(tried[*at].1.undetected()) == fewest);
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
    (frontier, Some(Recommendation { at, noisy, fastest, later, as_fast }))
}

/// The Pareto frontier: no other candidate has at most as many false alarms, undetected faults
/// and minutes, and fewer of at least one of these; of equals the first.
fn frontier(tried: &[(Candidate, Score)], finding: &[usize]) -> Vec<usize> {
    let point = |at: usize| {
        let score = &tried[at].1;
        (score.false_alarms, score.undetected(), minutes(score))
    };
    let mut order = finding.to_vec();
    order.sort_by(|one, other| {
        let (one, other) = (point(*one), point(*other));
        one.0.cmp(&other.0).then(one.1.cmp(&other.1)).then(one.2.total_cmp(&other.2))
    });
    let mut frontier: Vec<usize> = Vec::new();
    for at in order {
        let (_, undetected, minutes) = point(at);
        // Those before have at most as many false alarms.
        let beats = |other: &usize| {
            let (_, others, theirs) = point(*other);
            others <= undetected && theirs <= minutes + 1e-9
        };
        if !frontier.iter().any(beats) {
            frontier.push(at);
        }
    }
    frontier
}

fn per_week(score: &Score) -> f64 {
    score.per_week.map_or(0.0, |rate| rate.value)
}

/// Minutes to detect, what was not detected counted as longer than any detection: for candidates
/// with as many faults undetected.
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
fn later(one: &[FaultDetection], other: &[FaultDetection]) -> Option<Estimate> {
    let pairs = one.iter().zip(other);
    let pairs = pairs.map(|(one, other)| (other.minutes_or_all(), one.minutes_or_all()));
    PairedDifference::from_pairs(pairs).estimate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Compare, Condition, Measure, Rule, Threshold};
    use crate::measure::estimate;

    fn tried(false_alarms: u64, minutes: f64, hold: u64, worst: f64) -> (Candidate, Score) {
        let breach = Condition { compare: Compare::Above, threshold: Threshold::Fixed(0.1) };
        let rule = Rule {
            breach: Some(breach),
            window: Span::MINUTE,
            hold: Hold::For(Span::from_secs(hold)),
            keep_firing_for: Span::MINUTE,
            no_data_for: Span::MINUTE,
            ..Rule::new("error_rate > 10%", Measure::ErrorRate)
        };
        let found = FaultDetection {
            minutes: Some(minutes),
            already: false,
            horizon: 31.0,
            lasted: 30.0,
            lost: 0.0,
        };
        let score = Score {
            false_alarms,
            quiet_days: (7, false_alarms.min(7)),
            per_week: estimate::rate(false_alarms, 1.0),
            found: vec![found; 3],
            minutes: estimate::mean(&[minutes; 3]),
            minutes_or_all: estimate::mean(&[minutes; 3]),
            missed: estimate::share(0, 3),
            already: 0,
            lost: None,
            quiet_worst: Some(worst),
            fault_least: Some(1.0),
            threshold: 0.1,
            marks: Vec::new(),
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

    #[test]
    fn no_speed_makes_up_for_a_missed_fault() {
        let mut quick = tried(0, 1.0, 0, 0.001);
        quick.1.found[2].minutes = None;
        let slow = tried(0, 9.0, 60, 0.09);
        let (frontier, choice) = choose(&[quick.clone(), slow.clone()], 1.0, Span::from_secs(10));
        assert_eq!(choice.expect("one").at, 1);
        assert_eq!(frontier, [1, 0], "one misses less, the other is faster");
        // Firing already when the fault began has detected nothing either.
        quick.1.found[2].already = true;
        let (_, choice) = choose(&[quick.clone(), slow], 1.0, Span::from_secs(10));
        assert_eq!(choice.expect("one").at, 1);
        // But not at the price of more false alarms than are allowed.
        let noisy = tried(9, 0.5, 0, 0.001);
        let (_, choice) = choose(&[quick, noisy], 1.0, Span::from_secs(10));
        assert_eq!(choice.expect("one").at, 0);
    }
}
