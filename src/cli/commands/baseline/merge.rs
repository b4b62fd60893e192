//! `sim baseline merge`: joins parts of a history into one baseline.

use super::saving::{BaselineSum, By, open_output, save, too_few};
use crate::cli::shared::{Exit, terminal};
use crate::json_lines::ReadError;
use crate::logs::{self, History, HistoryOptions, LogMapping, PartHeader, PartialHistory};
use crate::names::Names;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

/// Join parts of a history, and learn what is normal from all of it
///
/// Reads what `sim baseline LOG… --partial FILE` wrote, in any order, and gives the same baseline
/// as reading all logs at once: parts of the same hours, such as those of several servers, are
/// counted together. Only parts that overlap in time are in memory at once.
#[derive(clap::Args)]
pub(super) struct MergePartsArguments {
    /// The parts
    #[arg(value_name = "PART", required = true)]
    parts: Vec<PathBuf>,

    #[command(flatten)]
    summing: BaselineSum,

    /// Replace what is at --output, even if sim did not write it
    #[arg(long, requires = "output")]
    force: bool,
}

/// Runs the subcommand.
pub(super) fn run(arguments: &MergePartsArguments) -> Result<(), Exit> {
    let BaselineSum { output, by, min_requests } = &arguments.summing;
    let draft = open_output(output.as_deref(), arguments.force)?;
    let headers = headers(&arguments.parts)?;
    let first = &headers[0];
    let names = Names { endpoints: first.endpoints.iter().cloned().collect(), ..Names::default() };
    let options = HistoryOptions {
        window: first.window,
        min_requests: *min_requests,
        zone: TimeZone::get(&first.zone).unwrap_or(TimeZone::UTC),
        by_hour: *by == Some(By::HourOfWeek),
    };
    let mut history = History::new(options, LogMapping::from_names(&names), &names);
    headers.iter().for_each(|header| history.join(header));
    let mut open = |at: usize| open_part(&arguments.parts[at]);
    let joined = logs::join(&headers, &mut open, &mut |window| history.add(&window));
    joined.map_err(|(at, error)| refuse(&arguments.parts[at], &error))?;
    let (window, lines) = (first.window, headers.iter().map(|header| header.lines).sum());
    let files = headers.iter().map(|header| header.files).sum();
    let baseline = history.baseline().map_err(|n| too_few(n, window, *min_requests))?;
    save(output.as_deref(), draft, &baseline, (lines, files))
}

/// The first lines of all parts, which can be joined.
fn headers(parts: &[PathBuf]) -> Result<Vec<PartHeader>, Exit> {
    let mut headers: Vec<PartHeader> = Vec::with_capacity(parts.len());
    for path in parts {
        let header = open_part(path)
            .map_err(|error| logs::PART.unopened(error))
            .and_then(PartialHistory::header);
        let header = header.map_err(|error| refuse(path, &error))?;
        if let Some(what) = headers.first().and_then(|first| first.differs(&header)) {
            let message = format!("{} and {} differ in {what}", path.display(), parts[0].display());
            terminal::error(&message, "make all parts with the same options, then merge them");
            return Err(Exit::Wrong);
        }
        if let Some(same) = headers.iter().position(|before| *before == header) {
            let message =
                format!("{} and {} are the same part", parts[same].display(), path.display());
            terminal::error(&message, "name each part once");
            return Err(Exit::Wrong);
        }
        headers.push(header);
    }
    Ok(headers)
}

fn open_part(path: &Path) -> io::Result<BufReader<File>> {
    File::open(path).map(BufReader::new)
}

fn refuse(path: &Path, error: &ReadError) -> Exit {
    let message = format!("cannot use {}: {error}", path.display());
    terminal::error(&message, "name files that sim baseline LOG --partial FILE wrote");
    Exit::Wrong
}
