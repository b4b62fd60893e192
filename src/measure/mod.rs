//! Measures: response-time histograms, intervals for estimates, Erlang's formulas.

pub mod erlang;
pub mod estimate;
mod latencies;
pub mod tail;

pub use latencies::{Latencies, LatencyTally, Slot};
