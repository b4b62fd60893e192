//! Measures: response-time histograms, intervals for estimates, Erlang's formulas.

pub mod erlang;
pub mod estimate;
mod interval_log;
mod latencies;
mod limits;
mod slots;
pub mod spending;
mod stopping;
pub mod tail;
mod tally;

pub use interval_log::IntervalLog;
pub use latencies::Latencies;
pub use limits::{BucketPosition, Limits};
pub use stopping::{BATCH, Stopping};
pub use tally::LatencyTally;
