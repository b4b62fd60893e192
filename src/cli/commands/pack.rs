//! `sim pack`: what is printed before a gameday.

use crate::cli::shared::files::Folder;
use crate::cli::shared::{Exit, loading, terminal};
use crate::report::{self, Printed};
use crate::scenario;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Write the papers for a gameday with people: what is printed beforehand
///
/// Reads a scenario and writes pages that print well on A4 and Letter: a sealed, timed inject list
/// for whoever runs the gameday, a card for every role, the change-time table, the thresholds, a
/// contact sheet with the ladders drawn, the messages of the plan filled in, an observer sheet, an
/// abort card, and a calendar file of steps, shifts and deadlines. `index.html` says what to print
/// for whom.
///
/// Papers for players never say what will break. Only the files of an earlier pack are overwritten.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct PackArguments {
    /// The scenario file
    #[arg(value_name = "FILE")]
    scenario: PathBuf,

    /// Folder for the papers
    #[arg(long, short, alias = "out", value_name = "DIR")]
    output: PathBuf,

    /// Change one value of the scenario, as for `sim run`
    #[arg(long, value_name = "KEY=VALUE", value_parser = loading::key_value)]
    set: Vec<(String, String)>,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim pack scenarios/proxy-outage.yaml -o papers
  sim report reports/proxy-outage --observed papers/observed.csv      afterwards

Exit codes: 0 all papers are written, 1 one could not be written, 2 the
scenario has errors, or the folder holds something else.";

/// What every page of a pack says, and so how one is known again.
const MARK: &str = "<title>EXERCISE: ";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &PackArguments) -> Exit {
    let Ok(plan) = loading::load(&arguments.scenario, &arguments.set, arguments.quiet) else {
        return Exit::Wrong;
    };
    let header = scenario::header(&plan, 0, plan.seed);
    let folder = &arguments.output;
    let shown = report::for_terminal(&folder.display().to_string(), 2_000);
    let papers = match report::pack(&header) {
        Ok(papers) => papers,
        Err(error) => {
            terminal::error(&format!("cannot make the papers: {error}"), "");
            return Exit::Broke;
        }
    };
    let broke = |error: io::Error| {
        let message = format!("cannot write to {shown}: {error}");
        terminal::error(&message, "name another folder with -o");
        Exit::Broke
    };
    let claimed = match Folder::exactly(folder) {
        Ok(claimed) => claimed,
        Err(error) => return broke(error),
    };
    if let Some(other) = papers.iter().find(|paper| !may_write(folder, paper)) {
        let message = format!("{shown}/{} is not of a pack, or was filled in", other.file);
        terminal::error(&message, "name another folder with -o; it is left as it is");
        return Exit::Wrong;
    }
    if let Err(error) = write(&claimed, &papers) {
        return broke(error);
    }
    if !arguments.quiet {
        let text = report::papers(&papers, terminal::style());
        terminal::print(&format!("{text}\nFiles   {shown}/, begin with index.html\n"));
    }
    Exit::Met
}

/// Whether there is nothing under this name, or a paper of a pack that nobody has filled in.
fn may_write(folder: &Path, paper: &Printed) -> bool {
    match fs::read(folder.join(paper.file)) {
        Err(error) => error.kind() == io::ErrorKind::NotFound,
        Ok(bytes) if paper.file.ends_with(".html") => {
            String::from_utf8_lossy(&bytes).contains(MARK)
        }
        Ok(bytes) if paper.file.ends_with(".ics") => {
            String::from_utf8_lossy(&bytes).contains(report::CALENDAR)
        }
        Ok(bytes) => bytes == paper.text.as_bytes(),
    }
}

fn write(folder: &Folder, papers: &[Printed]) -> io::Result<()> {
    let mut files = folder.batch();
    for paper in papers {
        files.open(paper.file)?.write_all(paper.text.as_bytes())?;
    }
    files.publish()
}
