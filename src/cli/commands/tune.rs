//! `sim tune`: which numbers a rule should have.

mod arguments;
mod played;
mod wishes;

pub(in crate::cli) use arguments::TuneArguments;

use crate::campaign::WorkerPool;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{load_with_files, size};
use crate::cli::shared::log_options;
use crate::cli::shared::options::all_or;
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::{Exit, terminal};
use crate::gameday::Trial;
use crate::judge::LogReadings;
use crate::logs::{self, Step};
use crate::names::FaultId;
use crate::report::for_shell;
use crate::report::{self, Tuning};
use crate::scenario::{self, MadeBy, Plan};
use crate::tune::{Day, Days, Tuned, Wanted, choose, quiet_plan, score, troubled_plan};
use crate::units::Span;
use arguments::{DAYS, Stopped, TRIALS, refuse};
use played::{PlayedDays, QUIET};
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};
use wishes::{candidates, filled, grids};

const PAGE: &str = "tune.html";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &TuneArguments) -> Exit {
    tune(arguments).unwrap_or_else(|stopped| stopped)
}

fn tune(arguments: &TuneArguments) -> Result<Exit, Stopped> {
    let (written, files) = load_with_files(&arguments.scenario, &arguments.set, true)?;
    size(&written, arguments.large, arguments.quiet)?;
    let grids = grids(arguments, &written)?;
    // A rule with a number open has no condition yet: any value will do to have one.
    let filled = filled(arguments, &written, &grids)?;
    let candidates = candidates(&filled, &written, &grids)?;
    let rules = candidates.iter().flatten().map(|candidate| &candidate.rule);
    let wanted = Wanted::of(rules, &filled.names, &filled.playbook.baseline);
    let workers = WorkerPool::new(all_or(arguments.jobs)).map_err(|error| {
        terminal::error(&format!("cannot start the trials: {error}"), "ask for fewer --jobs");
        Exit::Broke
    })?;
    let hash = scenario::plan_hash(&written);
    let folder = claim(arguments, &hash)?;
    let seed = arguments.seed.unwrap_or(filled.seed);
    let before =
        PlayedDays::open(&folder, (&filled, seed), &wanted, arguments).map_err(|error| {
            terminal::cannot_write(folder.path(), &error);
            Exit::Broke
        })?;
    let interrupt = Interrupt::finishing(KEPT);
    let (days, quiet) = days(arguments, (&filled, seed), &wanted, &workers, &before)?;
    if days.troubled.is_empty() {
        let hint = "add `faults:` that hit the site, or tune in a scenario that has some";
        return Err(refuse("the scenario has no fault to detect", hint));
    }
    let baseline = &filled.playbook.baseline;
    let mut tuned = Vec::new();
    for (grid, candidates) in grids.iter().zip(candidates) {
        let judge = |at: u64| {
            let rule = &candidates[at as usize].rule;
            (!interrupt.wanted()).then(|| score(rule, baseline, &filled.names, &wanted, &days))
        };
        let scores = workers.collect(0..candidates.len() as u64, &judge);
        if scores.len() < candidates.len() {
            return Err(interrupted());
        }
        let tried: Vec<_> = candidates.into_iter().zip(scores).collect();
        let (frontier, choice) = choose(&tried, arguments.false_alarms, filled.telemetry.every);
        let alert = filled.names.rules[grid.rule.index()].clone();
        tuned.push(Tuned { rule: grid.rule, alert, tried, frontier, choice });
    }
    let replay = replay(arguments, "SCENARIO.yaml");
    let tuning = Tuning {
        scenario: &written.scenario,
        scenario_hash: &hash,
        seed,
        days: &days,
        quiet: &quiet,
        tuned: &tuned,
        allowed: arguments.false_alarms,
        every: filled.telemetry.every,
        replay: &replay,
    };
    let seed_too = if arguments.seed.is_none() { format!(" --seed {seed}") } else { String::new() };
    let name = arguments.scenario.file_name().unwrap_or_default().to_string_lossy();
    let made_by = MadeBy::new(self::replay(arguments, &for_shell(&name)) + &seed_too, files);
    provenance::keep(&folder, &made_by).map_err(|error| {
        terminal::cannot_write(folder.path(), &error);
        Exit::Broke
    })?;
    let exit = tell(arguments, &folder, &tuning)?;
    before.remove();
    Ok(exit)
}

/// What a signal leaves.
const KEPT: &str =
    "the days that were played are kept; the same command with --resume plays the rest";

/// Says that there is no recommendation yet.
fn interrupted() -> Stopped {
    terminal::complain(&format!("interrupted: {KEPT}\n"));
    Exit::Interrupted
}

/// Plays or reads the days, and says what the quiet ones are.
fn days(
    arguments: &TuneArguments,
    (plan, seed): (&Plan, u64),
    wanted: &Wanted,
    workers: &WorkerPool,
    before: &PlayedDays,
) -> Result<(Days, String), Stopped> {
    let interrupt = Interrupt::finishing(KEPT);
    let quiet = quiet_plan(plan);
    let faults = (0..plan.faults.len()).map(FaultId::from);
    let troubled: Vec<(String, Plan)> = faults
        .filter_map(|fault| {
            let name = plan.names.faults[fault.index()].clone();
            Some((name, troubled_plan(plan, fault)?))
        })
        .collect();
    let of_quiet = if arguments.logs.is_empty() { arguments.days } else { 0 };
    let all = of_quiet + arguments.trials * troubled.len() as u64;
    let bar = terminal::progress_of_trials(all, arguments.quiet);
    let stop = || interrupt.wanted();
    let play = |fault: &str, plan: &Plan, trials: u64| {
        let played = workers.collect(0..trials, &|number| {
            let day = before
                .day((fault, number), &|| Day::play(plan, Trial { seed, number }, wanted, &stop));
            bar.inc(1);
            day
        });
        if (played.len() as u64) < trials { Err(interrupted()) } else { Ok(played) }
    };
    let mut days = Days::default();
    let lasts = plan.lasts;
    let words = if arguments.logs.is_empty() {
        days.quiet = play(QUIET, &quiet, of_quiet)?;
        format!("{of_quiet} simulated days of {lasts}")
    } else {
        Interrupt::at_once(KEPT);
        days.quiet = vec![quiet_log(arguments, plan, wanted)?];
        Interrupt::finishing(KEPT);
        match &arguments.logs[..] {
            [path] => format!("the log {}", path.display()),
            logs => format!("{} logs", logs.len()),
        }
    };
    for (name, plan) in troubled {
        let mut played = play(&name, &plan, arguments.trials)?;
        // A fault that begins with a change may never begin.
        played.retain(|day| day.onset.is_some());
        if !played.is_empty() {
            days.troubled.push((name, played));
        }
    }
    bar.finish_and_clear();
    Ok((days, words))
}

/// The readings of real quiet days.
fn quiet_log(arguments: &TuneArguments, plan: &Plan, wanted: &Wanted) -> Result<Day, Stopped> {
    let zone = plan.calendar.zone().clone();
    let options = arguments.reading.options(zone, &plan.logs);
    let options = options.map_err(|message| refuse(&message, ""))?;
    let mut readings = LogReadings::new(plan, plan.log_mapping());
    readings = readings.with_limits(wanted.limits());
    let mut day = Day::empty();
    let delay = plan.telemetry.delay;
    let mut keep = |readings: &mut LogReadings| {
        while let Some(reading) = readings.next_reading() {
            day.add(wanted, reading.to + delay, &reading, Span::ZERO);
        }
    };
    let sources = log_options::sources(&arguments.logs);
    let sources = sources.map_err(|message| refuse(&message, "check the path"))?;
    let read = logs::read(&sources, &options, &mut |step| match step {
        Step::Request(request) => readings.count(request),
        Step::Complete(until) => {
            readings.complete(until);
            keep(&mut readings);
        }
    });
    let counts = read.map_err(|error| {
        log_options::refuse(&error);
        Exit::Wrong
    })?;
    if !arguments.quiet {
        log_options::report_counts(&counts);
    }
    if let Some((_, last)) = counts.span() {
        readings.complete(last);
        keep(&mut readings);
    }
    let knowledge = readings.knowledge();
    for scope in &wanted.scopes {
        if let Err(unknown) = knowledge.judges(*scope, wanted.looks_at_latency()) {
            let message = format!("the quiet log cannot be judged: {}", unknown.words());
            terminal::error(&message, "tune on simulated days, or with a log that has it");
            return Err(Exit::NotJudgeable);
        }
    }
    Ok(day)
}

fn tell(arguments: &TuneArguments, folder: &Folder, tuning: &Tuning) -> Result<Exit, Stopped> {
    if !arguments.quiet {
        terminal::print(&report::tune_summary(tuning, terminal::style()));
    }
    save(folder, tuning, !arguments.logs.is_empty()).map_err(|error| {
        terminal::cannot_write(folder.path(), &error);
        Exit::Broke
    })?;
    if !arguments.quiet {
        terminal::print(&closing(arguments, tuning, folder));
    }
    let good = |tuned: &Tuned| tuned.choice.is_some_and(|choice| !choice.noisy);
    Ok(if tuning.tuned.iter().all(good) { Exit::Met } else { Exit::Missed })
}

fn default_folder(scenario: &Path) -> PathBuf {
    let mut name = scenario.file_stem().unwrap_or("run".as_ref()).to_os_string();
    name.push("-tune");
    Path::new("reports").join(name)
}

/// The folder of the tables, before anything is played.
fn claim(arguments: &TuneArguments, hash: &str) -> Result<Folder, Stopped> {
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&arguments.scenario));
    let claimed = Folder::claim_table(&out, &[report::TUNE_FILE, PAGE, RUN], &[(0, hash)]);
    claimed.map_err(|error| {
        terminal::cannot_write(&out, &error);
        Exit::Broke
    })
}

fn save(folder: &Folder, tuning: &Tuning, measured: bool) -> io::Result<()> {
    let evidence = if measured { "measured" } else { "simulated" };
    folder.keep_with(report::TUNE_FILE, |to| report::write_tune(tuning, evidence, to))?;
    folder.keep_with(PAGE, |mut to| {
        to.write_all(report::tune_page(tuning).as_bytes())?;
        to.flush()
    })
}

/// What to do with the recommendation, where the files are, and how to tune again.
fn closing(arguments: &TuneArguments, tuning: &Tuning, folder: &Folder) -> String {
    let mut text = String::new();
    let scenario = for_shell(&arguments.scenario.display().to_string());
    for tuned in tuning.tuned {
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
    for (key, value) in &arguments.set {
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
    if let Some(seed) = arguments.seed {
        text += &format!(" --seed {seed}");
    }
    text
}
