//! `sim baseline`: what is normal, from the historical log.

mod merge;
mod saving;

use crate::cli::shared::log_options::{self, LogOptions};
use crate::cli::shared::options;
use crate::cli::shared::{Exit, loading, terminal};
use crate::logs::{
    self, History, HistoryOptions, LogCounts, LogItem, LogMapping, LogPlan, PART_BEGINS,
};
use crate::names::Names;
use crate::units::{Span, grouped};
use jiff::tz::TimeZone;
use saving::{BaselineSum, By, open, open_output, publish, save, too_few};
use std::path::{Path, PathBuf};

/// Learn what is normal from access logs: error rates, response times, arrivals, mixes
///
/// Reads logs of nginx, Apache, AWS load balancers or JSON lines, plain or gzip, one or many
/// (merged by time), and shows for windows of equal length how the error rate and response times
/// vary, when requests come, and from which browsers. With -o it writes a file that a scenario
/// can use: `baseline: {from: FILE}` for the error rate in rules, `traffic: {from: FILE}`
/// for arrivals that drive the simulation.
///
/// A baseline on fewer than 50 windows is refused. Lines that cannot be read are counted and
/// shown, and refused above --max-bad.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(in crate::cli) struct BaselineArguments {
    #[command(subcommand)]
    joined: Option<JoinedParts>,

    #[command(flatten)]
    learn: LearnArguments,
}

#[derive(clap::Subcommand)]
enum JoinedParts {
    Merge(merge::MergePartsArguments),
}

/// What is learnt, and from what.
#[derive(clap::Args)]
struct LearnArguments {
    /// The logs; - is standard input
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,

    /// Write the results for these logs alone to this file, for sim baseline merge
    ///
    /// For a long history: one part for each file or hour, made in parallel or by the tasks of a
    /// job array. Nothing is refused for having too few windows.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "by"])]
    partial: Option<PathBuf>,

    #[command(flatten)]
    summing: BaselineSum,

    /// Replace what is at --output or --partial, even if sim did not write it
    #[arg(long)]
    force: bool,

    /// Map paths to the endpoints of this scenario, and read JSON lines as its `logs:` says
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// The length of a window
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = options::span)]
    window: Span,

    #[command(flatten)]
    reading: LogOptions,
}

const EXAMPLES: &str = "\
Examples:
  sim baseline access.log
  sim baseline access.log*.gz --by hour-of-week -o baseline.yaml
  zcat lb/*.gz | sim baseline - --format alb --scenario launch.yaml
  sim baseline app.jsonl --field time=at --field \"elapsed=took ms\"
  sim baseline access-2018-10.log.gz --partial parts/2018-10.jsonl
  sim baseline merge parts/*.jsonl --by hour-of-week -o baseline.yaml

Exit codes: 0 done, 1 the file cannot be written, 2 wrong usage or logs that cannot be used,
3 fewer than 50 windows.";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &BaselineArguments) -> Exit {
    let done = match &arguments.joined {
        Some(JoinedParts::Merge(arguments)) => merge::run(arguments),
        None => match &arguments.learn.partial {
            Some(path) => part(&arguments.learn, path),
            None => whole(&arguments.learn),
        },
    };
    done.map_or_else(|exit| exit, |()| Exit::Met)
}

/// A baseline of all of these logs.
fn whole(arguments: &LearnArguments) -> Result<(), Exit> {
    let BaselineSum { output, by, min_requests } = &arguments.summing;
    let draft = open_output(output.as_deref(), arguments.force)?;
    let (subject, history) = history(arguments, *by, *min_requests, &History::new)?;
    let (counts, history) = read(arguments, &subject, history)?;
    let last = counts.span().map_or(logs::Moment::MIN, |(_, last)| last);
    let baseline = history.finish(last);
    let baseline = baseline.map_err(|n| too_few(n, arguments.window, *min_requests))?;
    save(output.as_deref(), draft, &baseline, (counts.lines(), counts.files.len() as u64))
}

/// What these logs alone say.
fn part(arguments: &LearnArguments, path: &Path) -> Result<(), Exit> {
    let mut draft = open(path, &[PART_BEGINS], arguments.force)?;
    let (subject, history) = history(arguments, None, 0, &History::of_part)?;
    let (counts, history) = read(arguments, &subject, history)?;
    let last = counts.span().map_or(logs::Moment::MIN, |(_, last)| last);
    let Some(part) = history.finish_part(last, (counts.lines(), counts.files.len() as u64)) else {
        terminal::error("there are no requests in these logs", "leave them out, or name others");
        return Err(Exit::NotJudgeable);
    };
    draft.attempt(|to| part.write(to));
    publish(path, draft, &format!("Part    {} windows with requests\n", grouped(part.windows())))
}

/// Whose endpoints and fields the log's are, and in which zone its hours are told.
struct Subject {
    names: Names,
    mapping: LogMapping,
    plan: LogPlan,
    zone: TimeZone,
}

fn subject(arguments: &LearnArguments) -> Result<Subject, Exit> {
    let mut subject = match &arguments.scenario {
        None => {
            let (names, zone) = (Names::default(), TimeZone::UTC);
            let mapping = LogMapping::from_names(&names);
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

/// Makes a history, as a whole or as a part.
type MakeHistory = dyn Fn(HistoryOptions, LogMapping, &Names) -> History;

/// An empty history of the logs' subject.
fn history(
    arguments: &LearnArguments,
    by: Option<By>,
    min_requests: u64,
    make: &MakeHistory,
) -> Result<(Subject, History), Exit> {
    let subject = subject(arguments)?;
    if arguments.window < Span::SECOND {
        terminal::error("a window is at least one second", "write --window 1m");
        return Err(Exit::Wrong);
    }
    let options = HistoryOptions {
        window: arguments.window,
        min_requests,
        zone: subject.zone.clone(),
        by_hour: by == Some(By::HourOfWeek),
    };
    let history = make(options, subject.mapping.clone(), &subject.names);
    Ok((subject, history))
}

/// Reads the logs; errors in them have already been reported.
fn read(
    arguments: &LearnArguments,
    subject: &Subject,
    mut history: History,
) -> Result<(LogCounts, History), Exit> {
    let options = arguments.reading.options(subject.zone.clone(), &subject.plan);
    let options = options.map_err(|message| {
        terminal::error(&message, "");
        Exit::Wrong
    })?;
    let sources = log_options::sources(&arguments.logs).map_err(|message| {
        terminal::error(&message, "check the path and its permissions");
        Exit::Wrong
    })?;
    let read = logs::read(&sources, &options, &mut |step| match step {
        LogItem::Request(request) => history.count(request),
        LogItem::Complete(until) => history.complete(until),
    });
    let counts = read.map_err(|error| {
        log_options::refuse(&error);
        Exit::Wrong
    })?;
    log_options::report_counts(&counts);
    Ok((counts, history))
}
