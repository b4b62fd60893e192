//! What a decider answers: yes, no, or one of the many answers between them.

use super::dispatcher::Dispatcher;
use super::incident::OpenIncident;
use super::ladder::Ladder;
use super::run::{DeferredAction, MOST_ASKED, NextAction};
use super::{AskId, AskStep, AttemptOutcome, PlayEvent, Reply, Trigger};
use crate::names::{ChangeId, PersonId};
use crate::units::{Span, Time};

impl OpenIncident {
    /// Somebody who was asked for a yes has answered.
    pub fn decider_said(
        &mut self,
        at: Time,
        (step, ask): (&AskStep, AskId),
        person: PersonId,
        reply: Reply,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let open = matches!(reply, Reply::NotYet(_) | Reply::Refer(_));
        if open && self.run().count_undecided() {
            let why = format!("nobody says yes or no, asked {MOST_ASKED} times");
            return self.silence(at, step, why, dispatcher);
        }
        match reply {
            Reply::Yes => self.agreed(at, person, false, dispatcher),
            Reply::No => self.refused(at, step, person, dispatcher),
            Reply::Instead(change) => self.another_change(at, person, change, dispatcher),
            Reply::NotYet(wait) => self.put_off(at + wait, ask, DeferredAction::AskAgain(person)),
            Reply::YesAfter(wait) => self.put_off(at + wait, ask, DeferredAction::Agree(person)),
            Reply::Refer(other) if other != person => self.refer(at, step, other, dispatcher),
            Reply::Refer(_) | Reply::Silent | Reply::Reached | Reply::Choice(_) => {}
        }
    }

    /// Who has said yes before the day to the change that the current step would ask for.
    pub fn approved_by(&self, dispatcher: &Dispatcher<'_>) -> Option<PersonId> {
        let chosen = self.attempt().and_then(|attempt| attempt.change);
        let run = self.run.as_ref()?;
        let play = &dispatcher.playbook.plays[run.play.index()];
        play.approved_at(run.step(), chosen).map(|approval| approval.by)
    }

    /// The decider says yes, now or before the day.
    pub fn agreed(
        &mut self,
        at: Time,
        person: PersonId,
        in_advance: bool,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.mark(|attempt| {
            attempt.decider = Some(person);
            attempt.decided(at);
        });
        dispatcher.note(PlayEvent::Decided { incident: self.id, person, in_advance });
        self.run().done();
    }

    fn refused(
        &mut self,
        at: Time,
        step: &AskStep,
        person: PersonId,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.mark(|attempt| attempt.decider = Some(person));
        dispatcher.note(PlayEvent::Refused { incident: self.id, person });
        self.run().deciding = false;
        let play = self.run().play;
        self.instead(at, step.refused, AttemptOutcome::Refused, Trigger::Refused(play), dispatcher);
    }

    /// No, and this instead: the play goes on with that change in the place of its next one.
    fn another_change(
        &mut self,
        at: Time,
        person: PersonId,
        change: ChangeId,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let incident = self.id;
        self.mark(|attempt| attempt.decider = Some(person));
        dispatcher.note(PlayEvent::Refused { incident, person });
        self.end_attempt(at, AttemptOutcome::Refused, dispatcher);
        let play = self.run().play;
        let attempt = self.begin_attempt(at, Some(play), "another change instead".to_string());
        (attempt.change, attempt.decider) = (Some(change), Some(person));
        dispatcher.note(PlayEvent::Chosen { incident, change, person });
        self.run().takes_instead(change);
        self.agreed(at, person, false, dispatcher);
    }

    /// Nothing is decided yet; until then the same person may still say something else.
    fn put_off(&mut self, until: Time, ask: AskId, then: DeferredAction) {
        let run = self.run();
        (run.stalled, run.silent_at, run.deciding) = (None, None, true);
        run.doing = NextAction::PutOff { until, ask, then };
    }

    /// What was put off is due.
    pub fn run_deferred(
        &mut self,
        at: Time,
        then: DeferredAction,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        match then {
            DeferredAction::Agree(person) => self.agreed(at, person, false, dispatcher),
            DeferredAction::AskAgain(person) => {
                let run = self.run();
                run.ask_first = Some(person);
                run.begin_again();
            }
        }
    }

    /// Somebody else decides, and is asked as the others would be.
    fn refer(
        &mut self,
        at: Time,
        step: &AskStep,
        person: PersonId,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let each = step.people.iter().find(|(other, _)| *other == person).or(step.people.first());
        let each = each.map_or(Span::MINUTE, |(_, each)| *each);
        let asking = dispatcher.next_asking();
        let run = self.run();
        (run.stalled, run.silent_at, run.deciding) = (None, None, false);
        (run.decider, run.asking) = (None, asking);
        run.doing = NextAction::Walk(Ladder::to_one(person, each, step));
        self.walk(at, dispatcher);
    }
}
