//! Go/no-go: criteria as met, failed or open, with their evidence. The decision is a person's.

use crate::names::{Dimension, worded};
use crate::units::Span;
use jiff::Zoned;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    pub name: String,
    pub kind: CriterionKind,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when it must be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Zoned>,
    /// How long what is said of it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Span>,
}

/// What a row asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CriterionKind {
    /// A measured number of at least this; simulated evidence forecasts it, and leaves it open.
    Require(Requirement),
    /// Each of these says so; all must say met.
    Attested(Vec<Attestation>),
}

/// A measured number of at least so much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Requirement {
    pub measured: MeasuredQuantity,
    /// Users, or a share from 0 to 1.
    pub at_least: f64,
    /// As written: `users >= 5000`.
    pub text: String,
    /// What was really counted, where the scenario names a file of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<UserCount>,
}

/// A count of real users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserCount {
    /// Users, or a share from 0 to 1.
    pub observed: f64,
    /// It is at most this: the counts do not tell more.
    pub bound: bool,
    /// The file, as the scenario names it.
    pub source: String,
    /// The date of the count.
    pub as_of: String,
}

/// What can be measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeasuredQuantity {
    /// Distinct users.
    Users,
    /// Share of the expected joint mix of these dimensions that has been seen among users.
    Coverage(Vec<Dimension>),
    /// Share of the capacity of the busiest tier that the expected peak leaves unused, by formula.
    Headroom,
}

/// What somebody says of a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Who or what is heard: `oit`, `analytics`, …
    pub source: String,
    pub says: Says,
    /// The date, as written.
    pub at: Option<String>,
}

/// An attestation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    Met,
    Failed,
    /// Nobody has said anything yet (`"?"`).
    #[default]
    Open,
}

worded! {
    /// What is said in a poll.
    pub enum Vote {
        Go = "go",
        Continue = "continue",
        NoGo = "no-go",
        Pause = "pause",
        Pivot = "pivot",
        /// The question was put; nothing has been heard.
        Asked = "asked",
    }

    /// What is decided.
    pub enum Decision {
        Go = "go",
        NoGo = "no-go",
        /// Later: nothing is decided yet, and somebody has said so.
        Hold = "hold",
    }
}

impl Vote {
    /// Whether this is not an agreement to go.
    pub fn dissents(self) -> bool {
        matches!(self, Vote::NoGo | Vote::Pause | Vote::Pivot)
    }
}

/// What a scenario says for somebody who was polled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PollAnswer {
    Vote(Vote),
    /// Another word, which settles nothing.
    Other(String),
}

impl From<&str> for PollAnswer {
    fn from(word: &str) -> PollAnswer {
        match Vote::from_word(word) {
            Some(vote) => PollAnswer::Vote(vote),
            None => PollAnswer::Other(word.to_string()),
        }
    }
}

impl fmt::Display for PollAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PollAnswer::Vote(vote) => vote.fmt(f),
            PollAnswer::Other(word) => f.write_str(word),
        }
    }
}

/// The poll and the decision, filled in by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// Who was asked, and the answer; `None` is open.
    pub poll: Vec<(String, Option<PollAnswer>)>,
    /// `None` is open.
    pub decided: Option<Decision>,
    pub by: Option<String>,
    pub at: Option<String>,
    /// When it is to be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Zoned>,
}
