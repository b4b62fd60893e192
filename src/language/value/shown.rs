//! Values of a plan as they are shown, and read again where nothing but the text is at hand.

use crate::language::value::spread;
use crate::units::{Ratio, Span, Spread};
use std::fmt;

/// A value that is a number of some kind.
#[derive(Debug, Clone, PartialEq)]
pub enum ShownValue {
    /// `95%`.
    Share(Ratio),
    /// `0.5/s`.
    PerSecond(f64),
    /// `400`.
    Number(u64),
    /// `~45m`, `median 700ms, p99 4s`.
    Time(Spread),
    /// How many per second from when on: `0.6/s at 0s, 1.6/s at 1h`.
    Curve(Vec<(f64, Span)>),
}

const PERCENT: char = '%';
const PER_SECOND: &str = "/s";
const AT: &str = " at ";
const BETWEEN_POINTS: &str = ", ";

impl fmt::Display for ShownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShownValue::Share(share) => share.fmt(f),
            ShownValue::PerSecond(rate) => write!(f, "{rate}{PER_SECOND}"),
            ShownValue::Number(number) => number.fmt(f),
            ShownValue::Time(spread) => spread.fmt(f),
            ShownValue::Curve(points) => {
                for (position, (rate, at)) in points.iter().enumerate() {
                    let between = if position == 0 { "" } else { BETWEEN_POINTS };
                    write!(f, "{between}{rate}{PER_SECOND}{AT}{at}")?;
                }
                Ok(())
            }
        }
    }
}

impl ShownValue {
    /// What was shown; `None`: it is no number.
    pub fn read(text: &str) -> Option<ShownValue> {
        let rate = |text: &str| text.strip_suffix(PER_SECOND).and_then(|rate| rate.parse().ok());
        if let Some(percent) = text.strip_suffix(PERCENT).and_then(|text| text.parse::<f64>().ok())
        {
            return Some(ShownValue::Share(Ratio(percent / 100.0)));
        }
        if let Some(rate) = rate(text) {
            return Some(ShownValue::PerSecond(rate));
        }
        if let Ok(number) = text.parse() {
            return Some(ShownValue::Number(number));
        }
        let point = |point: &str| {
            let (per_second, at) = point.split_once(AT)?;
            Some((rate(per_second)?, at.parse().ok()?))
        };
        let points: Option<Vec<(f64, Span)>> = text.split(BETWEEN_POINTS).map(point).collect();
        points.map(ShownValue::Curve).or_else(|| spread::shown(text).map(ShownValue::Time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span() -> impl Strategy<Value = Span> {
        (1..100_000_u64).prop_map(Span::from_secs)
    }

    fn value() -> impl Strategy<Value = ShownValue> {
        let rate = || (1..1_000_000_u32).prop_map(|rate| f64::from(rate) / 1_000.0);
        let spread = prop_oneof![
            span().prop_map(Spread::Fixed),
            span().prop_map(Spread::About),
            span().prop_map(Spread::Below),
            span().prop_map(Spread::Exponential),
            (span(), span()).prop_map(|(low, more)| Spread::Between(low, low + more)),
            (span(), span()).prop_map(|(median, more)| Spread::Tail { median, p99: median + more }),
        ];
        prop_oneof![
            (0..=1_000_000_u32).prop_map(|part| ShownValue::Share(Ratio(f64::from(part) / 1e6))),
            rate().prop_map(ShownValue::PerSecond),
            any::<u64>().prop_map(ShownValue::Number),
            spread.prop_map(ShownValue::Time),
            proptest::collection::vec((rate(), span()), 1..5).prop_map(ShownValue::Curve),
        ]
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(value in value()) {
            let read = ShownValue::read(&value.to_string()).expect("it is one");
            prop_assert_eq!(read.to_string(), value.to_string());
            match (read, value) {
                // Shown to four decimals of a percent.
                (ShownValue::Share(read), ShownValue::Share(share)) => {
                    prop_assert!((read.0 - share.0).abs() <= 1e-6);
                }
                (read, value) => prop_assert_eq!(read, value),
            }
        }

        #[test]
        fn whatever_is_read_is_shown_the_same_again(
            text in "[~<0-9.]{1,5}(%|/s|ms|s|m|h)?( at 1h)?",
        ) {
            if let Some(read) = ShownValue::read(&text) {
                let shown = read.to_string();
                let again = ShownValue::read(&shown).map(|again| again.to_string());
                prop_assert_eq!(again, Some(shown));
            }
        }
    }

    #[test]
    fn words_are_no_numbers() {
        for words in ["", "none", "error_rate > 5%", "as the mix says", "-1", "5 of 6", "a at 1h"] {
            assert_eq!(ShownValue::read(words), None, "{words}");
        }
    }
}
