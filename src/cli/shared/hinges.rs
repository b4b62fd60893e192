//! What many runs hinge on, played as far as somebody is ready to wait.

use super::interrupt::Interrupt;
use super::terminal;
use crate::campaign::{
    Budget, Ground, Hinges, Players, Remedies, Sensitivity, WorkerPool, hinges, remedies,
};
use std::time::Instant;

/// Plays the runs of this ground again with other values: first what would have saved most, then
/// what the verdict hinges on. It ends where a signal ends it; what is done by then is there, and
/// what is not is named.
pub(in crate::cli) fn look(
    ground: &Ground,
    (workers, interrupt, quiet): (&WorkerPool, &Interrupt, bool),
) -> (Hinges, Remedies) {
    let stop = || interrupt.wanted();
    watched((workers, &stop, quiet), |players| {
        let remedies = remedies(ground, Budget::whole(), players);
        (hinges(ground, Budget::whole(), players), remedies)
    })
}

/// The same for a first screen: with the budget that the plan has, by which the same is found on
/// every machine, and until a moment at the latest. What is not whole by then is not there.
pub(in crate::cli) fn look_until(
    until: Instant,
    (workers, interrupt, quiet): (&WorkerPool, &Interrupt, bool),
    look: impl FnOnce(&Players) -> Sensitivity,
) -> Sensitivity {
    let stop = || interrupt.wanted() || Instant::now() >= until;
    watched((workers, &stop, quiet), look)
}

/// Plays while the bar counts.
fn watched<T>(
    (workers, stop, quiet): (&WorkerPool, &(dyn Fn() -> bool + Sync), bool),
    look: impl FnOnce(&Players) -> T,
) -> T {
    let bar = terminal::progress_of_more(quiet);
    let done = || bar.inc(1);
    let found = look(&Players { workers, stop, done: &done });
    bar.finish_and_clear();
    found
}
