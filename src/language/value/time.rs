//! Durations.

use crate::language::problem::quoted;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::units::{DurationError, Span};

/// The longest duration of any kind: ten years.
const LONGEST: u64 = 10 * 365 * 86_400;

/// What is written instead of something that is not a duration at all.
const SPELLING: &str = "write a number and a unit: 90s, 5m, 1h30m";

/// The spelling of units that hints offer.
const UNITS: [&str; 8] = ["ns", "us", "ms", "s", "m", "h", "d", "w"];

/// All units, without a final `s`.
const KNOWN: [&str; 20] = [
    "", "n", "nano", "nsec", "u", "usec", "m", "milli", "msec", "sec", "second", "min", "minute",
    "h", "hr", "hour", "d", "day", "w", "week",
];

impl ScalarValue for Span {
    const KIND: &'static str = "a duration such as 90s or 1h30m";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9.]+ ?[a-z]+( ?[0-9.]+ ?[a-z]+)*$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        duration(text)
    }
}

/// A duration such as `90s`, `1h30m`, `1.5s`; at most ten years.
pub fn duration(text: &str) -> Result<Span, ValueError> {
    let not = || format!("{} is not a duration", quoted(text));
    if text.starts_with('-') {
        return Err(ValueError::bare(format!("the duration {} is negative", quoted(text))));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(ValueError::new(not(), SPELLING));
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return Err(ValueError::new(not(), format!("write {text}m or {text}s")));
    }
    if let Some((minutes, seconds)) = text.split_once(':') {
        let hint = format!("write {minutes}m{seconds}s or {minutes}h{seconds}m");
        let digits = format!("{minutes}{seconds}").bytes().all(|b| b.is_ascii_digit());
        return Err(if digits { ValueError::new(not(), hint) } else { ValueError::bare(not()) });
    }
    for unit in text.split(|c: char| c.is_ascii_digit() || c == '.' || c == ' ') {
        check_unit(unit, text)?;
    }
    let too_long =
        || ValueError::bare(format!("the duration {} is longer than ten years", quoted(text)));
    let parsed = text.parse::<Span>().map_err(|error| match error {
        DurationError::TooLong => too_long(),
        DurationError::NotOne(words) => {
            let large = words.starts_with("number is too large");
            ValueError::new(not(), if large { "the number is too large" } else { SPELLING })
        }
    })?;
    if parsed > Span::from_secs(LONGEST) {
        return Err(too_long());
    }
    Ok(parsed)
}

/// Months and years are refused: no two are equally long, and `5M` is a slip for `5m`.
fn check_unit(unit: &str, text: &str) -> Result<(), ValueError> {
    let lower = unit.to_lowercase();
    let letters = lower.trim_end_matches('s').to_string();
    let known = KNOWN.contains(&letters.as_str());
    if known && unit == lower {
        return Ok(());
    }
    let message = format!("{} in {} is not a unit of time", quoted(unit), quoted(text));
    Err(if UNITS.contains(&lower.as_str()) {
        ValueError::new(message, format!("write {}", quoted(&text.to_lowercase())))
    } else {
        ValueError::new(
            message,
            match lower.as_str() {
                "am" | "pm" | "a" | "p" => "a time of day has 24 hours: write \"17:00\" for 5 PM",
                _ => "units are ms, s, m, h, d",
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_people_write_them() {
        for (text, span) in [
            ("90s", Span::from_secs(90)),
            ("1h30m", Span::from_secs(5_400)),
            ("1h 30min", Span::from_secs(5_400)),
            ("1.5s", Span::from_millis(1_500)),
            ("2ms", Span::from_millis(2)),
            ("0s", Span::ZERO),
            ("3 days", Span::from_secs(3 * 86_400)),
        ] {
            assert_eq!(duration(text), Ok(span), "{text}");
        }
    }

    #[test]
    fn durations_that_are_none() {
        for (text, hint) in [
            ("5", Some("write 5m or 5s")),
            ("5M", Some("write `5m`")),
            ("1:30", Some("write 1m30s or 1h30m")),
            ("5 parsecs", Some("units are ms, s, m, h, d")),
            ("one hour", Some(SPELLING)),
            ("20min.", Some(SPELLING)),
            ("1year", Some("units are ms, s, m, h, d")),
            ("-5m", None),
            ("4000d", None),
            ("99999999999999999999999s", Some("the number is too large")),
        ] {
            assert_eq!(duration(text).expect_err(text).hint.as_deref(), hint, "{text}");
        }
    }
}
