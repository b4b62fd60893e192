//! What a rehearsal leaves for the hot wash beside its journal: guesses, and what is kept.

use super::guesses::GuessesTold;
use super::improvements::Improvement;
use crate::journal::Header;
use serde::{Deserialize, Serialize};

/// What was guessed before a rehearsal and what is kept after it, as outbriefs show it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HotWash {
    program: String,
    scenario_hash: String,
    run_id: String,
    /// What was guessed, beside what came of it.
    pub guesses: GuessesTold,
    /// The improvement plan.
    pub improvements: Vec<Improvement>,
}

impl HotWash {
    /// Of the rehearsal with this header.
    pub fn of(header: &Header, guesses: GuessesTold, improvements: Vec<Improvement>) -> HotWash {
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
