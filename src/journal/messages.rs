//! Messages that no play sends: when each was sent, who read it, and when the person who had to be
//! told was told.

use super::{Entry, Event, MessageEntry, MessageStage, Story};
use crate::units::{Span, Time};

/// A message from its sending to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MessageTimeline<'a> {
    /// When it was sent.
    pub at: Time,
    /// How it was sent.
    pub sent: &'a MessageEntry,
    /// When it was read, and by whom.
    pub read: Option<(Time, &'a MessageEntry)>,
    /// When the person who had to be told was told, and by whom.
    pub told: Option<(Time, &'a MessageEntry)>,
}

impl MessageTimeline<'_> {
    /// Whether it was told in time; `None` where there is no limit.
    pub fn in_time(&self) -> Option<bool> {
        self.sent.due.map(|due| self.told.is_some_and(|(at, _)| at <= due))
    }

    /// From being sent until the person who had to be told was told.
    pub fn time_to_tell(&self) -> Option<Span> {
        self.told.map(|(at, _)| at.since(self.at))
    }

    /// Whose voice it is: `help desk`, or `somebody`.
    pub fn voice(&self) -> &str {
        self.sent.from.as_deref().unwrap_or("somebody")
    }
}

impl Story {
    /// Every message, in the order in which they were sent.
    pub fn messages(&self) -> Vec<MessageTimeline<'_>> {
        let mut messages: Vec<MessageTimeline> = Vec::new();
        for Entry { at, event, .. } in self.entries() {
            let Event::Message(entry) = event else { continue };
            let entry: &MessageEntry = entry;
            let same = |message: &&mut MessageTimeline| message.sent.message == entry.message;
            match (entry.stage, messages.iter_mut().find(same)) {
                (MessageStage::Sent, _) => {
                    messages.push(MessageTimeline { at: *at, sent: entry, read: None, told: None });
                }
                (MessageStage::Read, Some(message)) => message.read = Some((*at, entry)),
                (MessageStage::Told, Some(message)) => message.told = Some((*at, entry)),
                (_, None) => {}
            }
        }
        messages
    }
}
