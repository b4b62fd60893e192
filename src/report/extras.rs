//! What an outbrief can show besides its journal, such as what a rehearsal leaves for the hot wash.

use super::context::ReportContext;
use super::guesses::GuessComparison;
use super::improvements::Improvement;
use super::outbrief::{self, CloseUp};
use super::roles::{self, Naming};
use crate::campaign::{Alternatives, Results, Sensitivity};
use crate::capacity::CapacityCheck;
use crate::explanation::PlayExplanation;
use crate::fault::Topology;
use crate::journal::{Entry, Header, Story};
use serde::{Deserialize, Serialize};
use std::io;

/// What is known besides the journal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extras<'a> {
    /// How people are referred to in files that are shared.
    pub naming: Naming,
    /// What kept the journal from being read to its end.
    pub damage: Option<&'a str>,
    /// What else could have been done on a rehearsed day, if it was tried out.
    pub alternatives: Option<&'a Alternatives>,
    /// Many trials of the same scenario, if they were played.
    pub campaign: Option<&'a Results>,
    /// Of these a typical one and a bad one.
    pub shown: &'a [RunBeside],
    /// What these trials hinge on and what would have saved most, if it was looked for.
    pub sensitivity: Option<&'a Sensitivity>,
    /// The capacity check of the same scenario, if it was made.
    pub capacity: Option<&'a CapacityCheck>,
    /// The plays of the journal's plan, with everybody's name, if it is of this version.
    pub plays: &'a [PlayExplanation],
    /// What a rehearsal leaves for the hot wash.
    pub hot_wash: Option<&'a HotWash>,
    /// Which tier calls which, if the journal's plan is of this version.
    pub topology: Option<&'a Topology>,
}

/// A run among many that is shown beside the one that is told.
#[derive(Debug, Clone)]
pub struct RunBeside {
    /// Its number.
    pub trial: u64,
    /// What its journal begins with.
    pub(super) header: Header,
    /// What happened in it.
    pub(super) story: Story,
    /// What its visitors felt around its judged incident, if it has one.
    pub(super) close_up: Option<CloseUp>,
}

impl RunBeside {
    /// A run of which the readings are not known yet.
    pub fn new(header: Header, story: Story) -> RunBeside {
        let window = outbrief::judged_window(&ReportContext::new(&header, &story));
        let close_up = window.map(|window| CloseUp::new(&header, (window.from, window.to)));
        RunBeside { trial: header.trial, header, story, close_up }
    }

    /// Takes a reading in; everything else is known already.
    pub fn add(&mut self, entry: &Entry) {
        self.close_up.iter_mut().for_each(|close_up| close_up.add(entry));
    }

    /// The same with roles in the place of names.
    pub(super) fn by_role(&self) -> io::Result<RunBeside> {
        let (header, story) = roles::with_roles(&self.header, &self.story)?;
        Ok(RunBeside { trial: self.trial, header, story, close_up: self.close_up.clone() })
    }
}

/// What was guessed before a rehearsal and what is kept after it, as outbriefs show it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HotWash {
    program: String,
    scenario_hash: String,
    run_id: String,
    /// What was guessed, beside what came of it.
    pub guesses: GuessComparison,
    /// The improvement plan.
    pub improvements: Vec<Improvement>,
}

impl HotWash {
    /// Of the rehearsal with this header.
    pub fn new(
        header: &Header,
        guesses: GuessComparison,
        improvements: Vec<Improvement>,
    ) -> HotWash {
        HotWash {
            program: header.program.clone(),
            scenario_hash: header.scenario_hash.clone(),
            run_id: header.run_id.clone(),
            guesses,
            improvements,
        }
    }

    /// Whether it belongs to the journal with this header.
    pub fn is_of(&self, header: &Header) -> bool {
        self.program == header.program
            && self.scenario_hash == header.scenario_hash
            && self.run_id == header.run_id
    }

    /// Nobody guessed, and nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.guesses.rows.is_empty() && self.improvements.is_empty()
    }
}
