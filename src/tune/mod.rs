//! The X's of a launch plan: which thresholds find the faults soon and stay quiet on quiet days.
//!
//! What is seen does not depend on the rules as long as nobody acts on them. So every day is
//! simulated once, without plays, and every [`Candidate`] is judged on the same readings, with the
//! code that judges a launch day: a [`JudgedDay`] is what is kept of it, and a [`Scoring`] adds
//! them up. Differences between candidates are therefore paired draws throughout, and days can be
//! shared between machines.

mod choose;
mod days;
mod grid;
mod outcome;
mod score;
mod shard;
mod tally;
mod wishes;

pub use choose::{Recommendation, choose};
pub use days::{KeptDay, Onset, ReadingSelection, quiet_plan, troubled_plan};
pub use grid::{Candidate, Grid, GridError, default_points};
pub use outcome::{Scoring, Tuned, TuningOutcome};
pub use score::{DayMark, MARKED, Score};
pub use shard::{DayOf, JudgedDay, JudgedDays, Judges, QuietDays, TriedRule, TuneIdentity};
pub use tally::{DayTally, FaultDetection};
pub use wishes::{Untried, candidates, filled_in, grids};
