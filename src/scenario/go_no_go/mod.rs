//! Criteria, the checklist and the decision.

pub mod actual;
pub mod counted;
pub mod resolve;
pub mod written;
