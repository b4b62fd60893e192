//! What the monitoring sees of the site, one reading per interval; and beside it the truth that
//! only a simulation knows.

mod charges;
mod counts;
mod errors;
mod harm;
mod outcome;
mod places;
mod probes;
mod reading;
mod tally;
mod views;

pub use charges::{Cause, Charge, ChargeTally, Charges, NamedCause, Uncharged};
pub use counts::{Ended, ScopeTally};
pub use errors::{ErrorKind, ErrorKinds, Statuses, is_of_one_who_left};
pub use harm::{Harm, Harms};
pub use outcome::{CLIENT_ERROR, Outcome, RequestAttempt};
pub use reading::{
    Backlog, Reading, ReadingGaps, ReportSource, RuleView, ScopeReading, TelemetryPlan,
};
pub use tally::Tally;
pub use views::{ObservedCounts, Uncounted, UncountedShare};
