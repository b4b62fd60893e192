//! Values of options that several subcommands share.

use crate::report::Naming;
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

/// How many threads, or one per processor.
pub(in crate::cli) fn all_or(jobs: Option<usize>) -> usize {
    jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// How many trials at a time: 1 to 1,024.
pub(in crate::cli) fn jobs(text: &str) -> Result<usize, String> {
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
