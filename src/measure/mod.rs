//! Measures: response-time histograms, intervals for estimates, Erlang's formulas.

mod latencies;

pub use latencies::{Latencies, LatencyTally};
