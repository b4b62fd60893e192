//! `sim go`: what must be known before a launch, what has been stated, and what is missing.

mod arguments;
mod record;
mod results;
mod say;

use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::loading::{LoadedScenario, load_whole};
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::{Exit, terminal};
use crate::readiness::{Decision, DecisionStatus, ReadinessBoard, RowStatus};
use crate::report::{self, Readiness, for_shell, for_terminal};
use crate::scenario::{InputFile, MadeBy};
use arguments::Say;
use jiff::Zoned;
use record::{RecordFile, TypedMoment};
use std::path::{Path, PathBuf};

/// Go/no-go: what must be known, who said what, what is missing, from whom, by when
///
/// The scenario says what must be known before the launch (`go_no_go:`), who is polled and when it
/// is decided (`decision:`). What people say about it is kept in go.yaml next to it, a
/// line per statement, by the commands below or by hand: met or failed, a measured number, a
/// vote, a condition and its deadline, and finally the decision, which is a person's. What expires
/// reopens by itself; contradicting statements do not count until one of the two is
/// withdrawn; simulated results are shown separately and never count.
///
/// Without a command it shows the status of everything, on the terminal and as a page to print.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct GoArguments {
    #[command(subcommand)]
    say: Option<Say>,

    /// The scenario file
    #[arg(value_name = "FILE", required = true)]
    scenario: Option<PathBuf>,

    /// The record of what was said [default: go.yaml next to the scenario]
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    /// Show the state at this moment instead of now: 2018-11-06T18:00, in the scenario's time zone
    #[arg(long, value_name = "TIME", value_parser = record::moment)]
    now: Option<TypedMoment>,

    /// A folder of results, or one containing such folders: what was rehearsed, and its odds
    ///
    /// Results of `sim run` (many runs or one), of the room, and of `sim capacity`. Nothing
    /// is run again. May be given several times.
    #[arg(long, value_name = "DIR")]
    results: Vec<PathBuf>,

    /// A scenario that is to be rehearsed before the launch; may be given several times
    #[arg(long, value_name = "FILE")]
    planned: Vec<PathBuf>,

    /// Folder for go.html [default: reports/<name of the scenario file>-go]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim go launch.yaml
      where things stand: on the terminal, and as reports/launch-go/go.html
  sim go set launch.yaml oit met --by josh --as-of 2018-11-05T15:00 --source \"DNS report\"
  sim go set launch.yaml \"5000 users in beta\" 5210 --by mina --as-of 2018-11-05 --expires 48h
  sim go set launch.yaml oit met --by josh --if \"the last cut-over is done\" --until 2018-11-06
  sim go poll launch.yaml engineering go --by james
  sim go own launch.yaml \"85% diverse users\" mina --by chris --due 2018-11-06
  sim go withdraw launch.yaml oit --by josh
  sim go decide launch.yaml go --by chris --words \"we go at 13:00\"
  sim go launch.yaml --results reports --now 2018-11-07T09:00

Exit codes: 0 every criterion is GO, or the decision is go, 3 something is not yet known, 99
no-go, 2 wrong usage or a file with errors, 1 a runtime error.";

/// The page.
const PAGE: &str = "go.html";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &GoArguments) -> Exit {
    let done = match &arguments.say {
        Some(say) => say::run(say),
        None => show(arguments),
    };
    done.unwrap_or_else(|exit| exit)
}

/// The status of everything.
fn show(arguments: &GoArguments) -> Result<Exit, Exit> {
    let scenario = arguments.scenario.as_deref().expect("clap asks for it");
    let LoadedScenario { plan, files, .. } = load_whole(scenario, &[], true)?;
    let rows = record::rows(&plan, scenario)?;
    let now = record::now(arguments.now, &rows);
    let record = RecordFile::for_scenario(scenario, arguments.record.as_deref());
    let said = record.read(&rows, &record::latest(&now))?;
    let board = ReadinessBoard::at(&rows, &said.statements, &now);
    let missing = board.missing(&rows);
    let found = results::read(&arguments.results, &plan)?;
    let untried = results::untried(&arguments.planned, &plan, &found.exercises)?;
    let plays: Vec<String> = plan.names.plays.iter().cloned().collect();
    let again = show_again_command(arguments, scenario, &now);
    let readiness = Readiness {
        board: &board,
        missing: &missing,
        exercises: (!arguments.results.is_empty()).then_some(&found.exercises),
        untried: &untried,
        plays: &plays,
        capacity: found.capacity.as_ref(),
        findings: &plan.findings,
        again: &again,
    };
    let files = files.into_iter().chain(said.file).collect();
    let folder = keep(arguments, scenario, &readiness, files)?;
    if !arguments.quiet {
        terminal::print(&report::readiness_summary(&readiness, terminal::style()));
        let page = format!("Page    {}", folder.path().join(PAGE).display());
        terminal::print(&format!("\n{}\n", for_terminal(&page, 2_000)));
    }
    Ok(exit(&board))
}

/// Puts the page into its folder, and how it was made.
fn keep(
    arguments: &GoArguments,
    scenario: &Path,
    readiness: &Readiness,
    files: Vec<InputFile>,
) -> Result<Folder, Exit> {
    let wanted = arguments.out.clone().unwrap_or_else(|| default_folder(scenario, "-go"));
    let broke = |error: std::io::Error| {
        terminal::cannot_write(&wanted, &error);
        Exit::Broke
    };
    let page = report::readiness_page(readiness);
    let title = report::page_title("Go/no-go", &readiness.board.scenario);
    let folder = Folder::claim_page(&wanted, &[PAGE, RUN], &title).map_err(broke)?;
    folder.keep(PAGE, page.as_bytes()).map_err(broke)?;
    provenance::keep(&folder, &MadeBy::new(readiness.again.to_string(), files)).map_err(broke)?;
    Ok(folder)
}

/// The command that shows the same again.
fn show_again_command(arguments: &GoArguments, scenario: &Path, now: &Zoned) -> String {
    let mut again = provenance::command("go", scenario);
    let path = |path: &Path| for_shell(&path.to_string_lossy());
    if let Some(record) = &arguments.record {
        again += &format!(" --record {}", provenance::relative(record, scenario));
    }
    again += &format!(" --now {}", now.strftime("%Y-%m-%dT%H:%M:%S"));
    for folder in &arguments.results {
        again += &format!(" --results {}", path(folder));
    }
    for planned in &arguments.planned {
        again += &format!(" --planned {}", provenance::relative(planned, scenario));
    }
    again
}

/// What a script wants to know.
fn exit(board: &ReadinessBoard) -> Exit {
    match (&board.decision, board.criteria()) {
        (DecisionStatus::Decided(decided), _) if decided.decision == Decision::Go => Exit::Met,
        (DecisionStatus::Decided(_), _) | (_, RowStatus::NoGo) => Exit::Missed,
        (_, RowStatus::Go) => Exit::Met,
        (_, RowStatus::GoIf { .. } | RowStatus::Unknown) => Exit::NotJudgeable,
    }
}
