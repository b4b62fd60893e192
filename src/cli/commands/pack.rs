//! `sim pack`: what is printed before a gameday.

use crate::cli::shared::files::Folder;
use crate::cli::shared::options::SetArgument;
use crate::cli::shared::{Exit, loading, terminal};
use crate::journal::Header;
use crate::report::{self, Printed, SessionExercise};
use crate::scenario;
use crate::units::Span;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Write the papers to print before a gameday with people
///
/// Reads a scenario and writes pages that print well on A4 and Letter: a sealed, timed inject list
/// for whoever runs the gameday, a card for every role, the change-time table, the thresholds, a
/// contact sheet with the escalations drawn, the plan's messages filled in, an observer sheet, an
/// abort card, and a calendar file of steps, shifts and deadlines. `index.html` says what to print
/// for whom.
///
/// With --agenda it is a session of several exercises, one per scenario, in the given order: an
/// agenda with the length of each in simulated and real minutes, breaks and hot washes; a master
/// scenario events list for all; sign-in sheet, ground rules, evaluation guides, hot-wash sheet,
/// feedback form, improvement plan; and the papers of each exercise in a folder of its own.
///
/// Papers for players never say what will break. Only the files of an earlier pack are overwritten.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct PackArguments {
    /// The scenario file; with --agenda several, in the order of the exercises
    #[arg(value_name = "FILE", required = true)]
    scenarios: Vec<PathBuf>,

    /// The length of a session that includes them all: 2h, 90m
    #[arg(long, value_name = "SPAN", value_parser = agenda)]
    agenda: Option<Span>,

    /// Folder for the papers
    #[arg(long, short, alias = "out", value_name = "DIR")]
    output: PathBuf,

    #[command(flatten)]
    changed: SetArgument,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim pack scenarios/proxy-outage.yaml -o papers
  sim report reports/proxy-outage --observed papers/observed.csv      afterwards
  sim pack --agenda 2h proxy-outage.yaml broken-css.yaml storage-outage.yaml -o papers
      three exercises in two hours

Exit codes: 0 all papers are written, 1 one could not be written, 2 a scenario has
errors, the agenda does not fit, or the folder holds something else.";

/// Text on every page of a pack, by which sim recognises its own pages.
const MARK: &str = "<title>EXERCISE: ";

/// How long a session is; more than a day is refused where the agenda is made.
fn agenda(text: &str) -> Result<Span, String> {
    let span = text.parse::<Span>().map_err(|error| error.to_string())?;
    match span >= Span::MINUTE {
        true => Ok(span),
        false => Err("write how long the session takes: 2h, 90m".to_string()),
    }
}

/// Papers of one folder: below that of all of them, or that itself.
struct Bundle {
    folder: PathBuf,
    papers: Vec<Printed>,
}

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &PackArguments) -> Exit {
    packed(arguments).unwrap_or_else(|exit| exit)
}

fn packed(arguments: &PackArguments) -> Result<Exit, Exit> {
    if let ([_, other, ..], None) = (&arguments.scenarios[..], arguments.agenda) {
        let message = format!("{} is a second scenario, and there is no agenda", other.display());
        terminal::error(&message, "add --agenda 2h for a session of both");
        return Err(Exit::Wrong);
    }
    let bundles = bundles(arguments)?;
    let shown = report::for_terminal(&arguments.output.display().to_string(), 2_000);
    let broke = |error: io::Error| {
        let message = format!("cannot write to {shown}: {error}");
        terminal::error(&message, "name another folder with -o");
        Exit::Broke
    };
    let root = Folder::exactly(&arguments.output).map_err(broke)?;
    for Bundle { folder, papers } in &bundles {
        if let Some(other) = papers.iter().find(|paper| !may_write(folder, paper)) {
            let folder = report::for_terminal(&folder.display().to_string(), 2_000);
            let message =
                format!("{folder}/{} was not written by sim pack, or was filled in", other.file);
            terminal::error(&message, "name another folder with -o; it is left as it is");
            return Err(Exit::Wrong);
        }
    }
    for Bundle { folder, papers } in &bundles {
        let written = match *folder == arguments.output {
            true => write(&root, papers),
            false => Folder::exactly(folder).and_then(|own| write(&own, papers)),
        };
        written.map_err(broke)?;
    }
    if !arguments.quiet {
        // Those of each exercise are the same in all of them.
        for (place, bundle) in bundles.iter().take(2).enumerate() {
            if place == 1 {
                terminal::print("For each exercise, in its own folder:\n");
            }
            terminal::print(&report::papers(&bundle.papers, terminal::style()));
            terminal::print("\n");
        }
        terminal::print(&format!("Files   {shown}/, start with index.html\n"));
    }
    Ok(Exit::Met)
}

/// All papers that are asked for; what is wrong has been told.
fn bundles(arguments: &PackArguments) -> Result<Vec<Bundle>, Exit> {
    let load = |path: &PathBuf| {
        let plan = loading::load(path, &arguments.changed.set, arguments.quiet)?;
        Ok(scenario::header(&plan, 0, plan.seed))
    };
    let headers = arguments.scenarios.iter().map(load).collect::<Result<Vec<Header>, Exit>>()?;
    let cannot = |error: io::Error| match error.kind() {
        io::ErrorKind::InvalidInput => {
            terminal::error(&error.to_string(), "");
            Exit::Wrong
        }
        _ => {
            terminal::error(&format!("cannot make the papers: {error}"), "");
            Exit::Broke
        }
    };
    let root = &arguments.output;
    let mut bundles = Vec::new();
    let own = |number: usize| match arguments.agenda {
        Some(_) => root.join(report::exercise_folder(number)),
        None => root.clone(),
    };
    if let Some(lasts) = arguments.agenda {
        let files = arguments.scenarios.iter().map(|path| path.display().to_string());
        let files: Vec<String> = files.collect();
        let both = headers.iter().zip(&files);
        let exercises: Vec<SessionExercise> =
            both.map(|(header, file)| SessionExercise { header, file }).collect();
        let papers = report::session(lasts, &exercises).map_err(cannot)?;
        bundles.push(Bundle { folder: root.clone(), papers });
    }
    for (number, (header, path)) in headers.iter().zip(&arguments.scenarios).enumerate() {
        let file = path.display().to_string();
        let papers = report::pack(header, &file).map_err(cannot)?;
        bundles.push(Bundle { folder: own(number), papers });
    }
    Ok(bundles)
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
