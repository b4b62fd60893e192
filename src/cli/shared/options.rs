//! Values of options that several subcommands share.

use crate::units::Span;

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
    if span > most { Err("a day at most".to_string()) } else { Ok(span) }
}
