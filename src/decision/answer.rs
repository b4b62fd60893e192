//! What an answer does to the play that waits for it.

use super::dispatcher::Dispatcher;
use super::incident::OpenIncident;
use super::ladder::Contact;
use super::run::NextAction;
use super::{AskId, AskStep, AttemptOutcome, Instead, PlayEvent, Question, Reply, Step, Trigger};
use crate::units::Time;

impl OpenIncident {
    /// Whether an answer to this ask would still change anything.
    pub fn awaits(&self, ask: AskId) -> bool {
        match self.run.as_ref().map(|run| &run.doing) {
            Some(NextAction::Respond(asked) | NextAction::PutOff { ask: asked, .. }) => {
                *asked == ask
            }
            Some(NextAction::Walk(ladder)) => ladder.contact(ask).is_some(),
            Some(NextAction::Work(tracks)) => tracks.iter().any(|track| track.ask == Some(ask)),
            _ => false,
        }
    }

    /// Takes an answer in; says whether the ask is one that it waits for.
    pub fn answered(
        &mut self,
        at: Time,
        ask: AskId,
        reply: Reply,
        dispatcher: &mut Dispatcher<'_>,
    ) -> bool {
        let step = self.step(dispatcher);
        let Some(run) = &mut self.run else { return false };
        match &mut run.doing {
            NextAction::Respond(asked) if *asked == ask => {
                self.responded(at, ask, reply, dispatcher)
            }
            NextAction::PutOff { ask: asked, then, .. } if *asked == ask => {
                let person = then.person();
                if let Some(Step::Ask(step)) = step {
                    self.decider_said(at, (step, ask), person, reply, dispatcher);
                }
            }
            NextAction::Walk(ladder) => {
                let Some(contact) = ladder.contact(ask) else { return false };
                match (step, reply) {
                    (_, Reply::Silent) if ladder.is_waiting_for(ask) => self.walk(at, dispatcher),
                    (Some(Step::Page(_)), Reply::No) if ladder.pass(ask) => {
                        self.walk(at, dispatcher)
                    }
                    (Some(Step::Page(_)), Reply::Yes) => self.acknowledged(at, contact, dispatcher),
                    (Some(Step::Ask(step)), Reply::Reached) => {
                        self.reached(step, contact, dispatcher)
                    }
                    (Some(Step::Ask(step)), reply) if reply != Reply::Silent => {
                        self.decider_said(at, (step, ask), contact.person, reply, dispatcher);
                    }
                    _ => {}
                }
            }
            NextAction::Work(tracks) if tracks.iter().any(|track| track.ask == Some(ask)) => {
                if reply == Reply::Yes {
                    self.work_done(at, ask, dispatcher);
                }
            }
            _ => return false,
        }
        self.advance(at, dispatcher);
        true
    }

    fn acknowledged(&mut self, at: Time, contact: Contact, dispatcher: &mut Dispatcher<'_>) {
        let Contact { person, channel, .. } = contact;
        self.responder = Some((person, Some(channel)));
        self.mark(|attempt| {
            attempt.acknowledged(at, Some(person), Some(channel));
        });
        let channel = Some(channel);
        dispatcher.note(PlayEvent::Acknowledged { incident: self.id, person, channel });
        self.run().done();
    }

    /// Somebody who decides has answered, and takes time to say yes or no.
    fn reached(&mut self, step: &AskStep, contact: Contact, dispatcher: &mut Dispatcher<'_>) {
        let question = self.decision(step);
        let matter = self.ask_context();
        let until = self.run().silent_at;
        let ask = dispatcher.ask(contact.person, None, question, until, matter);
        self.run().doing = NextAction::Respond(ask);
        self.run().decider = Some(contact.person);
        self.run().stalled = None;
    }

    /// The question of a step that asks for a yes.
    pub fn decision(&self, step: &AskStep) -> Question {
        let change = self.attempt().and_then(|attempt| attempt.change);
        let asking = self.run.as_ref().map_or(0, |run| run.asking);
        let (agrees, others) = (step.agrees, step.others.clone());
        Question::Decide { change, agrees, others, asking, takes: step.takes }
    }

    fn responded(&mut self, at: Time, ask: AskId, reply: Reply, dispatcher: &mut Dispatcher<'_>) {
        if let Some(Step::Ask(step)) = self.step(dispatcher) {
            let person = self.run().decider.expect("a decider was reached");
            return match reply {
                Reply::Silent | Reply::Reached | Reply::Choice(_) => {
                    self.silence(at, step, "nobody decides".to_string(), dispatcher);
                }
                reply => self.decider_said(at, (step, ask), person, reply, dispatcher),
            };
        }
        let (person, _) = self.responder.expect("only a responder is asked");
        let incident = self.id;
        match (self.step(dispatcher), reply) {
            (Some(Step::Declare(_)), Reply::Yes) => {
                self.mark(|attempt| attempt.declared(at));
                dispatcher.note(PlayEvent::Declared { incident, person });
                self.run().done();
            }
            (Some(Step::Declare(_)), Reply::No) => {
                dispatcher.note(PlayEvent::NotDeclared { incident, person });
                self.end_attempt(at, AttemptOutcome::NotDeclared, dispatcher);
                self.end_play(at, dispatcher);
            }
            (Some(Step::Diagnose { among, .. }), Reply::Choice(change)) => {
                let change = self.run().not_tried(change);
                self.run().chose(change, among.iter().map(|(other, _)| *other));
                self.mark(|attempt| attempt.chosen(at, Some(change)));
                dispatcher.note(PlayEvent::Chosen { incident, change, person });
            }
            (Some(Step::Declare(_)), _) => {
                self.stall(at, "nobody declares".to_string(), dispatcher)
            }
            _ => self.stall(at, "nobody chooses a change".to_string(), dispatcher),
        }
    }

    /// Nobody has answered, or not in time: what the step says for that is done. Where it says
    /// nothing, a late yes still counts.
    pub fn silence(
        &mut self,
        at: Time,
        step: &AskStep,
        why: String,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.run().silent_at = None;
        let Some(instead) = step.silent else {
            if let NextAction::Walk(ladder) = &mut self.run().doing
                && ladder.has_asked()
            {
                ladder.stop();
            }
            return self.stall(at, why, dispatcher);
        };
        let play = self.run().play;
        dispatcher.note(PlayEvent::Stalled {
            incident: Some(self.id),
            play: Some(play),
            text: why,
        });
        self.instead(at, instead, AttemptOutcome::Stalled, Trigger::Stalled(play), dispatcher);
    }

    /// What is done where nobody has said yes. Later answers change nothing.
    pub fn instead(
        &mut self,
        at: Time,
        instead: Instead,
        outcome: AttemptOutcome,
        state: Trigger,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        match instead {
            Instead::Next => self.fail(at, outcome, dispatcher),
            Instead::Hold(time) => self.run().doing = NextAction::Hold(at + time),
            Instead::Stop => {
                self.end_attempt(at, outcome, dispatcher);
                if !self.open_by(at, state, dispatcher) {
                    self.end_play(at, dispatcher);
                }
            }
            Instead::Play(play) => {
                self.end_attempt(at, outcome, dispatcher);
                let cause =
                    if outcome == AttemptOutcome::Refused { "refused" } else { "nobody answered" };
                self.start_play_once(at, play, cause.to_string(), dispatcher);
            }
        }
    }
}
