//! The values that are tried for a number: `1%..10%`, or `1%, 2%, 5%`.

use crate::language::problem::quoted;
use crate::language::value::number::decimal;
use crate::language::value::time::duration;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::units::Span;

/// How many values of a range are tried. A choice: `1%..32%` doubles at each of six, ends included.
const STEPS: u32 = 6;
/// The most values of a list that are tried. A choice: two such lists are 2,500 candidates.
const MOST: usize = 50;

const HINT: &str = "write a range, 1%..10% or 30s..5m, or a list: 1%, 2%, 5%";

/// Values to be tried, as they stand in a rule's sentence, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates(pub Vec<String>);

impl ScalarValue for Candidates {
    const KIND: &'static str = "values to try: a range such as 1%..10%, or a list";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, ValueError> {
        let mut numbers = match text.split_once("..") {
            Some((low, high)) => range(Number::parse(low.trim())?, Number::parse(high.trim())?)?,
            None => {
                let parts = text.split(',').map(|part| Number::parse(part.trim()));
                parts.collect::<Result<Vec<Number>, ValueError>>()?
            }
        };
        if numbers.len() > MOST {
            let message = format!("{} values are too many to try, at most {MOST}", numbers.len());
            return Err(ValueError::new(message, HINT));
        }
        if numbers.iter().any(|number| number.unit != numbers[0].unit) {
            return Err(ValueError::new(format!("{} mixes units", quoted(text)), HINT));
        }
        numbers.sort_by(|one, other| one.value.total_cmp(&other.value));
        numbers.dedup_by(|one, other| one.value == other.value);
        Ok(Candidates(numbers.into_iter().map(Number::word).collect()))
    }
}

/// A number and what it is a number of.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    value: f64,
    unit: CandidateUnit,
}

#[derive(Debug, Clone, PartialEq)]
enum CandidateUnit {
    Percent,
    Seconds,
    /// `/s`, `/m`, `/h`.
    Per(String),
    None,
}

impl Number {
    fn parse(text: &str) -> Result<Number, ValueError> {
        let number = |digits: &str| decimal(digits, "a number");
        let (value, unit) = if let Some(digits) = text.strip_suffix('%') {
            (number(digits)?, CandidateUnit::Percent)
        } else if let Some((digits, per)) = text.split_once('/') {
            (number(digits)?, CandidateUnit::Per(format!("/{per}")))
        } else if text.ends_with(|c: char| c.is_ascii_alphabetic() && c != 'x') {
            (duration(text)?.seconds(), CandidateUnit::Seconds)
        } else {
            let digits = text.strip_suffix('x').unwrap_or(text);
            if digits.is_empty() {
                return Err(ValueError::new(
                    format!("{} is not a value to try", quoted(text)),
                    HINT,
                ));
            }
            (number(digits)?, CandidateUnit::None)
        };
        Ok(Number { value, unit })
    }

    fn word(self) -> String {
        let Number { value, unit } = self;
        match unit {
            CandidateUnit::Percent => format!("{}%", short(value)),
            CandidateUnit::Per(per) => format!("{}{per}", short(value)),
            CandidateUnit::None => short(value),
            CandidateUnit::Seconds if value == value.trunc() => format!("{value}s"),
            CandidateUnit::Seconds => {
                format!("{}ms", short(Span::from_seconds(value).0 as f64 / 1e6))
            }
        }
    }
}

/// Evenly spaced on a scale of ratios, rounded to two digits, the ends as they are.
fn range(low: Number, high: Number) -> Result<Vec<Number>, ValueError> {
    if low.value >= high.value || low.unit != high.unit {
        return Err(ValueError::new("a range goes up, in one unit", HINT));
    }
    let from = if low.value > 0.0 { low.value } else { high.value / 32.0 };
    let steps = if low.value > 0.0 { STEPS } else { STEPS - 1 };
    let ratio = high.value / from;
    let value = |step: u32| match step {
        0 => from,
        step if step == steps - 1 => high.value,
        step => rounded(from * libm::pow(ratio, f64::from(step) / f64::from(steps - 1))),
    };
    let unit = || low.unit.clone();
    let mut numbers: Vec<Number> =
        (0..steps).map(|step| Number { value: value(step), unit: unit() }).collect();
    if low.value == 0.0 {
        numbers[0].value = rounded(from);
        numbers.insert(0, low.clone());
    }
    Ok(numbers)
}

/// To two significant digits.
fn rounded(value: f64) -> f64 {
    let text = format!("{value:.1e}");
    text.parse().expect("a number just printed")
}

fn short(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> Vec<String> {
        Candidates::parse(text).unwrap_or_else(|complaint| panic!("{text}: {complaint:?}")).0
    }

    #[test]
    fn ranges_are_spread_by_ratio() {
        assert_eq!(points("1%..32%"), ["1%", "2%", "4%", "8%", "16%", "32%"]);
        assert_eq!(points("500ms..5s"), ["500ms", "790ms", "1300ms", "2s", "3200ms", "5s"]);
        assert_eq!(points("0s..5m").len(), 6);
        assert_eq!(points("0s..5m")[0], "0s");
        assert_eq!(points("1/m..32/m")[1], "2/m");
        assert_eq!(points("2x..64x")[5], "64");
    }

    #[test]
    fn lists_are_put_in_order() {
        assert_eq!(points("5%, 1%,2%,1%"), ["1%", "2%", "5%"]);
        assert_eq!(points("1m, 30s"), ["30s", "60s"]);
        assert_eq!(points("3s"), ["3s"]);
    }

    #[test]
    fn what_is_nothing_to_try() {
        for text in ["", "..", "5%..1%", "1%..10s", "a..b", "1%, 2s", "-1%..5%", "x", "1%..", "?"] {
            assert!(Candidates::parse(text).is_err(), "{text}");
        }
        let many = (1..60).map(|n| format!("{n}%")).collect::<Vec<_>>().join(",");
        assert!(Candidates::parse(&many).is_err());
    }
}
