//! Walking a ladder: one contact after another, until somebody answers.

use super::dispatcher::{AskContext, Dispatcher};
use super::{AskId, AskStep, Question};
use crate::names::{ChannelId, PersonId};
use crate::people::{Escalation, Roster};
use crate::units::{Span, Time};

/// A ladder on its way. Answers to earlier contacts count as long as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    contacts: Vec<Contact>,
    /// The next contact to be tried.
    next: usize,
    /// When it will be tried; `None` before the first, and once nobody is left.
    due: Option<Time>,
    /// Those asked so far, and which contact it was.
    asked: Vec<(AskId, usize)>,
}

/// One person on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contact {
    pub person: PersonId,
    pub channel: ChannelId,
    /// How long an answer is waited for.
    each: Span,
    round: u32,
}

impl Ladder {
    /// An escalation: every channel of a person, then the next person, then the next round.
    pub fn from_escalation(escalation: &Escalation) -> Ladder {
        let people = escalation.people.iter().map(|person| (*person, escalation.each));
        Ladder::through(people, &escalation.by, escalation.rounds)
    }

    /// The people of a question in the same way: somebody who wants to be asked again first, and
    /// those who `wait` last.
    pub fn to(
        step: &AskStep,
        before: Option<PersonId>,
        waits: impl Fn(PersonId) -> bool,
    ) -> Ladder {
        let (last, mut first): (Vec<_>, Vec<_>) =
            step.people.iter().copied().partition(|(person, _)| waits(*person));
        first.sort_by_key(|(person, _)| Some(*person) != before);
        Ladder::through(first.into_iter().chain(last), &step.by, step.rounds)
    }

    /// The one person to whom a question was left, on the channels of its step.
    pub fn to_one(person: PersonId, each: Span, step: &AskStep) -> Ladder {
        Ladder::through(std::iter::once((person, each)), &step.by, step.rounds)
    }

    fn through(
        people: impl Iterator<Item = (PersonId, Span)>,
        by: &[ChannelId],
        rounds: u32,
    ) -> Ladder {
        let people: Vec<(PersonId, Span)> = people.collect();
        let mut contacts = Vec::new();
        for round in 0..rounds {
            for (person, each) in people.iter().copied() {
                let by = by.iter().copied();
                contacts.extend(by.map(|channel| Contact { person, channel, each, round }));
            }
        }
        Ladder { contacts, next: 0, due: None, asked: Vec::new() }
    }

    /// Tries the next contact on duty, and says whether there was one. If not it waits for the
    /// first of those who have not been asked to come on duty, if anybody does.
    pub fn ask_next(
        &mut self,
        at: Time,
        question: Question,
        matter: AskContext,
        dispatcher: &mut Dispatcher<'_>,
    ) -> bool {
        self.due = None;
        let roster = &dispatcher.playbook.roster;
        while let Some(contact) = self.contacts.get(self.next).copied() {
            self.next += 1;
            if roster.on_duty(contact.person, at) {
                let due = Some(at + contact.each);
                let ask =
                    dispatcher.ask(contact.person, Some(contact.channel), question, due, matter);
                self.asked.push((ask, self.next - 1));
                self.due = due;
                return true;
            }
        }
        self.due = self.await_duty(at, roster);
        false
    }

    /// Requeues everybody who has not been asked; returns when the first of them comes on duty.
    fn await_duty(&mut self, at: Time, roster: &Roster) -> Option<Time> {
        let asked = |contact: &Contact| {
            self.asked.iter().any(|(_, index)| self.contacts[*index].person == contact.person)
        };
        let mut left: Vec<Contact> = Vec::new();
        for contact in self.contacts.iter().filter(|contact| !asked(contact)) {
            if !left.contains(contact) {
                left.push(*contact);
            }
        }
        let comes = left.iter().filter_map(|contact| roster.next_on_duty(contact.person, at)).min();
        if comes.is_some() {
            self.contacts.truncate(self.next);
            self.contacts.extend(left);
        }
        comes
    }

    /// Who is tried next, of those who are on duty then.
    pub fn next_contact(
        &self,
        at: Time,
        dispatcher: &Dispatcher<'_>,
    ) -> Option<(PersonId, ChannelId)> {
        let left = self.contacts.get(self.next..).unwrap_or_default();
        let next =
            left.iter().find(|contact| dispatcher.playbook.roster.on_duty(contact.person, at))?;
        Some((next.person, next.channel))
    }

    /// When the next contact is tried, or nobody is left.
    pub fn wake_at(&self) -> Option<Time> {
        self.due
    }

    /// Asks nobody else. Answers of those who were asked still count.
    pub fn stop(&mut self) {
        self.due = None;
    }

    /// Whether anybody was asked.
    pub fn has_asked(&self) -> bool {
        !self.asked.is_empty()
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
        let last = self.asked.last().map(|(_, index)| self.contacts[*index]);
        let waiting = self.due.is_some() && last.as_ref().is_some_and(same);
        while waiting && self.contacts.get(self.next).is_some_and(same) {
            self.next += 1;
        }
        waiting
    }

    /// Why nobody is left; `nobody` is how those of the ladder are called: `no decider`.
    pub fn why_stalled(&self, nobody: &str, dispatcher: &Dispatcher<'_>) -> String {
        let people = &dispatcher.playbook.roster.people;
        if !self.asked.is_empty() {
            format!("{nobody} answered")
        } else if self.contacts.is_empty() {
            "there is no way to reach anybody".to_string()
        } else if self.contacts.iter().all(|c| people[c.person.index()].unnamed) {
            format!("{nobody} is named")
        } else {
            format!("{nobody} is on duty")
        }
    }
}
