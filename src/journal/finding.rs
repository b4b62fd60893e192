//! What a launch plan leaves open, or a run shows to be missing.

use crate::names::{Severity, worded};
use serde::{Deserialize, Serialize};

/// The words before the name of a role that nobody has.
const VACANT: &str = "nobody is assigned to ";

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

    /// What it says, without whose it is and by when.
    pub fn alone(&self) -> &str {
        let due = self.due.as_deref().map_or(String::new(), by_when);
        let text = self.text.strip_suffix(&due).unwrap_or(&self.text);
        text.strip_suffix(&whose(self.owner.as_deref())).unwrap_or(text)
    }
}

/// `, owner ed, due 2018-11-09`, or that it has no owner, as an open item says it at its end.
pub fn open_until(owner: Option<&str>, due: Option<&str>) -> String {
    whose(owner) + &due.map_or(String::new(), by_when)
}

fn whose(owner: Option<&str>) -> String {
    owner.map_or(", no owner".to_string(), |owner| format!(", owner {owner}"))
}

fn by_when(due: &str) -> String {
    format!(", due {due}")
}

/// That nobody has a role.
pub fn vacant(role: &str) -> String {
    format!("{VACANT}{role}")
}

/// The role that nobody has, of a text that says so.
pub fn vacancy(text: &str) -> Option<&str> {
    text.strip_prefix(VACANT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whose_it_is_comes_off_again(
            item in ".{0,20}",
            owner in proptest::option::of(".{0,8}"),
            due in proptest::option::of(".{0,8}"),
        ) {
            let text = item.clone() + &open_until(owner.as_deref(), due.as_deref());
            let row = FindingRow::new(FindingKind::Checklist, Severity::High, text);
            let row = FindingRow { owner, due, ..row };
            prop_assert_eq!(row.alone(), item.as_str());
        }

        #[test]
        fn a_vacancy_is_found_again(role in ".{0,20}") {
            let text = vacant(&role);
            prop_assert_eq!(vacancy(&text), Some(role.as_str()));
        }
    }
}
