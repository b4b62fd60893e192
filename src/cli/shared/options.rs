//! Values of options that several subcommands share.

use crate::report::Naming;
use crate::units::Span;

/// How people are called in what is handed on.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct NamesArgument {
    /// How people are called in the outbrief and the findings, which are handed on
    #[arg(long, value_enum, value_name = "HOW", default_value_t = Called::Roles)]
    names: Called,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Called {
    /// By what they are for: the decider, the second on call
    Roles,
    /// By their names
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

/// So many threads, or one per processor.
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
    let span = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let nanos = u64::try_from(span.as_nanos()).ok().filter(|n| *n <= Span::from_secs(86_400).0);
    nanos.map(Span).ok_or_else(|| "a day at most".to_string())
}
