//! `sim baseline`: what is normal, from the historical log.

use crate::cli::shared::draft::{Draft, Refused, named};
use crate::cli::shared::log_options::{self, LogOptions};
use crate::cli::shared::options;
use crate::cli::shared::{Exit, loading, terminal};
use crate::logs::{
    self, Baseline, Counts, History, HistoryOptions, LogPlan, MIN_WINDOWS, Mapping, Step,
};
use crate::names::Names;
use crate::report;
use crate::units::{Span, grouped};
use clap::ValueEnum;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// Learn from access logs what is normal: error rates, response times, arrivals, mixes
///
/// Reads logs of nginx, Apache, AWS load balancers or JSON lines, plain or gzip, one or many
/// (merged by time), and says for windows of one length how the error rate and the response times
/// vary, when requests come, and from which browsers. With -o it writes a file that a scenario
/// takes: `baseline: {from: FILE}` for the error rate that rules multiply, `traffic: {from: FILE}`
/// for arrivals that drive the simulation.
///
/// A baseline on fewer than 50 windows is refused. Lines that cannot be read are counted and
/// shown, and refused above --max-bad.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct BaselineArguments {
    /// The logs; - is standard input
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,

    /// Break the figures down by this as well
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<By>,

    /// Write the baseline to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace what is at --output, even if sim did not write it
    #[arg(long, requires = "output")]
    force: bool,

    /// Map paths to the endpoints of this scenario, and read JSON lines as its `logs:` says
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// The length of a window
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = options::span)]
    window: Span,

    /// Leave windows with fewer requests out of rates and response times
    #[arg(long, value_name = "N", default_value_t = 20)]
    min_requests: u64,

    #[command(flatten)]
    reading: LogOptions,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Each hour of the week by itself
    HourOfWeek,
}

const EXAMPLES: &str = "\
Examples:
  sim baseline access.log
  sim baseline access.log*.gz --by hour-of-week -o baseline.yaml
  zcat lb/*.gz | sim baseline - --format alb --scenario launch.yaml
  sim baseline app.jsonl --field time=at --field \"elapsed=took ms\"

Exit codes: 0 done, 1 the file cannot be written, 2 wrong usage or logs that cannot be used,
3 fewer than 50 windows.";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &BaselineArguments) -> Exit {
    let draft = match arguments.output.as_deref().map(|path| open(path, arguments.force)) {
        None => None,
        Some(Ok(draft)) => Some(draft),
        Some(Err(exit)) => return exit,
    };
    let (counts, baseline) = match learn(arguments) {
        Ok(learnt) => learnt,
        Err(exit) => return exit,
    };
    terminal::print(&report::baseline_picture(&baseline, terminal::style()));
    let (Some(output), Some(mut draft)) = (&arguments.output, draft) else { return Exit::Met };
    let (lines, of) = (grouped(counts.lines()), counts.files.len());
    let note = format!("Made by `sim baseline` from {lines} lines of {of} logs.");
    draft.attempt(|to| to.write_all(baseline.write(&note).as_bytes()));
    match draft.publish() {
        Ok(()) => {
            let shown = report::for_terminal(&output.display().to_string(), 2_000);
            terminal::print(&format!("\nFile    {shown}\n"));
            Exit::Met
        }
        Err(error) => {
            let message = format!("cannot write {}: {error}", output.display());
            terminal::error(&message, "name another file with -o");
            Exit::Broke
        }
    }
}

/// Opens the file before the logs are read, unless something else is there.
fn open(path: &Path, force: bool) -> Result<Draft, Exit> {
    named(path, &["# Made by `sim baseline`"], force).map_err(|refused| match refused {
        Refused::Foreign(message) => {
            terminal::error(&message, "name another file with -o, or replace it with --force");
            Exit::Wrong
        }
        Refused::Io(error) => {
            let message = format!("cannot write {}: {error}", path.display());
            terminal::error(&message, "name another file with -o");
            Exit::Broke
        }
    })
}

/// Whose endpoints and fields the log's are, and in which zone its hours are told.
struct Subject {
    names: Names,
    mapping: Mapping,
    plan: LogPlan,
    zone: TimeZone,
}

fn subject(arguments: &BaselineArguments) -> Result<Subject, Exit> {
    let mut subject = match &arguments.scenario {
        None => {
            let (names, zone) = (Names::default(), TimeZone::UTC);
            let mapping = Mapping::of(&names);
            Subject { names, mapping, plan: LogPlan::default(), zone }
        }
        Some(path) => {
            let plan = loading::load(path, &[], true)?;
            let zone = plan.calendar.zone().clone();
            let mapping = plan.log_mapping();
            Subject { names: plan.names, mapping, plan: plan.logs, zone }
        }
    };
    if let Some(zone) = arguments.reading.zone() {
        subject.zone = zone.clone();
    }
    Ok(subject)
}

/// Reads the logs; what is wrong with them has been told.
fn learn(arguments: &BaselineArguments) -> Result<(Counts, Baseline), Exit> {
    let Subject { names, mapping, plan, zone } = subject(arguments)?;
    let options = arguments.reading.options(zone.clone(), &plan).map_err(|message| {
        terminal::error(&message, "");
        Exit::Wrong
    })?;
    if arguments.window < Span::SECOND {
        terminal::error("a window is at least one second", "write --window 1m");
        return Err(Exit::Wrong);
    }
    let by_hour = arguments.by == Some(By::HourOfWeek);
    let (window, min_requests) = (arguments.window, arguments.min_requests);
    let history = HistoryOptions { window, min_requests, zone, by_hour };
    let mut history = History::new(history, mapping, &names);
    let sources = log_options::sources(&arguments.logs).map_err(|message| {
        terminal::error(&message, "check the path and its permissions");
        Exit::Wrong
    })?;
    let read = logs::read(&sources, &options, &mut |step| match step {
        Step::Request(request) => history.count(request),
        Step::Complete(until) => history.complete(until),
    });
    let counts = read.map_err(|error| {
        log_options::refuse(&error);
        Exit::Wrong
    })?;
    log_options::report_counts(&counts);
    let last = counts.span().map_or(logs::Moment::MIN, |(_, last)| last);
    let baseline = history.finish(last).map_err(|windows| {
        let message = format!(
            "only {windows} windows of {window} have {min_requests} requests or more; a \
             baseline rests on {MIN_WINDOWS} at least"
        );
        terminal::error(&message, "give a longer log, or smaller --window or --min-requests");
        Exit::NotJudgeable
    })?;
    Ok((counts, baseline))
}
