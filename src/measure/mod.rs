//! Measures: response-time histograms, intervals for estimates, Erlang's formulas.

mod latencies;
pub mod tail;

pub use latencies::{Latencies, LatencyTally};
