//! `sim crew`: a log of past incidents, as how long people take.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::ownership::{opened, published};
use crate::cli::shared::{Exit, named_file, terminal};
use crate::crew::{self, CrewFit, LEAST};
use crate::report;
use crate::units::counted;
use std::path::{Path, PathBuf};

/// Fit your people's response times to your own past incidents, and write a part to include
///
/// One row for each incident: incident, began, noticed, declared, diagnosed, decided, deployed,
/// over. Any cell may be blank; `>` before a time says that it had not happened by then. Times are
/// dates (all with a zone or all without) or durations such as 25m from any start within the row.
///
/// For each step it shows how many incidents have data, the range where eight in ten should fall,
/// and how many of the incidents fell in it when each was left out of the fit. A step with
/// data from fewer than ten incidents is not fitted.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CrewArguments {
    /// The log of incidents
    #[arg(value_name = "CSV")]
    log: PathBuf,

    /// The name of these people on every page: "people like: on call"
    #[arg(long, value_name = "NAME", default_value = "our own")]
    like: String,

    /// Where the log is from [default: its file name]
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,

    /// Write the part to this file instead of stdout
    #[arg(long, short, alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace what is at --output, even if sim did not write it
    #[arg(long, requires = "output")]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim crew incidents.csv
  sim crew incidents.csv --like \"our on call\" -o parts/our-people.yaml

Then, in the scenario: include: [parts/our-people.yaml], and in a play
declare ${declare}, {diagnose: \"${diagnose}\", among: …}

Exit codes: 0 at least one step is fitted, 3 too few incidents for any step, 2 wrong
usage or a log with errors, 1 a file could not be written.";

/// How a part begins, by which sim recognises its own files.
const OURS: [&str; 1] = ["# People as they were in "];

/// What to do where a part cannot be written.
const OTHER: &str = "name another file with -o";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &CrewArguments) -> Exit {
    let log = match load(&arguments.log) {
        Ok(log) => log,
        Err(exit) => return exit,
    };
    let crew = crew::fit(&log);
    if crew.fitted.is_empty() {
        let most = crew.too_few.iter().map(|(_, n)| *n).max().unwrap_or(0);
        let message = format!(
            "{}, and no step is recorded in {LEAST} or more of them (at most {most})",
            counted(log.len(), "incident")
        );
        terminal::error(&message, "assumptions are unchanged; record more incidents");
        return Exit::NotJudgeable;
    }
    let name = arguments.log.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = arguments.source.as_deref().unwrap_or(&name);
    let text = crew::yaml(&crew, &arguments.like, source);
    let Some(output) = &arguments.output else {
        terminal::print(&text);
        return Exit::Met;
    };
    match opened(output, &OURS, arguments.force, OTHER) {
        Err(exit) => exit,
        Ok(draft) => write(draft, output, &text, &crew),
    }
}

fn load(path: &Path) -> Result<Vec<crew::PastIncident>, Exit> {
    let shown = report::for_terminal(&path.display().to_string(), 2_000);
    let bytes = named_file::bytes(path, named_file::LONGEST).map_err(|error| {
        terminal::error(&format!("cannot read {shown}: {error}"), "name a log of incidents");
        Exit::Wrong
    })?;
    crew::read(&bytes).map_err(|problems| {
        for problem in problems {
            terminal::error(&format!("{shown}, {problem}"), &problem.hint);
        }
        Exit::Wrong
    })
}

fn write(mut draft: Draft, output: &Path, text: &str, crew: &CrewFit) -> Exit {
    draft.attempt(|to| to.write_all(text.as_bytes()));
    if let Err(exit) = published(output, draft, OTHER) {
        return exit;
    }
    terminal::print(&report::crew_summary(crew));
    Exit::Met
}
