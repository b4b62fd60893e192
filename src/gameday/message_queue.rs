//! The messages of a day: what each says, to whom, and how far it has come.

use super::draws::Draws;
use crate::decision::Message;
use crate::journal::Evidence;
use crate::kernel::DrawKey;
use crate::names::PersonId;
use crate::scenario::Plan;
use crate::units::Time;

/// What a message waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageStep {
    /// Its time has come.
    Comes,
    /// This simulated person reads it.
    Read(PersonId),
    /// This person tells others of it.
    PassOn(PersonId),
    /// Somebody who must be told hears of it; `None`: an audience outside the team.
    Hears { by: PersonId, who: Option<PersonId> },
}

/// A message of this day.
#[derive(Debug, Clone)]
pub(super) struct QueuedMessage {
    pub message: Message,
    /// When it came; `None`: not yet.
    pub at: Option<Time>,
    /// Those on duty whom it is for.
    pub to: Vec<PersonId>,
    pub read_by: Option<PersonId>,
    pub told: bool,
    pub evidence: Evidence,
    pub key: DrawKey,
}

/// The messages of this day.
#[derive(Clone)]
pub(super) struct Messages {
    pub mail: Vec<QueuedMessage>,
    key: DrawKey,
    /// What people who were busy do once they are free, oldest first.
    pub deferred: Vec<(usize, PersonId, MessageStep)>,
    pub draws: Draws,
}

/// A message that somebody in the room has not dealt with.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenMessage {
    /// Its number in the journal.
    pub number: u32,
    /// What it says, to whom, from whom.
    pub message: Message,
    /// When it came.
    pub at: Time,
    /// Those in the room whom it is for.
    pub to: Vec<PersonId>,
    /// Who has read it.
    pub read_by: Option<PersonId>,
}

impl OpenMessage {
    /// Until when somebody must be told of it.
    pub fn due(&self) -> Option<Time> {
        Some(self.at + self.message.expect?.within?)
    }
}

impl Messages {
    /// Switches to other random draws from now on, also for messages that have not come yet.
    pub(super) fn fork(&mut self, draws: u64) {
        self.key = self.key.forked(draws);
        let coming = self.mail.iter_mut().filter(|mail| mail.at.is_none());
        coming.for_each(|mail| mail.key = mail.key.forked(draws));
    }

    /// Those of a plan, none of which has come yet.
    pub(super) fn new(plan: &Plan, key: DrawKey) -> Self {
        let none = Draws::default();
        let mut messages = Messages { mail: Vec::new(), key, deferred: Vec::new(), draws: none };
        for message in &plan.messages {
            messages.add(message.clone(), false);
        }
        messages
    }

    /// The draws of a message belong to its words, so no other message can shift them.
    pub(super) fn add(&mut self, message: Message, measured: bool) -> usize {
        let same = |mail: &&QueuedMessage| {
            (&mail.message.says, &mail.message.from) == (&message.says, &message.from)
        };
        let nth = self.mail.iter().filter(same).count() as u64;
        let from = message.from.as_deref().unwrap_or_default();
        let key = self.key.named(&message.says).named(from).child(nth);
        let evidence = if measured { Evidence::Measured } else { Evidence::Simulated };
        let (at, to, read_by) = (None, Vec::new(), None);
        self.mail.push(QueuedMessage { message, at, to, read_by, told: false, evidence, key });
        self.mail.len() - 1
    }
}
