//! What an outbrief can show besides its journal.

use super::roles::Naming;
use crate::campaign::{Alternatives, Results};
use crate::capacity::Check;

/// What is known besides the journal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// How people are called in what is handed on.
    pub naming: Naming,
    /// What kept the journal from being read to its end.
    pub damage: Option<&'a str>,
    /// What else could have been done on a rehearsed day, if it was tried out.
    pub alternatives: Option<&'a Alternatives>,
    /// Many trials of the same scenario, if they were played.
    pub campaign: Option<&'a Results>,
    /// The capacity check of the same scenario, if it was made.
    pub capacity: Option<&'a Check>,
}
