//! `sim capacity`: whether the site can handle the expected traffic.

use crate::capacity::{
    CapacityCheck, CheckObserver, CheckSetup, JudgedLoad, JudgedLoads, LoadStatus,
};
use crate::cli::shared::files::{Folder, JOURNAL, default_folder};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::load_with_files;
use crate::cli::shared::options::{DayArguments, JobsArgument};
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::resume::Checkpoint;
use crate::cli::shared::saving::{self, CAPACITY};
use crate::cli::shared::{Exit, terminal};
use crate::names::TierId;
use crate::report;
use crate::report::for_shell;
use crate::scenario::{self, CapacityPlan, InputFile, MadeBy, Plan};
use crate::units::Span;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::PathBuf;

/// Check whether the site can handle the expected traffic, and where it breaks
///
/// Looks at a scenario's expected peak, tier by tier: offered load, busy threads, waits,
/// headroom; then with a zone lost, an instance lost, cold caches, a deploy under way, and
/// the slowest external tier at its p99. Formulas answer at once; then the site is simulated at
/// constant loads to find the breaking point, and both results are shown side by side. The scenario
/// says under `capacity:` what must hold.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CapacityArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    /// The load to check for, instead of the curve's peak: 10x of it, or visits such as 12/s
    #[arg(long, value_name = "PEAK", value_parser = peak, allow_hyphen_values = true)]
    peak: Option<Peak>,

    /// Which tier is slow in the last case, and how slow: evss=15s
    #[arg(long, value_name = "TIER=TIME", value_parser = slow)]
    slow: Option<(String, Span)>,

    /// Formulas only: an answer at once, nothing is simulated
    #[arg(long)]
    formula: bool,

    #[command(flatten)]
    day: DayArguments,

    #[command(flatten)]
    jobs: JobsArgument,

    /// Folder for the tables [default: reports/<name of the scenario file>]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    out: Option<PathBuf>,

    /// Continue where the same check was interrupted, reusing the loads already judged
    #[arg(long, conflicts_with = "formula")]
    resume: bool,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim capacity scenarios/launch-day.yaml
  sim capacity scenarios/launch-day.yaml --peak 10x
  sim capacity scenarios/launch-day.yaml --slow evss=15s --formula
  sim capacity scenarios/launch-day.yaml --set site.tiers.vets-api.instances=6

Exit codes: 0 the objectives are met, 99 one is missed, 3 cannot be judged or too
close to call, 2 wrong usage or a scenario with errors, 1 a runtime error,
130 interrupted.";

/// The load as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Peak {
    /// Times the curve's peak.
    Times(f64),
    /// Visits per second.
    Visits(f64),
}

/// `10x` or `12/s`.
fn peak(text: &str) -> Result<Peak, String> {
    let text = text.trim();
    let peak = match text.strip_suffix('x') {
        Some(times) => times.trim().parse().map(Peak::Times).map_err(|_| HOW.to_string())?,
        None => Peak::Visits(scenario::rate(text).map_err(|wrong| format!("{wrong}; {HOW}"))?.0),
    };
    let (Peak::Times(value) | Peak::Visits(value)) = peak;
    match value {
        value if value.is_nan() || value <= 0.0 => Err("a peak must be more than 0".to_string()),
        value if value > 1e6 => Err("that is more than a million".to_string()),
        _ => Ok(peak),
    }
}

const HOW: &str = "write 10x for ten times the curve's peak, or visits such as 12/s";

/// `evss=15s`.
fn slow(text: &str) -> Result<(String, Span), String> {
    let (tier, time) = text.split_once('=').ok_or("write TIER=TIME, such as evss=15s")?;
    let time = scenario::time(time)?;
    if time == Span::ZERO {
        return Err("a slow tier takes longer than 0s".to_string());
    }
    Ok((tier.trim().to_string(), time))
}

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &CapacityArguments) -> Exit {
    let loaded = load_with_files(&arguments.scenario, arguments.day.sets(), arguments.quiet);
    let Ok((mut plan, files)) = loaded else { return Exit::Wrong };
    plan.seed = arguments.day.seed_of(&plan);
    let question = match question(arguments, &plan) {
        Ok(question) => question,
        Err(exit) => return exit,
    };
    if let Some(why) = question.not_judgeable() {
        terminal::error(
            &format!("cannot be judged: {why}"),
            "say how many come with --peak 12/s, or in traffic.visits",
        );
        return Exit::NotJudgeable;
    }
    let mut first = question.by_formula();
    let too_large = question.too_large_to_play();
    first.left_out.extend(too_large.clone());
    let Some(folder) = claim(arguments, &first) else { return Exit::Broke };
    if !kept_made_by(arguments, &folder, plan.seed, files) {
        return Exit::Broke;
    }
    if arguments.formula || too_large.is_some() {
        return finish(arguments, &folder, &first, true);
    }
    if !arguments.quiet {
        let told = CapacityCheck { simulated: true, ..first.clone() };
        terminal::print(&report::capacity_first(&told, terminal::style()));
    }
    let workers = match arguments.jobs.workers() {
        Ok(workers) => workers,
        Err(exit) => return exit,
    };
    // If somebody stops it while a load is played, the formula results are already saved.
    if let Err(error) = save(&folder, &first) {
        terminal::cannot_write(folder.path(), &error);
        return Exit::Broke;
    }
    let (checkpoint, known) = match judged_before(arguments, &folder, &question) {
        Ok(opened) => opened,
        Err(error) => {
            terminal::cannot_write(folder.path(), &error);
            return Exit::Broke;
        }
    };
    let interrupt = Interrupt::finishing(KEPT);
    let bar = terminal::progress_of_parts(question.parts(), arguments.quiet);
    let stop = || interrupt.wanted();
    let done = || bar.inc(1);
    let judged = JudgedLoads { known, keep: &|load| checkpoint.add(load) };
    let watch = CheckObserver { stop: &stop, done: &done, judged: Some(&judged) };
    let played = question.play(&workers, &watch);
    bar.finish_and_clear();
    match played {
        Some(check) => {
            let exit = finish(arguments, &folder, &check, false);
            if exit != Exit::Broke {
                checkpoint.remove();
            }
            exit
        }
        None => {
            let exit = finish(arguments, &folder, &first, false);
            if exit == Exit::Broke { exit } else { Exit::Interrupted }
        }
    }
}

/// What is said to be kept after a signal.
const KEPT: &str = "formulas are saved, and so are the loads already judged; \
                    the same command with --resume runs the rest";

/// The loads that were judged, as far as a check has come.
const RESUME: &str = "capacity.resume.jsonl";

/// Which check the loads are of.
#[derive(Serialize, Deserialize, PartialEq)]
struct CheckIdentity {
    program: String,
    scenario_hash: String,
    seed: u64,
    objectives: CapacityPlan,
    visits: f64,
    slow: Option<(TierId, Span)>,
}

/// Opens the file of the loads so far, and takes over those of the same check.
fn judged_before(
    arguments: &CapacityArguments,
    folder: &Folder,
    question: &CheckSetup,
) -> io::Result<(Checkpoint, Vec<JudgedLoad>)> {
    let identity = CheckIdentity {
        program: env!("CARGO_PKG_VERSION").to_string(),
        scenario_hash: scenario::plan_hash(question.plan),
        seed: question.plan.seed,
        objectives: question.objectives.clone(),
        visits: question.peak.visits,
        slow: question.slow,
    };
    let path = folder.path().join(RESUME);
    let (checkpoint, known) = Checkpoint::open(&path, &identity, arguments.resume)?;
    if arguments.resume && !arguments.quiet {
        terminal::print_to_stderr(&format!("{} loads were already judged\n", known.len()));
    }
    Ok((checkpoint, known))
}

fn question<'p>(arguments: &CapacityArguments, plan: &'p Plan) -> Result<CheckSetup<'p>, Exit> {
    let mut question = CheckSetup::new(plan);
    question.peak.expected = arguments.peak.is_none();
    match arguments.peak {
        Some(Peak::Times(times)) => {
            question.peak.source = format!("{times}x of {}", question.peak.source);
            question.peak.visits *= times;
        }
        Some(Peak::Visits(visits)) => {
            question.peak.source = "as asked for".to_string();
            question.peak.visits = visits;
        }
        None => {}
    }
    if let Some((tier, takes)) = &arguments.slow {
        let Some(index) = plan.names.tiers.get_index_of(tier) else {
            let known: Vec<&str> = plan.names.tiers.iter().map(String::as_str).collect();
            let hint = format!("the tiers are {}", known.join(", "));
            terminal::error(&format!("--slow: there is no tier `{tier}`"), &hint);
            return Err(Exit::Wrong);
        };
        question.slow = Some((TierId::from(index), *takes));
    }
    Ok(question)
}

/// How the check was made; a run in the same folder has a file of its own for that.
const MADE_BY: &str = "capacity.run.json";

/// Keeps how the check was made, and says so where it cannot.
fn kept_made_by(
    arguments: &CapacityArguments,
    folder: &Folder,
    seed: u64,
    files: Vec<InputFile>,
) -> bool {
    let kept = keep_made_by(arguments, folder, seed, files);
    kept.inspect_err(|error| terminal::cannot_write(folder.path(), error)).is_ok()
}

/// Under the usual name too, where no run is in the folder.
fn keep_made_by(
    arguments: &CapacityArguments,
    folder: &Folder,
    seed: u64,
    files: Vec<InputFile>,
) -> io::Result<()> {
    let mut command = provenance::command("capacity", &arguments.scenario);
    match arguments.peak {
        Some(Peak::Times(times)) => command.push_str(&format!(" --peak {times}x")),
        Some(Peak::Visits(visits)) => command.push_str(&format!(" --peak {visits}/s")),
        None => {}
    }
    if let Some((tier, takes)) = &arguments.slow {
        command.push_str(&format!(" --slow {}", for_shell(&format!("{tier}={takes}"))));
    }
    if arguments.formula {
        command.push_str(" --formula");
    }
    command.push_str(&format!(" --seed {seed}{}", provenance::sets(arguments.day.sets())));
    let made_by = MadeBy::new(command, files);
    provenance::keep_as(folder, MADE_BY, &made_by)?;
    if folder.path().join(JOURNAL).exists() {
        return Ok(());
    }
    provenance::keep(folder, &made_by)
}

/// Saves and prints the results.
fn finish(
    arguments: &CapacityArguments,
    folder: &Folder,
    check: &CapacityCheck,
    formula: bool,
) -> Exit {
    let saved = save(folder, check);
    if !arguments.quiet {
        let told = match (formula, check.simulated) {
            (_, true) => report::capacity_summary(check, terminal::style()),
            (true, false) => report::capacity_first(check, terminal::style()),
            (false, false) => format!("\nInterrupted: {KEPT}.\n"),
        };
        terminal::print(&told);
    }
    match saved {
        Ok(()) => {
            if !arguments.quiet {
                let shown = report::for_terminal(&folder.path().display().to_string(), 2_000);
                terminal::print(&format!("\nFiles   {shown}/\n"));
            }
        }
        Err(error) => {
            let message = format!("cannot save the tables: {error}");
            terminal::error(&message, "free disk space or name another folder with --out");
            return Exit::Broke;
        }
    }
    match check.verdict() {
        LoadStatus::Met => Exit::Met,
        LoadStatus::Missed => Exit::Missed,
        LoadStatus::Open => Exit::NotJudgeable,
    }
}

/// The folder of the tables, before anything is played.
fn claim(arguments: &CapacityArguments, check: &CapacityCheck) -> Option<Folder> {
    let default = || default_folder(&arguments.scenario, "");
    let wanted = arguments.out.clone().unwrap_or_else(default);
    let names = [report::CAPACITY_FILE, report::CURVE_FILE, CAPACITY, MADE_BY, RUN];
    let say = |error: &io::Error| terminal::cannot_write(&wanted, error);
    Folder::claim_beside(&wanted, &check.run_id, &names).inspect_err(say).ok()
}

fn save(folder: &Folder, check: &CapacityCheck) -> io::Result<()> {
    folder.keep_streamed(report::CAPACITY_FILE, |to| report::write_capacity(check, to))?;
    if check.simulated {
        folder.keep_streamed(report::CURVE_FILE, |to| report::write_curve(check, to))?;
    }
    folder.keep_streamed(CAPACITY, |mut to| {
        serde_json::to_writer(&mut to, check)?;
        to.flush()
    })?;
    saving::renew(folder)
}
