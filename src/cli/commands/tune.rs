//! `sim tune`: which numbers a rule should have.

mod arguments;
mod days;

pub(in crate::cli) use arguments::TuneArguments;

use crate::campaign::{ShardHeader, ShardPosition};
use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{load, load_with_files, size};
use crate::cli::shared::resume::Checkpoint;
use crate::cli::shared::saving;
use crate::cli::shared::shards::{self, ShardRun};
use crate::cli::shared::{Exit, terminal};
use crate::names::RuleId;
use crate::report::for_shell;
use crate::report::{self, Tuning};
use crate::scenario::{self, MadeBy};
use crate::tune::{
    self, JudgedDay, JudgedDays, QuietDays, ReadingSelection, Scoring, TriedRule, TuneIdentity,
    Tuned, Untried,
};
use crate::units::Span;
use arguments::{DAYS, TRIALS, TuningStopped};
use days::{TuningDays, no_fault};
use std::io;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &TuneArguments) -> Exit {
    tune(arguments).unwrap_or_else(|stopped| stopped)
}

fn tune(arguments: &TuneArguments) -> Result<Exit, TuningStopped> {
    let block = arguments.shard.block()?;
    let (written, files) = load_with_files(&arguments.scenario, arguments.day.sets(), true)?;
    size(&written, arguments.effort.large, arguments.effort.quiet)?;
    let grids = tune::grids(&arguments.tries, &written).map_err(untried)?;
    let sets = [arguments.day.sets(), &tune::filled_in(&written, &grids)].concat();
    let filled = load(&arguments.scenario, &sets, true)?;
    let candidates = tune::candidates(&filled, &written, &grids).map_err(untried)?;
    let rules = candidates.iter().flatten().map(|candidate| &candidate.rule);
    let wanted = ReadingSelection::for_rules(rules, &filled.names, &filled.playbook.baseline);
    let days = TuningDays::new(arguments, &filled, &wanted)?;
    let alert = |rule: RuleId| filled.names.rules[rule.index()].clone();
    let tried = grids.iter().zip(candidates);
    let tried = tried.map(|(grid, candidates)| TriedRule {
        rule: grid.rule,
        alert: alert(grid.rule),
        candidates,
    });
    let seed = arguments.day.seed_of(&filled);
    let identity = TuneIdentity {
        program: env!("CARGO_PKG_VERSION").to_string(),
        scenario: written.scenario.clone(),
        scenario_hash: scenario::plan_hash(&written),
        seed,
        quiet: quiet(arguments, filled.lasts),
        trials: arguments.trials,
        faults: days.faults(),
        every: filled.telemetry.every,
        baseline: filled.playbook.baseline.clone(),
        allowed: arguments.false_alarms,
        replay: replay(arguments, "SCENARIO.yaml"),
        tried: tried.collect(),
    };
    let seed_too =
        if arguments.day.seed.is_none() { format!(" --seed {seed}") } else { String::new() };
    let name = arguments.scenario.file_name().unwrap_or_default().to_string_lossy();
    let made_by = MadeBy::new(replay(arguments, &for_shell(&name)) + &seed_too, files);
    match block {
        None => whole(arguments, &identity, days, &made_by),
        Some(block) => shard(arguments, identity, days, block, made_by),
    }
}

fn untried(why: Untried) -> TuningStopped {
    terminal::error(&why.message, &why.hint);
    if why.nothing { Exit::NotJudgeable } else { Exit::Wrong }
}

/// What the quiet days are.
fn quiet(arguments: &TuneArguments, lasts: Span) -> QuietDays {
    let simulated = format!("{} simulated days of {lasts}", arguments.days);
    match &arguments.logs[..] {
        [] => QuietDays { days: arguments.days, words: simulated, measured: false },
        [log] => QuietDays { days: 1, words: format!("the log {}", log.display()), measured: true },
        logs => QuietDays { days: 1, words: format!("{} logs", logs.len()), measured: true },
    }
}

/// What is said to be kept after a signal.
const KEPT: &str = "the days already run are saved; the same command with --resume runs the rest";

/// The days so far, in the folder of the tables.
const RESUME: &str = "tune.resume.jsonl";

/// Plays all days, and recommends.
fn whole(
    arguments: &TuneArguments,
    identity: &TuneIdentity,
    mut days: TuningDays,
    made_by: &MadeBy,
) -> Result<Exit, TuningStopped> {
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&arguments.scenario, "-tune"));
    let cannot_write = |error: io::Error| {
        terminal::cannot_write(&out, &error);
        Exit::Broke
    };
    let cells = [(0, identity.scenario_hash.as_str())];
    let claimed = Folder::claim_table(&out, &saving::TUNE_FILES, &cells);
    let folder = claimed.map_err(cannot_write)?;
    let so_far = folder.path().join(RESUME);
    let opened = Checkpoint::open::<JudgedDay>(&so_far, identity, arguments.resume);
    let (checkpoint, known) = opened.map_err(cannot_write)?;
    if arguments.resume && !arguments.effort.quiet {
        terminal::print_to_stderr(&format!("{} days were already run\n", known.len()));
    }
    let trials = 0..identity.days();
    days.read(&trials)?;
    let interrupt = Interrupt::finishing(KEPT);
    let playing = ShardRun { trials, known, checkpoint: &checkpoint, interrupt: &interrupt };
    let judged = days.play(identity, playing).map_err(cannot_start)?;
    if (judged.len() as u64) < identity.days() {
        terminal::print_to_stderr(&format!("interrupted: {KEPT}\n"));
        return Err(Exit::Interrupted);
    }
    let mut scoring = Scoring::new(identity);
    judged.iter().for_each(|day| scoring.add(day));
    let outcome = scoring.outcome();
    if outcome.troubled.is_empty() {
        return Err(no_fault());
    }
    let tuning = Tuning { identity, outcome: &outcome };
    saving::tuning(&folder, &tuning, Some(made_by)).map_err(cannot_write)?;
    checkpoint.remove();
    if !arguments.effort.quiet {
        terminal::print(&report::tune_summary(&tuning, terminal::style()));
        terminal::print(&closing(arguments, &tuning, &folder));
    }
    let good = |tuned: &Tuned| tuned.choice.is_some_and(|choice| !choice.noisy);
    Ok(if outcome.tuned.iter().all(good) { Exit::Met } else { Exit::Missed })
}

/// Plays one block of the days into one file.
fn shard(
    arguments: &TuneArguments,
    identity: TuneIdentity,
    mut days: TuningDays,
    block: ShardPosition,
    made_by: MadeBy,
) -> Result<Exit, TuningStopped> {
    let all = identity.days();
    days.read(&block.trials(all))?;
    let header = ShardHeader::new::<JudgedDays>(identity, all, block).made_by(made_by);
    let folder = arguments.out.clone().unwrap_or_else(|| "reports".into());
    let file = shards::file(&folder, &arguments.scenario, "-tune", block);
    Ok(shards::play::<JudgedDays>(&header, &file, arguments.effort.quiet, |playing| {
        days.play(&header.identity, playing)
    }))
}

fn cannot_start(error: io::Error) -> TuningStopped {
    terminal::error(&format!("cannot start the trials: {error}"), "ask for fewer --jobs");
    Exit::Broke
}

/// What to do with the recommendation, where the files are, and how to tune again.
fn closing(arguments: &TuneArguments, tuning: &Tuning, folder: &Folder) -> String {
    let mut text = String::new();
    let scenario = for_shell(&arguments.scenario.display().to_string());
    for tuned in &tuning.outcome.tuned {
        let Some(choice) = tuned.choice else { continue };
        let sets = tuned.tried[choice.at].0.sets(&tuned.alert);
        let sets: String = sets
            .iter()
            .map(|(k, v)| format!(" --set {}", for_shell(&format!("{k}={v}"))))
            .collect();
        text += &format!("\nUse     sim run {scenario}{sets}");
    }
    let folder = folder.path().display();
    text += &format!("\nFiles   {folder}/\nReplay  {}\n", replay(arguments, &scenario));
    text.lines().map(|line| report::for_terminal(line, 2_000) + "\n").collect()
}

/// The command again, as far as results depend on it.
fn replay(arguments: &TuneArguments, scenario: &str) -> String {
    let mut text = format!("sim tune {scenario}");
    for (key, value) in &arguments.tries {
        text += &format!(" --try {}", for_shell(&format!("{key}={value}")));
    }
    for (key, value) in arguments.day.sets() {
        text += &format!(" --set {}", for_shell(&format!("{key}={value}")));
    }
    if !arguments.logs.is_empty() {
        text += " --log QUIET-LOG";
    } else if arguments.days != DAYS {
        text += &format!(" --days {}", arguments.days);
    }
    if arguments.trials != TRIALS {
        text += &format!(" --trials {}", arguments.trials);
    }
    if arguments.false_alarms != 1.0 {
        text += &format!(" --false-alarms {}", arguments.false_alarms);
    }
    text + &arguments.day.seed_again()
}
