//! Numbers, ratios and rates.

use crate::language::problem::quoted;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::units::{Rate, Ratio, hundredths, quotient};

/// A number without a unit, not negative, at most a million million.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl ScalarValue for Number {
    const KIND: &'static str = "a number";
    const SPELLING: Spelling = Spelling::Number;

    fn parse(text: &str) -> Result<Self, ValueError> {
        decimal(text, "a number").map(Number)
    }
}

/// Digits, with a decimal point if need be: what cannot be misread.
pub fn decimal(text: &str, kind: &str) -> Result<f64, ValueError> {
    let complaint = |hint: &str| ValueError::new(format!("{} is not {kind}", quoted(text)), hint);
    if text.starts_with('-') {
        return Err(ValueError::bare(format!("{} is negative", quoted(text))));
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return Err(match as_decimal(text) {
            Some(number) => complaint(&format!("write {number}")),
            None => complaint("write it in digits"),
        });
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(complaint("remove the leading zeros: some tools read such a number as octal"));
    }
    let number: f64 = text.parse().map_err(|_| complaint("write digits"))?;
    if number > 1e12 {
        return Err(ValueError::bare(format!("{} is too large", quoted(text))));
    }
    Ok(number)
}

/// The plain spelling of a number in one that YAML tools may read in different ways.
fn as_decimal(text: &str) -> Option<String> {
    if let Some((whole, part)) = text.split_once(',') {
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        let thousands = part.len() == 3 && whole != "0";
        let joined = if thousands { format!("{whole}{part}") } else { format!("{whole}.{part}") };
        return (digits(whole) && digits(part)).then_some(joined);
    }
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        u64::from_str_radix(digits, radix).ok().map(|number| number.to_string())
    };
    let plain = text.replace('_', "");
    let float = || {
        let number = plain.strip_prefix('+').unwrap_or(&plain).parse::<f64>().ok()?;
        (number.is_finite() && number.abs() < 1e12).then(|| number.to_string())
    };
    radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)).or_else(float)
}

fn whole(text: &str, max: u64) -> Result<u64, ValueError> {
    let number = decimal(text, "a whole number")?;
    if number.fract() != 0.0 || text.contains('.') {
        let message = format!("{} is not a whole number", quoted(text));
        return Err(ValueError::new(
            message,
            format!("write {} or {}", number.floor(), number.ceil()),
        ));
    }
    if number > max as f64 {
        let message = format!("{} is too large, the maximum is {max}", quoted(text));
        return Err(ValueError::bare(message));
    }
    Ok(number as u64)
}

impl ScalarValue for u32 {
    const KIND: &'static str = "a whole number";
    const SPELLING: Spelling = Spelling::Whole;

    fn parse(text: &str) -> Result<Self, ValueError> {
        whole(text, 1_000_000_000).map(|number| number as u32)
    }
}

impl ScalarValue for u64 {
    const KIND: &'static str = "a whole number";
    const SPELLING: Spelling = Spelling::Whole;

    fn parse(text: &str) -> Result<Self, ValueError> {
        whole(text, 1_000_000_000_000)
    }
}

impl ScalarValue for bool {
    const KIND: &'static str = "`true` or `false`";
    const SPELLING: Spelling = Spelling::Flag;

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => {
                let message = format!("{} is neither true nor false", quoted(text));
                let hint = match text.to_lowercase().as_str() {
                    "yes" | "on" | "y" => "write `true`",
                    "no" | "off" | "n" => "write `false`",
                    _ => "write `true` or `false`",
                };
                Err(ValueError::new(message, hint))
            }
        }
    }
}

impl ScalarValue for Ratio {
    const KIND: &'static str = "a percentage such as 5%";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9]+([.][0-9]+)? ?%$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let Some(number) = text.strip_suffix('%') else {
            let complaint = ValueError::bare(format!("{} is not a percentage", quoted(text)));
            return Err(match decimal(text, Self::KIND) {
                Ok(0.0) => {
                    let hint = "write a percent sign, and a point for a fraction: 0.5%";
                    ValueError { hint: Some(hint.to_string()), ..complaint }
                }
                Ok(share) if share <= 1.0 => {
                    let hint = format!("write {}, or {text}% if that is meant", Ratio(share));
                    ValueError { hint: Some(hint), ..complaint }
                }
                Ok(_) => ValueError { hint: Some(format!("write {text}%")), ..complaint },
                Err(_) => {
                    let hint = "write a number and a percent sign: 30%".to_string();
                    ValueError { hint: Some(hint), ..complaint }
                }
            });
        };
        if number.contains('%') {
            let message = format!("{} is not a percentage", quoted(text));
            return Err(ValueError::new(message, "one % is enough"));
        }
        let number = number.trim_end();
        let percent = decimal(number, Self::KIND)?;
        if percent > 100.0 {
            return Err(ValueError::bare(format!("{} is more than 100%", quoted(text))));
        }
        Ok(Ratio(hundredths(number).unwrap_or(percent / 100.0)))
    }
}

impl ScalarValue for Rate {
    const KIND: &'static str = "a rate such as 0.6/s or 36/m";
    const SPELLING: Spelling =
        Spelling::Pattern("^[0-9.]+ ?/ ?(s|sec|second|m|min|minute|h|hour|d|day)$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let Some((number, unit)) = text.split_once('/') else {
            let message = format!("{} is not a rate", quoted(text));
            let hint = match decimal(text, Self::KIND) {
                Ok(_) => format!("per second or per minute? write {text}/s or {text}/m"),
                Err(_) => "write a number and a time: 0.6/s, 36/m, 2000/h, 45000/day".to_string(),
            };
            return Err(ValueError::new(message, hint));
        };
        let seconds = match unit.trim() {
            "s" | "sec" | "second" => 1.0,
            "m" | "min" | "minute" => 60.0,
            "h" | "hour" => 3_600.0,
            "d" | "day" => 86_400.0,
            _ => {
                let message = format!("{} is not a unit of a rate", quoted(unit));
                return Err(ValueError::new(message, "write /s, /m, /h or /day"));
            }
        };
        let number = number.trim();
        let rate = decimal(number, Self::KIND)?;
        let rate = quotient(number, seconds).unwrap_or(rate / seconds);
        if rate > 1e6 {
            let message = format!("{} is more than a million per second", quoted(text));
            return Err(ValueError::bare(message));
        }
        Ok(Rate(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units() {
        assert_eq!(Ratio::parse("0.5%"), Ok(Ratio(0.005)));
        assert_eq!(Rate::parse("36/m"), Ok(Rate(0.6)));
        assert_eq!(Rate::parse("86400/day"), Ok(Rate(1.0)));
        assert_eq!(u32::parse("5000"), Ok(5000));
    }

    #[test]
    fn numbers_that_could_be_misread() {
        let hint = |text| u32::parse(text).expect_err("refused").hint;
        assert_eq!(hint("0x10").as_deref(), Some("write 16"));
        assert_eq!(hint("1e3").as_deref(), Some("write 1000"));
        assert_eq!(hint("1_000").as_deref(), Some("write 1000"));
        assert!(hint("010").expect("a hint").contains("octal"));
        assert_eq!(hint("-3"), None);
        assert_eq!(hint(".nan").as_deref(), Some("write it in digits"));
        assert_eq!(hint("20.5").as_deref(), Some("write 20 or 21"));
    }
}
