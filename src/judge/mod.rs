//! The same judgement over what really happened: readings of a recorded run or of an access log go
//! to the [`crate::decision::Monitor`] that judges a simulated day.
//!
//! A [`Subject`] says what of a plan can be judged by these readings; a [`Judge`] takes them in;
//! what it says comes to a [`Judgement`]. Nobody acts in a log, so the judge lets the plan itself
//! act ([`Acting::ByPlan`]): everybody answers and every change is made in the median of the
//! plan's own times. What was recorded of a run carries the answers that were really given
//! ([`Acting::Recorded`]).

mod by_plan;
mod judgement;
mod log;
mod reading_line;
mod recording;
mod session;
mod subject;

pub use judgement::{Acting, Judgement, ResponseByPlan, margin};
pub use log::LogReadings;
pub use recording::{
    FORMAT, Recording, RecordingError, RecordingHeader, is_recording, write_header, write_input,
};
pub use session::Judge;
pub use subject::{Blocked, Subject, UnjudgedRule};
