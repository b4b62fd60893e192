//! Quantiles, whatever the values are distributed like.

use super::figure::{Confidence, Estimate, Estimator, Precision};
use crate::units::nearest_rank;
use statrs::distribution::{Binomial, DiscreteCDF};

/// A quantile of sorted values (nearest rank), with the interval between two of the values that
/// holds whatever they are distributed like.
#[derive(Debug, Clone, Copy)]
pub struct Quantile<'a> {
    /// In ascending order.
    pub sorted: &'a [f64],
    /// Between 0 and 1.
    pub quantile: f64,
}

impl Estimator for Quantile<'_> {
    const NAME: &'static str = "quantile (order statistics)";

    fn estimate_at(&self, confidence: Confidence) -> Option<Estimate> {
        between_ranks(self.sorted, self.quantile, confidence)
    }

    fn precision_at(&self, confidence: Confidence) -> Precision {
        let Some(estimate) = self.estimate_at(confidence) else {
            return Precision::NothingMeasured;
        };
        match estimate.half_width() {
            None => Precision::TooFew,
            Some(0.0) => Precision::CannotJudge,
            Some(_) => {
                estimate.relative_half_width().map_or(Precision::CannotJudge, Precision::Within)
            }
        }
    }
}

/// A quantile of sorted values (nearest rank), with the interval between two of the values that
/// holds whatever they are distributed like; `None` without values.
pub fn quantile(sorted: &[f64], quantile: f64) -> Option<Estimate> {
    Quantile { sorted, quantile }.estimate()
}

fn between_ranks(sorted: &[f64], quantile: f64, confidence: Confidence) -> Option<Estimate> {
    let tail = confidence.tail();
    assert!((0.0..=1.0).contains(&quantile), "no quantile: {quantile}");
    let n = sorted.len() as u64;
    if n == 0 {
        return None;
    }
    let rank = nearest_rank(quantile, n) as usize;
    let below = Binomial::new(quantile, n).expect("a chance and a number of values");
    let first = |reached: &dyn Fn(f64) -> bool| {
        let (mut from, mut to) = (0, n);
        while from < to {
            let middle = (from + to) / 2;
            if reached(below.cdf(middle)) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        from as usize
    };
    let low = first(&|chance| chance > tail);
    let high = first(&|chance| chance >= 1.0 - tail);
    Some(Estimate {
        n,
        value: sorted[rank - 1],
        low: low.checked_sub(1).map(|position| sorted[position]),
        high: sorted.get(high).copied(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_two_of_the_values() {
        let sorted = |n: u32| (1..=n).map(f64::from).collect::<Vec<_>>();
        let median = |n| {
            let found = quantile(&sorted(n), 0.5).expect("values");
            (found.value, found.low, found.high)
        };
        // The ranks are those of the tables for the sign test.
        assert_eq!(median(5), (3.0, None, None));
        assert_eq!(median(6), (3.0, Some(1.0), Some(6.0)));
        assert_eq!(median(10), (5.0, Some(2.0), Some(9.0)));
        assert_eq!(median(100), (50.0, Some(40.0), Some(61.0)));
        let p90 = |n| quantile(&sorted(n), 0.9).expect("values").high;
        assert_eq!((p90(35), p90(36)), (None, Some(36.0)));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
