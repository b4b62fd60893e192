//! The command line of a judgement.

use crate::cli::shared::loading::key_value;
use crate::cli::shared::log_options::LogOptions;
use crate::cli::shared::provenance;
use crate::report;
use crate::scenario::{InputFile, MadeBy};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Judge what really happened against a scenario's rules
///
/// Reads access logs (nginx, Apache, AWS load balancers, JSON lines; plain or gzip; several are
/// merged by time) or what sim run --record wrote, and judges them with the same code as a
/// simulated day: when each rule was pending, fired, cleared and resolved, with value, threshold,
/// number of requests and margin; how close the silent rules came; which could not be judged, and
/// why.
///
/// Nobody acts on a log, so the plan does: everybody answers and every change is made in the median
/// of the plan's own times, and the report says when you would have rolled back. A recording of
/// this very scenario carries the answers that were really given, and they count instead.
///
/// With --follow it watches a growing log, reports state changes as they happen, and sums up
/// on Ctrl-C. Log rotation is followed.
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

    /// Keep reading as the log grows, until Ctrl-C
    #[arg(long, conflicts_with = "readings")]
    pub(super) follow: bool,

    /// Change one value of the scenario: rules.SlowPages.for=30s
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(super) set: Vec<(String, String)>,

    /// Folder for the tables judge.csv, judge_plays.csv and judge_rules.csv
    #[arg(long, short, alias = "output", value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    /// Print one JSON document instead of the summary
    #[arg(long, conflicts_with_all = ["follow", "csv"])]
    pub(super) json: bool,

    /// Print every state change of every rule as CSV instead of the summary
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
a scenario with errors or unusable logs, 1 a runtime error, 130 interrupted.";

impl JudgeArguments {
    /// How a judgement was made: the command with every value that it depends on, and every
    /// file that was read. A log that is not a file, or is gone, has no hash.
    pub(super) fn made_by(&self, scenario: &[InputFile]) -> MadeBy {
        let mut command = provenance::command("judge", &self.scenario);
        let mut files = scenario.to_vec();
        let mut named = |option: &str, path: &Path| {
            let folder = self.scenario.parent().unwrap_or(Path::new(""));
            let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
            let regular = path.is_file().then(|| File::open(path).ok()).flatten();
            files.extend(regular.and_then(|file| InputFile::read(name, file).ok()));
            format!("{option} {}", provenance::relative(path, &self.scenario))
        };
        self.readings.iter().for_each(|path| command += &named(" --readings", path));
        for (position, path) in self.logs.iter().enumerate() {
            command += &named(if position == 0 { " --log" } else { "" }, path);
        }
        let words = self.reading.again();
        words.iter().for_each(|word| command += &format!(" {}", report::for_shell(word)));
        command += &provenance::sets(&self.set);
        MadeBy::new(command, files)
    }
}
