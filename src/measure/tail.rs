//! Tails of counts: how likely it is that chance alone gives this many, or so few.
//!
//! Summed here with `libm`, not by `statrs`, whose logarithms are those of the platform: what is
//! said of a rule must not depend on the machine.

/// The chance that a Poisson count with this mean is at least `k`.
pub fn poisson_at_least(mean: f64, k: u64) -> f64 {
    if mean <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    let term = |k: u64| k as f64 * libm::log(mean) - mean - libm::lgamma(k as f64 + 1.0);
    upper(k, u64::MAX, mean, |k| libm::exp(term(k)), |k| mean / (k as f64 + 1.0))
}

/// The chance that a Poisson count with this mean is less than `k`.
pub fn poisson_below(mean: f64, k: u64) -> f64 {
    if k as f64 > mean {
        return 1.0 - poisson_at_least(mean, k);
    }
    let Some(last) = k.checked_sub(1) else { return 0.0 };
    let first = last as f64 * libm::log(mean) - mean - libm::lgamma(last as f64 + 1.0);
    downward(last, libm::exp(first), |k| k as f64 / mean)
}

/// The chance of exactly `k` with this mean.
pub fn poisson(mean: f64, k: u64) -> f64 {
    if mean <= 0.0 {
        return if k == 0 { 1.0 } else { 0.0 };
    }
    let k = k as f64;
    libm::exp(k * libm::log(mean) - mean - libm::lgamma(k + 1.0))
}

/// The chance of at least `k` hits in `n` tries that each hit with chance `p`.
pub fn binomial_at_least(n: u64, p: f64, k: u64) -> f64 {
    if k == 0 || p >= 1.0 {
        return if k <= n { 1.0 } else { 0.0 };
    }
    if k > n || p <= 0.0 {
        return 0.0;
    }
    let choose = |k: f64| {
        let n = n as f64;
        libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0)
    };
    let (hit, miss) = (libm::log(p), libm::log1p(-p));
    let term = |k: u64| {
        let k = k as f64;
        libm::exp(choose(k) + k * hit + (n as f64 - k) * miss)
    };
    let odds = p / (1.0 - p);
    upper(k, n, n as f64 * p, term, |k| (n - k) as f64 / (k as f64 + 1.0) * odds)
}

/// Terms from `k` to `last` added up, over the shorter side of the mean; `growth(k)` is the ratio
/// of the term after `k` to that of `k`.
fn upper(
    k: u64,
    last: u64,
    mean: f64,
    term: impl Fn(u64) -> f64,
    growth: impl Fn(u64) -> f64,
) -> f64 {
    if k as f64 <= mean {
        let Some(below) = k.checked_sub(1) else { return 1.0 };
        let rest = downward(below, term(below), |k| 1.0 / growth(k - 1));
        return (1.0 - rest).clamp(0.0, 1.0);
    }
    let (mut at, mut each) = (k, term(k));
    let mut sum = each;
    while at < last && each > sum * 1e-15 && each > 0.0 {
        each *= growth(at);
        at += 1;
        sum += each;
    }
    sum.min(1.0)
}

/// A term and all below it; `ratio(k)` is the term before `k` over that of `k`.
fn downward(from: u64, term: f64, ratio: impl Fn(u64) -> f64) -> f64 {
    let (mut at, mut each) = (from, term);
    let mut sum = each;
    while at > 0 && each > sum * 1e-15 && each > 0.0 {
        each *= ratio(at);
        at -= 1;
        sum += each;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got / expected - 1.0).abs() < 1e-6, "{got} is not {expected}");
    }

    #[test]
    fn tails_of_a_poisson_count() {
        close(poisson_at_least(3.0, 5), 0.184_736_755_476_228_5);
        close(poisson_at_least(0.013, 2), 8.377_122_444_867_8e-5);
        close(poisson_at_least(100.0, 80), 0.982_548_677_483_7);
        close(poisson_below(3.0, 5), 1.0 - 0.184_736_755_476_228_5);
        close(poisson_below(100.0, 80), 1.0 - 0.982_548_677_483_7);
        close(poisson_below(30.0, 1), libm::exp(-30.0));
        assert_eq!(poisson_at_least(0.0, 0), 1.0);
        assert_eq!(poisson_at_least(0.0, 1), 0.0);
        assert_eq!(poisson_below(5.0, 0), 0.0);
    }

    #[test]
    fn tails_of_a_binomial_count() {
        // Five heads or more in ten: 638 of 1,024.
        close(binomial_at_least(10, 0.5, 5), 638.0 / 1024.0);
        close(binomial_at_least(10, 0.5, 10), 1.0 / 1024.0);
        close(binomial_at_least(100, 0.01, 2), 0.264_238_021_077_1);
        assert_eq!(binomial_at_least(5, 0.2, 6), 0.0);
        assert_eq!(binomial_at_least(5, 0.0, 1), 0.0);
        assert_eq!(binomial_at_least(5, 1.0, 5), 1.0);
        assert_eq!(binomial_at_least(5, 0.3, 0), 1.0);
    }

    #[test]
    fn whole_distributions_add_up() {
        let sum: f64 = (0..200).map(|k| poisson(40.0, k)).sum();
        close(sum, 1.0);
        for k in 0..=60 {
            let (over, under) = (poisson_at_least(20.0, k), poisson_below(20.0, k));
            assert!((over + under - 1.0).abs() < 1e-9, "{k}: {over} {under}");
        }
    }
}
