//! Shares of trials, rates of rare events, and ranks.

use super::figure::{Confidence, Estimate, Estimator, Precision};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A share of fewer trials than this is not known at all: a common rule of thumb. `--precision`
/// looks first at 64 trials, so it only matters for what few of them have.
const FEWEST: u64 = 30;

/// A probability from a number of hits in a number of trials, with Wilson's interval.
#[derive(Debug, Clone, Copy)]
pub struct Proportion {
    pub hits: u64,
    pub trials: u64,
}

/// A rate from the number of events in this much time or other exposure, with the exact interval
/// for a Poisson number (Garwood).
#[derive(Debug, Clone, Copy)]
pub struct EventRate {
    pub events: u64,
    pub exposure: f64,
}

impl Estimator for Proportion {
    const NAME: &'static str = "share (Wilson)";

    fn estimate_at(&self, confidence: Confidence) -> Option<Estimate> {
        wilson(self.hits, self.trials, confidence)
    }

    /// As it is, not relative: nobody asks whether a chance of 0.1 % is 0.09 %.
    fn precision_at(&self, confidence: Confidence) -> Precision {
        let Some(half) = self.estimate_at(confidence).and_then(|share| share.half_width()) else {
            return Precision::NothingMeasured;
        };
        if self.trials < FEWEST { Precision::TooFew } else { Precision::Within(half) }
    }
}

impl Estimator for EventRate {
    const NAME: &'static str = "rate (Garwood)";

    fn estimate_at(&self, confidence: Confidence) -> Option<Estimate> {
        garwood(self.events, self.exposure, confidence)
    }

    /// Of no event at all only an upper bound is known, and that is relative to nothing.
    fn precision_at(&self, confidence: Confidence) -> Precision {
        let Some(rate) = self.estimate_at(confidence) else { return Precision::NothingMeasured };
        rate.relative_half_width().map_or(Precision::CannotJudge, Precision::Within)
    }
}

/// A probability from `hits` of `n` trials, with Wilson's interval; `None` without trials.
pub fn share(hits: u64, n: u64) -> Option<Estimate> {
    Proportion { hits, trials: n }.estimate()
}

fn wilson(hits: u64, n: u64, confidence: Confidence) -> Option<Estimate> {
    assert!(hits <= n, "{hits} hits of {n}");
    if n == 0 {
        return None;
    }
    let (trials, value) = (n as f64, hits as f64 / n as f64);
    let z = confidence.errors();
    let spread = z * z / trials;
    let middle = (value + spread / 2.0) / (1.0 + spread);
    let inside = value * (1.0 - value) / trials + spread / (4.0 * trials);
    let half = z / (1.0 + spread) * inside.sqrt();
    let low = if hits == 0 { 0.0 } else { middle - half };
    let high = if hits == n { 1.0 } else { middle + half };
    Some(Estimate { n, value, low: Some(low), high: Some(high) })
}

/// A rate from the number of events in this much time or other exposure, with the exact interval
/// for a Poisson number (Garwood, through the χ² distribution); `None` without exposure.
pub fn rate(events: u64, exposure: f64) -> Option<Estimate> {
    EventRate { events, exposure }.estimate()
}

fn garwood(events: u64, exposure: f64, confidence: Confidence) -> Option<Estimate> {
    let tail = confidence.tail();
    if exposure <= 0.0 {
        return None;
    }
    let bound = |freedom: u64, chance: f64| {
        let chi_squared = ChiSquared::new(freedom as f64).expect("some degrees of freedom");
        chi_squared.inverse_cdf(chance) / 2.0 / exposure
    };
    let low = if events == 0 { 0.0 } else { bound(2 * events, tail) };
    let high = bound(2 * events + 2, 1.0 - tail);
    Some(Estimate { n: events, value: events as f64 / exposure, low: Some(low), high: Some(high) })
}

/// Where a value lies among others: the share of them that are smaller, those that are equal
/// counted half (the mid-rank), with an interval that holds Wilson's of both ways to count them;
/// `None` without others.
pub fn rank(others: &[f64], value: f64) -> Option<Estimate> {
    let n = others.len() as u64;
    let below = others.iter().filter(|other| **other < value).count() as u64;
    let equal = others.iter().filter(|other| **other == value).count() as u64;
    let (low, high) = (share(below, n)?.low, share(below + equal, n)?.high);
    let middle = (below as f64 + equal as f64 / 2.0) / n as f64;
    Some(Estimate { n, value: middle, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        let found = found.expect("a bound");
        assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
    }

    #[test]
    fn shares_have_the_interval_of_wilson() {
        let eight = share(8, 10).expect("trials");
        close(eight.low, 0.490_162_5);
        close(eight.high, 0.943_317_8);
        let none = share(0, 10).expect("trials");
        assert_eq!((none.value, none.low), (0.0, Some(0.0)));
        close(none.high, 0.277_532_8);
        let all = share(10, 10).expect("trials");
        assert_eq!((all.value, all.high), (1.0, Some(1.0)));
        close(all.low, 1.0 - 0.277_532_8);
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn rates_have_the_exact_interval_of_a_poisson_number() {
        let none = rate(0, 1.0).expect("exposure");
        assert_eq!((none.value, none.low), (0.0, Some(0.0)));
        close(none.high, 3.688_879_454);
        let ten = rate(10, 2.0).expect("exposure");
        assert_eq!(ten.value, 5.0);
        close(ten.low, 4.795_389_4 / 2.0);
        close(ten.high, 18.390_356_0 / 2.0);
        assert_eq!(rate(3, 0.0), None);
    }

    #[test]
    fn a_rank_counts_its_equals_half() {
        let others = [1.0, 2.0, 2.0, 3.0];
        for (value, expected) in [(0.5, 0.0), (1.0, 0.125), (2.0, 0.5), (2.5, 0.75), (9.0, 1.0)] {
            let found = rank(&others, value).expect("others");
            assert_eq!((found.value, found.n), (expected, 4), "{value}");
            assert!(found.low <= Some(expected) && Some(expected) <= found.high, "{found:?}");
        }
        let many: Vec<f64> = (0..200).map(f64::from).collect();
        let found = rank(&many, 163.5).expect("others");
        assert_eq!(found.value, 0.82);
        let wilson = share(164, 200).expect("trials");
        assert_eq!((found.low, found.high), (wilson.low, wilson.high));
        assert_eq!(rank(&[], 1.0), None);
    }

    #[test]
    fn nothing_measured_is_no_precision() {
        assert_eq!(Proportion { hits: 0, trials: 0 }.precision(), Precision::NothingMeasured);
        assert_eq!(Proportion { hits: 0, trials: 20 }.precision(), Precision::TooFew);
        assert_eq!(EventRate { events: 0, exposure: 9.0 }.precision(), Precision::CannotJudge);
        let half = |events| match (EventRate { events, exposure: 9.0 }).precision() {
            Precision::Within(half) => half,
            other => panic!("{other:?}"),
        };
        assert!(half(1) > 2.0 && half(400) < 0.11, "{} {}", half(1), half(400));
    }
}
