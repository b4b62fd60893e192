//! What the monitoring sees of the site, one reading per interval; and beside it the truth that
//! only a simulation knows.

mod charges;
mod errors;
mod harm;
mod outcome;
mod places;
mod reading;
mod tally;

pub use charges::{Cause, Charge, ChargeTally, Charges, NamedCause, Uncharged};
pub use errors::{ErrorKind, ErrorKinds, Statuses, is_of_one_who_left};
pub use harm::{Harm, Harms};
pub use outcome::{Attempt, Outcome};
pub use reading::{Reading, ReportSource, ScopeReading, TelemetryPlan};
pub use tally::{Ended, ScopeTally, Tally};
