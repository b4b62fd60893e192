//! `sim report`: every report again, from the journal alone.

mod observed;

use crate::cli::shared::files::{Folder, JOURNAL};
use crate::cli::shared::options::NamesArgument;
use crate::cli::shared::saving::{self, TRIALS};
use crate::cli::shared::{Exit, terminal};
use crate::journal::{Header, ReadError, Story, Unreadable};
use crate::report;
use std::path::{Path, PathBuf};

/// Regenerate all reports of a run from its journal
///
/// Reads journal.jsonl in the run's folder and writes every CSV file and the outbrief next to it,
/// byte for byte as the run did; with many trials of the same scenario in trials.jsonl, the
/// outbrief shows them too. If a journal breaks off in the middle, its intact part is reported, and
/// the reports say so.
///
/// With --observed, the reports are those of a gameday with people, from a sheet that somebody kept
/// by hand: plan and faults come from the run, all times from the sheet. They go to a folder of
/// their own next to it, DIR-observed; the run is left as it is.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ReportArguments {
    /// Folder of the run, with its journal.jsonl
    #[arg(value_name = "DIR", required_unless_present = "dictionary")]
    folder: Option<PathBuf>,

    /// Print column, unit and meaning of every CSV file
    #[arg(long)]
    dictionary: bool,

    /// Report on a gameday with people instead, from the sheet that was kept by hand
    ///
    /// Its first row is at,actor,role,channel,action,incident,note. Times are those of the
    /// scenario's clock (17:42, 5:42 pm, 2018-11-07T17:42:00-05:00); if the room used another, a
    /// row with the action `startex` says when the rehearsal began. `sim pack` prints the sheet,
    /// with the words for actions.
    #[arg(long, value_name = "SHEET", conflicts_with = "dictionary")]
    observed: Option<PathBuf>,

    /// With --observed: folder for its files [default: DIR-observed]
    #[arg(long, short, alias = "output", value_name = "DIR", requires = "observed")]
    out: Option<PathBuf>,

    /// For a rehearsal: show how it compares with the trials of the same scenario in this folder
    ///
    /// They are copied next to the journal, and the same day is simulated once for each change that
    /// could have been chosen, with the same draws and everybody simulated.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["dictionary", "observed"])]
    beside: Option<PathBuf>,

    #[command(flatten)]
    names: NamesArgument,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim report reports/proxy-outage
  sim report reports/proxy-outage --observed observed.csv
  sim report reports/proxy-outage-2 --beside reports/proxy-outage
  sim report --dictionary

Exit codes: 0 all reports are written, 1 the journal is damaged or a file could
not be written, 2 there is no journal, it is of another version, or the sheet
has errors.";

/// Runs the subcommand.
pub(in crate::cli) fn report(arguments: &ReportArguments) -> Exit {
    if arguments.dictionary {
        terminal::print(&report::dictionary(terminal::width()));
    }
    let Some(path) = &arguments.folder else { return Exit::Met };
    let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    let (header, story, damage) = match read(folder) {
        Ok(read) => read,
        Err(error) => return unreadable(folder, &error),
    };
    if let Some(sheet) = &arguments.observed {
        let (out, quiet) = (arguments.out.as_deref(), arguments.quiet);
        let naming = arguments.names.naming();
        let wanted = observed::ObservedOptions { sheet, folder, out, quiet, naming };
        return observed::report(&wanted, &header, &story);
    }
    let claimed = Folder::of_journal(folder, &saving::names(true));
    if let (Some(beside), Ok(claimed)) = (&arguments.beside, &claimed)
        && let Err(exit) = put_beside(beside, claimed, &header)
    {
        return exit;
    }
    let story = saving::settled(folder, &header, &story);
    let written = claimed.and_then(|folder| {
        let naming = arguments.names.naming();
        saving::write(&folder, &header, &story, damage.as_deref(), naming)
    });
    if !arguments.quiet {
        // Even where nothing can be written, the files beside the journal are reported.
        let read;
        let beside = match &written {
            Ok(beside) => beside,
            Err(_) => {
                read = saving::Neighbours::load(folder, &header);
                &read
            }
        };
        let style = terminal::style();
        terminal::print(&report::summary(&header, &story, beside.extras(), style));
        terminal::print(&saving::how_did_we_do(folder, &header, &story));
        let shown = report::for_terminal(&folder.display().to_string(), 2_000);
        terminal::print(&format!("Files   {shown}/\n"));
    }
    if let Err(error) = written {
        let message = format!("cannot write to {}: {error}", folder.display());
        terminal::error(&message, "free disk space, or copy the journal to a writable folder");
        return Exit::Broke;
    }
    let damaged = saving::damaged(folder, &header);
    for (name, problem) in &damaged {
        let message = format!("{}: {problem}", folder.join(name).display());
        terminal::error(&message, "the reports are without it; make it again, or remove it");
    }
    match damage {
        None if damaged.is_empty() => Exit::Met,
        None => Exit::Broke,
        Some(damage) => {
            let message = format!("{}: {damage}", folder.join(JOURNAL).display());
            let hint = "the reports cover the part before it; run the scenario again for the rest";
            terminal::error(&message, hint);
            Exit::Broke
        }
    }
}

/// Copies the trials of the same scenario beside a journal, and tries out what else could have been
/// done on its day.
fn put_beside(trials: &Path, folder: &Folder, header: &Header) -> Result<(), Exit> {
    if saving::trials_of(trials, header).is_none() {
        let shown = trials.display();
        let message = format!("{shown} has no runs of this scenario, seed and version of sim");
        terminal::error(&message, "make them: sim run SCENARIO.yaml --trials 200 --out DIR");
        return Err(Exit::Wrong);
    }
    let copied = std::fs::read(trials.join(TRIALS)).and_then(|bytes| {
        folder.keep(TRIALS, &bytes)?;
        saving::try_out(folder, header)
    });
    copied.map_err(|error| {
        let message = format!("cannot write to {}: {error}", folder.path().display());
        terminal::error(&message, "free disk space, or copy the journal to a writable folder");
        Exit::Broke
    })
}

/// Header and story of a journal, and what keeps it from being read to its end.
fn read(folder: &Path) -> Result<(Header, Story, Option<String>), ReadError> {
    let reader = saving::open(folder)?;
    let header = reader.header().clone();
    let (mut story, mut damage) = (Story::default(), None);
    for entry in reader {
        match entry {
            Ok(entry) => story.add(&entry),
            Err(error) => damage = Some(error.to_string()),
        }
    }
    if damage.is_none() && story.totals().is_none() && !header.mode.by_hand() {
        damage = Some("the journal ends before its run does".to_string());
    }
    Ok((header, story, damage))
}

/// A journal of which nothing can be told.
fn unreadable(folder: &Path, error: &ReadError) -> Exit {
    let path = folder.join(JOURNAL);
    let (message, hint) = match &error.problem {
        Unreadable::Io(error) => (
            format!("cannot read {}: {error}", path.display()),
            "name the folder of a run, such as reports/proxy-outage",
        ),
        Unreadable::Version { .. } => (
            format!("{}: {error}", path.display()),
            "use the sim that wrote it, or run the scenario again with this one",
        ),
        _ => (format!("{}: {error}", path.display()), "run the scenario again"),
    };
    terminal::error(&message, hint);
    Exit::Wrong
}
