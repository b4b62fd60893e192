//! `sim fill`: what is open in a plan, asked one question at a time.

mod file;
mod measured;
mod messages;
mod page;
mod session;

use crate::campaign::WorkerPool;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::options::all_processors;
use crate::cli::shared::{Exit, terminal};
use crate::fill::{self, Answerer, Questions};
use crate::report::{for_terminal, wrapped};
use crate::scenario::{self, LoadedPlan, SourceText};
use session::FillSession;
use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

/// Fill in the gaps of a plan together, one question at a time
///
/// Walks through everything a scenario leaves open or assumes, one question per screen, suited to
/// a projector: first the assumed numbers that affect the day most (each is doubled and the day
/// run again with the same draws), then the findings, most serious first. Each says why it matters
/// and who is likely to know; --measured proposes measured or tuned values. Names of people are
/// asked for and never proposed.
///
/// An answer is written to the file at once, in place of its "?"; the comment next to it says
/// who said so and when, as [o], ours. Comments and order stay as they are. What nobody in the room
/// can answer is parked with an owner and a date, and is asked again when that day is over. Stop at
/// any time and continue later: what has been answered is in the file.
///
/// Answers may come from a script: one line for each question, and one more where it is asked
/// whether that is meant.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct FillArguments {
    /// The scenario file
    #[arg(value_name = "FILE")]
    scenario: PathBuf,

    /// Who answers; `by NAME` changes it while filling in
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    /// The date that is written next to answers [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<jiff::civil::Date>,

    /// How many of the assumed numbers that affect the day most are asked first
    #[arg(long, value_name = "N", default_value_t = 5)]
    first: usize,

    /// Measured values to propose: a roll call record, a part or a results folder
    ///
    /// A record of `sim rollcall` or the part that it writes, a part of `sim crew`, a file of `sim
    /// baseline`, or a folder: one from `sim tune` proposes thresholds, one from `sim run` puts the
    /// numbers its answer hinges on first. May be given several times.
    #[arg(long, value_name = "FILE-OR-FOLDER")]
    measured: Vec<PathBuf>,

    /// List the questions and ask none
    #[arg(long)]
    list: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim fill launch.yaml --by \"Monday's meeting\"
  sim fill launch.yaml --list                      what would be asked
  sim fill launch.yaml --measured rollcall.csv --measured reports/launch-tune
  sim fill launch.yaml --first 0 < answers.txt     from a script, one line per question

What you can type:
  an answer               goes into the file
  ok                      take what is proposed; an assumed number becomes yours
  park OWNER [DATE]       somebody takes it with them: park ann Nov 1
  not needed              a role or an item goes; a comment keeps who said so
  done, keep              an item is done, or stays with whom it is
  skip, or nothing        next question; this one is asked again next time
  back, undo              takes the last answer back, or asks again what was passed
  why                     what the file and the plan say here
  by NAME                 somebody else answers from here on
  stop                    end here

Exit codes: 0 even if points stay open, 1 the file could not be written or was changed by somebody
else meanwhile, 2 the scenario has errors.";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &FillArguments) -> Exit {
    let (source, loaded) = match load(arguments) {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let by = arguments.by.clone().unwrap_or_default();
    if let Some(problem) = messages::hidden(&by) {
        terminal::error(&format!("--by {problem}"), "");
        return Exit::Wrong;
    }
    let found = match measured::read(&arguments.measured) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let draft = match (arguments.list, file::opened(&arguments.scenario)) {
        (false, Err(exit)) => return exit,
        (_, draft) => draft.ok(),
    };
    Interrupt::at_once("every answer so far is in the file");
    let today = arguments.on.unwrap_or_else(|| jiff::Zoned::now().date());
    let mut first: Vec<String> = Vec::new();
    working("Playing the day with each assumed number doubled …");
    let mut weighed = match arguments.first {
        0 => fill::RankedInputs::default(),
        _ => fill::rank_inputs(&loaded, &source, today, &|| false),
    };
    if arguments.first > 0 {
        terminal::print(&looked_at(&weighed));
        let known_hinges = found.hinges.len();
        let elsewhere = weighed.put_first(found.hinges, &source.text);
        let found_first = arguments.first.min(known_hinges - elsewhere);
        if elsewhere > 0 {
            terminal::print(&unanswerable_here(elsewhere));
        }
        // Those that are settled already are among the first.
        let weights = weighed.weights.iter().take(arguments.first.max(found_first));
        let open = weights.filter(|weight| !weight.settled);
        first.extend(open.map(|weight| weight.path.clone()));
    }
    let known = weighed.put_measured(&loaded, &source, &found.measured, today);
    first.extend(known.into_iter().filter(|path| !first.contains(path)).collect::<Vec<_>>());
    let questions = fill::questions(&loaded, &source.text, &found.measured, today);
    terminal::print(&counted(questions.clone(), first.len()));
    let said = (Answerer { by, on: today.to_string() }, today);
    let mut session =
        FillSession::new(&arguments.scenario, source, said, (weighed, found.measured), first);
    working("Playing the day with each question open and answered …");
    if let Ok(workers) = WorkerPool::new(all_processors()) {
        session.play(workers);
    }
    if arguments.list {
        terminal::print(&session.list(&questions.parked));
        return Exit::Met;
    }
    session.keep(draft);
    sit(&mut session)
}

/// Asks and takes answers until there is nothing left to ask, or somebody stops.
fn sit(session: &mut FillSession) -> Exit {
    let clear = is_watched();
    let mut lines = io::stdin().lock().lines();
    let mut told = String::new();
    while let Some(page) = session.page() {
        // What came of the last answer stays in sight above the next question.
        if clear {
            terminal::print("\u{1b}[2J\u{1b}[H");
        }
        terminal::print(&told);
        terminal::print(&page);
        let Some(Ok(line)) = lines.next() else { break };
        told = match session.typed(line.trim()) {
            Ok(Some(told)) => {
                working("  …");
                told
            }
            Ok(None) => {
                told.clear();
                break;
            }
            Err(exit) => return exit,
        };
    }
    terminal::print(&told);
    terminal::print(&session.end());
    Exit::Met
}

/// Whether somebody sits in front of a terminal.
fn is_watched() -> bool {
    io::stdout().is_terminal() && io::stdin().is_terminal()
}

/// Says what takes a while to somebody who waits for it.
fn working(what: &str) {
    if is_watched() {
        terminal::print(&format!("{what}\n"));
    }
}

/// The scenario, with the text that it was read from.
fn load(arguments: &FillArguments) -> Result<(SourceText, LoadedPlan), Exit> {
    let read = scenario::read_source(&arguments.scenario).and_then(|source| {
        let source = source.without_mark();
        scenario::load(&source, &[]).map(|loaded| (source, loaded))
    });
    read.map_err(|problems| {
        terminal::print_to_stderr(&terminal::problems(&problems));
        Exit::Wrong
    })
}

/// What weighing has found, and what it has not looked at.
fn looked_at(weighed: &fill::RankedInputs) -> String {
    let text = match (weighed.assumed, weighed.tried) {
        (0, _) => return String::new(),
        (all, 0) => format!(
            "{all} numbers are assumed. Which of them matter most was not tested: one run \
             takes too long."
        ),
        (all, tried) if weighed.weights.is_empty() => format!(
            "{all} numbers are assumed. Doubling {tried} of them (same luck) does not change \
             what users lose."
        ),
        (all, tried) => format!(
            "{all} numbers of traffic, site, people and changes are assumed; {tried} of \
             them were doubled, each with the same luck, to see what users would lose.{}",
            if tried < all { " The rest would have taken too long." } else { "" }
        ),
    };
    wrapped(&text, terminal::width()).join("\n") + "\n"
}

/// What the answer of many runs hinges on, and nobody can answer here.
fn unanswerable_here(numbers: usize) -> String {
    let (stand, were) = if numbers == 1 { ("is", "was") } else { ("are", "were") };
    let text = format!(
        "Of the numbers that matter, {numbers} {stand} in an included file, or {were} different in \
         that run: change the part, or run again."
    );
    wrapped(&text, terminal::width()).join("\n") + "\n"
}

fn counted(questions: Questions, numbers: usize) -> String {
    let things = questions.open.len();
    let asked = fill::together(questions.open).len();
    let open = asked + numbers;
    let mut text = format!("{open} {}", if open == 1 { "question" } else { "questions" });
    if numbers > 0 {
        text += &format!(", {numbers} of them about assumed numbers");
    }
    if things > asked {
        text += &format!(", about {} open things", things + numbers);
    }
    if !questions.parked.is_empty() {
        text += &format!("; {} parked", questions.parked.len());
    }
    if questions.included > 0 {
        text += &format!("; {} in included files, which are changed there", questions.included);
    }
    wrapped(&for_terminal(&text, 400), terminal::width()).join("\n") + ".\n"
}
