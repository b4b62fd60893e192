//! Values of options that several subcommands share.

use super::loading::key_value;
use super::{Exit, terminal};
use crate::campaign::WorkerPool;
use crate::report::Naming;
use crate::scenario::Plan;
use crate::units::Span;
use jiff::civil;

/// How people are referred to in files that are shared.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct NamesArgument {
    /// How people are named in the outbrief and the findings, which are meant to be shared
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Called::Roles)]
    names: Called,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Called {
    /// By role: the decider, the second on call
    Roles,
    /// By name
    People,
}

impl NamesArgument {
    /// The same for reports.
    pub(in crate::cli) fn naming(self) -> Naming {
        match self.names {
            Called::Roles => Naming::Roles,
            Called::People => Naming::People,
        }
    }
}

/// What a command prints of a gameday, and how people are called in it.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct PrintArguments {
    /// Print nothing but errors
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,

    /// Print the verdict and where the files are, not the whole summary
    #[arg(long, conflicts_with = "quiet")]
    pub(in crate::cli) brief: bool,

    #[command(flatten)]
    pub(in crate::cli) names: NamesArgument,
}

/// Which days a command simulates: drawn by which seed, of a scenario with what changed in it.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct DayArguments {
    /// Seed of the random draws, instead of the scenario's own
    #[arg(long, value_name = "N")]
    pub(in crate::cli) seed: Option<u64>,

    #[command(flatten)]
    changed: SetArgument,
}

impl DayArguments {
    /// What is changed, in the order in which it was said.
    pub(in crate::cli) fn sets(&self) -> &[(String, String)] {
        &self.changed.set
    }

    /// The seed that was asked for, else the plan's own.
    pub(in crate::cli) fn seed_of(&self, plan: &Plan) -> u64 {
        self.seed.unwrap_or(plan.seed)
    }

    /// ` --seed 7`, as it was asked for; nothing if it was not.
    pub(in crate::cli) fn seed_again(&self) -> String {
        self.seed.map_or(String::new(), |seed| format!(" --seed {seed}"))
    }
}

/// What is changed in a scenario.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct SetArgument {
    /// Change one value of the scenario: traffic.patience=10s, changes.frontend-revert=~9m
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    pub(in crate::cli) set: Vec<(String, String)>,
}

/// How many runs are simulated side by side.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct JobsArgument {
    /// How many runs to simulate at once [default: one per processor]
    #[arg(long, short, value_name = "J", value_parser = jobs)]
    jobs: Option<usize>,
}

impl JobsArgument {
    /// As many threads as were asked for, or one per processor.
    pub(in crate::cli) fn threads(self) -> usize {
        self.jobs.unwrap_or_else(all_processors)
    }

    /// The threads that simulate them; if they cannot be started, that has been said.
    pub(in crate::cli) fn workers(self) -> Result<WorkerPool, Exit> {
        WorkerPool::new(self.threads()).map_err(|error| {
            terminal::error(&format!("cannot start the runs: {error}"), "ask for fewer --jobs");
            Exit::Broke
        })
    }
}

/// What a command that simulates many runs may take, and whether it says how it goes.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct EffortArguments {
    #[command(flatten)]
    jobs: JobsArgument,

    /// Run it even if it needs more events, disk or memory than a run usually does
    #[arg(long)]
    pub(in crate::cli) large: bool,

    /// Print nothing but errors
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,
}

impl EffortArguments {
    /// How many runs are simulated side by side.
    pub(in crate::cli) fn threads(self) -> usize {
        self.jobs.threads()
    }

    /// The threads that simulate them; if they cannot be started, that has been said.
    pub(in crate::cli) fn workers(self) -> Result<WorkerPool, Exit> {
        self.jobs.workers()
    }
}

/// A thread for every processor.
pub(in crate::cli) fn all_processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// How many trials at a time: 1 to 1,024.
fn jobs(text: &str) -> Result<usize, String> {
    let jobs = text.parse().ok().filter(|jobs| (1..=1_024).contains(jobs));
    jobs.ok_or_else(|| "write a number from 1 to 1024".to_string())
}

/// A duration on the command line.
pub(in crate::cli) fn span(text: &str) -> Result<Span, String> {
    let span = text.parse::<Span>().map_err(|error| error.to_string())?;
    let most = Span::from_secs(86_400);
    if span > most { Err("at most a day".to_string()) } else { Ok(span) }
}

/// A duration on the command line that may be longer than a day: 90m, 36h.
pub(in crate::cli) fn long_span(text: &str) -> Result<Span, String> {
    let span = text.parse::<Span>().map_err(|error| error.to_string())?;
    let seconds = span.seconds().ceil() as u64;
    let fits = (1..=30 * 86_400).contains(&seconds);
    fits.then(|| Span::from_secs(seconds)).ok_or_else(|| "from a second to 30 days".to_string())
}

/// A time of day on the command line: 22:00.
pub(in crate::cli) fn time_of_day(text: &str) -> Result<civil::Time, String> {
    let time = civil::Time::strptime("%H:%M", text);
    time.map_err(|_| "write hours and minutes: 22:00".to_string())
}

/// An amount of memory, in MiB: 256MiB, 2GiB, 512M.
pub(in crate::cli) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || "write an amount of memory, such as 256MiB or 2GiB".to_string();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let each = match unit.trim().to_ascii_lowercase().as_str() {
        "m" | "mb" | "mib" => 1,
        "g" | "gb" | "gib" => 1_024,
        _ => return Err(wrong()),
    };
    let amount = number.checked_mul(each).filter(|amount| (16..=16 << 20).contains(amount));
    amount.ok_or_else(|| "from 16 MiB to 16 TiB".to_string())
}
