//! What entries and reports have a word for: what a moment of a journal rests on, and what became
//! of a message that no play sends.

use crate::names::worded;
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// A message moved on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageEntry {
    /// 1 for the first of the scenario; those of the room are counted after them.
    pub message: u32,
    /// How far it has come.
    pub stage: MessageStage,
    /// The incident that was open then; of several the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<u32>,
    /// Whose voice it is, as written; `None`: nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The role or the person that it is for.
    pub audience: String,
    /// Those of them who were on duty when it was sent.
    pub to: Vec<String>,
    /// The channel by which it came, or the person to be told was reached; `None`: face to face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What it says.
    pub text: String,
    /// The role or the person that must be told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "told")]
    pub must_tell: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Time>,
    /// Who read it; who told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Who was told; `None` of an audience outside the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    #[serde(default, skip_serializing_if = "Evidence::is_simulated")]
    pub evidence: Evidence,
}

worded! {
    /// How far a message has come.
    pub enum MessageStage {
        /// It came.
        Sent = "sent",
        /// Somebody whom it is for has read or heard it.
        Read = "read",
        /// The person who had to be told of it has been told.
        Told = "told",
    }
}

worded! {
    /// What a moment of a journal rests on.
    #[derive(Default)]
    pub enum Evidence {
        /// It was drawn or follows from what was drawn.
        #[default]
        Simulated = "simulated",
        /// Somebody did it, and the clock was read.
        Measured = "measured",
    }
}

impl Evidence {
    /// Whether it is what a journal takes for granted, and so does not write down.
    pub fn is_simulated(&self) -> bool {
        *self == Evidence::Simulated
    }

    /// The mark behind a figure that somebody was seen to bring about: ` *`.
    pub fn mark(&self) -> &'static str {
        if self.is_simulated() { "" } else { " *" }
    }
}
