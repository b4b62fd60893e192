//! What was asked, guessed and kept alongside the exercise.

use crate::campaign::{WhatIf, WhatIfSession, WorkerPool};
use crate::rehearsal::{Guess, Keep, Setting};
use crate::report::{GuessComparison, Improvement};
use crate::scenario::SourceText;

/// What was asked and kept beside the exercise.
#[derive(Default)]
pub(super) struct Asides<'s> {
    pub(super) floor: Option<WhatIfSession<'s>>,
    pub(super) workers: Option<WorkerPool>,
    /// The changes that were asked for last, and what they are worth.
    pub(super) last: Option<(Vec<Setting>, WhatIf)>,
    pub(super) kept: Vec<KeptChange>,
    /// Sealed before the start, one of each person.
    pub(super) guesses: Vec<Guess>,
    /// The guesses once they are opened, beside what came.
    pub(super) opened: GuessComparison,
    /// How many runs for each question.
    pub(super) runs: Option<u64>,
    /// Answers are also printed where there is only a script.
    pub(super) told: bool,
    /// The current text of the scenario.
    pub(super) source: Option<SourceText>,
}

/// A change that is kept, with what it is worth in words.
pub(super) struct KeptChange {
    pub(super) keep: Keep,
    pub(super) found: Option<(String, u64)>,
    pub(super) done: Option<Vec<Improvement>>,
}
