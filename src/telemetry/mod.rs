//! What the monitoring sees of the site, one reading per interval.

mod charges;
mod reading;
mod tally;

pub use charges::{Cause, Charge, Charges, Uncharged};
pub use reading::{Reading, ScopeReading, TelemetryPlan};
pub use tally::{Attempt, Outcome, ScopeTally, Tally};
