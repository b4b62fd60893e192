//! What a run writes while it plays: its journal, and the files beside its folder that the user
//! wants: the simulated traffic as a server would log it, response times for HdrHistogram tools,
//! what the monitor was told.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::files::{Folder, JOURNAL};
use crate::cli::shared::ownership::{PathRefusal, named};
use crate::cli::shared::{Exit, terminal};
use crate::decision::MonitorInput;
use crate::journal;
use crate::journal::{Entry, Event, Header, IncidentState};
use crate::judge;
use crate::judge::RecordingHeader;
use crate::logs::LogWriter;
use crate::measure::IntervalLog;
use crate::report::for_terminal;
use crate::scenario::Plan;
use crate::telemetry::{Outcome, RequestAttempt};
use crate::units::Time;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Where such a file is wanted, and whether it may replace whatever is there.
pub(super) struct Attachment<P> {
    pub(super) path: P,
    pub(super) force: bool,
}

/// Opens such a file, which begins with one of these if it is sim's own; what is wrong has been
/// told, with the option that names it.
pub(super) fn open(path: &Path, begins: &[&str], force: bool, option: &str) -> Result<Draft, Exit> {
    named(path, begins, force).map_err(|refused| match refused {
        PathRefusal::Foreign(message) => {
            let hint = format!("name another file with {option}, or replace it with --force");
            terminal::error(&message, &hint);
            Exit::Wrong
        }
        PathRefusal::Io(error) => {
            let shown = for_terminal(&path.display().to_string(), 2_000);
            let message = format!("cannot write to {shown}: {error}");
            terminal::error(&message, &format!("name another file with {option}"));
            Exit::Broke
        }
    })
}

/// An access log on its way to disk; it gets its name when it is whole.
pub(super) struct AccessLog {
    writer: LogWriter,
    draft: Draft,
}

impl AccessLog {
    /// Opens the log that was asked for, if any. A log of a server looks the same, so nothing that
    /// is there is replaced unless that is forced. What is wrong has been told.
    pub(super) fn begin(
        attachment: &Attachment<Option<&Path>>,
        plan: &Plan,
    ) -> Result<Option<AccessLog>, Exit> {
        let Some(path) = attachment.path else { return Ok(None) };
        let draft = open(path, &[], attachment.force, "--access-log")?;
        let mapping = plan.log_mapping();
        let writer = LogWriter::new(&mapping, &plan.names, &plan.calendar);
        Ok(Some(AccessLog { writer, draft }))
    }

    /// Writes what has ended since the last time.
    pub(super) fn write(&mut self, attempts: &[RequestAttempt]) {
        let AccessLog { writer, draft } = self;
        draft.attempt(|mut to| {
            attempts.iter().try_for_each(|attempt| writer.write(&mut to, attempt))
        });
    }

    /// Gives the file its name.
    pub(super) fn end(self) -> io::Result<()> {
        self.draft.publish()
    }
}

/// A recording in the making, if one is wanted.
pub(super) struct RecordingOutput(Option<(Draft, PathBuf)>);

impl RecordingOutput {
    /// Begins the recording of a run of this plan; nothing is written without a path. What keeps
    /// it from being written has been told.
    pub(super) fn begin(
        attachment: &Attachment<Option<&Path>>,
        header: &Header,
        plan: &Plan,
    ) -> Result<RecordingOutput, Exit> {
        let Some(path) = attachment.path else { return Ok(RecordingOutput(None)) };
        let mut draft = open(path, &["{\"recording\":"], attachment.force, "--record")?;
        let first = RecordingHeader::from_header(header, &plan.names);
        draft.attempt(|mut to| judge::write_header(&mut to, &first));
        Ok(RecordingOutput(Some((draft, path.to_path_buf()))))
    }

    /// Whether anything is to be recorded.
    pub(super) fn wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Writes what the monitor was told.
    pub(super) fn write(&mut self, inputs: &[(Time, MonitorInput)]) {
        let Some((draft, _)) = &mut self.0 else { return };
        draft.attempt(|mut to| {
            inputs.iter().try_for_each(|(at, input)| judge::write_input(&mut to, *at, input))
        });
    }

    /// Gives the finished file its name.
    pub(super) fn end(self) -> io::Result<()> {
        let Some((draft, path)) = self.0 else { return Ok(()) };
        draft.publish().map_err(|error| {
            let message = format!("the recording {}: {error}", path.display());
            io::Error::new(error.kind(), message)
        })
    }
}

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
    pub(super) fn take(&mut self, attempts: &[RequestAttempt], entries: &[Entry]) {
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
            self.log.start_phase(phase, entry.at);
        }
    }

    /// Writes the log and gives the file its name.
    pub(super) fn end(self, end: Time) -> io::Result<()> {
        let HdrLog { mut draft, log, starts, .. } = self;
        draft.attempt(|mut to| log.write(&mut to, starts, end));
        draft.publish()
    }
}

/// The journal on its way to disk. The first failure is kept and ends the writing, not the run.
pub(super) struct Writing(io::Result<Draft>);

impl Writing {
    pub(super) fn begin(folder: &Folder, header: &Header) -> Writing {
        let mut draft = folder.draft(JOURNAL);
        if let Ok(draft) = &mut draft {
            draft.attempt(|mut to| journal::write_header(&mut to, header));
        }
        Writing(draft)
    }

    pub(super) fn write(&mut self, entries: &[Entry]) {
        let Ok(draft) = &mut self.0 else { return };
        draft.attempt(|mut to| {
            entries.iter().try_for_each(|entry| journal::write_entry(&mut to, entry))
        });
    }

    /// Gives the journal its name. If it could not be finished, what there is of it gets another.
    pub(super) fn end(self) -> io::Result<()> {
        self.0?.publish_or_keep(PARTIAL)
    }
}

/// What there is of a journal that could not be finished.
const PARTIAL: &str = "journal.partial.jsonl";
