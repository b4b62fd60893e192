//! Logs of real servers and of simulated ones: what is read from them, and what is made of it.

mod bad;
mod baseline;
mod cases;
mod formats;
mod loggers;
mod objects;
mod pasted;
mod truth;
mod written;

use assert_cmd::Command;
use sim::logs::{Bins, LogCounts, LogError, LogItem, LogReadOptions, LogSource, Moment, read};
use sim::names::Names;
use sim::telemetry::Reading;
use sim::units::Span;
use std::path::{Path, PathBuf};

use crate::support;

/// The log of a real nginx whose upstream was slow for 3 minutes and then failed for two.
pub fn faulty() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nginx/faulty.log.gz")
}

pub fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// One combined line with the request's time.
pub fn line(second: u32, path: &str, status: u16, agent: &str, took: &str) -> String {
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!(
        "192.0.2.1 - - [07/Nov/2018:{hour:02}:{minute:02}:{second:02} +0000] \"GET {path} \
         HTTP/1.1\" {status} 512 \"-\" \"{agent}\" rt={took}\n"
    )
}

/// Two hours of one request a second.
pub fn two_hours() -> String {
    (0..7_200).map(|n| line(n, "/page", 200, "curl/8", "0.100")).collect()
}

/// All readings of a log for a scenario's names.
pub fn readings(
    sources: &[PathBuf],
    (plan, start, every): (&sim::scenario::Plan, Moment, Span),
) -> Result<(Vec<Reading>, LogCounts), LogError> {
    let sources: Vec<LogSource> = sources.iter().map(|path| LogSource::from_path(path)).collect();
    let names: &Names = &plan.names;
    let mut bins = Bins::new(plan.logs.mapping(names), names, start, every);
    let mut readings = Vec::new();
    let counts = read(&sources, &LogReadOptions::default(), &mut |step| match step {
        LogItem::Request(request) => bins.count(request),
        LogItem::Complete(until) => {
            bins.complete(until);
            readings.extend(std::iter::from_fn(|| bins.next_reading()));
        }
    })?;
    let last = counts.span().expect("there are requests").1;
    bins.complete(last.plus(every));
    readings.extend(std::iter::from_fn(|| bins.next_reading()));
    assert_eq!(bins.late(), 0);
    Ok((readings, counts))
}
