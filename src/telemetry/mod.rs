//! What the monitoring sees of the site, one reading per interval; and beside it the truth that
//! only a simulation knows.

mod charges;
mod outcome;
mod places;
mod reading;
mod tally;

pub use charges::{Cause, Charge, ChargeTally, Charges, Uncharged};
pub use outcome::{Attempt, Outcome};
pub use reading::{ErrorKind, ErrorKinds, Reading, ReportSource, ScopeReading, TelemetryPlan};
pub use tally::{ScopeTally, Tally};
