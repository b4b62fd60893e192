//! The result of tuning: on the terminal, as a table, as a page with strips of dots.

mod page;
mod strips;
mod summary;
mod table;

pub use page::tune_page;
pub use summary::tune_summary;
pub(super) use table::COLUMNS;
pub use table::{TUNE_FILE, write_tune};

use crate::measure::estimate::Estimate;
use crate::report::context::significant;
use crate::tune::{Score, TuneIdentity, Tuned, TuningOutcome};

/// Everything that is told of a tuning.
#[derive(Debug, Clone, Copy)]
pub struct Tuning<'a> {
    /// Which tuning.
    pub identity: &'a TuneIdentity,
    /// What came of it.
    pub outcome: &'a TuningOutcome,
}

/// `0 (0..3.4)`: a figure with its interval.
fn figure(found: Option<Estimate>) -> String {
    let Some(found) = found else { return "–".to_string() };
    let number = |value: f64| significant(value, 2);
    match (found.low, found.high) {
        (Some(low), Some(high)) if number(low) != number(high) => {
            format!("{} ({}..{})", number(found.value), number(low.max(0.0)), number(high))
        }
        _ => number(found.value),
    }
}

/// How noisy a candidate is, as people say it: `0 of 320 quiet days have a false alarm: at most 1.2
/// false alarms a week`.
fn operating_point(tuning: &Tuning, score: &Score, rate: Estimate) -> String {
    let (days, alarmed) = score.quiet_days;
    let number = |value: f64| significant(value, 2);
    let most = rate.high.map_or(String::new(), |high| {
        let high = number(high);
        match score.false_alarms {
            0 => format!("at most {high} false alarms a week"),
            _ => format!("{} false alarms a week, at most {high}", number(rate.value)),
        }
    });
    match days {
        1 => format!(
            "{} false alarms on {}: {most}",
            score.false_alarms, tuning.identity.quiet.words
        ),
        _ => format!("{alarmed} of {days} quiet days have a false alarm: {most}"),
    }
}

/// Why a candidate is the one recommended, in sentences.
fn reason(tuning: &Tuning, tuned: &Tuned) -> Vec<String> {
    let Some(choice) = tuned.choice else {
        return vec!["No candidate finds any of the faults.".to_string()];
    };
    let (candidate, score) = &tuned.tried[choice.at];
    let amount = |value| super::judge::amount(candidate.rule.measure, value);
    let mut reason = Vec::new();
    let found = score.found.iter().filter(|found| found.minutes.is_some()).count();
    let already = match score.already {
        0 => String::new(),
        n => format!("; at {n} it was firing already, which finds nothing"),
    };
    reason.push(format!(
        "It finds {found} of {} faults, {} minutes after they begin{}{already}.",
        score.found.len(),
        figure(score.minutes),
        match choice.later {
            Some(later) if choice.at != choice.fastest && later.value > 0.0 => format!(
                " (by paired draws {} minutes later than the fastest that is quiet enough)",
                figure(Some(later))
            ),
            _ => String::new(),
        }
    ));
    reason.push(match score.per_week {
        None => "There are no quiet days to judge false alarms by.".to_string(),
        Some(rate) => {
            let verdict =
                match (choice.noisy, rate.high.is_some_and(|high| high <= tuning.identity.allowed))
                {
                    (true, _) => ", more than allowed, but nothing quieter finds anything",
                    (false, true) => "",
                    (false, false) => "; for a tighter bound, more quiet days are needed",
                };
            format!("{}{verdict}.", operating_point(tuning, score, rate))
        }
    });
    if let (Some(quiet), Some(fault)) = (score.quiet_worst, score.fault_least) {
        let others = match choice.as_fast {
            0 | 1 => "; no other candidate is as fast within one reading".to_string(),
            n => format!(
                ": of the {n} candidates as fast within one reading, the furthest from both"
            ),
        };
        reason.push(format!(
            "Its threshold of {} lies between {}, the worst of the quiet days, and {}, the least \
             that a fault reached{others}.",
            amount(score.threshold),
            amount(quiet),
            amount(fault),
        ));
    }
    reason
}
