//! Walking a ladder: one contact after another, until somebody answers.

use super::desk::{Desk, Matter};
use super::{AskId, Question};
use crate::names::{ChannelId, PersonId};
use crate::people::Escalation;
use crate::units::{Span, Time};

/// A ladder on its way. Answers to earlier contacts count as long as it is kept.
#[derive(Debug)]
pub(super) struct Ladder {
    contacts: Vec<Contact>,
    /// How long one contact is waited for.
    each: Span,
    /// The next contact to be tried.
    next: usize,
    /// When it will be tried; `None` before the first, and once the ladder has stalled.
    due: Option<Time>,
    /// Those asked so far, and which contact it was.
    asked: Vec<(AskId, usize)>,
}

/// One person on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contact {
    pub person: PersonId,
    pub channel: ChannelId,
    round: u32,
}

impl Ladder {
    /// An escalation: every channel of a person, then the next person, then the next round.
    pub fn of(escalation: &Escalation) -> Ladder {
        let mut contacts = Vec::new();
        for round in 0..escalation.rounds {
            for person in escalation.people.iter().copied() {
                let by = escalation.by.iter().copied();
                contacts.extend(by.map(|channel| Contact { person, channel, round }));
            }
        }
        Ladder { contacts, each: escalation.each, next: 0, due: None, asked: Vec::new() }
    }

    /// One person, channel after channel.
    pub fn to(person: PersonId, by: &[ChannelId], each: Span) -> Ladder {
        let contacts = by.iter().map(|channel| Contact { person, channel: *channel, round: 0 });
        Ladder { contacts: contacts.collect(), each, next: 0, due: None, asked: Vec::new() }
    }

    /// Tries the next contact on duty, and says whether there was one; if not it has stalled.
    pub fn ask_next(
        &mut self,
        at: Time,
        question: Question,
        matter: Matter,
        desk: &mut Desk<'_>,
    ) -> bool {
        self.due = None;
        while let Some(contact) = self.contacts.get(self.next).copied() {
            self.next += 1;
            if desk.playbook.roster.on_duty(contact.person, at) {
                let due = Some(at + self.each);
                let ask = desk.ask(contact.person, Some(contact.channel), question, due, matter);
                self.asked.push((ask, self.next - 1));
                self.due = due;
                return true;
            }
        }
        false
    }

    /// When the next contact is tried, or the ladder stalls.
    pub fn wake_at(&self) -> Option<Time> {
        self.due
    }

    /// The contact behind an ask, if it is one of this ladder's.
    pub fn contact(&self, ask: AskId) -> Option<Contact> {
        let asked = self.asked.iter().find(|(id, _)| *id == ask);
        asked.map(|(_, index)| self.contacts[*index])
    }

    /// No answer will come to this ask: whether that frees the ladder to go on at once.
    pub fn is_waiting_for(&self, ask: AskId) -> bool {
        self.due.is_some() && self.asked.last().is_some_and(|(last, _)| *last == ask)
    }

    /// The person behind this ask does not take it: whether the ladder is free to go on at once,
    /// past the person's other channels of the round.
    pub fn pass(&mut self, ask: AskId) -> bool {
        let Some(refuser) = self.contact(ask) else { return false };
        let same =
            |contact: &Contact| (contact.person, contact.round) == (refuser.person, refuser.round);
        let waiting = self.due.is_some() && same(&self.contacts[self.next - 1]);
        while waiting && self.contacts.get(self.next).is_some_and(same) {
            self.next += 1;
        }
        waiting
    }

    /// Why it has stalled; `whom` is the name of the ladder or of the person.
    pub fn why_stalled(&self, whom: &str, desk: &Desk<'_>) -> String {
        let people = &desk.playbook.roster.people;
        if !self.asked.is_empty() {
            format!("nobody of {whom} answered")
        } else if self.contacts.is_empty() {
            format!("there is no way to reach {whom}")
        } else if self.contacts.iter().all(|c| people[c.person.index()].unnamed) {
            format!("nobody of {whom} is named")
        } else {
            format!("nobody of {whom} is on duty")
        }
    }
}
