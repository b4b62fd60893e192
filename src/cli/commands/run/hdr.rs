//! `sim run --hdr`: response times by phase, as an interval log of HdrHistogram.

use super::attachment::{Attachment, open};
use crate::cli::shared::Exit;
use crate::cli::shared::draft::Draft;
use crate::journal::{Entry, Event, IncidentState};
use crate::measure::IntervalLog;
use crate::scenario::Plan;
use crate::telemetry::{Attempt, Outcome};
use crate::units::Time;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Nothing is broken and no incident is open; a fault hits the site and nobody has noticed; an
/// incident is open.
const PHASES: [&str; 3] = ["normal", "fault", "incident"];

/// An interval log on its way to disk; it gets its name when it is whole.
pub(super) struct HdrLog {
    draft: Draft,
    log: IntervalLog,
    starts: SystemTime,
    faults: usize,
    incidents: usize,
}

impl HdrLog {
    /// Opens the log that was asked for, if any, now rather than after the run. What is wrong has
    /// been told.
    pub(super) fn begin(
        attachment: &Attachment<Option<&Path>>,
        plan: &Plan,
    ) -> Result<Option<HdrLog>, Exit> {
        let Some(path) = attachment.path else { return Ok(None) };
        Ok(Some(HdrLog {
            draft: open(path, &[IntervalLog::BEGINS], attachment.force, "--hdr")?,
            log: IntervalLog::new(PHASES[0]),
            starts: plan.calendar.starts().timestamp().into(),
            faults: 0,
            incidents: 0,
        }))
    }

    /// Counts what has ended, then takes in what has happened since.
    pub(super) fn take(&mut self, attempts: &[Attempt], entries: &[Entry]) {
        let timed = attempts.iter().filter(|attempt| attempt.outcome != Outcome::Planned);
        timed.for_each(|attempt| self.log.record(attempt.took));
        for entry in entries {
            match &entry.event {
                Event::Fault { begins: true, site: true, .. } => self.faults += 1,
                Event::Fault { begins: false, site: true, .. } => {
                    self.faults = self.faults.saturating_sub(1);
                }
                Event::Incident {
                    state: IncidentState::Opened | IncidentState::Reopened, ..
                } => {
                    self.incidents += 1;
                }
                Event::Incident { state: IncidentState::Recovered, .. } => {
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
    pub(super) fn end(self, end: Time) -> io::Result<()> {
        let HdrLog { mut draft, log, starts, .. } = self;
        draft.attempt(|mut to| log.write(&mut to, starts, end));
        draft.publish()
    }
}
