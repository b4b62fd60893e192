//! Amounts that have a limit: things held at a time, things per time, and data per time.

use crate::language::problem::quoted;
use crate::language::value::number::decimal;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// What an amount counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AmountKind {
    /// Things held at a time: connections, addresses, instances.
    Held,
    /// Things within this much time: requests, messages.
    Within(Span),
    /// Bits per second.
    Data,
}

/// An amount with its measure; `None`: nobody knows it (`"?"`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount(pub Option<(f64, AmountKind)>);

/// What a limit is used for: this much per visit, request, instance or thread.
#[derive(Debug, Clone, PartialEq)]
pub struct Using {
    /// Things, or bits where `data`.
    pub amount: f64,
    pub data: bool,
    pub per: Per,
    pub text: String,
}

/// What an amount is used for, with the names as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Per {
    Visit,
    /// A request to a tier or an endpoint; `None`: any request at the entry.
    Request(Option<String>),
    Instance(String),
    Thread(String),
    BusyThread(String),
}

/// What `uses` can say.
const USES: &str = "write it like `2 per request to api`, `40 kB per request`, `1 per visit`, \
                    `20 per instance of api`, `1 per thread of api` or `1 per busy thread of api`";

impl ScalarValue for Amount {
    const KIND: &'static str = "an amount such as 400, 10000/s, 50000/day or 10 Gbit/s";
    const SPELLING: Spelling =
        Spelling::NumberOr("^([?]|[0-9.]+( ?[kKMGT]?(bit|B))?( ?/ ?[a-z]+)?)$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        if text == "?" {
            return Ok(Amount(None));
        }
        let Some((left, time)) = text.split_once('/') else {
            let (_, unit) = number_and_unit(text);
            if data(unit).is_some() || unit.ends_with("bps") || unit.ends_with("Bps") {
                let message = format!("{} is not an amount per time", quoted(text));
                return Err(ValueError::new(
                    message,
                    "write the time as well: 10 Gbit/s, 100 MB/s",
                ));
            }
            return Ok(Amount(Some((decimal(text, Self::KIND)?, AmountKind::Held))));
        };
        let (number, unit) = number_and_unit(left);
        let number = decimal(number, Self::KIND)?;
        let window = match time.trim() {
            "s" | "sec" | "second" => Span::SECOND,
            "m" | "min" | "minute" => Span::from_secs(60),
            "h" | "hour" => Span::from_secs(3_600),
            "d" | "day" => Span::from_secs(86_400),
            _ => {
                let message = format!("{} is not a unit of time here", quoted(time));
                return Err(ValueError::new(message, "write /s, /m, /h or /day"));
            }
        };
        if unit.is_empty() {
            return Ok(Amount(Some((number, AmountKind::Within(window)))));
        }
        let bits = data(unit).ok_or_else(|| no_data(unit))?;
        if window != Span::SECOND {
            let message = format!("{} is not per second", quoted(text));
            return Err(ValueError::new(message, "bandwidth is per second: 10 Gbit/s"));
        }
        Ok(Amount(Some((number * bits, AmountKind::Data))))
    }
}

impl ScalarValue for Using {
    const KIND: &'static str = "what it is used for, such as `2 per request to api`";
    const SPELLING: Spelling = Spelling::Pattern(
        "^([0-9.]+ *([kKMGT]?(bit|B) *)?)?per (visit|request|instance|thread|busy thread)",
    );

    fn parse(text: &str) -> Result<Self, ValueError> {
        let not = || ValueError::new(format!("{} is not a use of a limit", quoted(text)), USES);
        let (amount, per) = match text.strip_prefix("per ") {
            Some(per) => ("1", per),
            None => text.split_once(" per ").ok_or_else(not)?,
        };
        let (number, unit) = number_and_unit(amount);
        let number = decimal(number, "an amount")?;
        let (amount, data) = match unit {
            "" => (number, false),
            unit => (number * data(unit).ok_or_else(|| no_data(unit))?, true),
        };
        let per = per_what(per.trim()).ok_or_else(not)?;
        Ok(Using { amount, data, per, text: text.to_string() })
    }
}

fn per_what(text: &str) -> Option<Per> {
    let name = |prefix: &str| {
        let name = text.strip_prefix(prefix)?.trim();
        (!name.is_empty()).then(|| name.to_string())
    };
    match text {
        "visit" => Some(Per::Visit),
        "request" => Some(Per::Request(None)),
        _ => name("request to ")
            .map(|name| Per::Request(Some(name)))
            .or_else(|| name("instance of ").map(Per::Instance))
            .or_else(|| name("thread of ").map(Per::Thread))
            .or_else(|| name("busy thread of ").map(Per::BusyThread)),
    }
}

/// `10 Gbit`: the number and the rest, which may be empty.
fn number_and_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let letters = |c: char| c.is_alphabetic();
    let end = text.find(letters).filter(|end| *end > 0).unwrap_or(text.len());
    (text[..end].trim_end(), &text[end..])
}

/// The bits in a unit of data; its prefixes are powers of ten, as networks count.
fn data(unit: &str) -> Option<f64> {
    let (prefix, bits) = match unit.strip_suffix("bit") {
        Some(prefix) => (prefix, 1.0),
        None => (unit.strip_suffix('B')?, 8.0),
    };
    let times = match prefix {
        "" => 1.0,
        "k" | "K" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        _ => return None,
    };
    Some(bits * times)
}

fn no_data(unit: &str) -> ValueError {
    let message = format!("{} is not a unit of data", quoted(unit));
    ValueError::new(message, "write bits as kbit, Mbit, Gbit, and bytes as B, kB, MB, GB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_held_per_time_and_of_data() {
        let read = |text| Amount::parse(text).map(|amount| amount.0);
        assert_eq!(read("400"), Ok(Some((400.0, AmountKind::Held))));
        assert_eq!(read("10000/s"), Ok(Some((10_000.0, AmountKind::Within(Span::SECOND)))));
        let day = AmountKind::Within(Span::from_secs(86_400));
        assert_eq!(read("50000 / day"), Ok(Some((50_000.0, day))));
        assert_eq!(read("10 Gbit/s"), Ok(Some((1e10, AmountKind::Data))));
        assert_eq!(read("1.5MB/s"), Ok(Some((1.2e7, AmountKind::Data))));
        assert_eq!(read("?"), Ok(None));
    }

    #[test]
    fn amounts_that_could_be_misread() {
        let hint = |text| Amount::parse(text).expect_err(text).hint.unwrap_or_default();
        assert!(hint("10 Gbps").contains("10 Gbit/s"));
        assert!(hint("10 GB").contains("the time as well"));
        assert!(hint("10 Mb/s").contains("Mbit"));
        assert!(hint("5 MB/day").contains("per second"));
        assert!(hint("5/fortnight").contains("/day"));
        assert!(Amount::parse("-3").is_err() && Amount::parse("").is_err());
        assert!(Amount::parse("é/s").is_err());
    }

    #[test]
    fn what_a_limit_is_used_for() {
        let read =
            |text: &str| Using::parse(text).map(|using| (using.amount, using.data, using.per));
        assert_eq!(read("per visit"), Ok((1.0, false, Per::Visit)));
        let evss = Per::Request(Some("evss".into()));
        assert_eq!(read("2 per request to evss"), Ok((2.0, false, evss)));
        assert_eq!(read("40 kB per request"), Ok((320_000.0, true, Per::Request(None))));
        assert_eq!(read("20 per instance of api"), Ok((20.0, false, Per::Instance("api".into()))));
        let busy = Per::BusyThread("api".into());
        assert_eq!(read("1 per busy thread of api"), Ok((1.0, false, busy)));
        for wrong in
            ["", "per", "2 request", "2 per call to evss", "x per visit", "1 per request to"]
        {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
