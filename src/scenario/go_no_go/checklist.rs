//! The checklist: what is still open is a finding.

use crate::journal::{self, FindingRow};
use crate::language::problem::{Problem, Severity};
use crate::scenario::document::Document;
use crate::scenario::go_no_go::written::{ChecklistItem, Done};
use crate::scenario::resolver::{Desk, finding_row};

impl Desk<'_> {
    /// Enters a finding for every item that is not done.
    pub fn checklist(&mut self, document: &Document) {
        for item in document.checklist.iter().flatten() {
            self.item(item);
        }
    }

    fn item(&mut self, item: &ChecklistItem) {
        let Some(name) = &item.item else { return };
        let starts = self.calendar.starts().date();
        match item.done.map(|done| (done.value, done.place)) {
            Some((Done::Yes, _)) => return,
            Some((Done::On(day), place)) => {
                if day > starts {
                    let message = format!("this is done on {day}, after the scenario starts");
                    let problem = Problem::warning(place, message);
                    self.problems.push(problem.hint("an item to be done later has a `due`"));
                }
                return;
            }
            Some((Done::No, _)) | None => {}
        }
        let owner = item.owner.as_ref().filter(|owner| owner.value != "?");
        let mut text = format!("open on the checklist: {}", name.value);
        match &owner {
            Some(owner) => text += &format!(", owner {}", owner.value),
            None => text += ", nobody owns it",
        }
        if let Some(due) = &item.due {
            text += &format!(", due {}", due.value);
        }
        // Whoever has it, has it until the day that stands there: what is late no file can know.
        let severity = match owner.is_none() {
            true => journal::Severity::High,
            false => journal::Severity::Medium,
        };
        let problem = Problem::error(name.place, &*text);
        let hint = "say whose it is and by when; `done: true` once it is done";
        let problem = problem.hint(hint).weighing(severity);
        self.problems.push(Problem { severity: Severity::Finding, ..problem });
        let row = finding_row(self.problems, "checklist", severity, text, name.place);
        self.findings.push(FindingRow {
            owner: owner.map(|owner| owner.value.clone()),
            due: item.due.map(|due| due.value.to_string()),
            ..row
        });
    }
}
