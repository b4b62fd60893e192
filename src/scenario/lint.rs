//! Lint: what is written correctly and is probably a mistake, and what the launch plan leaves open.

use crate::journal::{FindingKind, FindingRow, Severity};
use crate::language::problem::{Problem, Problems};
use crate::language::source::Place;
use crate::language::written::Placed;
use crate::names::{Names, Scope};
use crate::scenario::document::Document;
use crate::scenario::phrases::scope_words;
use crate::scenario::plan::Plan;
use crate::scenario::resolver::finding_row;

/// Checks a plan that can run.
pub struct Linter<'a> {
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub problems: &'a mut Problems,
    pub findings: Vec<FindingRow>,
}

/// Records everything that makes no sense; returns the findings for the report.
pub fn run_lints(document: &Document, plan: &Plan, problems: &mut Problems) -> Vec<FindingRow> {
    let mut linter = Linter { document, plan, problems, findings: Vec::new() };
    linter.rules();
    linter.capacity();
    linter.routed();
    linter.rolled();
    linter.autoscaling();
    linter.limits();
    linter.faults();
    linter.ignored_notices();
    linter.unread_reports();
    linter.blind_spots();
    linter.plays();
    linter.waiting_rooms();
    linter.duty();
    linter.people();
    linter.unused();
    linter.exercise();
    linter.findings
}

impl Linter<'_> {
    /// Something that is probably a mistake.
    pub fn warning(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::warning(place, message).hint(hint));
    }

    /// Something that the launch plan leaves open.
    pub fn finding(&mut self, kind: FindingKind, severity: Severity, problem: Problem) {
        let text = problem.message.clone();
        self.findings.push(finding_row(self.problems, kind, severity, text, problem.place));
        self.problems.push(problem.weighing(severity));
    }

    /// The words behind the ids.
    pub fn names(&self) -> &Names {
        &self.plan.names
    }

    /// `reverse-proxy`, `browser chrome`, `the site`.
    pub fn scope(&self, scope: Scope) -> String {
        scope_words(self.names(), scope)
    }
}

/// The position of a key in its mapping.
pub fn key(written: &[Placed<&'static str>], key: &str) -> Option<Place> {
    written.iter().find(|found| found.value == key).map(|found| found.place)
}
