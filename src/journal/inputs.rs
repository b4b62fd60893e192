//! What a plan rests on: its values, where each was written, and how it is known.

use crate::names::worded;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value of the plan, where it comes from, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRow {
    /// Its path in the scenario, as `--set` takes it.
    pub path: String,
    pub value: String,
    pub from: WrittenAt,
    /// `None`: it says what the team has decided, not what the world is like.
    pub basis: Option<Basis>,
    /// The source of a calibrated value, or what else the comment beside it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The value of what a plan does not have.
const NONE: &str = "none";

/// Between the keys of a path.
const DOT: char = '.';

impl InputRow {
    /// A value that a plan may not have, as a row shows it.
    pub fn shown(value: Option<impl fmt::Display>) -> String {
        value.map_or(NONE.to_string(), |value| value.to_string())
    }

    /// Whether the plan does not have it.
    pub fn is_none(&self) -> bool {
        self.value == NONE
    }

    /// The first key of its path: `plays`.
    pub fn section(&self) -> &str {
        self.path.split(DOT).next().unwrap_or_default()
    }

    /// Whether it says something of people, not of the site or its changes.
    pub fn is_about_people(&self) -> bool {
        ["people", "channels", "escalation", "plays"].contains(&self.section())
    }

    /// The last key of its path: `takes`.
    pub fn key(&self) -> &str {
        last_key(&self.path).1
    }

    /// The path of the mapping that it lies in; blank at the top of the file.
    pub fn mapping(&self) -> &str {
        last_key(&self.path).0.unwrap_or_default()
    }
}

/// A path without its last key, if it has several, and that key.
pub fn last_key(path: &str) -> (Option<&str>, &str) {
    match path.rsplit_once(DOT) {
        Some((mapping, key)) => (Some(mapping), key),
        None => (None, path),
    }
}

worded! {
    /// How an input is known.
    pub enum Basis {
        /// From a source that is named.
        Calibrated = "calibrated",
        /// Nobody has measured it.
        Assumed = "assumed",
        /// Somebody of the team has said so.
        Ours = "ours",
    }
}

/// Where a value was written. On disk it is one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum WrittenAt {
    /// Nowhere: `default`.
    Default,
    /// For this run alone: `set`.
    Set,
    /// With this option of the command: `--set people.chris.role`.
    Option(String),
    /// In the scenario itself: `line 12`.
    Line(u32),
    /// In a file that it includes, with the line: `parts/site.yaml:9`.
    Part(String),
}

const DEFAULT: &str = "default";
const SET: &str = "set";
const LINE: &str = "line ";
const OPTION: &str = "--set ";

impl fmt::Display for WrittenAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WrittenAt::Default => f.write_str(DEFAULT),
            WrittenAt::Set => f.write_str(SET),
            WrittenAt::Option(path) => write!(f, "{OPTION}{path}"),
            WrittenAt::Line(line) => write!(f, "{LINE}{line}"),
            WrittenAt::Part(place) => f.write_str(place),
        }
    }
}

impl From<WrittenAt> for String {
    fn from(at: WrittenAt) -> String {
        at.to_string()
    }
}

impl From<String> for WrittenAt {
    fn from(text: String) -> WrittenAt {
        let line = text.strip_prefix(LINE).and_then(|line| line.parse().ok());
        match (text.as_str(), line.map(WrittenAt::Line)) {
            (DEFAULT, _) => WrittenAt::Default,
            (SET, _) => WrittenAt::Set,
            // `line 007` is a file of that name.
            (_, Some(line)) if line.to_string() == text => line,
            _ => match text.strip_prefix(OPTION) {
                Some(path) => WrittenAt::Option(path.to_string()),
                None => WrittenAt::Part(text),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_stays_as_it_is(text in prop_oneof![
            Just("default".to_string()),
            Just("set".to_string()),
            "line [0-9]{0,12}",
            "--set .{0,5}",
            any::<String>(),
        ]) {
            prop_assert_eq!(WrittenAt::from(text.clone()).to_string(), text);
        }

        #[test]
        fn a_line_is_read_again(line in any::<u32>()) {
            let at = WrittenAt::Line(line);
            prop_assert_eq!(WrittenAt::from(at.to_string()), at);
        }
    }
}
