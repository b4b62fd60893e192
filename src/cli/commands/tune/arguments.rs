//! The command line of tuning.

use crate::cli::shared::array::ShardArguments;
use crate::cli::shared::loading::key_value;
use crate::cli::shared::log_options::LogOptions;
use crate::cli::shared::options::{DayArguments, EffortArguments};
use crate::cli::shared::{Exit, terminal};
use std::path::PathBuf;

/// This many quiet two-hour days without a false alarm bound the rate below one a week.
pub(super) const DAYS: u64 = 320;
/// How many days are simulated with each fault.
pub(super) const TRIALS: u64 = 20;

/// Find values for the X's of a rule
///
/// Tries the numbers of a rule that are still `?` ("latency > ? for ? for ? of traffic"), those
/// that the scenario's `tune:` lists, or those that --try names, on quiet days and on days with
/// each of the scenario's faults: false alarms a week against minutes to detect, faults missed and
/// user-minutes lost, with 95 % intervals. It shows the points that no other point dominates and
/// recommends one, with its reason; tune.csv has them all, tune.html a plot.
///
/// Nobody acts on these days, so what is seen does not depend on the rules: every day is simulated
/// once, and every candidate is judged on the same readings, by paired draws. With --log, real
/// access logs of quiet days take the place of the simulated ones.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct TuneArguments {
    /// The scenario file
    #[arg(value_name = "SCENARIO")]
    pub(super) scenario: PathBuf,

    /// Access logs of quiet days, instead of simulated ones
    #[arg(long = "log", value_name = "QUIET-LOG", num_args = 1..)]
    pub(super) logs: Vec<PathBuf>,

    /// Values to try: RULE.limit=1s..5s, RULE.share=1%,5%,10%, RULE.value=1%..10%, RULE.for=0s..5m
    #[arg(long = "try", value_name = "RULE.NUMBER=VALUES", value_parser = key_value)]
    pub(super) tries: Vec<(String, String)>,

    /// How many quiet days to simulate
    #[arg(long, value_name = "N", default_value_t = DAYS)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) days: u64,

    /// How many days to simulate with each fault
    #[arg(long, value_name = "N", default_value_t = TRIALS)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) trials: u64,

    #[command(flatten)]
    pub(super) shard: ShardArguments,

    /// How many false alarms a week are acceptable
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = allowed)]
    pub(super) false_alarms: f64,

    #[command(flatten)]
    pub(super) day: DayArguments,

    /// Folder for tune.csv and tune.html [default: reports/<name of the scenario file>-tune]
    #[arg(long, short, alias = "output", value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    /// Continue where the same tuning was interrupted, reusing the days already simulated
    #[arg(long)]
    pub(super) resume: bool,

    #[command(flatten)]
    pub(super) effort: EffortArguments,

    #[command(flatten)]
    pub(super) reading: LogOptions,
}

const EXAMPLES: &str = "\
Examples:
  sim tune scenarios/open-thresholds.yaml
  sim tune day.yaml --try ErrorSpike.value=2,3,5,10 --try ErrorSpike.for=30s..5m
  sim tune day.yaml --log quiet-week.log.gz --false-alarms 0.5
  sim tune day.yaml --days 400 --trials 50 --jobs 2
  sim tune day.yaml --days 400 --trials 50 --resume
      the same again after an interruption: only the missing days are simulated
  sim tune day.yaml --days 40000 --trials 4000 --shard auto --of 64
      one of 64 tasks of a job array; sim merge joins what they write

Exit codes: 0 a recommendation within the false alarms allowed, 99 there is none, 3 there is
nothing to tune by, 2 wrong usage or a scenario with errors, 1 a runtime error, 130 interrupted.";

fn allowed(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "write a number of false alarms a week, such as 1 or 0.5".to_string())
}

/// Why tuning ends early; it has already been reported.
pub(super) type TuningStopped = Exit;

/// Says what is wrong with the usage.
pub(super) fn refuse(message: &str, hint: &str) -> TuningStopped {
    terminal::error(message, hint);
    Exit::Wrong
}
