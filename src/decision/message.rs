//! What people say whom no play knows, and who must be told of it.

use super::Audience;
use crate::names::ChannelId;
use crate::units::{Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// A message that somebody sends whom no play knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// When it is sent.
    pub at: Time,
    /// Whom it is for.
    pub to: Audience,
    /// By which channel; `None`: face to face, so that it is heard at once.
    pub by: Option<ChannelId>,
    /// Whose voice it is.
    pub from: Option<String>,
    /// What it says.
    pub says: String,
    /// Who must be told of it by whoever reads it.
    pub expect: Option<ToTell>,
}

/// Who must be told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ToTell {
    /// The role or the person.
    pub told: Audience,
    /// At most so long after the message was sent; `None`: it is only timed.
    pub within: Option<Span>,
    /// By which channel; `None`: face to face, or to somebody outside the team.
    pub by: Option<ChannelId>,
    /// How long whoever reads the message takes to begin; `None`: no time.
    pub takes: Option<Spread>,
}
