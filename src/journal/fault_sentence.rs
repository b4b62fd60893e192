//! One sentence about a fault. On disk it is a sentence; here it is what it says, so that no page
//! looks for words in it.

use crate::units::{Calendar, Time, short_clock};
use jiff::civil;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The words before the change that a fault begins with.
const WITH: &str = ", with ";
/// The words before the moment at which a fault begins.
const FROM: &str = ", from ";
/// The words before the condition on which a fault begins.
const WHEN: &str = ", from when ";
/// What may stand after the beginning.
const ENDS: [&str; 2] = [", ", " (drawn for each run: "];
/// How many bytes `18:05:00` has.
const CLOCK: usize = 8;

/// What a fault does, when it begins, and what else is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct FaultSentence {
    /// What it does, without its times: `50% of reverse-proxy refuses`.
    pub does: String,
    /// `None`: the sentence says nothing of it.
    pub begins: Option<FaultBegins>,
    /// How long, until when, what is drawn, who notices it; as it is printed, with the mark that
    /// joins it to the rest.
    pub more: String,
}

/// When a fault begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultBegins {
    /// At a time of day, in whole seconds.
    At(civil::Time),
    /// When this change is in effect.
    With(String),
    /// When this is true of the site.
    When(String),
}

impl FaultBegins {
    /// At a moment of the run.
    pub fn at(calendar: &Calendar, time: Time) -> FaultBegins {
        let exact = calendar.at(time).time();
        FaultBegins::At(exact.with().subsec_nanosecond(0).build().unwrap_or(exact))
    }

    /// `from 18:05`, `with reverse-proxy-update`, `from when errors > 5%`.
    pub fn short(&self) -> String {
        match self {
            FaultBegins::At(time) => format!("from {}", short_clock(*time)),
            FaultBegins::With(change) => format!("with {change}"),
            FaultBegins::When(condition) => format!("from when {condition}"),
        }
    }
}

impl fmt::Display for FaultSentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.does)?;
        match &self.begins {
            Some(FaultBegins::At(time)) => write!(f, "{FROM}{}", time.strftime("%H:%M:%S"))?,
            Some(FaultBegins::With(change)) => write!(f, "{WITH}{change}")?,
            Some(FaultBegins::When(condition)) => write!(f, "{WHEN}{condition}")?,
            None => {}
        }
        f.write_str(&self.more)
    }
}

impl From<FaultSentence> for String {
    fn from(sentence: FaultSentence) -> String {
        sentence.to_string()
    }
}

impl From<String> for FaultSentence {
    /// Any text is one: what is not understood is what it does. The first place at which a fault
    /// can begin is taken, so a name that contains `, with ` is cut there; the sentence stays
    /// whole.
    fn from(text: String) -> FaultSentence {
        let places = text.match_indices(", ");
        let found = places.map(|(at, _)| at).find_map(|at| Some((at, begins(&text[at..])?)));
        match found {
            Some((at, (begins, end))) => FaultSentence {
                does: text[..at].to_string(),
                begins: Some(begins),
                more: text[at + end..].to_string(),
            },
            None => FaultSentence { does: text, begins: None, more: String::new() },
        }
    }
}

/// The beginning that a text starts with, and where it ends.
fn begins(text: &str) -> Option<(FaultBegins, usize)> {
    let upto =
        |rest: &str| ENDS.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    if let Some(rest) = text.strip_prefix(WHEN) {
        let end = upto(rest);
        return Some((FaultBegins::When(rest[..end].to_string()), WHEN.len() + end));
    }
    if let Some(rest) = text.strip_prefix(WITH) {
        let end = upto(rest);
        return Some((FaultBegins::With(rest[..end].to_string()), WITH.len() + end));
    }
    let clock = text.strip_prefix(FROM)?.get(..CLOCK)?;
    let time = civil::Time::strptime("%H:%M:%S", clock).ok()?;
    // Only what is written as the program writes it, so that the sentence is the same again.
    (time.strftime("%H:%M:%S").to_string() == clock)
        .then_some((FaultBegins::At(time), FROM.len() + CLOCK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> FaultSentence {
        FaultSentence::from(text.to_string())
    }

    #[test]
    fn a_sentence_says_what_and_when() {
        let seen = read("50% of reverse-proxy refuses, from 18:05:00, until fix is live");
        assert_eq!(seen.does, "50% of reverse-proxy refuses");
        assert_eq!(seen.begins.as_ref().map(FaultBegins::short).as_deref(), Some("from 18:05"));
        assert_eq!(seen.more, ", until fix is live");
        let seen = read("evss takes 8s, 2 times as long, with big change (drawn for each run: x)");
        assert_eq!(seen.does, "evss takes 8s, 2 times as long");
        assert_eq!(seen.begins, Some(FaultBegins::With("big change".to_string())));
        let seen = read("site fails, from when error_rate > 50% for 5m, for 2h");
        assert_eq!(seen.begins, Some(FaultBegins::When("error_rate > 50% for 5m".to_string())));
        assert_eq!(seen.more, ", for 2h");
        for nothing in
            ["", "half of it refuses", "x, from 8:05", "x, from 18:05:60", "x, from 18:é"]
        {
            assert_eq!(read(nothing).begins, None, "{nothing}");
            assert_eq!(read(nothing).does, nothing);
        }
    }

    fn part() -> impl Strategy<Value = String> {
        "[a-z0-9%>.][a-z0-9 %>.,é-]{0,20}[a-z0-9%]"
            .prop_filter("no mark of a new part", |text| !text.contains(", "))
    }

    fn beginning() -> impl Strategy<Value = Option<FaultBegins>> {
        let time = (0..24i8, 0..60i8, 0..60i8).prop_map(|(hour, minute, second)| {
            FaultBegins::At(civil::time(hour, minute, second, 0))
        });
        let named = part().prop_map(FaultBegins::With);
        let condition = part().prop_map(FaultBegins::When);
        proptest::option::of(prop_oneof![time, named, condition])
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            does in part(),
            begins in beginning(),
            more in proptest::option::of(part()),
        ) {
            let more = more.filter(|_| begins.is_some()).map_or(String::new(), |more| {
                format!(", {more}")
            });
            let sentence = FaultSentence { does, begins, more };
            let json = serde_json::to_string(&sentence).expect("a text");
            prop_assert_eq!(&json, &serde_json::to_string(&sentence.to_string()).expect("a text"));
            let read: FaultSentence = serde_json::from_str(&json).expect("any text");
            prop_assert_eq!(read, sentence);
        }

        #[test]
        fn whatever_is_read_is_written_byte_for_byte(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just(", from ".to_string()), Just(", with ".to_string()),
                    Just(", from when ".to_string()), Just("18:05:00".to_string()),
                    Just(" (drawn for each run: ".to_string()), any::<String>(),
                ],
                0..8,
            ),
        ) {
            let text = parts.concat();
            prop_assert_eq!(read(&text).to_string(), text);
        }
    }
}
