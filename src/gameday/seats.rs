//! Seats that people have taken: what they are asked stays open until they answer themselves.

use crate::decision::{Ask, AskId, Audience, Reply, Tell};
use crate::names::{ChangeId, IncidentId, PersonId};
use crate::units::Time;

/// Something that a person in the room was asked and has not answered.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenAsk {
    pub ask: Ask,
    pub asked_at: Time,
    /// An answer that is neither yes nor no, and until when it holds; another one may be given.
    pub put_off: Option<(Time, Reply)>,
}

/// Something that the plan wants a person in the room to tell, and that is not told yet.
#[derive(Debug, Clone, PartialEq)]
pub struct OwedMessage {
    /// Since when.
    pub at: Time,
    /// Its number, from 1, in the order in which messages came to be owed.
    pub number: u32,
    /// Who tells.
    pub from: PersonId,
    /// Who is told.
    pub audience: Audience,
    /// What the plan says there.
    pub text: String,
    /// Of which incident.
    pub incident: IncidentId,
    pub(super) tell: Tell,
}

/// A change that is being deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OngoingDeploy {
    pub change: ChangeId,
    pub started_at: Time,
    /// When the change-time table says that it is over, as drawn.
    pub due_at: Time,
    /// Somebody in the room makes it, and says when it is done.
    pub by_hand: bool,
    pub(super) run: usize,
}

/// Who is in the room.
#[derive(Debug, Clone, Default)]
pub(super) struct Seats {
    pub(super) taken: Vec<PersonId>,
    pub(super) open: Vec<OpenAsk>,
    /// What simulated people were asked, should one of them take a seat.
    pub(super) elsewhere: Vec<OpenAsk>,
    /// What the plan wants people in the room to tell, and how many such messages there were.
    pub(super) owed: Vec<OwedMessage>,
    pub(super) owed_so_far: u32,
    /// It is a rehearsal, even with every seat empty.
    pub(super) rehearsal: bool,
}

impl Seats {
    pub(super) fn is_taken(&self, person: PersonId) -> bool {
        self.taken.contains(&person)
    }

    pub(super) fn asked(&mut self, now: Time, ask: Ask) {
        self.open.push(OpenAsk { ask, asked_at: now, put_off: None });
    }

    /// Somebody simulated is asked.
    pub(super) fn note_simulated_ask(&mut self, now: Time, ask: &Ask) {
        if self.rehearsal {
            self.elsewhere.push(OpenAsk { ask: ask.clone(), asked_at: now, put_off: None });
        }
    }

    /// Somebody takes a seat, with every open question that something still waits for.
    pub(super) fn take(&mut self, person: PersonId, waits: impl Fn(AskId) -> bool) {
        let open = |asked: &OpenAsk| waits(asked.ask.id);
        self.elsewhere.retain(open);
        let own = |asked: &mut OpenAsk| asked.ask.person == person;
        self.open.extend(self.elsewhere.extract_if(.., own));
        self.open.sort_by_key(|asked| asked.ask.id);
        self.taken.push(person);
    }

    /// Somebody leaves the seat; returns what they were asked and have not answered.
    pub(super) fn leave(&mut self, person: PersonId) -> Vec<OpenAsk> {
        self.taken.retain(|other| *other != person);
        self.open.extract_if(.., |asked| asked.ask.person == person).collect()
    }

    /// A message as it goes out: in a rehearsal nobody must take it for a real one.
    pub(super) fn message(&self, text: String) -> String {
        if self.rehearsal { format!("EXERCISE: {text}") } else { text }
    }
}
