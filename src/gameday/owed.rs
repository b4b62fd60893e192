//! Who tells what: the program tells for people who are simulated; people in the room tell
//! for themselves, and until then it is owed.

use super::Gameday;
use super::seats::OwedMessage;
use crate::decision::{Audience, Tell, fill};
use crate::journal::{Event, Evidence, RoomKind};
use crate::names::{IncidentId, PersonId};
use crate::units::Time;

/// What somebody has to tell: `rachael tells decider: the rollback is under way`.
pub fn tells(from: &str, whom: &str, text: &str) -> String {
    format!("{from} tells {whom}: {text}")
}

impl Gameday<'_> {
    /// A play tells somebody something, or has it told.
    pub(super) fn tell(&mut self, now: Time, tell: Tell) {
        let himself = |from: PersonId| tell.audience == Audience::Person(from);
        let seated = tell.from.filter(|from| !tell.done && !himself(*from));
        let seated = seated.filter(|from| self.seats.is_taken(*from));
        match seated.zip(tell.incident) {
            Some((from, incident)) => self.add_owed(now, from, incident, tell),
            None => self.tell_now(now, tell),
        }
    }

    fn tell_now(&mut self, now: Time, tell: Tell) {
        let text = self.seats.message(self.filled(now, &tell.text));
        let names = &self.ledger.words;
        let event = Event::Tell {
            incident: tell.incident.map(IncidentId::number),
            from: tell.from.map(|person| names.person(person)),
            audience: names.audience(tell.audience),
            to: tell.to.iter().map(|person| names.person(*person)).collect(),
            text,
            evidence: Evidence::Simulated,
        };
        self.ledger.write(now, event);
    }

    fn filled(&self, now: Time, text: &str) -> String {
        fill(text, |field| (field == "at").then(|| self.plan.calendar.clock(now)))
    }

    /// The next update takes the place of the one before it that was not told.
    fn add_owed(&mut self, at: Time, from: PersonId, incident: IncidentId, tell: Tell) {
        let audience = tell.audience;
        self.seats.owed.retain(|owed| (owed.from, owed.audience) != (from, audience));
        self.seats.owed_so_far += 1;
        let (number, text) = (self.seats.owed_so_far, self.filled(at, &tell.text));
        let words = &self.ledger.words;
        let whom = words.audience(audience);
        let due = tells(&words.person(from), &whom, &text);
        let whom = Some(whom.to_string());
        self.ledger.write(at, Event::Room { kind: RoomKind::Due, text: due, whom });
        self.seats.owed.push(OwedMessage { at, number, from, audience, text, incident, tell });
    }

    /// What people in the room have to tell by the plan, oldest first; nothing of what is over.
    pub fn owed(&self) -> Vec<OwedMessage> {
        let open = |owed: &&OwedMessage| self.monitor.is_open(owed.incident);
        self.seats.owed.iter().filter(open).cloned().collect()
    }

    /// Somebody has told this audience in the room.
    pub(super) fn mark_told(&mut self, audience: Audience, reached: &[PersonId]) {
        self.seats.owed.retain(|owed| {
            let all =
                !owed.tell.to.is_empty() && owed.tell.to.iter().all(|to| reached.contains(to));
            owed.audience != audience && !all
        });
    }

    /// Somebody is simulated from now on: what they had to tell is told for them.
    pub(super) fn tell_on_behalf(&mut self, now: Time, person: PersonId) {
        let open = self.owed();
        self.seats.owed.retain(|owed| owed.from != person);
        for owed in open.into_iter().filter(|owed| owed.from == person) {
            self.tell_now(now, owed.tell);
        }
    }
}
