//! The X's of a launch plan: which thresholds find the faults soon and stay quiet on quiet days.
//!
//! What is seen does not depend on the rules as long as nobody acts on them. So every day is
//! simulated once, without plays; its readings are kept as [`Days`]; and every [`Candidate`] is
//! judged on the same readings, with the code that judges a launch day. Differences between
//! candidates are therefore paired draws throughout.

mod choose;
mod days;
mod grid;
mod score;

pub use choose::{Choice, choose};
pub use days::{Day, Days, Onset, Wanted, quiet_plan, troubled_plan};
pub use grid::{Candidate, Grid, GridError, default_points};
pub use score::{Found, Score, score};

use crate::names::RuleId;

/// What was tried for one rule, and what came of it.
#[derive(Debug, Clone)]
pub struct Tuned {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub alert: String,
    /// Every candidate with its score, in the order of the grid.
    pub tried: Vec<(Candidate, Score)>,
    /// Positions in `tried` of those that no other beats, fewest false alarms first.
    pub frontier: Vec<usize>,
    /// The one recommended, with its reason; `None`: none found anything.
    pub choice: Option<Choice>,
}
