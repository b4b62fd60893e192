//! Messages that no play sends, as the journal has them: a call from the help desk, a reporter.

use super::Evidence;
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
    /// By which channel it came, or the one who had to be told was reached; `None`: face to face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// What it says.
    pub text: String,
    /// The role or the person that must be told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
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
        /// The one has been told of it who had to be.
        Told = "told",
    }
}
