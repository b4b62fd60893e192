//! What somebody has said, of what, as of when, and until when it holds.

use crate::decision::{Decision, Vote};
use crate::language::value::when::DayOrMoment;
use jiff::Zoned;

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementTarget {
    /// A number of a criterion.
    Count { row: usize },
    /// One of those who must say that a criterion is met.
    Voice { row: usize, voice: usize },
    /// Somebody who is polled.
    Seat { seat: usize },
    /// The decision itself.
    Decision,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    Met,
    Failed,
    /// A number in the unit of its criterion; shares from 0 to 1.
    Value(f64),
    Vote(Vote),
    Decided(Decision),
    /// What this person has said of it does not stand any more.
    Withdrawn {
        whose: String,
    },
    /// This person answers for it, and by when.
    Owned {
        owner: String,
        due: Option<Zoned>,
    },
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub target: StatementTarget,
    pub claim: Claim,
    /// Who says so.
    pub by: String,
    /// As written, so that a day stays a day.
    pub as_of: DayOrMoment,
    /// The first moment of that.
    pub from: Zoned,
    /// When it was written down.
    pub recorded: Zoned,
    /// Where it is known from.
    pub source: Option<String>,
    /// When it does not count any more; `None`: it counts until it is withdrawn.
    pub expires: Option<Zoned>,
    /// It counts on this condition, and until when it may be open.
    pub condition: Option<(String, Zoned)>,
    /// In their own words.
    pub words: Option<String>,
    /// Its line in the record.
    pub line: u32,
}

impl Statement {
    /// What it says, in a word or two.
    pub fn word(&self) -> String {
        match &self.claim {
            Claim::Met => "met".to_string(),
            Claim::Failed => "failed".to_string(),
            Claim::Value(value) => value.to_string(),
            Claim::Vote(vote) => vote.word().to_string(),
            Claim::Decided(decision) => decision.word().to_string(),
            Claim::Withdrawn { .. } => "withdrawn".to_string(),
            Claim::Owned { owner, .. } => format!("{owner} has it"),
        }
    }
}
