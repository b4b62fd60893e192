//! What a sample says about what it was drawn from, always with a 95 % interval.

use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF, StudentsT};

/// Left out at either end of an interval.
const TAIL: f64 = 0.025;
/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A figure with its 95 % interval. A bound is `None` where the sample is too small to give one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// How many values it rests on.
    pub n: u64,
    /// The figure itself.
    pub value: f64,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end of the interval.
    pub high: Option<f64>,
}

impl Estimate {
    /// Half the width of the interval, if both of its ends are known.
    pub fn half_width(&self) -> Option<f64> {
        self.low.zip(self.high).map(|(low, high)| (high - low) / 2.0)
    }
}

/// The mean, with Student's t; `None` without values, no interval for a single one.
///
/// Values are added up in the order given, so that the same values give the same bits.
pub fn mean(values: &[f64]) -> Option<Estimate> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let value = values.iter().sum::<f64>() / n as f64;
    if n == 1 {
        return Some(Estimate { n: 1, value, low: None, high: None });
    }
    let squares: f64 = values.iter().map(|one| (one - value) * (one - value)).sum();
    let deviation = (squares / (n - 1) as f64).sqrt();
    let student = StudentsT::new(0.0, 1.0, (n - 1) as f64).expect("at least one degree of freedom");
    let half = student.inverse_cdf(1.0 - TAIL) * deviation / (n as f64).sqrt();
    Some(Estimate { n: n as u64, value, low: Some(value - half), high: Some(value + half) })
}

/// A probability from `hits` of `n` trials, with Wilson's interval; `None` without trials.
pub fn share(hits: u64, n: u64) -> Option<Estimate> {
    assert!(hits <= n, "{hits} hits of {n}");
    if n == 0 {
        return None;
    }
    let (trials, value) = (n as f64, hits as f64 / n as f64);
    let spread = Z * Z / trials;
    let middle = (value + spread / 2.0) / (1.0 + spread);
    let inside = value * (1.0 - value) / trials + spread / (4.0 * trials);
    let half = Z / (1.0 + spread) * inside.sqrt();
    let low = if hits == 0 { 0.0 } else { middle - half };
    let high = if hits == n { 1.0 } else { middle + half };
    Some(Estimate { n, value, low: Some(low), high: Some(high) })
}

/// A rate from the number of events in so much time or other exposure, with the exact interval for
/// a Poisson number (Garwood, through the χ² distribution); `None` without exposure.
pub fn rate(events: u64, exposure: f64) -> Option<Estimate> {
    if exposure <= 0.0 {
        return None;
    }
    let bound = |freedom: u64, chance: f64| {
        let chi_squared = ChiSquared::new(freedom as f64).expect("some degrees of freedom");
        chi_squared.inverse_cdf(chance) / 2.0 / exposure
    };
    let low = if events == 0 { 0.0 } else { bound(2 * events, TAIL) };
    let high = bound(2 * events + 2, 1.0 - TAIL);
    Some(Estimate { n: events, value: events as f64 / exposure, low: Some(low), high: Some(high) })
}

/// A quantile of sorted values (nearest rank), with the interval between two of the values that
/// holds whatever they are distributed like; `None` without values.
pub fn quantile(sorted: &[f64], quantile: f64) -> Option<Estimate> {
    assert!((0.0..=1.0).contains(&quantile), "no quantile: {quantile}");
    let n = sorted.len() as u64;
    if n == 0 {
        return None;
    }
    let rank = ((quantile * n as f64).ceil() as usize).clamp(1, sorted.len());
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
    let low = first(&|chance| chance > TAIL);
    let high = first(&|chance| chance >= 1.0 - TAIL);
    Some(Estimate {
        n,
        value: sorted[rank - 1],
        low: low.checked_sub(1).map(|position| sorted[position]),
        high: sorted.get(high).copied(),
    })
}

/// Where a value stands among others: the share of them that are smaller, those that are equal
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
    fn means_have_the_interval_of_the_textbook() {
        let of_five = mean(&[1.0, 2.0, 3.0, 4.0, 5.0]).expect("values");
        assert_eq!((of_five.n, of_five.value), (5, 3.0));
        close(of_five.half_width(), 2.776_445_105 * (2.5f64 / 5.0).sqrt());
        let thirty: Vec<f64> = (0..30).map(|n| f64::from(n % 2)).collect();
        let deviation = (0.25f64 * 30.0 / 29.0).sqrt();
        let half = mean(&thirty).expect("values").half_width();
        close(half, 2.045_229_642_1 * deviation / 30f64.sqrt());
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[7.0]).expect("one").half_width(), None);
        assert_eq!(mean(&[7.0; 4]).expect("four").half_width(), Some(0.0));
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

    #[test]
    fn intervals_hold_what_they_promise() {
        use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
        let mut random = Xoshiro256PlusPlus::seed_from_u64(95);
        let (samples, mut held) = (2_000, [0; 3]);
        for _ in 0..samples {
            let mut values: Vec<f64> = (0..60).map(|_| random.random::<f64>()).collect();
            let hits = values.iter().filter(|value| **value < 0.3).count() as u64;
            let mean = mean(&values).expect("values");
            values.sort_by(f64::total_cmp);
            let p90 = quantile(&values, 0.9).expect("values");
            let share = share(hits, 60).expect("trials");
            for (held, (found, truth)) in
                held.iter_mut().zip([(mean, 0.5), (p90, 0.9), (share, 0.3)])
            {
                let low = found.low.is_none_or(|low| low <= truth);
                *held += i32::from(low && found.high.is_none_or(|high| truth <= high));
            }
        }
        // One standard deviation is ten samples; percentiles hold somewhat more than they promise.
        assert!(held.iter().all(|held| (1_860..=1_985).contains(held)), "{held:?} of {samples}");
    }
}
