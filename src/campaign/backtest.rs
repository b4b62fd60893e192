//! Backtest: where a real incident lies among the simulated ones.

use super::Results;
use super::headline::{HeadlineSubject, UsualHeadline};
use crate::decision::Phase;
use crate::journal::{Actual, IncidentPart};
use crate::units::Span;

/// With fewer trials, nothing is judged. A choice: of 20, the 10th percentile is the second lowest
/// value; of ten or fewer it would be the lowest.
pub const LEAST_TRIALS: usize = 20;

/// The percentiles between which eight in ten are to lie, and the middle.
const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// A real incident among the simulated ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The source of the real times.
    pub source: String,
    /// One for each part that the source reports.
    pub rows: Vec<BacktestRow>,
    /// How many trials it is based on.
    pub trials: usize,
    /// The parts that follow each other, longest first: really, and by the medians.
    pub order: (Vec<IncidentPart>, Vec<IncidentPart>),
    /// The share of the trials in which the part that is longest by the medians is the longest:
    /// how often such a guess can be right. `None` with fewer than two parts that follow each
    /// other.
    pub sure: Option<f64>,
}

/// One part of a real incident.
#[derive(Debug, Clone, PartialEq)]
pub struct BacktestRow {
    /// Which.
    pub part: IncidentPart,
    /// What it really took.
    pub real: Span,
    /// The 10th, 50th and 90th percentile of the trials; `None`: it was not over in the run.
    pub percentiles: [Option<Span>; 3],
    /// Trials that have it.
    pub n: usize,
    /// The share of them that took less; ties count half.
    pub percentile: f64,
    /// Mean pinball loss of the three percentiles, in doublings: 1 is off by a factor of two.
    pub score: f64,
    /// The same if reality were one of the trials: what such a spread must lose.
    pub own_score: f64,
}

impl BacktestRow {
    /// Whether it lies between the 10th and the 90th percentile, as far as it is known: between two
    /// clock times in whole minutes lies up to a minute more or less than their difference.
    pub fn is_inside(&self) -> bool {
        let [low, _, high] = self.percentiles;
        let to_the_minute = self.real.0.is_multiple_of(Span::MINUTE.0);
        let known = if to_the_minute { Span::MINUTE } else { Span::ZERO };
        low.is_some_and(|low| low <= self.real + known)
            && high.is_none_or(|high| self.real <= high + known)
    }
}

impl Backtest {
    /// Where this incident lies among these trials; `None` without any.
    pub fn from_results(results: &Results, actual: &Actual) -> Option<Backtest> {
        if results.rows.is_empty() {
            return None;
        }
        let rows = actual.parts.iter().filter_map(|(part, real)| row(results, *part, *real));
        let rows: Vec<BacktestRow> = rows.collect();
        let order = (longest_first(&rows, |row| Some(row.real)), {
            longest_first(&rows, |row| row.percentiles[1])
        });
        let (source, trials) = (actual.source.clone(), results.rows.len());
        let sure = sure(results, &order.1);
        Some(Backtest { source, rows, trials, order, sure })
    }

    /// Whether there are too few trials to say anything.
    pub fn is_too_few(&self) -> bool {
        self.trials < LEAST_TRIALS
    }

    /// How many parts lie inside, and how many parts there are.
    pub fn inside(&self) -> (usize, usize) {
        (self.rows.iter().filter(|row| row.is_inside()).count(), self.rows.len())
    }

    /// Whether the longest part is the longest by the medians too; `None` with fewer than two that
    /// follow each other.
    pub fn longest_is_right(&self) -> Option<bool> {
        (self.order.0.len() > 1).then(|| self.order.0.first() == self.order.1.first())
    }

    /// Whether all parts that follow each other are in the right order of length.
    pub fn order_is_right(&self) -> Option<bool> {
        (self.order.0.len() > 1).then(|| self.order.0 == self.order.1)
    }

    /// The mean score of its parts.
    pub fn score(&self) -> Option<f64> {
        let sum: f64 = self.rows.iter().map(|row| row.score).sum();
        (!self.rows.is_empty()).then(|| sum / self.rows.len() as f64)
    }
}

/// The parts that follow each other, the longest first: of what lies within another part that is
/// told, only the whole.
fn longest_first(
    rows: &[BacktestRow],
    of: impl Fn(&BacktestRow) -> Option<Span>,
) -> Vec<IncidentPart> {
    let inner = |row: &&BacktestRow| {
        let whole = |other: &BacktestRow| {
            other.part != IncidentPart::Total && row.part.is_within(other.part)
        };
        row.part != IncidentPart::Total && !rows.iter().any(whole)
    };
    let mut apart: Vec<&BacktestRow> = rows.iter().filter(inner).collect();
    // What is not over in the run is longer than all that is.
    apart.sort_by_key(|row| std::cmp::Reverse(of(row).unwrap_or(Span(u64::MAX))));
    apart.into_iter().map(|row| row.part).collect()
}

fn row(results: &Results, part: IncidentPart, real: Span) -> Option<BacktestRow> {
    let mut values = values(results, part);
    values.sort_by(f64::total_cmp);
    if values.is_empty() {
        return None;
    }
    let n = values.len();
    let at = |quantile: f64| values[((quantile * n as f64).ceil() as usize).clamp(1, n) - 1];
    let percentiles = QUANTILES.map(|quantile| {
        let value = at(quantile);
        value.is_finite().then(|| Span::from_seconds(value))
    });
    let seconds = real.seconds();
    let less = values.iter().filter(|value| **value < seconds).count() as f64;
    let same = values.iter().filter(|value| **value == seconds).count() as f64;
    let end = results.identity.lasts.seconds();
    let said = QUANTILES.map(|q| (q, at(q).min(end)));
    let score = |real: f64| {
        let losses = said.map(|(q, said)| pinball(q, real.min(end), said));
        // What differs in the last bit only is the same.
        let mean = losses.iter().sum::<f64>() / QUANTILES.len() as f64;
        (mean * 1e9).round() / 1e9
    };
    Some(BacktestRow {
        part,
        real,
        percentiles,
        n,
        percentile: (less + same / 2.0) / n as f64,
        score: score(seconds),
        own_score: values.iter().map(|value| score(*value)).sum::<f64>() / n as f64,
    })
}

/// The share of the trials in which the first of these parts is longer than the others.
fn sure(results: &Results, order: &[IncidentPart]) -> Option<f64> {
    let (first, others) = order.split_first().filter(|(_, others)| !others.is_empty())?;
    let longest = |row: &&super::TrialRow| {
        let took = |part: &IncidentPart| value(results, row, *part);
        let Some(first) = took(first) else { return false };
        others.iter().all(|other| took(other).is_none_or(|other| other < first))
    };
    let count = results.rows.iter().filter(longest).count();
    Some(count as f64 / results.rows.len() as f64)
}

/// The value of a part in each trial, in seconds; infinite where it was not over in the run.
fn values(results: &Results, part: IncidentPart) -> Vec<f64> {
    results.rows.iter().filter_map(|row| value(results, row, part)).collect()
}

/// The value of a part in one trial, in seconds; infinite where it was not over in the run, `None`
/// where the trial does not have it.
fn value(results: &Results, row: &super::TrialRow, part: IncidentPart) -> Option<f64> {
    let value = |subject: HeadlineSubject| row.values[results.identity.place(subject)?];
    let helped = || value(UsualHeadline::Helped.into());
    let over = value(UsualHeadline::Recovered.into());
    if part == IncidentPart::Total {
        return Some(over.unwrap_or(f64::INFINITY));
    }
    let is_known = results.identity.place(UsualHeadline::Helped).is_some();
    let sum = |phases: &[Phase]| {
        let parts: Vec<f64> = phases.iter().filter_map(|phase| value((*phase).into())).collect();
        (!parts.is_empty()).then(|| parts.iter().sum::<f64>())
    };
    let before = |phases: &[Phase]| Some(helped()? - sum(phases).unwrap_or(0.0));
    // The change that helped ends a part: what was tried after it, while its damage faded, does
    // not belong to it.
    let told = match part {
        IncidentPart::Respond if is_known => before(IncidentPart::Detect.phases()),
        IncidentPart::Repair if is_known => {
            before(&[IncidentPart::Detect.phases(), IncidentPart::Declare.phases()].concat())
        }
        IncidentPart::Recover if is_known => over.zip(helped()).map(|(over, at)| over - at),
        _ => sum(part.phases()),
    };
    match (told, over) {
        (Some(told), _) => Some(told.max(0.0)),
        // It was over before anything of that was needed.
        (None, Some(_)) => None,
        (None, None) => Some(f64::INFINITY),
    }
}

/// The pinball loss of a quantile, of times in doublings; under a minute all times are alike.
fn pinball(quantile: f64, real: f64, said: f64) -> f64 {
    let (real, said) = (libm::log2(real.max(60.0)), libm::log2(said.max(60.0)));
    if real >= said { quantile * (real - said) } else { (1.0 - quantile) * (said - real) }
}

#[cfg(test)]
mod tests {
    use super::super::{HeadlineUnit, fixture};
    use super::*;

    fn results(rows: &[[Option<f64>; 3]]) -> Results {
        let names = [Phase::Detect.word(), Phase::Confirm.word(), "recovered"];
        let rows = (0..).zip(rows.iter().map(|values| values.to_vec()));
        fixture::results(
            Span::from_secs(36_000),
            &names.map(|name| (name, HeadlineUnit::Seconds)),
            rows,
        )
    }

    fn actual(parts: &[(IncidentPart, u64)]) -> Actual {
        let parts = parts.iter().map(|(part, s)| (*part, Span::from_secs(*s))).collect();
        Actual { parts, source: "a page".to_string() }
    }

    #[test]
    fn reality_is_placed_among_the_trials() {
        let rows: Vec<[Option<f64>; 3]> =
            (1..=100).map(|n| [Some(60.0 * f64::from(n)), Some(600.0), Some(9_000.0)]).collect();
        let told = actual(&[
            (IncidentPart::Detect, 60 * 30),
            (IncidentPart::Recover, 900),
            (IncidentPart::Total, 9_000),
        ]);
        let backtest = Backtest::from_results(&results(&rows), &told).expect("trials");
        let detect = &backtest.rows[0];
        let minutes = |n: u64| Some(Span::from_secs(60 * n));
        assert_eq!(detect.percentiles, [minutes(10), minutes(50), minutes(90)]);
        assert!((detect.percentile - 0.295).abs() < 1e-9 && detect.is_inside());
        assert!(!backtest.rows[1].is_inside(), "always ten minutes, and a quarter of an hour real");
        assert_eq!(backtest.inside(), (2, 3));
        assert_eq!(backtest.longest_is_right(), Some(true));
        let sure = backtest.sure.expect("two parts");
        assert!(
            (sure - 0.9).abs() < 1e-9,
            "longer than ten minutes in ninety of a hundred: {sure}"
        );
        let off = backtest.rows[1].score;
        assert!((off - libm::log2(1.5) * 0.5).abs() < 1e-9, "{off}");
        assert_eq!(backtest.rows[1].own_score, 0.0, "a trial like all others loses nothing");
        assert!(detect.own_score > 0.1 && detect.own_score < 0.4, "{}", detect.own_score);
    }

    #[test]
    fn parts_are_reckoned_from_the_change_that_helped() {
        let names =
            [Phase::Detect, Phase::Declare, Phase::Diagnose, Phase::Confirm].map(Phase::word);
        let names = [&names[..], &["recovered", "helped"]].concat();
        let names: Vec<_> = names.into_iter().map(|name| (name, HeadlineUnit::Seconds)).collect();
        // It helped after half an hour; two hours of looking further while the damage fades.
        let trial = [120.0, 300.0, 7_200.0, 900.0, 9_000.0, 1_800.0].map(Some).to_vec();
        let results = fixture::results(Span::from_secs(36_000), &names, [(0, trial)]);
        for (part, seconds) in [
            (IncidentPart::Detect, 120.0),
            (IncidentPart::Respond, 1_680.0),
            (IncidentPart::Repair, 1_380.0),
            (IncidentPart::Recover, 7_200.0),
            (IncidentPart::Total, 9_000.0),
        ] {
            assert_eq!(values(&results, part), [seconds], "{part:?}");
        }
    }

    #[test]
    fn a_time_in_whole_minutes_is_known_to_the_minute() {
        let trials: Vec<[Option<f64>; 3]> = vec![[Some(150.0), None, Some(600.0)]; 20];
        let inside = |seconds: u64| {
            let told = actual(&[(IncidentPart::Detect, seconds)]);
            Backtest::from_results(&results(&trials), &told).expect("trials").rows[0].is_inside()
        };
        assert!(inside(120) && inside(180) && inside(150));
        assert!(!inside(60) && !inside(240) && !inside(149), "no further than it may be off");
    }

    #[test]
    fn what_is_not_over_is_longer_than_all_that_is() {
        let mut rows = vec![[Some(60.0), Some(60.0), Some(3_600.0)]; 8];
        rows.extend([[None, None, None]; 12]);
        let told = actual(&[(IncidentPart::Detect, 60), (IncidentPart::Total, 7_200)]);
        let backtest = Backtest::from_results(&results(&rows), &told).expect("trials");
        assert_eq!(backtest.rows[1].percentiles, [Some(Span::from_secs(3_600)), None, None]);
        assert!(backtest.rows[1].is_inside(), "nobody knows how long the rest would have taken");
        assert!((backtest.rows[0].percentile - 0.2).abs() < 1e-9);
        assert_eq!(Backtest::from_results(&results(&[]), &told), None);
    }
}
