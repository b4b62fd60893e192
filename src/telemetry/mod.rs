//! What the monitoring sees of the site, one reading per interval.

mod reading;

pub use reading::{Reading, ScopeReading, TelemetryPlan};
