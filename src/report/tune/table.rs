//! `tune.csv`: every candidate, over all faults and fault by fault.

use super::Tuning;
use crate::decision::Hold;
use crate::measure::estimate::{self, Estimate};
use crate::report::context::Cell;
use crate::report::sheet::{ColumnDoc, CsvSheet};
use crate::tune::{Candidate, FaultDetection, Score};
use std::io::{self, Write};

/// The file of [`write_tune`].
pub const TUNE_FILE: &str = "tune.csv";

#[rustfmt::skip]
pub(in crate::report) const COLUMNS: [ColumnDoc; 28] = [
    ("alert", "", "name of the rule"),
    ("rule", "", "its sentence with these numbers"),
    ("for_s", "s", "how long a breach must last"),
    ("fault", "", "the fault of the bad days; blank for all of them together"),
    ("unbeaten", "", "yes: no other has fewer false alarms, fewer misses and fewer minutes"),
    ("recommended", "", "yes: the one to take"),
    ("false_alarms", "count", "alarms on quiet days"),
    ("quiet_weeks", "weeks", "how long the quiet days were watched"),
    ("false_per_week", "1/week", "false alarms a week"),
    ("false_per_week_low", "1/week", "lower end of its 95% interval"),
    ("false_per_week_high", "1/week", "upper end"),
    ("faults", "count", "faults on bad days"),
    ("missed", "count", "those that were not detected while they lasted"),
    ("already", "count", "those that began while the alert was firing already"),
    ("missed_share", "share", "missed as a share"),
    ("missed_share_low", "share", "lower end of its 95% interval"),
    ("missed_share_high", "share", "upper end"),
    ("detect_min", "min", "from the beginning of a fault until its alert is known, mean"),
    ("detect_min_low", "min", "lower end of its 95% interval"),
    ("detect_min_high", "min", "upper end"),
    ("detect_or_all_min", "min", "the same, what was not detected as longer than any detection"),
    ("lost_user_min", "min", "user-minutes lost until detection, mean of a day"),
    ("lost_user_min_low", "min", "lower end of its 95% interval"),
    ("lost_user_min_high", "min", "upper end"),
    ("quiet_worst", "of the rule", "value furthest on the way to a breach on quiet days"),
    ("threshold", "of the rule", "what values are compared with"),
    ("fault_least", "of the rule", "least of the values that faults reached"),
    ("evidence", "", "simulated, or measured where the quiet days are a log's"),
];

/// Significant digits. A choice: more than some hundred days can tell, so that rounding makes no
/// two candidates alike.
const DIGITS: usize = 6;

/// Writes one row per candidate, and one for each of its faults where there are several.
/// The evidence says what the quiet days are: `simulated` or `measured`.
pub fn write_tune(tuning: &Tuning, to: Box<dyn Write>) -> io::Result<()> {
    let lead = [
        Cell::from(tuning.identity.scenario_hash.as_str()),
        Cell::from(tuning.identity.scenario.as_str()),
        Cell::from("simulated"),
        Cell::Blank,
    ];
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _, _)| *name).collect();
    let mut sheet = CsvSheet::with_lead(to, lead, &names)?;
    let evidence = if tuning.identity.quiet.measured { "measured" } else { "simulated" };
    for tuned in &tuning.outcome.tuned {
        for (at, (candidate, score)) in tuned.tried.iter().enumerate() {
            let unbeaten = tuned.frontier.contains(&at);
            let recommended = tuned.choice.is_some_and(|choice| choice.at == at);
            let row = CandidateRow { tuning, alert: &tuned.alert, candidate, score, evidence };
            sheet.row(&row.cells(None, &score.found, unbeaten, recommended))?;
            let faults = &tuning.outcome.troubled;
            let mut left = &score.found[..];
            for (name, days) in faults.iter().filter(|_| faults.len() > 1) {
                let (found, others) = left.split_at((*days).min(left.len()));
                sheet.row(&row.cells(Some(name), found, unbeaten, recommended))?;
                left = others;
            }
        }
    }
    sheet.finish()
}

struct CandidateRow<'a> {
    tuning: &'a Tuning<'a>,
    alert: &'a str,
    candidate: &'a Candidate,
    score: &'a Score,
    evidence: &'a str,
}

impl CandidateRow<'_> {
    fn cells(
        &self,
        fault: Option<&String>,
        found: &[FaultDetection],
        unbeaten: bool,
        recommended: bool,
    ) -> Vec<Cell> {
        let (score, rule) = (self.score, &self.candidate.rule);
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let detected: Vec<f64> = found.iter().filter_map(|found| found.minutes).collect();
        let all: Vec<f64> = found.iter().map(FaultDetection::minutes_or_all).collect();
        let lost: Vec<f64> = found.iter().map(|found| found.lost).collect();
        let missed = found.iter().filter(|found| found.is_missed()).count() as u64;
        let already = found.iter().filter(|found| found.already).count() as u64;
        let hold = match rule.hold {
            Hold::For(span) => Some(span),
            Hold::Of { .. } => None,
        };
        let mut cells = vec![
            Cell::from(self.alert),
            Cell::from(&rule.text),
            Cell::seconds(hold),
            Cell::from(fault.map(String::as_str)),
            Cell::from(yes(unbeaten)),
            Cell::from(yes(recommended)),
            Cell::from(score.false_alarms),
            Cell::number(self.tuning.outcome.quiet_weeks, 4),
        ];
        cells.extend(bounded(score.per_week));
        cells.extend([Cell::from(found.len() as u64), Cell::from(missed), Cell::from(already)]);
        cells.extend(bounded(estimate::share(missed, found.len() as u64)));
        cells.extend(bounded(estimate::mean(&detected)));
        cells.push(Cell::number(estimate::mean(&all).map(|mean| mean.value), DIGITS));
        cells.extend(bounded(estimate::mean(&lost)));
        cells.extend([
            Cell::number(score.quiet_worst, 4),
            Cell::number(score.threshold, 4),
            Cell::number(score.fault_least, 4),
            Cell::from(self.evidence),
        ]);
        cells
    }
}

fn bounded(found: Option<Estimate>) -> [Cell; 3] {
    let number = |value: Option<f64>| Cell::number(value, DIGITS);
    [
        number(found.map(|found| found.value)),
        number(found.and_then(|found| found.low)),
        number(found.and_then(|found| found.high)),
    ]
}
