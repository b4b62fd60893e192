//! The record of a rehearsal: what was entered and when, line by line, enough to play it again.

use super::command::{TypedCommand, without_last};
use crate::json_lines::{FileFormat, Lines, ReadError, Unreadable};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// The version of the format that this program writes and reads.
pub const VERSION: u32 = 1;
/// What a record is among files of JSON lines.
const FORMAT: FileFormat = FileFormat { name: "record", key: "room", version: VERSION };

/// The first line: which rehearsal this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Version of this format.
    pub room: u32,
    /// Version of the program.
    pub program: String,
    pub run_id: String,
    pub scenario_hash: String,
    pub scenario: String,
    pub seed: u64,
    pub trial: u64,
    /// When it began in the real world, RFC 3339.
    pub started: String,
    pub seats: Vec<String>,
    pub sets: Vec<(String, String)>,
    /// How it was shown.
    #[serde(default, skip_serializing_if = "DisplaySettings::is_plain")]
    pub shown: DisplaySettings,
}

/// How a rehearsal is shown, so that it can be gone on with in the same way; nothing of it changes
/// what happens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DisplaySettings {
    /// Simulated time per real time: `4x`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<String>,
    /// The file with the screen for the players.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub players: Option<String>,
    /// What the exercise is called wherever players may look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_name: Option<String>,
    /// The address at which the screen for the players is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    /// The terminal shows only what players may see.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hide: bool,
}

impl DisplaySettings {
    /// Whether nothing of it was said.
    pub fn is_plain(&self) -> bool {
        *self == DisplaySettings::default()
    }
}

/// Every other line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    /// The simulated moment.
    pub at: Time,
    /// The same as a local time of day, for whoever reads it.
    pub clock: String,
    #[serde(flatten)]
    pub what: RecordedEvent,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordedEvent {
    /// Something was entered, in full; `cue` is its line of the script, if it came from one.
    Input {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cue: Option<usize>,
    },
    /// The last input was taken back, and the clock is at the moment of this line.
    Undo {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cue: Option<usize>,
    },
    /// Something was typed that makes no sense, and why.
    Refused {
        text: String,
        why: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cue: Option<usize>,
    },
    /// Something was said beside the exercise, in full, and what it is worth in words.
    Aside {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cue: Option<usize>,
    },
    /// The clock has reached this moment.
    Reached {},
    /// The rehearsal is over, and its reports are written.
    Over {},
}

/// Everything that a record says.
#[derive(Debug, Clone, PartialEq)]
pub struct RehearsalRecord {
    pub opening: Opening,
    /// Those that were not taken back.
    pub inputs: Vec<TypedCommand>,
    /// What was said beside the exercise, and what it is worth.
    pub asides: Vec<(TypedCommand, Option<String>)>,
    /// The time on the clock.
    pub reached: Time,
    /// The last line of the script that was entered; 0 if none was.
    pub cue: usize,
    /// There is nothing to resume.
    pub over: bool,
    /// How many bytes of it are whole lines.
    pub whole: u64,
}

impl RehearsalRecord {
    /// Reads a record. A last line without its end was being written when the program was killed;
    /// what it said had not happened yet, so it is left out.
    pub fn read(text: &[u8]) -> Result<RehearsalRecord, ReadError> {
        let mut lines = Lines::open(FORMAT, text)?;
        let (inputs, asides, reached) = (Vec::new(), Vec::new(), Time::ZERO);
        let opening: Opening = lines.value()?;
        let mut record =
            RehearsalRecord { opening, inputs, asides, reached, cue: 0, over: false, whole: 0 };
        loop {
            record.whole = lines.whole();
            match lines.advance() {
                Ok(true) => {}
                Ok(false) => return Ok(record),
                Err(error) if matches!(error.problem, Unreadable::CutOff { .. }) => {
                    return Ok(record);
                }
                Err(error) => return Err(error),
            }
            record.add(lines.value()?).map_err(|problem| lines.corrupt(problem))?;
        }
    }

    fn add(&mut self, line: RecordLine) -> Result<(), String> {
        let RecordLine { at, what, .. } = line;
        let seen = match &what {
            RecordedEvent::Input { cue, .. }
            | RecordedEvent::Undo { cue }
            | RecordedEvent::Refused { cue, .. }
            | RecordedEvent::Aside { cue, .. } => *cue,
            RecordedEvent::Reached {} | RecordedEvent::Over {} => None,
        };
        self.cue = self.cue.max(seen.unwrap_or(0));
        match what {
            RecordedEvent::Input { text, .. } => {
                if self.inputs.last().is_some_and(|last| last.at > at) {
                    return Err("it goes back in time".to_string());
                }
                self.inputs.push(TypedCommand { at, text });
            }
            RecordedEvent::Undo { .. } => {
                let left = without_last(&self.inputs).ok_or("there is nothing to undo")?;
                self.inputs = left.0;
            }
            RecordedEvent::Refused { .. } => return Ok(()),
            RecordedEvent::Aside { text, found, .. } => {
                self.asides.push((TypedCommand { at, text }, found))
            }
            RecordedEvent::Reached {} => {}
            RecordedEvent::Over {} => self.over = true,
        }
        self.reached = at;
        Ok(())
    }
}
