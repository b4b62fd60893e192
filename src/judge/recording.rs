//! A recording: what the monitor of a run was told, one line each, to be judged again.
//!
//! The first line says which run and which scopes; every further one is a reading, an answer, the
//! end of a stage of a change, or a moment at which something was due. The last one says that the
//! run is over, so that a file that was cut off is recognised.

use super::reading_line::ReadingLine;
use crate::decision::{AskId, ChangeEnd, ImprovisedAct, MonitorInput, Reply};
use crate::journal::Header;
use crate::json_lines::{self, FileFormat, Lines, ReadError};
use crate::names::{ChangeId, Names, RuleId, Scope, ScopeKind};
use crate::scenario::Plan;
use crate::telemetry::Reading;
use crate::units::{Calendar, Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, BufRead, Write};

/// The version of the format that this program writes and reads.
pub const VERSION: u32 = 1;
/// What a recording is among files of JSON lines.
pub const FORMAT: FileFormat = FileFormat { name: "recording", key: "recording", version: VERSION };

/// The first line: which run, and what its readings are about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordingHeader {
    /// Version of this format.
    pub recording: u32,
    /// Version of the program.
    pub program: String,
    /// The id of the run.
    pub run_id: String,
    /// Hash of the plan, whatever its seed.
    pub scenario_hash: String,
    /// The scenario's own words.
    pub scenario: String,
    /// The wall clock of its times.
    #[serde(rename = "starts")]
    pub calendar: Calendar,
    /// The length of an interval.
    pub every: Span,
    /// Kind and name of every scope, in the order of the readings.
    pub scopes: Vec<(ScopeKind, String)>,
}

impl RecordingHeader {
    /// The first line of the recording of a run of this plan.
    pub fn from_header(header: &Header, names: &Names) -> RecordingHeader {
        RecordingHeader {
            recording: VERSION,
            program: header.program.clone(),
            run_id: header.run_id.clone(),
            scenario_hash: header.scenario_hash.clone(),
            scenario: header.scenario.clone(),
            calendar: header.calendar.clone(),
            every: header.every,
            scopes: scope_words(names),
        }
    }
}

/// Kind and name of every scope that a reading is about, in its order.
fn scope_words(names: &Names) -> Vec<(ScopeKind, String)> {
    let scopes = names.scopes().into_iter();
    let words = scopes.map(|scope| names.scope(scope));
    words.map(|(kind, name)| (kind, name.to_string())).collect()
}

/// One further line. Exactly one of the options is there.
#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RecordingLine {
    at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reading: Option<ReadingLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    causes: Option<Vec<(RuleId, Scope, u32)>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<(AskId, Reply)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    change: Option<(ChangeId, ChangeEnd)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    noticed: Option<(RuleId, bool)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_hand: Option<ImprovisedAct>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    wake: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    end: bool,
}

/// Writes the first line.
pub fn write_header(to: &mut impl Write, header: &RecordingHeader) -> io::Result<()> {
    json_lines::write(to, header)
}

/// Writes one further line. The same input gives the same bytes everywhere.
pub fn write_input(to: &mut impl Write, at: Time, input: &MonitorInput) -> io::Result<()> {
    let mut line = RecordingLine { at, ..RecordingLine::default() };
    match input {
        MonitorInput::Reading(reading) => line.reading = Some(ReadingLine::from_reading(reading)),
        MonitorInput::Causes(causes) => line.causes = Some(causes.clone()),
        MonitorInput::Answer { ask, reply } => line.answer = Some((*ask, *reply)),
        MonitorInput::Change { change, end } => line.change = Some((*change, *end)),
        MonitorInput::Noticed { rule, there } => line.noticed = Some((*rule, *there)),
        MonitorInput::ByHand(what) => line.by_hand = Some(*what),
        MonitorInput::Wake => line.wake = true,
        MonitorInput::End => line.end = true,
    }
    json_lines::write(to, &line)
}

/// Why a recording cannot be judged, or not further.
#[derive(Debug)]
pub enum RecordingError {
    /// The file is not a recording, or damaged.
    Read(ReadError),
    /// It ends before the run does; everything was read.
    Unfinished,
    /// Its readings do not fit the scenario.
    Misfit { problem: String, hint: String },
}

impl From<ReadError> for RecordingError {
    fn from(error: ReadError) -> RecordingError {
        RecordingError::Read(error)
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordingError::Read(error) => write!(f, "{error}"),
            RecordingError::Unfinished => write!(f, "the recording ends before its run does"),
            RecordingError::Misfit { problem, .. } => f.write_str(problem),
        }
    }
}

impl std::error::Error for RecordingError {}

/// Reads a recording line by line; memory does not grow with its length.
#[derive(Debug)]
pub struct Recording<R> {
    lines: Lines<R>,
    header: RecordingHeader,
    /// The end of the last reading, and the moment of the last line.
    reached: (Time, Time),
    over: bool,
}

/// Whether a file that begins with this line is a recording.
pub fn is_recording(first_line: &[u8]) -> bool {
    first_line.starts_with(b"{\"recording\":")
}

impl<R: BufRead> Recording<R> {
    /// Reads the first line.
    pub fn new(from: R) -> Result<Self, RecordingError> {
        let lines = Lines::open(FORMAT, from)?;
        let header: RecordingHeader = lines.value()?;
        if header.every == Span::ZERO {
            return Err(lines.corrupt("`every` is zero").into());
        }
        let reached = (Time::ZERO, Time::ZERO);
        Ok(Recording { lines, header, reached, over: false })
    }

    /// The first line.
    pub fn header(&self) -> &RecordingHeader {
        &self.header
    }

    /// The wall clock of its times.
    pub fn calendar(&self) -> &Calendar {
        &self.header.calendar
    }

    /// Whether its answers and changes are those of this plan, not only its readings.
    pub fn is_of(&self, plan: &Plan) -> bool {
        let starts = plan.calendar.starts() == self.header.calendar.starts();
        starts && crate::scenario::plan_hash(plan) == self.header.scenario_hash
    }

    /// The position of each scope of a plan in the readings; an error if they cannot be judged by
    /// its rules at all.
    pub fn positions(&self, plan: &Plan) -> Result<Vec<Option<usize>>, RecordingError> {
        let (every, wanted) = (self.header.every, plan.telemetry.every);
        if every != wanted {
            let problem = format!("its readings come every {every}, the scenario's every {wanted}");
            let hint = format!("judge it with --set telemetry.every={}s", every.seconds());
            return Err(RecordingError::Misfit { problem, hint });
        }
        let position = |words| self.header.scopes.iter().position(|scope| *scope == words);
        Ok(scope_words(&plan.names).into_iter().map(position).collect())
    }

    /// The last line read is not what belongs there.
    pub(super) fn corrupt(&self, problem: &str) -> RecordingError {
        self.lines.corrupt(problem).into()
    }

    fn read(&mut self) -> Result<Option<(Time, MonitorInput)>, RecordingError> {
        if self.over {
            return Ok(None);
        }
        if !self.lines.advance()? {
            return Err(RecordingError::Unfinished);
        }
        let line: RecordingLine = self.lines.value()?;
        let at = line.at;
        let input = self.input(line).map_err(|problem| self.corrupt(problem))?;
        self.reached.1 = at;
        self.over = input == MonitorInput::End;
        Ok(Some((at, input)))
    }

    /// What a line says, if it can follow on what came before.
    fn input(&mut self, line: RecordingLine) -> Result<MonitorInput, &'static str> {
        if line.at < self.reached.1 {
            return Err("its time is before that of the line above");
        }
        let RecordingLine { at, reading, causes, answer, change, noticed, by_hand, wake, end } =
            line;
        let mut said = Vec::with_capacity(1);
        if let Some(reading) = reading {
            let reading = self.reading(reading)?;
            if reading.to > at {
                return Err("a reading is known before its interval is over");
            }
            said.push(MonitorInput::Reading(reading));
        }
        said.extend(causes.map(MonitorInput::Causes));
        said.extend(answer.map(|(ask, reply)| MonitorInput::Answer { ask, reply }));
        said.extend(change.map(|(change, end)| MonitorInput::Change { change, end }));
        said.extend(noticed.map(|(rule, there)| MonitorInput::Noticed { rule, there }));
        said.extend(by_hand.map(MonitorInput::ByHand));
        said.extend(wake.then_some(MonitorInput::Wake));
        said.extend(end.then_some(MonitorInput::End));
        match said.pop() {
            Some(input) if said.is_empty() => Ok(input),
            _ => Err("it must say one thing: reading, causes, answer, change, wake or end"),
        }
    }

    fn reading(&mut self, line: ReadingLine) -> Result<Reading, &'static str> {
        let (from, to) = (line.from, line.to);
        if from < self.reached.0 || to.since(from) != self.header.every {
            return Err("its interval is not as long as the others, or overlaps the one before");
        }
        self.reached.0 = to;
        line.into_reading(self.header.scopes.len())
    }
}

impl<R: BufRead> Iterator for Recording<R> {
    type Item = Result<(Time, MonitorInput), RecordingError>;

    /// The next line; nothing more after an error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let next = self.read();
        self.over |= next.is_err();
        next.transpose()
    }
}
