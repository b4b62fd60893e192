//! What the monitoring sees of the site, one reading per interval.

mod reading;
mod tally;

pub use reading::{Reading, ScopeReading, TelemetryPlan};
pub use tally::{Attempt, Outcome, ScopeTally, Tally};
