//! Builds a baseline from what was counted, and saves it.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::ownership::{opened, published};
use crate::cli::shared::{Exit, terminal};
use crate::logs::{LogBaseline, MIN_WINDOWS};
use crate::report;
use crate::units::{Span, grouped};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// What a baseline is made of, once everything is counted.
#[derive(clap::Args)]
pub(super) struct BaselineSum {
    /// Break the figures down by this as well
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) by: Option<By>,

    /// Write the baseline to this file
    #[arg(short, long, alias = "out", value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// Leave windows with fewer requests out of rates and response times
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(super) min_requests: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Each hour of the week separately
    HourOfWeek,
}

/// What to do where a file cannot be written.
const OTHER: &str = "name another file";

/// Refuses a baseline that would rest on too few windows.
pub(super) fn too_few(windows: usize, window: Span, min_requests: u64) -> Exit {
    let message = format!(
        "only {windows} windows of {window} have {min_requests} requests or more; a baseline \
         needs at least {MIN_WINDOWS}"
    );
    terminal::error(&message, "use a longer log, or smaller --window or --min-requests");
    Exit::NotJudgeable
}

/// Opens the file of a baseline before anything is read.
pub(super) fn open_output(path: Option<&Path>, force: bool) -> Result<Option<Draft>, Exit> {
    path.map(|path| open(path, &["# Made by `sim baseline`"], force)).transpose()
}

/// Shows a baseline, and writes it if that is wanted.
pub(super) fn save(
    output: Option<&Path>,
    draft: Option<Draft>,
    baseline: &LogBaseline,
    (lines, logs): (u64, u64),
) -> Result<(), Exit> {
    terminal::print(&report::baseline_picture(baseline, terminal::style()));
    let (Some(output), Some(mut draft)) = (output, draft) else { return Ok(()) };
    let note = format!("Made by `sim baseline` from {} lines of {logs} logs.", grouped(lines));
    draft.attempt(|to| to.write_all(baseline.write(&note).as_bytes()));
    publish(output, draft, "\n")
}

/// Gives the file its name, and says where it is after these words.
pub(super) fn publish(path: &Path, draft: Draft, words: &str) -> Result<(), Exit> {
    published(path, draft, OTHER)?;
    let shown = report::for_terminal(&path.display().to_string(), 2_000);
    terminal::print(&format!("{words}File    {shown}\n"));
    Ok(())
}

/// Opens a file before the logs are read, unless something is there that sim did not write.
pub(super) fn open(path: &Path, begins: &[&str], force: bool) -> Result<Draft, Exit> {
    opened(path, begins, force, OTHER)
}
