//! What all commands with many trials share: their tables and the progress bar.

use super::files::Folder;
use super::saving::TRIALS;
use super::terminal;
use crate::campaign::{Campaign, Results, Row, Shard, Summary};
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
    folder.keep_with(report::TRIALS_FILE, |to| {
        let mut table = TrialsTable::begin(&results.identity, to)?;
        results.rows.iter().try_for_each(|row| table.add(row))?;
        table.finish()
    })?;
    folder.keep_with(report::CAMPAIGN_FILE, |to| report::write_campaign(summary, to))?;
    folder.keep_with(TRIALS, |mut to| {
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
        let total = campaign.identity().place("total");
        Progress { bar, total, totals: Mutex::new((Vec::new(), Instant::now())) }
    }

    /// Puts lines above the bar, for as long as it stands.
    pub(in crate::cli) fn above(&self, lines: &str) {
        if !self.bar.is_hidden() && !lines.is_empty() {
            self.bar.set_prefix(format!("{}\n\n", lines.trim_end()));
        }
    }

    pub(in crate::cli) fn done(&self, row: &Row) {
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
