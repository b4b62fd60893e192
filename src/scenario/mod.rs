//! The scenario: a file as written, checked, and resolved into the plan that runs.
//!
//! The text becomes a tree in which everything knows its place (`yaml`), shared parts are put under
//! it (`include`), values are replaced (`set`) and filled in (`vars`), the tree becomes the
//! scenario as written (`written`), and that becomes the [`Plan`] (`resolve`). Each step goes on
//! after a problem, so that all of them are found at once.

mod autoscaling;
mod basis;
mod capacity;
mod changes;
mod check;
mod document;
mod edited;
mod estimate;
mod exercise;
mod explain;
mod faults;
mod go_no_go;
mod header;
mod input_subject;
mod inputs;
mod intern;
mod launch;
mod left_open;
mod limits;
mod lint;
mod load;
mod logs;
mod messages;
mod people;
mod phrases;
mod plan;
mod plays;
mod provenance;
mod reference;
mod resolve;
mod resolver;
mod rule_test;
mod rules;
mod schema;
mod site;
mod story;
mod summary;
mod templates;
mod traffic;
mod unused;

#[cfg(test)]
mod tests;

pub use crate::scenario::load::{LoadedPlan, PARKED, load, load_with_faults, tree};
pub use crate::scenario::rules::noise::NoisyRule;

pub use crate::journal::LimitKind;
pub use crate::language::files::read_source;
pub use crate::language::problem::{PlanPart, Problem, ProblemSeverity, Problems};
pub use crate::language::shape::KeyDoc;
pub use crate::language::source::{Place, SourceText};
pub use crate::scenario::check::check;
pub use crate::scenario::edited::{Edited, NotWritten, edited};
pub use crate::scenario::estimate::RunEstimate;
pub use crate::scenario::explain::{explain, plays_of};
pub use crate::scenario::faults::explain::what_it_does;
pub use crate::scenario::header::{RunIds, header, plan_hash, rehearsal_header, topology_of};
pub use crate::scenario::input_subject::InputSubject;
pub use crate::scenario::limits::amount::AmountKind as LimitMeasure;
pub use crate::scenario::limits::limit::{Limit, LimitUse, UsedPer};
pub use crate::scenario::limits::peak::limit_rows;
pub use crate::scenario::plan::{CapacityPlan, Plan, TuneRow, USUAL_SHARE, peak};
pub use crate::scenario::provenance::{InputFile, MadeBy};
pub use crate::scenario::reference::reference;
pub use crate::scenario::rule_test::RuleTests;
pub use crate::scenario::rule_test::judge::TestOutcome;
pub use crate::scenario::rule_test::read::rule_tests;
pub use crate::scenario::rules::sentence::{
    BaselineForm, Parameter, Sentence, reworded, untunable,
};
pub use crate::scenario::schema::{rule_test_schema, schema};

use crate::language::value::points::Candidates;
use crate::language::word::{ScalarValue, ValueError};
use crate::language::written::FromNode;
use crate::scenario::document::Document;

/// Values to try for a number, written as a range (`1%..10%`) or a list (`1%, 2%, 5%`), as they
/// stand in a rule's sentence, in ascending order. The error says what is wrong and what to write.
pub fn points(text: &str) -> Result<Vec<String>, String> {
    match Candidates::parse(text) {
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

fn word<W: ScalarValue>(text: &str) -> Result<W, String> {
    let said = |complaint: ValueError| match complaint.hint {
        Some(hint) => format!("{}: {hint}", complaint.message),
        None => complaint.message,
    };
    W::parse(text.trim()).map_err(said)
}

/// Every key of the scenario language, from the top of the file down: name, meaning, kind.
pub fn keys() -> Vec<KeyDoc> {
    Document::keys()
}
