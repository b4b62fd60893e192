//! What the user says about how a plan is to be read.

/// How a plan is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// The year of dates that have none, and whether somebody said so.
    pub year: (i16, bool),
    /// The time zone of times that have none, by its name in the time zone database.
    pub zone: Option<String>,
}
