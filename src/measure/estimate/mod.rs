//! What a sample says about what it was drawn from, always with a 95 % interval.
//!
//! Every figure is the work of an [`Estimator`], which has a name that reports print: a mean, a
//! share of trials, a rate of rare events, a quantile, a paired difference. How well their
//! intervals hold what they promise is measured in `tests/coverage.rs`, also for samples that grow
//! until the interval is narrow.

mod counts;
mod figure;
mod mean;
mod quantile;

pub use counts::{EventRate, Proportion, rank, rate, share};
pub use figure::{Confidence, Estimate, Estimator, Precision};
pub use mean::{Mean, PairedDifference, mean};
pub use quantile::{Quantile, quantile};
