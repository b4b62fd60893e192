//! The scenario: a file as written, checked, and resolved into the plan that runs.

mod plan;

pub use plan::Plan;
