//! One figure for each headline, over all trials.

use super::{Headline, HeadlineUnit, Results};
use crate::measure::estimate::{
    Confidence, Estimate, Estimator, EventRate, Mean, Precision, Proportion, Quantile,
};
use crate::units::Span;

/// A headline over all trials.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadlineFigure {
    /// What was asked.
    pub headline: Headline,
    /// The mean, the rate, or the probability; `None` if no trial has a value.
    pub mean: Option<Estimate>,
    /// What estimated it.
    pub estimator: &'static str,
    /// How well it is known, by its 95 % interval.
    pub precision: Precision,
    /// The 50th, 90th and 99th percentile; `None` for probabilities.
    pub percentiles: [Option<Estimate>; 3],
}

impl HeadlineFigure {
    /// In how many trials there was something to measure.
    pub fn n(&self) -> u64 {
        self.mean.map_or(0, |mean| mean.n)
    }
}

/// How well the headlines of a campaign are known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Precisions {
    /// The headline with the widest interval for what it is, and half its width: of a probability
    /// as it is, else relative to the figure.
    pub widest: Option<(Headline, f64)>,
    /// Headlines with too few values for their interval to be trusted.
    pub too_few: Vec<Headline>,
    /// Headlines that could not be judged, because no trial gave them a value.
    pub not_measured: Vec<Headline>,
    /// Headlines that could not be judged, because their values did not vary.
    pub not_varied: Vec<Headline>,
}

/// Every headline over all trials.
pub fn figures(results: &Results) -> Vec<HeadlineFigure> {
    let headlines = results.identity.headlines.iter().enumerate();
    let each = headlines.map(|(position, headline)| {
        figure(results.identity.lasts, headline, values(results, position))
    });
    each.collect()
}

/// How well each headline is known, by the intervals that decided when to stop.
pub(super) fn precisions(results: &Results) -> Precisions {
    let known = known(results, results.ending.confidence());
    Precisions::from_headlines(results.identity.headlines.iter().zip(known))
}

impl Precisions {
    /// Summarises headlines with these precisions.
    pub(super) fn from_headlines<'h>(
        known: impl Iterator<Item = (&'h Headline, Precision)>,
    ) -> Precisions {
        let mut all = Precisions::default();
        for (headline, precision) in known {
            match precision {
                Precision::Within(half) => {
                    if all.widest.as_ref().is_none_or(|(_, widest)| half > *widest) {
                        all.widest = Some((headline.clone(), half));
                    }
                }
                Precision::TooFew => all.too_few.push(headline.clone()),
                Precision::NothingMeasured => all.not_measured.push(headline.clone()),
                Precision::CannotJudge => all.not_varied.push(headline.clone()),
            }
        }
        all
    }
}

/// How well each headline is known by intervals of this confidence, in order.
pub(super) fn known(results: &Results, confidence: Confidence) -> Vec<Precision> {
    let headlines = results.identity.headlines.iter().enumerate();
    let known = headlines.map(|(position, headline)| {
        estimated(results.identity.lasts, headline, &values(results, position), confidence).2
    });
    known.collect()
}

fn values(results: &Results, position: usize) -> Vec<f64> {
    results.rows.iter().filter_map(|row| row.values[position]).collect()
}

/// The figure, what estimated it, and how well it is known.
fn estimated(
    lasts: Span,
    headline: &Headline,
    values: &[f64],
    confidence: Confidence,
) -> (Option<Estimate>, &'static str, Precision) {
    match headline.unit {
        HeadlineUnit::Chance => {
            let hits = values.iter().filter(|value| **value > 0.5).count() as u64;
            estimate_and_precision(&Proportion { hits, trials: values.len() as u64 }, confidence)
        }
        HeadlineUnit::PerDay => {
            // Each trial says its number of events as a rate over its own length.
            let each = lasts.seconds() / 86_400.0;
            let events = values.iter().map(|rate| rate * each).sum::<f64>().round() as u64;
            let (rate, name, precision) = estimate_and_precision(
                &EventRate { events, exposure: each * values.len() as f64 },
                confidence,
            );
            (rate.map(|rate| Estimate { n: values.len() as u64, ..rate }), name, precision)
        }
        HeadlineUnit::Seconds
        | HeadlineUnit::Requests
        | HeadlineUnit::Users
        | HeadlineUnit::UserMinutes
        | HeadlineUnit::Updates => estimate_and_precision(&Mean(values), confidence),
    }
}

fn estimate_and_precision<E: Estimator>(
    estimator: &E,
    confidence: Confidence,
) -> (Option<Estimate>, &'static str, Precision) {
    (estimator.estimate_at(confidence), E::NAME, estimator.precision_at(confidence))
}

/// One headline over the trials that have these values of it, each as long as `lasts`.
pub(super) fn figure(lasts: Span, headline: &Headline, values: Vec<f64>) -> HeadlineFigure {
    let (mean, estimator, precision) = estimated(lasts, headline, &values, Confidence::USUAL);
    let mut percentiles = [None; 3];
    if headline.unit != HeadlineUnit::Chance {
        let mut sorted = values;
        sorted.sort_by(f64::total_cmp);
        percentiles =
            [0.5, 0.9, 0.99].map(|quantile| Quantile { sorted: &sorted, quantile }.estimate());
    }
    HeadlineFigure { headline: headline.clone(), mean, estimator, precision, percentiles }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn results(unit: HeadlineUnit, values: &[Option<f64>]) -> Results {
        let rows = (0..).zip(values.iter().map(|value| vec![*value]));
        fixture::results(Span::from_secs(1_800), &[("x", unit)], rows)
    }

    #[test]
    fn only_what_was_measured_counts() {
        let figures =
            figures(&results(HeadlineUnit::Seconds, &[Some(60.0), None, Some(80.0), None]));
        assert_eq!(figures[0].n(), 2);
        assert_eq!(figures[0].mean.expect("two").value, 70.0);
        assert_eq!(figures[0].percentiles[1].expect("two").value, 80.0);
    }

    fn precision(unit: HeadlineUnit, values: &[Option<f64>]) -> Precision {
        known(&results(unit, values), Confidence::USUAL)[0]
    }

    #[test]
    fn precision_is_relative_but_for_probabilities() {
        let half: Vec<Option<f64>> = (0..40).map(|n| Some(f64::from(n % 2))).collect();
        let Precision::Within(chance) = precision(HeadlineUnit::Chance, &half) else {
            panic!("known")
        };
        let Precision::Within(amount) = precision(HeadlineUnit::Users, &half) else {
            panic!("known")
        };
        assert!((0.14..0.16).contains(&chance), "{chance}");
        assert!((0.3..0.35).contains(&amount), "{amount}");
        let all = precisions(&results(HeadlineUnit::Users, &half));
        assert_eq!(all.widest.expect("one").1, amount);
    }

    #[test]
    fn nothing_measured_is_not_precise() {
        assert_eq!(precision(HeadlineUnit::Users, &[Some(3.0)]), Precision::TooFew);
        assert_eq!(precision(HeadlineUnit::Seconds, &[None; 64]), Precision::NothingMeasured);
        assert_eq!(precision(HeadlineUnit::Users, &[Some(0.0); 64]), Precision::CannotJudge);
        assert_eq!(precision(HeadlineUnit::PerDay, &[Some(0.0); 64]), Precision::CannotJudge);
        let all = precisions(&results(HeadlineUnit::Seconds, &[None; 64]));
        assert_eq!((all.widest, all.not_measured.len(), all.not_varied.len()), (None, 1, 0));
    }

    #[test]
    fn alarms_per_day_are_counted() {
        // Runs of half an hour, one alarm in each of the first three of 96: 1.5 a day.
        let values: Vec<Option<f64>> =
            (0..96).map(|n| Some(if n < 3 { 48.0 } else { 0.0 })).collect();
        let figure = &figures(&results(HeadlineUnit::PerDay, &values))[0];
        let rate = figure.mean.expect("trials");
        assert_eq!((figure.estimator, rate.n, rate.value), ("rate (Garwood)", 96, 1.5));
        let (low, high) = (rate.low.expect("low"), rate.high.expect("high"));
        assert!((low - 0.309_336).abs() < 1e-4 && (high - 4.383_6).abs() < 1e-3, "{rate:?}");
    }
}
