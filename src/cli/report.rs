//! `sim report`: every report again, from the journal alone.

use super::folder::Folder;
use super::reports::{self, JOURNAL};
use super::{Exit, terminal};
use crate::journal::{Header, ReadError, Story};
use crate::report;
use std::path::{Path, PathBuf};

/// Make all reports of a run again from its journal
///
/// Reads journal.jsonl in the run's folder and writes every CSV file and the outbrief beside it,
/// byte for byte as the run did; with many trials of the same scenario in trials.jsonl, the
/// outbrief tells of them too. A journal that breaks off in the middle gives the reports of its
/// good part, and says so.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReportArguments {
    /// Folder of the run, with its journal.jsonl
    #[arg(value_name = "DIR", required_unless_present = "dictionary")]
    folder: Option<PathBuf>,

    /// Print column, unit and meaning of every CSV file
    #[arg(long)]
    dictionary: bool,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim report reports/proxy-outage
  sim report --dictionary

Exit codes: 0 all reports are written, 1 the journal is damaged or a file could
not be written, 2 there is no journal, or it is of another version.";

/// Runs the subcommand.
pub(super) fn report(arguments: &ReportArguments) -> Exit {
    if arguments.dictionary {
        terminal::print(&report::dictionary());
    }
    let Some(path) = &arguments.folder else { return Exit::Met };
    let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    let (header, story, damage) = match read(folder) {
        Ok(read) => read,
        Err(error) => return unreadable(folder, &error),
    };
    let story = reports::settled(folder, &header, &story);
    let written = Folder::of_journal(folder)
        .and_then(|folder| reports::write(&folder, &header, &story, damage.as_deref()));
    if !arguments.quiet {
        terminal::print(&report::summary(&header, &story, terminal::style()));
        let shown = report::for_terminal(&folder.display().to_string(), 2_000);
        terminal::print(&format!("Files   {shown}/\n"));
    }
    if let Err(error) = written {
        let message = format!("cannot write to {}: {error}", folder.display());
        terminal::error(&message, "make room, or copy the journal to a folder you may write to");
        return Exit::Broke;
    }
    match damage {
        None => Exit::Met,
        Some(damage) => {
            let message = format!("{}: {damage}", folder.join(JOURNAL).display());
            let hint = "the reports are of the part before; run the scenario again for all of it";
            terminal::error(&message, hint);
            Exit::Broke
        }
    }
}

/// Header and story of a journal, and what keeps it from being read to its end.
fn read(folder: &Path) -> Result<(Header, Story, Option<String>), ReadError> {
    let reader = reports::open(folder)?;
    let header = reader.header().clone();
    let (mut story, mut damage) = (Story::default(), None);
    for entry in reader {
        match entry {
            Ok(entry) => story.add(&entry),
            Err(error) => damage = Some(error.to_string()),
        }
    }
    if damage.is_none() && story.totals().is_none() {
        damage = Some("the journal ends before its run does".to_string());
    }
    Ok((header, story, damage))
}

/// A journal of which nothing can be told.
fn unreadable(folder: &Path, error: &ReadError) -> Exit {
    let path = folder.join(JOURNAL);
    let (message, hint) = match error {
        ReadError::Io(error) => (
            format!("cannot read {}: {error}", path.display()),
            "name the folder of a run, such as reports/proxy-outage",
        ),
        ReadError::Version { .. } => (
            format!("{}: {error}", path.display()),
            "use the sim that wrote it, or run the scenario again with this one",
        ),
        _ => (format!("{}: {error}", path.display()), "run the scenario again"),
    };
    terminal::error(&message, hint);
    Exit::Wrong
}
