//! What an outbrief can show besides its journal.

use super::flow::PlayFlow;
use super::roles::Naming;
use crate::campaign::{Alternatives, Results};
use crate::capacity::Check;
use crate::fault::Topology;
use crate::journal::{Header, Story};

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
    /// Of these a typical one and a bad one, as far as neither is the journal's own.
    pub shown: [Option<ToldRun<'a>>; 2],
    /// The capacity check of the same scenario, if it was made.
    pub capacity: Option<&'a Check>,
    /// The plays of the journal's plan, with everybody's name, if it is of this version.
    pub plays: &'a [PlayFlow],
    /// Which tier calls which, if the journal's plan is of this version.
    pub topology: Option<&'a Topology>,
}

/// A run among many that is shown beside the one that is told.
#[derive(Debug, Clone, Copy)]
pub struct ToldRun<'a> {
    /// Its number.
    pub trial: u64,
    /// Of its journal.
    pub header: &'a Header,
    /// What happened in it.
    pub story: &'a Story,
}
