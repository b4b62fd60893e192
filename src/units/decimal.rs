//! Numbers as people write and read them, in decimals, without the last bit that binary arithmetic
//! adds.
//!
//! 7 of 1000 is not more than 0.7 %, and three times 1.1 % is 3.3 %: a share is read, multiplied
//! and ranked as the decimal that was written. A decimal and a quotient of counts that are equal
//! are then the same `f64`, because both are rounded once.

/// The finest decimal that is told: a billionth of a thousandth.
const SCALES: [f64; 4] = [1e3, 1e6, 1e9, 1e12];
/// The largest whole number up to which all are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number that was written as a decimal, as numerator and denominator; `None`: it was not.
fn fraction(number: f64) -> Option<(u64, u64)> {
    SCALES.into_iter().find_map(|scale| {
        let numerator = (number * scale).round();
        let exact = (0.0..EXACT).contains(&numerator) && numerator / scale == number;
        exact.then_some((numerator as u64, scale as u64))
    })
}

/// A number of a hundred parts, from its digits: `0.7` is 0.007 to the bit.
pub fn hundredths(digits: &str) -> Option<f64> {
    format!("{digits}e-2").parse().ok().filter(|number: &f64| number.is_finite())
}

/// A decimal over a whole number, rounded once: 0.7 a minute is 7 in ten minutes to the bit.
pub fn quotient(digits: &str, divisor: f64) -> Option<f64> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let numerator: f64 = format!("{whole}{part}").parse().ok()?;
    let denominator = divisor * libm::pow(10.0, part.len() as f64);
    let exact = numerator < EXACT && denominator < EXACT && denominator.fract() == 0.0;
    exact.then_some(numerator / denominator)
}

/// A product of two decimals: 3 × 1.1 % is 3.3 %.
pub fn product(one: f64, other: f64) -> f64 {
    let exact = || {
        let ((a, a_scale), (b, b_scale)) = (fraction(one)?, fraction(other)?);
        let numerator = u128::from(a) * u128::from(b);
        let zeros = (a_scale.ilog10() + b_scale.ilog10()) as i32;
        format!("{numerator}e-{zeros}").parse().ok()
    };
    exact().unwrap_or(one * other)
}

/// What is left of one: 100 % less 90 % are 10 %.
pub fn rest_of_one(share: f64) -> f64 {
    let exact = fraction(share).filter(|(numerator, scale)| numerator <= scale);
    exact.map_or(1.0 - share, |(numerator, scale)| (scale - numerator) as f64 / scale as f64)
}

/// The nearest rank of a quantile among this many values, from 1: the least rank at or below which
/// this share of them lies.
pub fn nearest_rank(quantile: f64, n: u64) -> u64 {
    let rank = match fraction(quantile) {
        Some((numerator, scale)) => {
            let times = u128::from(numerator) * u128::from(n);
            times.div_ceil(u128::from(scale)) as u64
        }
        None => (quantile * n as f64).ceil() as u64,
    };
    rank.clamp(1, n.max(1))
}

/// A whole number with its thousands apart: `118,204`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of something: `1 failure`, `28 failures`. The plural only takes an s.
pub fn counted(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {word}{plural}", grouped(number as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_percentage_is_the_quotient_of_its_counts() {
        for tenths in 0..=1_000u32 {
            let digits = format!("{}.{}", tenths / 10, tenths % 10);
            assert_eq!(hundredths(&digits), Some(f64::from(tenths) / 1_000.0), "{digits}%");
            let times = |multiple: u32| f64::from(tenths * multiple) / 1_000.0;
            for multiple in [1, 2, 3, 7, 30, 100] {
                let product = product(f64::from(multiple), f64::from(tenths) / 1_000.0);
                assert_eq!(product, times(multiple), "{multiple} times {digits}%");
            }
            let rest = rest_of_one(f64::from(tenths) / 1_000.0);
            assert_eq!(rest, f64::from(1_000 - tenths) / 1_000.0, "100% less {digits}%");
        }
        assert_eq!(quotient("0.7", 60.0), Some(7.0 / 600.0));
        assert_eq!(product(2.5, 0.013 / 100.0), 0.000_325);
    }

    #[test]
    fn ranks_are_counted_in_whole_numbers() {
        for n in 1..=2_000u64 {
            for tenths in 1..=1_000u64 {
                let rank = nearest_rank(tenths as f64 / 1_000.0, n);
                assert_eq!(rank, (tenths * n).div_ceil(1_000), "p{tenths}/10 of {n}");
            }
        }
        assert_eq!((nearest_rank(0.0, 9), nearest_rank(1.0, 9), nearest_rank(0.5, 0)), (1, 9, 1));
        assert_eq!(nearest_rank(1.0 / 3.0, 9), 3);
    }

    #[test]
    fn thousands_are_apart() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }
}
