//! Measures: response-time histograms, intervals for estimates, Erlang's formulas.

pub mod estimate;
mod latencies;

pub use latencies::{Latencies, LatencyTally};
