//! Sense: what is written correctly and cannot be meant, and what the launch plan leaves open.

pub mod alarms;
pub mod autoscaling;
pub mod capacity;
pub mod duty;
pub mod exercise;
pub mod faults;
pub mod limits;
pub mod noise;
pub mod people;
pub mod plays;
pub mod rules;
pub mod unused;
pub mod words;

use crate::journal::{FindingRow, Severity};
use crate::language::problem::{Problem, Problems};
use crate::language::source::Place;
use crate::language::written::Placed;
use crate::names::{Names, Scope};
use crate::scenario::plan::Plan;
use crate::scenario::resolve::finding_row;
use crate::scenario::written::document::Document;
use crate::units::{Rate, Time};

/// Who looks over a plan that can run.
struct Sense<'a> {
    document: &'a Document,
    plan: &'a Plan,
    problems: &'a mut Problems,
    findings: Vec<FindingRow>,
}

/// Enters everything that makes no sense; gives the findings for the report.
pub fn sense(document: &Document, plan: &Plan, problems: &mut Problems) -> Vec<FindingRow> {
    let mut sense = Sense { document, plan, problems, findings: Vec::new() };
    sense.rules();
    sense.capacity();
    sense.routed();
    sense.autoscaling();
    sense.limits();
    sense.faults();
    sense.plays();
    sense.duty();
    sense.people();
    sense.unused();
    sense.exercise();
    sense.findings
}

impl Sense<'_> {
    fn warning(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::warning(place, message).hint(hint));
    }

    fn finding(&mut self, kind: &str, severity: Severity, problem: Problem) {
        let text = problem.message.clone();
        self.findings.push(finding_row(self.problems, kind, severity, text, problem.place));
        self.problems.push(problem);
    }

    fn names(&self) -> &Names {
        &self.plan.names
    }

    /// `reverse-proxy`, `browser chrome`, `the site`.
    fn scope(&self, scope: Scope) -> String {
        scope_words(self.names(), scope)
    }
}

/// A scope as a sentence names it.
pub fn scope_words(names: &Names, scope: Scope) -> String {
    match (scope, names.scope(scope)) {
        (Scope::Site, _) => "the site".to_string(),
        (_, (kind, name)) => format!("{kind} {name}"),
    }
}

/// Where a key stands in its mapping.
fn key(written: &[Placed<&'static str>], key: &str) -> Option<Place> {
    written.iter().find(|found| found.value == key).map(|found| found.place)
}

/// Moments at which the expected traffic is looked at: its corners, and a grid between them.
pub fn moments(plan: &Plan) -> Vec<(Time, Rate)> {
    let end = Time::ZERO + plan.lasts;
    let grid = (0..24).map(|n| Time(end.0 / 24 * n));
    let corners = plan.traffic.curve.points.iter().map(|point| point.at);
    let hours = plan.traffic.curve.profile.iter().map(|(from, _)| *from);
    // A factor ends just before the next begins.
    let corners = corners.chain(hours).flat_map(|at| [Time(at.0.saturating_sub(1)), at]);
    let mut moments: Vec<Time> =
        grid.chain(corners).chain([Time(end.0.saturating_sub(1))]).collect();
    moments.retain(|at| *at < end);
    moments.sort_unstable();
    moments.dedup();
    moments.into_iter().map(|at| (at, plan.traffic.curve.rate(at))).collect()
}

/// When most visits are expected, and how many per second.
pub fn peak(plan: &Plan) -> (Time, Rate) {
    let later = |a: &(Time, Rate), b: &(Time, Rate)| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0));
    moments(plan).into_iter().max_by(later).unwrap_or((Time::ZERO, Rate(0.0)))
}
