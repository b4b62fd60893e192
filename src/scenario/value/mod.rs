//! Single values as people write them, and what is wrong with one that cannot be read.

mod amount;
mod calendar;
mod limit;
mod number;
mod points;
mod spread;
mod target;
mod time;
mod words;

pub use amount::{Amount, Measure, Per, Using};
pub use calendar::{Daily, Days, Moment, Starts};
pub use limit::{Factor, LatencyLimit, ShareLimit};
pub use number::Number;
pub use points::Points;
pub use spread::Timing;
pub use target::{Metric, TargetValue};
pub use time::duration;
pub use words::{Bound, Done, Path, Requirement};

pub use crate::decision::Hold;

pub use crate::names::Dimension;
