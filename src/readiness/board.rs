//! The status of everything at a moment.

use crate::decision::{Decision, Vote};
use crate::names::worded;
use jiff::Zoned;

/// The status of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum RowStatus {
    Go,
    NoGo,
    /// On this condition, which may be open until then.
    GoIf {
        condition: String,
        by: Zoned,
    },
    /// Nothing that counts is known.
    Unknown,
}

worded! {
    /// How a value is known. What was simulated is not a value.
    pub enum ValueOrigin {
        Measured = "measured",
        Attested = "attested",
        Nothing = "",
    }
}

/// What is heard of one thing: a number, or the word of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceLine {
    /// Who must say so; the criterion itself, of a number.
    pub name: String,
    pub status: RowStatus,
    pub value: Option<String>,
    pub as_of: Option<String>,
    /// Who said so; `None`: nobody, it was counted, or the scenario says so.
    pub by: Option<String>,
    /// Who said so, and where it is known from.
    pub source: Option<String>,
    pub expires: Option<Zoned>,
    pub known: ValueOrigin,
    /// Why nothing counts, what contradicts what, what stopped counting.
    pub note: Option<String>,
    /// In their own words.
    pub words: Option<String>,
}

/// A criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct RowState {
    pub name: String,
    pub required: String,
    pub status: RowStatus,
    pub owner: Option<String>,
    pub due: Zoned,
    /// One of a number, one for each source otherwise.
    pub lines: Vec<SourceLine>,
}

/// One who is polled.
#[derive(Debug, Clone, PartialEq)]
pub struct SeatState {
    pub name: String,
    /// Who speaks for it; `None`: nobody is named.
    pub people: Option<String>,
    /// The vote that counts; `None`: there is none, or another word was said.
    pub vote: Option<Vote>,
    pub line: SourceLine,
    /// Since when an answer is waited for.
    pub asked: Option<String>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    pub decision: Decision,
    pub by: String,
    pub at: String,
    pub words: Option<String>,
    /// What was not GO at that moment.
    pub in_spite_of: Vec<String>,
}

/// What has been heard of the decision.
#[derive(Debug, Clone, PartialEq)]
pub enum DecisionStatus {
    Nothing,
    /// It was withdrawn, or people have decided different things.
    Undecided(String),
    Decided(Decided),
}

/// Everything at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadinessBoard {
    pub scenario: String,
    pub now: Zoned,
    pub due: Zoned,
    pub rows: Vec<RowState>,
    pub poll: Vec<SeatState>,
    pub deciders: Vec<String>,
    pub decision: DecisionStatus,
}

impl RowStatus {
    /// The word in capitals.
    pub fn word(&self) -> &'static str {
        match self {
            RowStatus::Go => "GO",
            RowStatus::NoGo => "NO-GO",
            RowStatus::GoIf { .. } => "GO IF",
            RowStatus::Unknown => "NOT YET KNOWN",
        }
    }

    /// Of several that must all be good: the worst, and of conditions the first to end.
    pub(super) fn of_all<'s>(all: impl Iterator<Item = &'s RowStatus> + Clone) -> RowStatus {
        let any = |wanted: &RowStatus| all.clone().any(|status| status == wanted);
        if any(&RowStatus::NoGo) {
            return RowStatus::NoGo;
        }
        if any(&RowStatus::Unknown) || all.clone().next().is_none() {
            return RowStatus::Unknown;
        }
        let by = |status: &&RowStatus| match status {
            RowStatus::GoIf { by, .. } => Some(by.clone()),
            _ => None,
        };
        let conditions = all.filter(|status| by(status).is_some());
        conditions.min_by_key(by).cloned().unwrap_or(RowStatus::Go)
    }
}

impl ReadinessBoard {
    /// The criteria together.
    pub fn criteria(&self) -> RowStatus {
        RowStatus::of_all(self.rows.iter().map(|row| &row.status))
    }
}

/// A line of which nothing is known.
pub(super) fn blank(name: &str, status: RowStatus) -> SourceLine {
    SourceLine {
        name: name.to_string(),
        status,
        value: None,
        as_of: None,
        by: None,
        source: None,
        expires: None,
        known: ValueOrigin::Nothing,
        note: None,
        words: None,
    }
}
