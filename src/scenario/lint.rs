//! Lint: what is written correctly and is probably a mistake, and what the launch plan leaves open.

use crate::journal::{FindingKind, OpenPoint, PlanFinding, Severity};
use crate::language::problem::{PlanPart, Problem, Problems};
use crate::language::source::Place;
use crate::language::wording::Wording;
use crate::language::written::Placed;
use crate::names::{Names, Scope};
use crate::scenario::document::Document;
use crate::scenario::phrases::scope_words;
use crate::scenario::plan::Plan;
use crate::scenario::resolver::plan_finding;
use crate::scenario::rules::noise::NoisyRule;

/// Checks a plan that can run.
pub struct Linter<'a> {
    pub document: &'a Document,
    pub plan: &'a Plan,
    pub problems: &'a mut Problems,
    pub findings: Vec<PlanFinding>,
    pub noisy: Vec<NoisyRule>,
}

/// Records everything that makes no sense; returns the findings for the report, and the rules that
/// are noise.
pub fn run_lints(
    document: &Document,
    plan: &Plan,
    problems: &mut Problems,
) -> (Vec<PlanFinding>, Vec<NoisyRule>) {
    let mut linter = Linter { document, plan, problems, findings: Vec::new(), noisy: Vec::new() };
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
    (linter.findings, linter.noisy)
}

impl Linter<'_> {
    /// Something that is probably a mistake.
    pub fn warning(&mut self, place: Place, message: impl Into<Wording>, hint: impl Into<String>) {
        self.problems.push(Problem::warning(place, message).hint(hint));
    }

    /// Something that the launch plan leaves open.
    pub fn finding(
        &mut self,
        kind: FindingKind,
        severity: Severity,
        point: impl Into<OpenPoint>,
        (place, hint): (Place, impl Into<String>),
    ) {
        self.finding_of(None, (kind, severity), point.into(), (place, hint.into()));
    }

    /// The same of a part of the launch plan that another scenario may exercise.
    pub fn finding_of(
        &mut self,
        unexercised: Option<PlanPart>,
        (kind, severity): (FindingKind, Severity),
        point: OpenPoint,
        (place, hint): (Place, String),
    ) {
        let problem = Problem::finding(place, point.wording()).hint(hint).weighing(severity);
        let problem = Problem { unexercised, ..problem };
        self.findings.push(plan_finding(self.problems, (kind, severity), point, &problem));
        self.problems.push(problem);
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
