//! What many runs hinge on, played as far as somebody is ready to wait.

use super::interrupt::Interrupt;
use super::terminal;
use crate::campaign::{Budget, Ground, Hinges, Players, Remedies, WorkerPool, hinges, remedies};
use std::time::Instant;

/// Plays the runs of this ground again with other values: first what would have saved most, which
/// takes a third of the budget, then what the verdict hinges on. It ends where the budget, the
/// moment or a signal ends it; what is done by then is there, and what is not is named.
///
/// A first screen asks with `Budget::runs(…)`, by which the same is found on every machine, and
/// with a moment some seconds ahead; its campaign has to be made with
/// [`crate::campaign::Campaign::keeping_draws`]. The lines are
/// [`crate::report::remedies_words`] and [`crate::report::hinges_words`].
pub(in crate::cli) fn look(
    ground: &Ground,
    budget: Budget,
    until: Option<Instant>,
    (workers, interrupt, quiet): (&WorkerPool, &Interrupt, bool),
) -> (Hinges, Remedies) {
    let stop = || interrupt.wanted() || until.is_some_and(|until| Instant::now() >= until);
    let bar = terminal::progress_of_more(quiet);
    let done = || bar.inc(1);
    let players = Players { workers, stop: &stop, done: &done };
    let remedies = remedies(ground, budget.share(1, 3), &players);
    let hinges = hinges(ground, budget.share(2, 3), &players);
    bar.finish_and_clear();
    (hinges, remedies)
}
