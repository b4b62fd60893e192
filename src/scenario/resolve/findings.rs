//! Gaps that only the whole plan shows.

use super::super::header::names_change;
use super::super::plan::Plan;
use super::super::problem::{Problem, Problems, Severity};
use super::super::written::Document;
use crate::journal::{self, FindingRow};
use crate::names::ChangeId;

/// Changes that no play, launch step or fault names: the gameday does not exercise them.
pub fn unused_changes(plan: &mut Plan, problems: &mut Problems, document: &Document) {
    let changes = document.changes.iter().flat_map(|changes| changes.names());
    for (index, name) in changes.enumerate() {
        if names_change(plan, ChangeId::from(index)) {
            continue;
        }
        let text = format!("nothing in this scenario uses the change {}", name.value);
        let problem = Problem::error(name.place, &*text);
        problems.push(Problem { severity: Severity::Finding, ..problem });
        let line = (name.place.source == 0).then_some(name.place.line);
        let severity = journal::Severity::Low;
        plan.findings.push(FindingRow::new("unused", severity, text, line));
    }
}
