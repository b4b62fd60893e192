//! Words with a meaning of their own.

use crate::decision::{Hold, Measured};
use crate::fault::OutageMode;
use crate::language::problem::quoted;
use crate::language::value::number::decimal;
use crate::language::value::time::duration;
use crate::language::word::{Complaint, Spelling, Word, one_of};
use crate::names::Dimension;
use crate::scenario::limit::LimitKind;
use crate::site::Balance;
use crate::telemetry::ErrorKind;
use crate::units::{Ratio, Span};
use jiff::civil::Date;

impl Word for Balance {
    const KIND: &'static str = "`round-robin` or `least-busy`";
    const SPELLING: Spelling = Spelling::OneOf(&["round-robin", "least-busy"]);

    fn parse(text: &str) -> Result<Self, Complaint> {
        one_of(text, &[("round-robin", Balance::RoundRobin), ("least-busy", Balance::LeastBusy)])
    }
}

impl Word for LimitKind {
    const KIND: &'static str = "`quota`, `connections`, `bandwidth`, `warm-up` or `other`";
    const SPELLING: Spelling =
        Spelling::OneOf(&["quota", "connections", "bandwidth", "warm-up", "other"]);

    fn parse(text: &str) -> Result<Self, Complaint> {
        one_of(text, &LimitKind::ALL)
    }
}

impl Word for ErrorKind {
    const KIND: &'static str = "`5xx`, `given-up` or `slow`";
    const SPELLING: Spelling = Spelling::OneOf(&["5xx", "given-up", "slow"]);

    fn parse(text: &str) -> Result<Self, Complaint> {
        one_of(
            text,
            &[
                ("5xx", ErrorKind::ServerErrors),
                ("given-up", ErrorKind::GivenUp),
                ("slow", ErrorKind::Slow),
            ],
        )
    }
}

impl Word for OutageMode {
    const KIND: &'static str = "`refuse` or `hang`";
    const SPELLING: Spelling = Spelling::OneOf(&["refuse", "hang"]);

    fn parse(text: &str) -> Result<Self, Complaint> {
        one_of(text, &[("refuse", OutageMode::Refuse), ("hang", OutageMode::Hang)])
    }
}

impl Word for Dimension {
    const KIND: &'static str = "`browser`, `login`, `account` or `tool`";
    const SPELLING: Spelling = Spelling::OneOf(&["browser", "login", "account", "tool"]);

    fn parse(text: &str) -> Result<Self, Complaint> {
        one_of(text, &Dimension::ALL.map(|dimension| (dimension.word(), dimension)))
    }
}

/// A path through tiers: `a > b > c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

impl Word for Path {
    const KIND: &'static str = "a path through tiers such as proxy > api > database";

    fn parse(text: &str) -> Result<Self, Complaint> {
        if text.contains("->") {
            let message = format!("{} mixes two kinds of arrows", quoted(text));
            let hint = format!("write {}", quoted(&text.replace("->", ">")));
            return Err(Complaint::new(message, hint));
        }
        let tiers: Vec<String> = text.split('>').map(|tier| tier.trim().to_string()).collect();
        if tiers.iter().any(String::is_empty) {
            let message = format!("a tier is missing in {}", quoted(text));
            return Err(Complaint::new(message, "write the tiers with `>` between them"));
        }
        Ok(Path(tiers))
    }

    fn of_list(words: &[&str]) -> Option<String> {
        Some(format!("write {}", quoted(&words.join(" > "))))
    }
}

impl Word for Hold {
    const KIND: &'static str = "a duration such as 2m, or a count of ticks such as `3 of 5`";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9.]+ ?[a-z]");

    fn parse(text: &str) -> Result<Self, Complaint> {
        let Some((n, of)) = text.split_once(" of ") else {
            return duration(text).map(Hold::For);
        };
        let (n, of) = (u32::parse(n.trim())?, u32::parse(of.trim())?);
        if n == 0 || n > of || of > 1_000 {
            let message = format!("{} cannot be", quoted(text));
            return Err(Complaint::new(message, "write it like `3 of 5`"));
        }
        Ok(Hold::Of { n, of })
    }
}

/// What an expectation allows at most: `< 5m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound(pub Span);

impl Word for Bound {
    const KIND: &'static str = "a limit such as < 5m";
    const SPELLING: Spelling = Spelling::Pattern("^<");

    fn parse(text: &str) -> Result<Self, Complaint> {
        match text.strip_prefix('<') {
            Some(limit) if limit.starts_with('=') => {
                let message = format!("{} is not a limit", quoted(text));
                let limit = quoted(limit.trim_start_matches('=').trim());
                Err(Complaint::new(message, format!("write \"< {}\"", limit.trim_matches('`'))))
            }
            Some(limit) => duration(limit.trim()).map(Bound),
            None => {
                let message = format!("{} is not a limit", quoted(text));
                Err(Complaint::new(
                    message,
                    format!("write \"< {}\"", quoted(text).trim_matches('`')),
                ))
            }
        }
    }
}

/// Whether something has been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    No,
    Yes,
    /// On this day.
    On(Date),
}

impl Word for Done {
    const KIND: &'static str = "`true`, `false`, or the day on which it was done";

    fn parse(text: &str) -> Result<Self, Complaint> {
        match text {
            "true" => Ok(Done::Yes),
            "false" | "?" => Ok(Done::No),
            _ => Date::parse(text).map(Done::On).map_err(|_| {
                let message = format!("{} says neither whether nor when", quoted(text));
                Complaint::new(message, "write true, false, or a day: 2018-11-05")
            }),
        }
    }
}

/// What a criterion asks for: `users >= 5000`, `coverage >= 85% of browser, login`, `capacity
/// headroom >= 30%`.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    pub measured: Measured,
    pub at_least: f64,
    pub text: String,
}

impl Word for Requirement {
    const KIND: &'static str = "`users >= 5000`, `coverage >= 85% of browser, login` or \
                                `capacity headroom >= 30%`";
    const SPELLING: Spelling = Spelling::Pattern("^(users|coverage|capacity headroom) *>=");

    fn parse(text: &str) -> Result<Self, Complaint> {
        let not = || Complaint::new(format!("{} cannot be measured", quoted(text)), Self::KIND);
        let (what, limit) = text.split_once(">=").ok_or_else(not)?;
        let (limit, text) = (limit.trim(), text.to_string());
        match what.trim() {
            "users" => {
                let at_least = decimal(limit, "a number of users")?;
                Ok(Requirement { measured: Measured::Users, at_least, text })
            }
            "coverage" => {
                let (share, of) = limit.split_once(" of ").ok_or_else(not)?;
                let at_least = Ratio::parse(share.trim())?.0;
                let dimensions: Result<Vec<_>, _> =
                    of.split(',').map(|word| Dimension::parse(word.trim())).collect();
                Ok(Requirement { measured: Measured::Coverage(dimensions?), at_least, text })
            }
            "capacity headroom" => {
                let at_least = Ratio::parse(limit)?.0;
                Ok(Requirement { measured: Measured::Headroom, at_least, text })
            }
            _ => Err(not()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_a_meaning() {
        assert_eq!(
            Path::parse("a > b-c>d").map(|path| path.0.join("|")),
            Ok("a|b-c|d".to_string())
        );
        assert!(Path::parse("a > > b").is_err());
        let arrow = Path::parse("a -> b").expect_err("refused");
        assert_eq!(arrow.hint.as_deref(), Some("write `a > b`"));
        assert_eq!(Hold::parse("3 of 5"), Ok(Hold::Of { n: 3, of: 5 }));
        assert!(Hold::parse("6 of 5").is_err());
        assert_eq!(Bound::parse("< 5m"), Ok(Bound(Span::from_secs(300))));
        let all = Requirement::parse("coverage >= 85% of browser, tool").expect("read");
        assert_eq!(all.measured, Measured::Coverage(vec![Dimension::Browser, Dimension::Tool]));
        assert!(Requirement::parse("coverage >= 85% of hats").is_err());
        let headroom = Requirement::parse("capacity headroom >= 30%").expect("read");
        assert_eq!((headroom.measured, headroom.at_least), (Measured::Headroom, 0.3));
    }
}
