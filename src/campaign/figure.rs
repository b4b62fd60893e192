//! What all trials together say of each headline.

use super::{Headline, Results, Unit};
use crate::measure::estimate::{self, Estimate};

/// A headline over all trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What was asked.
    pub headline: Headline,
    /// The mean, or the probability; `None` if no trial has a value.
    pub mean: Option<Estimate>,
    /// The 50th, 90th and 99th percentile; `None` for probabilities.
    pub percentiles: [Option<Estimate>; 3],
}

impl Figure {
    /// In how many trials there was something to measure.
    pub fn n(&self) -> u64 {
        self.mean.map_or(0, |mean| mean.n)
    }

    /// Half the width of the mean's interval: of a probability as it is, else relative to the mean.
    /// `None` while the interval is not known; 0 if there is nothing to measure.
    pub fn relative_half_width(&self) -> Option<f64> {
        let Some(mean) = self.mean else { return Some(0.0) };
        let half = mean.half_width()?;
        Some(match self.headline.unit {
            Unit::Chance => half,
            _ if half == 0.0 => 0.0,
            _ => half / mean.value.abs(),
        })
    }
}

/// Every headline over all trials.
pub fn figures(results: &Results) -> Vec<Figure> {
    let headlines = results.identity.headlines.iter().enumerate();
    headlines.map(|(position, headline)| figure(headline, &values(results, position))).collect()
}

/// The headline whose interval is widest for what it is, with half its width; infinite while it
/// has none.
pub fn widest_interval(results: &Results) -> Option<(Headline, f64)> {
    let headlines = results.identity.headlines.iter().enumerate();
    let widths = headlines.map(|(position, headline)| {
        let values = values(results, position);
        let mean = mean_of(headline, &values);
        let figure = Figure { headline: headline.clone(), mean, percentiles: [None; 3] };
        let width = figure.relative_half_width().unwrap_or(f64::INFINITY);
        (figure.headline, width)
    });
    widths.max_by(|one, other| one.1.total_cmp(&other.1))
}

fn values(results: &Results, position: usize) -> Vec<f64> {
    results.rows.iter().filter_map(|row| row.values[position]).collect()
}

fn mean_of(headline: &Headline, values: &[f64]) -> Option<Estimate> {
    match headline.unit {
        Unit::Chance => {
            let hits = values.iter().filter(|value| **value > 0.5).count();
            estimate::share(hits as u64, values.len() as u64)
        }
        _ => estimate::mean(values),
    }
}

fn figure(headline: &Headline, values: &[f64]) -> Figure {
    let mean = mean_of(headline, values);
    let mut percentiles = [None; 3];
    if headline.unit != Unit::Chance {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        percentiles = [0.5, 0.9, 0.99].map(|quantile| estimate::quantile(&sorted, quantile));
    }
    Figure { headline: headline.clone(), mean, percentiles }
}

#[cfg(test)]
mod tests {
    use super::super::{Ending, Identity, Row};
    use super::*;

    fn results(unit: Unit, values: &[Option<f64>]) -> Results {
        let identity = Identity {
            program: "0".into(),
            run_id: "5eed".into(),
            scenario: "a day".into(),
            mode: "simulated".into(),
            scenario_hash: "cafe".into(),
            seed: 1,
            headlines: vec![Headline { name: "x".into(), unit }],
        };
        let row = |(trial, value): (usize, &Option<f64>)| Row {
            trial: trial as u64,
            run_id: format!("{trial}"),
            values: vec![*value],
        };
        let rows = values.iter().enumerate().map(row).collect();
        Results { identity, rows, ending: Ending::Whole }
    }

    #[test]
    fn only_what_was_measured_counts() {
        let figures = figures(&results(Unit::Seconds, &[Some(60.0), None, Some(80.0), None]));
        assert_eq!(figures[0].n(), 2);
        assert_eq!(figures[0].mean.expect("two").value, 70.0);
        assert_eq!(figures[0].percentiles[1].expect("two").value, 80.0);
    }

    #[test]
    fn relative_half_width_is_relative_but_for_probabilities() {
        let half = [Some(1.0), Some(0.0), Some(1.0), Some(0.0)];
        let chance = widest_interval(&results(Unit::Chance, &half)).expect("one").1;
        let amount = widest_interval(&results(Unit::Users, &half)).expect("one").1;
        assert!((0.3..0.4).contains(&chance), "{chance}");
        assert!(amount > 1.0, "{amount}");
        assert_eq!(
            widest_interval(&results(Unit::Users, &[Some(3.0)])).expect("one").1,
            f64::INFINITY
        );
        assert_eq!(widest_interval(&results(Unit::Users, &[None, None])).expect("one").1, 0.0);
        assert_eq!(widest_interval(&results(Unit::Users, &[Some(0.0); 9])).expect("one").1, 0.0);
    }
}
