//! What the command line says of a judgement.

use crate::cli::shared::loading::key_value;
use crate::cli::shared::log_options::LogOptions;
use std::path::PathBuf;

/// Judge what really happened by a scenario's rules
///
/// Reads access logs (nginx, Apache, AWS load balancers, JSON lines; plain or gzip; several are
/// merged by time) or what sim run --record wrote, and judges them with the code that judges a
/// simulated day: when each rule was pending, fired, cleared and resolved, with value, threshold,
/// number of requests and margin; how close the silent ones came; which could not be judged, and
/// why.
///
/// Nobody acts in a log, so the plan does: everybody answers and every change is made in the median
/// of the plan's own times, and the report says when you would have rolled back. A recording of
/// this very scenario carries the answers that were really given, and they count instead.
///
/// With --follow it watches a log that grows, says every move of a rule as it happens, and sums up
/// at Ctrl-C. A log that is rotated away is followed into the new one.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct JudgeArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,

    /// Access logs, or one recording; - is standard input
    #[arg(long = "log", value_name = "LOG", num_args = 1.., required_unless_present = "readings")]
    pub(super) logs: Vec<PathBuf>,

    /// A recording of a run
    #[arg(long, value_name = "FILE", conflicts_with = "logs")]
    pub(super) readings: Option<PathBuf>,

    /// Go on as the log grows, until Ctrl-C
    #[arg(long, conflicts_with = "readings")]
    pub(super) follow: bool,

    /// Change one value of the scenario: rules.SlowPages.for=30s
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) set: Vec<(String, String)>,

    /// Folder for the tables judge.csv, judge_plays.csv and judge_rules.csv
    #[arg(long, short, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    /// Print one JSON document instead of the summary
    #[arg(long, conflicts_with_all = ["follow", "csv"])]
    pub(super) json: bool,

    /// Print every move of every rule as CSV instead of the summary
    #[arg(long, conflicts_with = "follow")]
    pub(super) csv: bool,

    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,

    #[command(flatten)]
    pub(super) reading: LogOptions,
}

const EXAMPLES: &str = "\
Examples:
  sim judge launch.yaml --log access.log
  sim judge launch.yaml --log access.log.*.gz access.log -o reports/last-night
  sim judge launch.yaml --log access.log --set rules.SlowPages.for=30s
  sim judge launch.yaml --log /var/log/nginx/access.log --follow
  sim run day.yaml --record day.jsonl && sim judge day.yaml --readings day.jsonl
  sim judge launch.yaml --log access.log --json | jq '.moves[] | select(.state == \"firing\")'

Exit codes: 0 no rule fired, 99 a rule fired, 3 nothing could be judged, 2 wrong usage,
a scenario with errors or logs that cannot be used, 1 something broke, 130 interrupted.";
