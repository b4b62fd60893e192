//! What an answer does to the play that waits for it.

use super::desk::Desk;
use super::incident::Incident;
use super::ladder::Contact;
use super::play::Doing;
use super::{AskId, AskStep, Outcome, PlayEvent, Refused, Reply, Step};
use crate::units::Time;

impl Incident {
    /// Whether an answer to this ask would still change anything.
    pub fn awaits(&self, ask: AskId) -> bool {
        match self.run.as_ref().map(|run| &run.doing) {
            Some(Doing::Respond(asked)) => *asked == ask,
            Some(Doing::Walk(ladder)) => ladder.contact(ask).is_some(),
            _ => false,
        }
    }

    /// Takes an answer in; says whether the ask is one that it waits for.
    pub fn answered(&mut self, at: Time, ask: AskId, reply: Reply, desk: &mut Desk<'_>) -> bool {
        let step = self.step(desk);
        let Some(run) = &mut self.run else { return false };
        match &mut run.doing {
            Doing::Respond(asked) if *asked == ask => self.responded(at, reply, desk),
            Doing::Walk(ladder) => {
                let Some(contact) = ladder.contact(ask) else { return false };
                match (step, reply) {
                    (_, Reply::Silent) if ladder.is_waiting_for(ask) => self.walk(at, desk),
                    (Some(Step::Page(_)), Reply::No) if ladder.pass(ask) => self.walk(at, desk),
                    (Some(Step::Page(_)), Reply::Yes) => self.acknowledged(at, contact, desk),
                    (Some(Step::Ask(step)), Reply::Yes | Reply::No) => {
                        self.decided(at, step, contact, reply == Reply::Yes, desk);
                    }
                    _ => {}
                }
            }
            _ => return false,
        }
        self.go_on(at, desk);
        true
    }

    fn acknowledged(&mut self, at: Time, contact: Contact, desk: &mut Desk<'_>) {
        let Contact { person, channel, .. } = contact;
        self.responder = Some((person, channel));
        self.mark(|attempt| {
            attempt.acknowledged(at, Some(person), Some(channel));
        });
        desk.note(PlayEvent::Acknowledged { incident: self.id, person, channel });
        self.run().done();
    }

    fn responded(&mut self, at: Time, reply: Reply, desk: &mut Desk<'_>) {
        let (person, _) = self.responder.expect("only a responder is asked");
        let incident = self.id;
        match (self.step(desk), reply) {
            (Some(Step::Declare(_)), Reply::Yes) => {
                self.mark(|attempt| attempt.declared(at));
                desk.note(PlayEvent::Declared { incident, person });
                self.run().done();
            }
            (Some(Step::Declare(_)), Reply::No) => {
                desk.note(PlayEvent::NotDeclared { incident, person });
                self.end_attempt(at, Outcome::NotDeclared, desk);
                self.rest(at, desk);
            }
            (Some(Step::Triage { among, .. }), Reply::Choice(change)) => {
                self.run().chose(change, among.iter().map(|(other, _)| *other));
                self.mark(|attempt| attempt.chosen(at, Some(change)));
                desk.note(PlayEvent::Chosen { incident, change, person });
            }
            (Some(Step::Declare(_)), _) => self.stall(at, "nobody declares".to_string(), desk),
            _ => self.stall(at, "nobody chooses a change".to_string(), desk),
        }
    }

    fn decided(
        &mut self,
        at: Time,
        step: &AskStep,
        contact: Contact,
        agrees: bool,
        desk: &mut Desk<'_>,
    ) {
        let (incident, person) = (self.id, contact.person);
        self.mark(|attempt| attempt.decider = Some(person));
        if agrees {
            self.mark(|attempt| attempt.decided(at));
            desk.note(PlayEvent::Decided { incident, person });
            return self.run().done();
        }
        desk.note(PlayEvent::Refused { incident, person });
        match step.refused {
            Refused::Next => self.fail(at, Outcome::Refused, desk),
            Refused::Stop => {
                self.end_attempt(at, Outcome::Refused, desk);
                self.rest(at, desk);
            }
        }
    }
}
