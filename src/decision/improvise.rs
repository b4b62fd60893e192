//! What people do outside the plays, with an incident or without one: a change, a play, a responder
//! of their own choice.

use super::dispatcher::{AskContext, Dispatcher};
use super::effects::Work;
use super::incident::{BY_HAND, OPENED_BY_HAND, OpenIncident};
use super::run::{ManualChange, NextAction};
use super::{AttemptOutcome, ChangeEnd, Monitor, PlayEvent, Step, Trigger};
use crate::names::{ChangeId, IncidentId, PersonId, PlayId, RuleId};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// Something that people do of their own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImprovisedAct {
    /// A change is made, by somebody.
    Change { change: ChangeId, by: Option<PersonId> },
    /// A play takes the place of the one that is running.
    Open(PlayId),
    /// The play that is running ends there.
    Close,
    /// From now on this person responds.
    Assign(PersonId),
    /// People say that all is clear, of what they have opened by hand.
    Clear,
}

impl OpenIncident {
    /// Does what people want to do in this incident.
    pub fn improvise(&mut self, at: Time, what: ImprovisedAct, dispatcher: &mut Dispatcher<'_>) {
        match what {
            ImprovisedAct::Change { change, by } => self.change_by_hand(at, change, by, dispatcher),
            ImprovisedAct::Open(play) => {
                self.replace_play(at, play, OPENED_BY_HAND.to_string(), dispatcher);
            }
            ImprovisedAct::Close => self.close_play(at, dispatcher),
            ImprovisedAct::Assign(person) => self.assign(at, person, dispatcher),
            ImprovisedAct::Clear => return self.cleared_by_hand(at, dispatcher),
        }
        self.advance(at, dispatcher);
    }

    /// All is clear of what was opened by hand; the incident ends once its rules have resolved too.
    fn cleared_by_hand(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if self.is_by_hand() {
            self.resolved(BY_HAND, at);
            self.recover(at, dispatcher);
        }
    }

    /// A change beside the play that is running; where nothing moves a play any more, people take
    /// over, and the change is an attempt of its own.
    fn change_by_hand(
        &mut self,
        at: Time,
        change: ChangeId,
        by: Option<PersonId>,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        if let Some(stalled) = self.stalled_at() {
            self.end_attempt(stalled, AttemptOutcome::Stalled, dispatcher);
        }
        if self.run.as_ref().is_none_or(|run| run.stalled.is_some()) {
            self.last = self.run.take().or(self.last.take());
        }
        let own = self.run.is_none() && self.begin_by_hand(at, change, by, dispatcher);
        let matter = AskContext { work: Work::Incident(self.id), play: None };
        let stage = dispatcher.start(change, by, matter);
        if own && let Some(stage) = stage {
            self.mark(|attempt| attempt.change_ended(at, ChangeEnd::Queue));
            self.mark(|attempt| attempt.change_ended(at, stage));
        }
        self.by_hand.push(ManualChange { change, stage, own });
    }

    /// The attempt of a change that is made by hand; not where another one is still under way.
    fn begin_by_hand(
        &mut self,
        at: Time,
        change: ChangeId,
        by: Option<PersonId>,
        dispatcher: &mut Dispatcher<'_>,
    ) -> bool {
        if let Some(live) = self.attempt().and_then(|attempt| attempt.reached.live_at) {
            self.end_attempt(live, AttemptOutcome::Live, dispatcher);
        }
        if self.attempt().is_some_and(|attempt| attempt.reached.ordered_at.is_some()) {
            return false;
        }
        if self.attempt().is_none() {
            self.begin_attempt(at, None, "by hand".to_string());
        }
        self.mark(|attempt| {
            (attempt.change, attempt.reached.ordered_at) = (Some(change), Some(at));
            attempt.responder = attempt.responder.or(by);
        });
        true
    }

    /// A stage of a change that was made by hand has ended.
    pub fn by_hand_ended(
        &mut self,
        at: Time,
        change: ChangeId,
        end: ChangeEnd,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let Some(position) = self.by_hand.iter().position(|by_hand| by_hand.change == change)
        else {
            return;
        };
        self.by_hand[position].stage = Some(end);
        let is_it = self.attempt().is_some_and(|attempt| attempt.change == Some(change));
        let own = self.by_hand[position].own && self.run.is_none() && is_it;
        if own {
            self.mark(|attempt| attempt.change_ended(at, end));
        }
        if matches!(end, ChangeEnd::Failed | ChangeEnd::Propagate) {
            self.by_hand.remove(position);
        }
        let page = dispatcher.playbook.changes.changes[change.index()].maintenance;
        match end {
            ChangeEnd::Failed if own => {
                self.end_attempt(at, AttemptOutcome::ChangeFailed, dispatcher)
            }
            ChangeEnd::Propagate if page && self.is_open() => {
                (self.maintenance, self.page_off_at) = (Some(change), None);
                dispatcher.note(PlayEvent::Contained { incident: self.id });
                if own {
                    self.end_attempt(at, AttemptOutcome::Contained, dispatcher);
                }
            }
            _ => {}
        }
    }

    /// The play ends there; what it has ordered is made all the same.
    fn close_play(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if self.run.is_none() {
            return;
        }
        let live = self.attempt().and_then(|attempt| attempt.reached.live_at);
        match (live, self.stalled_at()) {
            (Some(_), _) => {}
            (None, Some(stalled)) => self.end_attempt(stalled, AttemptOutcome::Stalled, dispatcher),
            (None, None) => self.end_attempt(at, AttemptOutcome::Open, dispatcher),
        }
        self.end_play(at, dispatcher);
    }

    /// Somebody takes the response over, whoever had it; what that one was asked, this one is.
    fn assign(&mut self, at: Time, person: PersonId, dispatcher: &mut Dispatcher<'_>) {
        self.responder = Some((person, None));
        let step = self.step(dispatcher);
        let (pages, asks) =
            (matches!(step, Some(Step::Page(_))), matches!(step, Some(Step::Ask(_))));
        self.mark(|attempt| match attempt.reached.ordered_at {
            None if pages || attempt.reached.acknowledged_at.is_some() => {
                attempt.acknowledged(at, Some(person), None);
            }
            _ => (attempt.responder, attempt.channel) = (Some(person), None),
        });
        dispatcher.note(PlayEvent::Acknowledged { incident: self.id, person, channel: None });
        let Some(run) = &mut self.run else { return };
        match &run.doing {
            NextAction::Walk(_) if pages => run.done(),
            NextAction::Respond(_) if !asks => run.begin_again(),
            NextAction::Nobody => run.begin_again(),
            _ => {}
        }
    }
}

impl Monitor<'_> {
    /// People do something of their own accord, in the newest incident that is open. Without one a
    /// change is made all the same, and opening a play opens an incident; everything else has no
    /// to be done to.
    pub fn improvise(&mut self, at: Time, what: ImprovisedAct) {
        self.catch_up(at);
        let dispatcher = &mut self.dispatcher;
        match (self.incidents.iter_mut().rfind(|incident| incident.is_open()), what) {
            (Some(incident), what) => incident.improvise(at, what, dispatcher),
            (None, ImprovisedAct::Change { change, by }) => {
                dispatcher.start(change, by, AskContext { work: Work::ByHand, play: None });
            }
            (None, ImprovisedAct::Open(play)) => self.open_by_hand(at, play),
            (None, _) => {}
        }
        self.settle(at);
    }

    /// An incident that no rule has opened; without any rule there is nothing to speak of.
    fn open_by_hand(&mut self, at: Time, play: PlayId) {
        let fires =
            self.dispatcher.playbook.plays[play.index()].when.iter().find_map(|when| match when {
                Trigger::Fires(rule) => Some(*rule),
                _ => None,
            });
        let any = (!self.dispatcher.playbook.rules.is_empty()).then(|| RuleId::from(0));
        let Some(rule) = fires.or(any) else { return };
        let id = self.incidents.len().into();
        let mut incident = OpenIncident::open(id, at, rule, BY_HAND, at, &mut self.dispatcher);
        incident.fired(at, play, OPENED_BY_HAND.to_string(), &mut self.dispatcher);
        self.incidents.push(incident);
    }

    /// Of the newest incident that is open: whether people opened it by hand, and whether rules of
    /// it are firing.
    pub fn newest_by_hand(&self) -> Option<(bool, bool)> {
        let incident = self.incidents.iter().rfind(|incident| incident.is_open())?;
        Some((incident.is_by_hand(), incident.has_firing_rules()))
    }

    /// The newest incident that is open, the play that is running in it and who responds.
    pub fn newest_open(&self) -> Option<(IncidentId, Option<PlayId>, Option<PersonId>)> {
        let incident = self.incidents.iter().rfind(|incident| incident.is_open())?;
        let responder = incident.responder.map(|(person, _)| person);
        Some((incident.id, incident.run.as_ref().map(|run| run.play), responder))
    }
}
