//! `sim logs`: how the lines of logs are read.

use crate::cli::shared::log_options::{self, LogOptions};
use crate::cli::shared::{Exit, loading, terminal};
use crate::logs::{self, LogPlan, LogPreview, LogSource};
use crate::report;
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// Inspect logs: how lines are split, what is missing, what was guessed
///
/// Shows the first lines of each log split up: which part is the time, the status, the path,
/// the response time; what is missing; what was guessed and why; and prints the `logs:` section
/// for a scenario. Formats are detected automatically: nginx and Apache with any extra fields,
/// load balancers, proxies, JSON, W3C, logfmt, CSV; plain or compressed. Describe any other with
/// --log-format or --field, and inspect it again.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct LogsArguments {
    /// The logs; - is standard input, a folder means all files in it
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,

    /// Read lines as this scenario's `logs:` says
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    #[command(flatten)]
    reading: LogOptions,
}

const EXAMPLES: &str = "\
Examples:
  sim logs access.log
  sim logs access.log --nginx-conf /etc/nginx/nginx.conf main
  sim logs app.log --log-format '[$time] $address \"$request\" $status $elapsed_ms'
  sim logs app.jsonl --field \"elapsed=duration ms\"

Exit codes: 0 the lines can be read, 2 wrong usage or unreadable lines, 3 the unit of the
response times must be given.";

/// How many logs are looked at.
const MOST: usize = 20;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &LogsArguments) -> Exit {
    let (plan, zone) = match &arguments.scenario {
        None => (LogPlan::default(), TimeZone::UTC),
        Some(path) => match loading::load(path, &[], true) {
            Ok(plan) => (plan.logs, plan.calendar.zone().clone()),
            Err(exit) => return exit,
        },
    };
    let read = arguments.reading.options(zone, &plan);
    let read = read.and_then(|options| Ok((options, log_options::sources(&arguments.logs)?)));
    let (options, sources) = match read {
        Ok(read) => read,
        Err(message) => {
            terminal::error(&message, "");
            return Exit::Wrong;
        }
    };
    let mut exit = Exit::Met;
    for source in sources.iter().take(MOST) {
        match logs::preview(source, &options) {
            Ok(look) => {
                terminal::print(&report::log_look(&look, terminal::style()));
                terminal::print(&next(arguments, source, &look));
                let asked = look.format.as_ref().is_ok_and(|format| format.question().is_some());
                if look.format.is_err() || look.requests.0 == 0 {
                    exit = Exit::Wrong;
                } else if asked && matches!(exit, Exit::Met) {
                    exit = Exit::NotJudgeable;
                }
            }
            Err(error) => {
                log_options::refuse(&error);
                exit = Exit::Wrong;
            }
        }
    }
    if sources.len() > MOST {
        terminal::print(&format!("… and {} more logs\n", sources.len() - MOST));
    }
    exit
}

/// The commands that go on with a log that can be read, to be pasted.
fn next(arguments: &LogsArguments, source: &LogSource, look: &LogPreview) -> String {
    let LogSource::File(path) = source else { return String::new() };
    if look.format.is_err() || look.requests.0 == 0 {
        return String::new();
    }
    let scenario = arguments.scenario.as_ref().map(|path| path.display().to_string());
    let mut options = arguments.reading.typed();
    options.extend(look.answer().cloned().into_iter().flatten());
    let words = |words: &[&str]| {
        let path = path.display().to_string();
        let words = words.iter().copied().chain([path.as_str()]);
        let options = options.iter().map(String::as_str);
        words.chain(options).map(report::for_shell).collect::<Vec<_>>().join(" ")
    };
    let judge = ["sim", "judge", scenario.as_deref().unwrap_or("SCENARIO.yaml"), "--log"];
    let (baseline, judge) = (words(&["sim", "baseline"]), words(&judge));
    // To be pasted: nothing of it may be cut off.
    let [baseline, judge] = [baseline, judge].map(|text| report::for_terminal(&text, 16_000));
    let doubt = match look.answer() {
        Some([option, value]) => format!(
            "Leave `{option} {}` out unless it is so: a compression ratio looks like seconds.\n",
            report::for_terminal(value, 200)
        ),
        None => String::new(),
    };
    format!("\nThen\n  {baseline}\n  {judge}\n{doubt}")
}
