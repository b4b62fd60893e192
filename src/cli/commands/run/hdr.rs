//! `sim run --hdr`: response times by phase, as an interval log of HdrHistogram.

use crate::cli::shared::{files, terminal};
use crate::journal::{Entry, Event};
use crate::measure::IntervalLog;
use crate::report;
use crate::scenario::Plan;
use crate::telemetry::{Attempt, Outcome};
use crate::units::Time;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;
use tempfile::NamedTempFile;

/// Nothing is broken and no incident is open; a fault hits the site and nobody has noticed; an
/// incident is open.
const PHASES: [&str; 3] = ["normal", "fault", "incident"];

/// An interval log on its way to disk; it gets its name when it is whole.
pub(in crate::cli) struct HdrLog<'a> {
    path: &'a Path,
    file: NamedTempFile,
    log: IntervalLog,
    starts: SystemTime,
    faults: usize,
    incidents: usize,
}

impl<'a> HdrLog<'a> {
    /// Opens the log that was asked for, if any, now rather than after the run; the error is told.
    pub(in crate::cli) fn opened(
        path: Option<&'a Path>,
        plan: &Plan,
    ) -> Result<Option<HdrLog<'a>>, ()> {
        let Some(path) = path else { return Ok(None) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile::Builder::new();
        let file = file.prefix(".sim-").suffix(".tmp");
        match file.tempfile_in(folder.unwrap_or(Path::new("."))) {
            Ok(file) => Ok(Some(HdrLog {
                path,
                file,
                log: IntervalLog::new(PHASES[0]),
                starts: plan.calendar.starts().timestamp().into(),
                faults: 0,
                incidents: 0,
            })),
            Err(error) => {
                let shown = report::for_terminal(&path.display().to_string(), 2_000);
                let message = format!("cannot write to {shown}: {error}");
                terminal::error(&message, "name another file with --hdr");
                Err(())
            }
        }
    }

    /// Counts what has ended, then takes in what has happened since.
    pub(in crate::cli) fn take(&mut self, attempts: &[Attempt], entries: &[Entry]) {
        let timed = attempts.iter().filter(|attempt| attempt.outcome != Outcome::Planned);
        timed.for_each(|attempt| self.log.record(attempt.took));
        for entry in entries {
            match &entry.event {
                Event::Fault { begins: true, site: true, .. } => self.faults += 1,
                Event::Fault { begins: false, site: true, .. } => {
                    self.faults = self.faults.saturating_sub(1);
                }
                Event::Incident { state, .. } if state == "opened" => self.incidents += 1,
                Event::Incident { state, .. } if state == "recovered" => {
                    self.incidents = self.incidents.saturating_sub(1);
                }
                _ => continue,
            }
            let phase = match (self.faults, self.incidents) {
                (_, 1..) => PHASES[2],
                (1.., 0) => PHASES[1],
                (0, 0) => PHASES[0],
            };
            self.log.turn(phase, entry.at);
        }
    }

    /// Writes the log and gives the file its name.
    pub(in crate::cli) fn end(self, end: Time) -> io::Result<()> {
        let mut to = BufWriter::new(self.file);
        self.log.write(&mut to, self.starts, end)?;
        to.flush()?;
        let file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        files::publish(file, self.path)
    }
}
