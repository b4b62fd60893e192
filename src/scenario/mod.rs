//! The scenario: a file as written, checked, and resolved into the plan that runs.
//!
//! The text becomes a tree in which everything knows its place (`yaml`), shared parts are put under
//! it (`include`), values are replaced (`set`) and filled in (`vars`), the tree becomes the
//! scenario as written (`written`), and that becomes the [`Plan`] (`resolve`). Each step goes on
//! after a problem, so that all of them are found at once.

mod basis;
mod beside;
mod capacity;
mod check;
mod estimate;
mod explain;
mod expression;
mod foreign;
mod header;
mod include;
mod inputs;
mod limit;
mod node;
mod plan;
mod problem;
mod reference;
mod render;
mod resolve;
mod rule_test;
mod schema;
mod sense;
mod sentence;
mod set;
mod source;
mod value;
mod vars;
mod written;
mod yaml;

#[cfg(test)]
mod tests;

pub use capacity::CapacityPlan;
pub use check::check;
pub use estimate::Estimate;
pub use explain::{Explanation, PlayTold, RuleTold, Section, StepTold, explain};
pub use header::{RunIds, header, plan_hash, rehearsal_header, what_it_does};
pub use limit::{Limit, LimitKind, LimitUse, UsedPer, limit_rows};
pub use plan::{Plan, TuneRow};
pub use problem::{Part, Place, Problem, Problems, Severity};
pub use reference::reference;
pub use rule_test::{RuleTests, TestOutcome, rule_tests};
pub use schema::{rule_test_schema, schema};
pub use sense::peak;
pub use sentence::{Knob, Sentence, reworded};
pub use source::{Source, read_source};
pub use value::Measure as LimitMeasure;
pub use written::KeyDoc;

use node::Kind;
use written::{Document, Word, Written};

/// A scenario that can run.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    pub plan: Plan,
    /// Warnings and findings, in the order of their places.
    pub warnings: Problems,
}

/// Reads, checks and resolves a scenario, with some values replaced (`path.to.key`, YAML). What it
/// includes is looked for beside [`Source::path_shown`]; a scenario without `include` is only text.
/// If anything is wrong with it, all problems come back at once.
pub fn load(source: &Source, sets: &[(String, String)]) -> Result<Loaded, Problems> {
    load_with_faults(source, sets, &[])
}

/// The same with further faults after those of the file, each written as one entry of `faults:`.
pub fn load_with_faults(
    source: &Source,
    sets: &[(String, String)],
    faults: &[String],
) -> Result<Loaded, Problems> {
    let source = source.without_mark();
    let text = source.text.clone();
    let mut problems = Problems::of(source);
    let read = read(&text, sets, faults, &mut problems);
    let problems = problems.sorted();
    match read {
        Some((_, plan)) if !problems.any_error() => Ok(Loaded { plan, warnings: problems }),
        _ => Err(problems.errors_only()),
    }
}

fn read(
    text: &str,
    sets: &[(String, String)],
    faults: &[String],
    problems: &mut Problems,
) -> Option<(Document, Plan)> {
    let path = problems.sources[0].path_shown.clone();
    if let Some(foreign) = foreign::by_text(&path, text) {
        problems.push(foreign);
        return None;
    }
    let mut root = yaml::parse(text, 0, problems)?;
    if let Some(foreign) = foreign::by_keys(&path, &root, foreign::Wanted::Scenario) {
        problems.push(foreign);
        return None;
    }
    if root.kind == Kind::Null {
        let problem = Problem::error(Place::default(), "the file is empty");
        problems.push(problem.hint("a scenario begins with `scenario: what happens`"));
        return None;
    }
    root = include::merged(root, problems);
    if problems.any_error() {
        return None;
    }
    for (path, value) in sets {
        set::set(&mut root, path, value, problems);
    }
    for fault in faults {
        set::append(&mut root, "faults", fault, problems);
    }
    let filled = vars::fill(&mut root, problems);
    let read = Document::read(&root, problems).and_then(|document| {
        let mut plan = resolve::resolve(&document, problems)?;
        plan.findings.extend(sense::sense(&document, &plan, problems));
        plan.inputs = inputs::inputs(&document, &plan, problems);
        Some((document, plan))
    });
    problems.trace(&filled);
    read
}

/// Values to try for a number, written as a range (`1%..10%`) or a list (`1%, 2%, 5%`), as they
/// stand in a rule's sentence, in ascending order. The error says what is wrong and what to write.
pub fn points(text: &str) -> Result<Vec<String>, String> {
    match value::Points::parse(text) {
        Ok(points) => Ok(points.0),
        Err(complaint) => Err(match complaint.hint {
            Some(hint) => format!("{}; {hint}", complaint.message),
            None => complaint.message,
        }),
    }
}

/// A rate as scenarios write it, such as `12/s`; what is wrong with it otherwise.
pub fn rate(text: &str) -> Result<crate::units::Rate, String> {
    word(text)
}

/// A time as scenarios write it, such as `15s`; what is wrong with it otherwise.
pub fn time(text: &str) -> Result<crate::units::Span, String> {
    word(text)
}

fn word<W: written::Word>(text: &str) -> Result<W, String> {
    let said = |complaint: written::Complaint| match complaint.hint {
        Some(hint) => format!("{}: {hint}", complaint.message),
        None => complaint.message,
    };
    W::parse(text.trim()).map_err(said)
}

/// Every key of the scenario language, from the top of the file down: name, meaning, kind.
pub fn keys() -> Vec<KeyDoc> {
    Document::keys()
}
