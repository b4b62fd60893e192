//! `sim judge`: what the scenario's rules make of what really happened.

use super::folder::Folder;
use super::run::{key_value, load};
use super::{Exit, terminal};
use crate::judge::{Acting, Judge, Judgement, Recording, RecordingError, Subject};
use crate::report;
use crate::scenario::Plan;
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// Judge what really happened by a scenario's rules
///
/// Reads what was recorded of a run (sim run --record), and judges it with the code that judges
/// a simulated day: when each rule was pending, fired, cleared and resolved, with value, threshold,
/// number of requests and margin; which rules could not be judged, and why; how close the silent
/// ones came.
///
/// Nobody acts in a log, so the plan does: everybody answers and every change is made in the median
/// of the plan's own times, and the report says when you would have rolled back. A recording of
/// this very scenario carries the answers that were really given, and they count instead.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct JudgeArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// A recording of a run
    #[arg(long, value_name = "FILE", required = true)]
    readings: Option<PathBuf>,

    /// Change one value of the scenario: rules.SlowPages.for=30s
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    set: Vec<(String, String)>,

    /// Folder for the tables judge.csv, judge_plays.csv and judge_rules.csv
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,

    /// How the judgement is told
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
}

const EXAMPLES: &str = "\
Examples:
  sim run day.yaml --record day.jsonl
  sim judge day.yaml --readings day.jsonl
  sim judge day.yaml --readings day.jsonl --set rules.SlowPages.for=30s
  sim judge day.yaml --readings day.jsonl --format json | jq '.moves[]'

Exit codes: 0 no rule fired, 99 a rule fired, 3 nothing could be judged,
2 wrong usage or a scenario with errors, 1 something broke.";

/// Runs the subcommand.
pub(super) fn run(arguments: &JudgeArguments) -> Exit {
    let Ok(plan) = load(&arguments.scenario, &arguments.set, true) else { return Exit::Wrong };
    let path = arguments.readings.as_deref().expect("clap has made sure of it");
    recording(arguments, &plan, path)
}

/// Judges a recording.
fn recording(arguments: &JudgeArguments, plan: &Plan, path: &Path) -> Exit {
    let shown = path.display().to_string();
    let opened = File::open(path).map_err(RecordingError::Io);
    let opened = opened.and_then(|file| Recording::new(BufReader::new(file)));
    let opened = opened.and_then(|recording| {
        let (subject, same) = Subject::of_recording(plan, &recording)?;
        Ok((recording, subject, same))
    });
    let (mut recording, subject, same) = match opened {
        Ok(opened) => opened,
        Err(error) => return refuse(&shown, &error),
    };
    let acting = if same { Acting::Recorded } else { Acting::ByPlan };
    let mut judge = Judge::new(&subject, acting);
    let damage = judge.take_all(&mut recording, &subject.positions).err();
    let judgement = judge.judgement();
    let source = format!("Recording {shown}");
    let exit = tell(arguments, &subject, &judgement, &source);
    match damage {
        Some(error) => {
            terminal::error(&format!("{shown}: {error}"), "what came before it was judged");
            Exit::Broke
        }
        None => exit,
    }
}

fn refuse(shown: &str, error: &RecordingError) -> Exit {
    let hint = match error {
        RecordingError::Misfit { hint, .. } => hint.as_str(),
        RecordingError::NoRecording => "make one with sim run SCENARIO --record FILE",
        RecordingError::Version { .. } => "record the run again with this version",
        _ => "",
    };
    terminal::error(&format!("{shown}: {error}"), hint);
    Exit::Wrong
}

/// Prints and writes the judgement.
fn tell(
    arguments: &JudgeArguments,
    subject: &Subject,
    judgement: &Judgement,
    source: &str,
) -> Exit {
    if !arguments.quiet {
        let text = match arguments.format {
            Format::Text => report::judge_summary(subject, judgement, source, terminal::style()),
            Format::Json => report::judge_json(subject, judgement, source),
        };
        terminal::print(&text);
    }
    if let Some(out) = &arguments.out {
        match save(out, subject, judgement) {
            Ok(folder) if !arguments.quiet && arguments.format == Format::Text => {
                let folder = folder.path().display().to_string();
                terminal::print(&format!("\nFiles   {}/\n", report::for_terminal(&folder, 2_000)));
            }
            Ok(_) => {}
            Err(error) => {
                let message = format!("cannot write to {}: {error}", out.display());
                terminal::error(&message, "name another folder with --out");
                return Exit::Broke;
            }
        }
    }
    match (judgement.judged_anything(), judgement.fired()) {
        (false, _) => Exit::NotJudgeable,
        (true, true) => Exit::Missed,
        (true, false) => Exit::Met,
    }
}

fn save(out: &Path, subject: &Subject, judgement: &Judgement) -> io::Result<Folder> {
    let id = report::judge_id(subject, judgement);
    let folder = Folder::claim_table(out, report::JUDGE_FILES[2], &[(0, &id)])?;
    let mut files = Vec::new();
    report::write_judge(subject, judgement, &mut |name| {
        let file = folder.file()?;
        let writer = io::BufWriter::new(file.reopen()?);
        files.push((file, name.to_string()));
        Ok(Box::new(writer))
    })?;
    files.into_iter().try_for_each(|(file, name)| folder.keep(file, &name))?;
    Ok(folder)
}
