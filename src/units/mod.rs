//! Quantities with types: time, rates, ratios, the calendar, and durations as people write them.

mod calendar;
mod decimal;
mod spread;
mod time;

pub use calendar::{Calendar, short_clock};
pub use decimal::{counted, grouped, hundredths, nearest_rank, product, quotient, rest_of_one};
pub use spread::{Mixture, Spread};
pub use time::{DurationError, Span, Time};

use serde::{Deserialize, Serialize};

/// A rate per second, such as visits per second.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Rate(pub f64);

/// A share between 0 and 1; `5%` is `Ratio(0.05)`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct Ratio(pub f64);

impl std::fmt::Display for Ratio {
    /// As a percentage without superfluous zeros, at most four decimals: `0.013%`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:.4}", self.0 * 100.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{text}%")
    }
}
