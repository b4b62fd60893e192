//! `sim run`: one scenario in, one rehearsed gameday out.

use super::folder::Folder;
use super::interrupt::Interrupt;
use super::{Exit, terminal};
use crate::gameday::{Finished, Gameday, Trial};
use crate::journal::{self, Entry, Header, Story};
use crate::report;
use crate::scenario::{self, Plan};
use crate::units::Time;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Run a scenario and report how the day went
///
/// Reads one scenario file, checks it, and plays the whole gameday: visitors, faults, readings,
/// rules, people and changes. The verdict and where the minutes went come on stdout; the journal
/// and the CSV files go to a folder of this run's own. The same scenario, seed and trial give the
/// same bytes, always.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RunArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// Folder for this run's files [default: reports/<name of the scenario file>]
    ///
    /// A folder that holds another run is never overwritten: the new one gets -2.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Seed of the random draws, instead of the scenario's own
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Which of the seed's possible days to play
    #[arg(long, value_name = "K", default_value_t = 0)]
    trial: u64,

    /// Change one value of the scenario: traffic.patience=10s, changes.frontend-revert=~9m
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    set: Vec<(String, String)>,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim run scenarios/proxy-outage.yaml
  sim run scenarios/proxy-outage.yaml --trial 7
  sim run scenarios/proxy-outage.yaml --set changes.reverse-proxy-update=10m --out /tmp/slow

Exit codes: 0 expectations met, 99 one is missed, 2 the scenario has errors,
1 something broke while running, 130 interrupted.";

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_string(), value.trim().to_string()))
        }
        _ => Err("write KEY=VALUE, such as traffic.patience=10s".to_string()),
    }
}

/// Runs the subcommand.
pub(super) fn run(arguments: &RunArguments) -> Exit {
    let plan = match load(arguments) {
        Ok(plan) => plan,
        Err(exit) => return exit,
    };
    let trial = Trial { seed: arguments.seed.unwrap_or(plan.seed), number: arguments.trial };
    let header = scenario::header(&plan, trial.number, trial.seed);
    let wanted = arguments.out.clone().unwrap_or_else(|| default_folder(&arguments.scenario));
    let folder = match Folder::claim(&wanted, &header.run_id) {
        Ok(folder) => folder,
        Err(error) => {
            let message = format!("cannot write to {}: {error}", wanted.display());
            terminal::error(&message, "name another folder with --out");
            return Exit::Broke;
        }
    };
    let interrupt = Interrupt::listen();
    let played = play(&plan, &header, trial, &folder, &interrupt, arguments.quiet);
    let saved = played.written.and_then(|file| save(&header, &played.story, &folder, file));
    if !arguments.quiet {
        terminal::print(&report::summary(&header, &played.story, terminal::style()));
    }
    match saved {
        Ok(()) if !arguments.quiet => terminal::print(&closing(arguments, trial, &plan, &folder)),
        Ok(()) => {}
        Err(error) => {
            let message = format!("cannot save all of {}: {error}", folder.path().display());
            terminal::error(&message, "make room or name another folder with --out, and run again");
            return Exit::Broke;
        }
    }
    exit_of(&played.story, interrupt.wanted())
}

fn exit_of(story: &Story, interrupted: bool) -> Exit {
    if interrupted && story.totals().is_none_or(|totals| totals.interrupted) {
        Exit::Interrupted
    } else if story.expectations().all(|expectation| expectation.met) {
        Exit::Met
    } else {
        Exit::Missed
    }
}

/// Reads and checks the scenario; problems go to stderr, all at once.
fn load(arguments: &RunArguments) -> Result<Plan, Exit> {
    let loaded = scenario::read_source(&arguments.scenario)
        .and_then(|source| scenario::load(&source, &arguments.set));
    match loaded {
        Ok(loaded) => Ok(loaded.plan),
        Err(problems) => {
            terminal::complain(&problems.render(terminal::colour_on_stderr()));
            Err(Exit::Wrong)
        }
    }
}

fn default_folder(scenario: &Path) -> PathBuf {
    Path::new("reports").join(scenario.file_stem().unwrap_or("run".as_ref()))
}

/// What a run leaves: its story, and its journal or what kept it from being written.
struct Played {
    story: Story,
    written: io::Result<NamedTempFile>,
}

fn play(
    plan: &Plan,
    header: &Header,
    trial: Trial,
    folder: &Folder,
    interrupt: &Interrupt,
    quiet: bool,
) -> Played {
    let bar = terminal::progress((plan.lasts.seconds()).ceil() as u64, quiet);
    let mut journal = Writing::begin(folder, header);
    let mut gameday = Gameday::new(plan, header, trial);
    while !interrupt.wanted() {
        let Some(now) = gameday.step() else { break };
        journal.write(&gameday.drain());
        bar.set_position(now.seconds() as u64);
        if !bar.is_hidden() {
            bar.set_message(clock(plan, now));
        }
    }
    let Finished { story, entries } = gameday.finish();
    journal.write(&entries);
    bar.finish_and_clear();
    Played { story, written: journal.end() }
}

fn clock(plan: &Plan, now: Time) -> String {
    plan.calendar.clock(now)
}

/// The journal on its way to disk. The first failure is kept and ends the writing, not the run.
struct Writing(io::Result<BufWriter<NamedTempFile>>);

impl Writing {
    fn begin(folder: &Folder, header: &Header) -> Writing {
        Writing(folder.file().map(BufWriter::new).and_then(|mut file| {
            journal::write_header(&mut file, header)?;
            Ok(file)
        }))
    }

    fn write(&mut self, entries: &[Entry]) {
        if let Ok(file) = &mut self.0 {
            let written = entries.iter().try_for_each(|entry| journal::write_entry(file, entry));
            if let Err(error) = written {
                self.0 = Err(error);
            }
        }
    }

    fn end(self) -> io::Result<NamedTempFile> {
        let mut file = self.0?;
        file.flush()?;
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// Puts the journal in its place, and every table made from it beside it.
fn save(header: &Header, story: &Story, folder: &Folder, journal: NamedTempFile) -> io::Result<()> {
    folder.keep(journal, "journal.jsonl")?;
    let file = std::fs::File::open(folder.path().join("journal.jsonl"))?;
    let entries = journal::Reader::new(BufReader::new(file))?;
    let mut tables = Vec::new();
    report::write_all(header, story, None, entries, &mut |name| {
        let file = folder.file()?;
        let writer = BufWriter::new(file.reopen()?);
        tables.push((file, name.to_string()));
        Ok(Box::new(writer))
    })?;
    tables.into_iter().try_for_each(|(file, name)| folder.keep(file, &name))
}

/// Where the files are, and how to play this very day again.
fn closing(arguments: &RunArguments, trial: Trial, plan: &Plan, folder: &Folder) -> String {
    let mut again = format!("sim run {}", arguments.scenario.display());
    if trial.seed != plan.seed {
        again.push_str(&format!(" --seed {}", trial.seed));
    }
    if trial.number != 0 {
        again.push_str(&format!(" --trial {}", trial.number));
    }
    for (key, value) in &arguments.set {
        again.push_str(&format!(" --set '{key}={value}'"));
    }
    let again = report::for_terminal(&again, 2_000);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    format!("Files   {folder}/\nReplay  {again}\n")
}
