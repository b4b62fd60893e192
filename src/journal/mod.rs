//! What happened, in order. A journal alone is enough to make every report again.

mod entry;
mod expectation;
mod header;

pub use entry::{
    AlertEntry, AttemptEntry, CriterionEntry, Entry, Event, ExpectEntry, ScopeRow, Totals,
};
pub use expectation::Expectation;
pub use header::{ChangeRow, FindingRow, Header, RuleRow, Severity};
