//! What all commands with many trials share: their tables, the progress bar, and what the runs
//! hinge on, played as far as somebody is ready to wait.

use super::files::Folder;
use super::interrupt::Interrupt;
use super::saving::TRIALS;
use super::terminal;
use crate::campaign::{
    BaseRuns, Campaign, Hinges, Players, Remedies, ReplayBudget, Results, Sensitivity, Shard,
    Summary, TrialRow, UsualHeadline, WorkerPool, hinges, remedies,
};
use crate::report::{self, TrialsTable};
use indicatif::ProgressBar;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Puts the tables of a campaign into a folder.
pub(in crate::cli) fn save(
    results: &Results,
    summary: &Summary,
    folder: &Folder,
) -> io::Result<()> {
    folder.keep_streamed(report::TRIALS_FILE, |to| {
        let mut table = TrialsTable::begin(&results.identity, to)?;
        results.rows.iter().try_for_each(|row| table.add(row))?;
        table.finish()
    })?;
    folder.keep_streamed(report::CAMPAIGN_FILE, |to| report::write_campaign(summary, to))?;
    folder.keep_streamed(TRIALS, |mut to| {
        Shard::of_results(results).write(&mut to)?;
        to.flush()
    })
}

/// From one look at the estimate to the next.
const PATIENCE: Duration = Duration::from_millis(300);

/// Trials done, time left, and how long the incident takes so far.
pub(in crate::cli) struct Progress {
    pub(in crate::cli) bar: ProgressBar,
    /// Which value of a row is the incident's total.
    total: Option<usize>,
    totals: Mutex<(Vec<f64>, Instant)>,
}

impl Progress {
    pub(in crate::cli) fn new(campaign: &Campaign, trials: u64, quiet: bool) -> Progress {
        let bar = terminal::progress_of_trials(trials, quiet);
        let total = campaign.identity().place(UsualHeadline::Total);
        Progress { bar, total, totals: Mutex::new((Vec::new(), Instant::now())) }
    }

    /// Puts lines above the bar, for as long as it is shown.
    pub(in crate::cli) fn above(&self, lines: &str) {
        if !self.bar.is_hidden() && !lines.is_empty() {
            self.bar.set_prefix(format!("{}\n\n", lines.trim_end()));
        }
    }

    pub(in crate::cli) fn done(&self, row: &TrialRow) {
        self.bar.inc(1);
        if self.bar.is_hidden() {
            return;
        }
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        totals.0.extend(self.total.and_then(|total| row.values[total]));
        if totals.1.elapsed() > PATIENCE {
            totals.1 = Instant::now();
            self.bar.set_message(report::progress_estimate(&totals.0));
        }
    }
}

/// Plays the runs of this ground again with other values: first what would have saved most, then
/// what the verdict hinges on. It ends where a signal ends it; what is done by then is there, and
/// what is not is named.
pub(in crate::cli) fn search_hinges(
    ground: &BaseRuns,
    (workers, interrupt, quiet): (&WorkerPool, &Interrupt, bool),
) -> (Hinges, Remedies) {
    let stop = || interrupt.wanted();
    watched((workers, &stop, quiet), |players| {
        let remedies = remedies(ground, ReplayBudget::unlimited(), players);
        (hinges(ground, ReplayBudget::unlimited(), players), remedies)
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
