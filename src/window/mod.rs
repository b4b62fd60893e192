//! The launch window: at which hours of the day a planned step goes well.
//!
//! Each hour is a changed plan ([`HourSearch::at`]): what people and traffic do by the clock stays
//! by the clock, and everything that the plan does, faults included, keeps its distance from the
//! step. All hours are played with the same luck ([`LaunchHour`]), so that they differ by the hour
//! alone.

mod hour;
mod search;
mod shifted;

pub use hour::{HourRating, LaunchHour, LaunchWindow, PlayedHour};
pub use search::{HourSearch, SearchError, SearchOptions, with_faults};
