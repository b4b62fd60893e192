//! What a launch plan leaves open, or a run shows to be missing.

use crate::names::{Severity, worded};
use serde::{Deserialize, Serialize};

/// Something that the launch plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingRow {
    pub kind: FindingKind,
    pub severity: Severity,
    pub text: String,
    pub line: Option<u32>,
    /// The included file that the line is in; `None`: the scenario itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Who has to close it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day by which it must be closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

worded! {
    /// What kind of gap it is.
    pub enum FindingKind {
        /// Nobody is named.
        Unnamed = "unnamed",
        /// A value is still open.
        Unfilled = "unfilled",
        /// It is not known when.
        Untimed = "untimed",
        /// An item of the checklist is open.
        Checklist = "checklist",
        /// A name is tentative.
        Tentative = "tentative",
        /// Only one person has a role that is needed.
        Deputy = "deputy",
        /// Somebody is asked twice at once.
        TwoPlaces = "two-places",
        /// All of a ladder is one person.
        OnePerson = "one-person",
        /// The plan does not say what silence means.
        Silence = "silence",
        /// No run of this scenario needs it.
        Unused = "unused",
        /// Something that runs out.
        Limit = "limit",
        /// The site at its peak.
        Capacity = "capacity",
        /// Groups of instances that scale.
        Autoscaling = "autoscaling",
        /// Too few requests for a rule.
        Floor = "floor",
        /// A response came to a halt.
        Stalled = "stalled",
        /// A change did not help.
        NotVerified = "not-verified",
        /// A fault did harm, and no rule fired.
        Undetected = "undetected",
        /// A freeze stopped a change.
        Frozen = "frozen",
        /// People were asked and did not answer.
        Unanswered = "unanswered",
        /// A change took longer than the table says.
        OverTable = "over-table",
        /// Work that was accepted and is not done.
        Backlog = "backlog",
    }
}

impl FindingRow {
    /// A finding without a place, that nobody has been given yet.
    pub fn new(kind: FindingKind, severity: Severity, text: String) -> FindingRow {
        FindingRow { kind, severity, text, line: None, file: None, owner: None, due: None }
    }

    /// Where it comes from: `line 12`, or `parts/launch-plan.yaml:9`.
    pub fn place(&self) -> Option<String> {
        self.line.map(|line| match &self.file {
            None => format!("line {line}"),
            Some(file) => format!("{file}:{line}"),
        })
    }
}
