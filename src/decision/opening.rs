//! Which play runs next in an incident: what opens one, what follows one that has failed, stalled
//! or was refused, and what is tried when a rule fires again.

use super::dispatcher::Dispatcher;
use super::effects::TriggeredPlay;
use super::incident::OpenIncident;
use super::run::{NextAction, PlayRun};
use super::{AttemptOutcome, PlayEvent, Trigger};
use crate::names::{PlayId, RuleId};
use crate::units::Time;

impl OpenIncident {
    /// A rule that opens this play has fired: it opens unless it is running, or another one is. It
    /// may have run before. One whose change is in effect has not helped.
    pub fn fired(
        &mut self,
        at: Time,
        play: PlayId,
        cause: String,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        if self.run.is_some() || self.opened_once.contains(&play) {
            return;
        }
        if self.has_play(play) && self.in_effect() {
            return self.try_further(at, dispatcher);
        }
        self.end_attempt_before_play(at, dispatcher);
        self.start_play(at, play, cause, dispatcher);
        self.advance(at, dispatcher);
    }

    fn in_effect(&self) -> bool {
        self.attempt().is_some_and(|attempt| attempt.reached.live_at.is_some())
    }

    fn end_attempt_before_play(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if self.attempt().is_some_and(|attempt| attempt.play.is_some()) {
            self.end_attempt(at, AttemptOutcome::Open, dispatcher);
        }
    }

    fn start_play(
        &mut self,
        at: Time,
        play: PlayId,
        cause: String,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.plays.push(play);
        match self.response.current_mut() {
            Some(attempt) => {
                attempt.play = Some(play);
                attempt.reached.opened_at =
                    attempt.reached.alerted_at.filter(|alerted| *alerted < at).map(|_| at);
            }
            None => {
                self.begin_attempt(at, Some(play), cause.clone());
            }
        }
        self.run = Some(PlayRun::new(play));
        dispatcher.note(PlayEvent::PlayOpened { incident: self.id, play, cause });
    }

    /// Opens a play that another one leads to, unless it was opened so before: then nothing is
    /// left to do.
    pub fn start_play_once(
        &mut self,
        at: Time,
        play: PlayId,
        cause: String,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        if self.opened_once.contains(&play) {
            return self.end_play(at, dispatcher);
        }
        self.opened_once.push(play);
        self.start_play(at, play, cause, dispatcher);
    }

    /// The play that a state of another one opens, and why, if it has not opened so before.
    pub fn play_for(
        &self,
        state: Trigger,
        dispatcher: &Dispatcher<'_>,
    ) -> Option<(PlayId, String)> {
        let opens = |play: &super::Play| play.when.contains(&state);
        let play = PlayId::from(dispatcher.playbook.plays.iter().position(opens)?);
        let cause = match state {
            Trigger::Failed(other) => format!("{} failed", dispatcher.play(other)),
            Trigger::Stalled(other) => format!("{} stalled", dispatcher.play(other)),
            Trigger::Refused(other) => format!("{} was refused", dispatcher.play(other)),
            Trigger::Fires(_) | Trigger::Lasts { .. } => return None,
        };
        (!self.opened_once.contains(&play)).then_some((play, cause))
    }

    /// Opens the play that this state opens; says whether there is one.
    pub fn open_by(&mut self, at: Time, state: Trigger, dispatcher: &mut Dispatcher<'_>) -> bool {
        let Some((play, cause)) = self.play_for(state, dispatcher) else { return false };
        self.start_play_once(at, play, cause, dispatcher);
        true
    }

    /// The effect of a change has lasted: the play opens now, or once the present one has nothing
    /// left to do, unless it is to take its place.
    pub fn lasted(
        &mut self,
        at: Time,
        lasted: &TriggeredPlay,
        cause: String,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let play = lasted.play;
        if self.has_play(play) {
            return;
        }
        let running = self.run.as_ref().is_some_and(|run| run.stalled.is_none());
        if running && !lasted.even_running {
            self.waiting.push((play, cause));
            return;
        }
        self.replace_play(at, play, cause, dispatcher);
        self.advance(at, dispatcher);
    }

    /// A play takes the place of one that has nothing left to do, or that nobody answers.
    pub fn replace_play(
        &mut self,
        at: Time,
        play: PlayId,
        cause: String,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let live = self.attempt().and_then(|attempt| attempt.reached.live_at);
        match (live, self.stalled_at()) {
            (Some(live), _) => self.end_attempt(live, AttemptOutcome::Live, dispatcher),
            (None, Some(_)) => self.end_attempt(at, AttemptOutcome::Stalled, dispatcher),
            (None, None) => self.end_attempt(at, AttemptOutcome::Open, dispatcher),
        }
        self.start_play(at, play, cause, dispatcher);
    }

    /// The attempt did not work: the next candidate of the diagnosis is tried, then the play that
    /// follows this one.
    pub fn fail(&mut self, at: Time, outcome: AttemptOutcome, dispatcher: &mut Dispatcher<'_>) {
        self.end_attempt(at, outcome, dispatcher);
        let run = self.run.take().expect("only a play that is running fails");
        let (cause, state) = match outcome {
            AttemptOutcome::NotVerified => ("verify failed", None),
            AttemptOutcome::ChangeFailed => ("change failed", None),
            AttemptOutcome::Frozen => ("frozen", None),
            AttemptOutcome::Stalled => ("nobody answered", Some(Trigger::Stalled(run.play))),
            _ => ("refused", Some(Trigger::Refused(run.play))),
        };
        self.next_after(at, run, cause, state, dispatcher);
    }

    /// What follows a play that did not work, whether or not it is a state that opens another.
    fn next_after(
        &mut self,
        at: Time,
        mut run: PlayRun,
        cause: &str,
        state: Option<Trigger>,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let failed = run.play;
        let did_not_help = matches!(cause, "verify failed" | "fired again");
        if did_not_help && run.has_candidates() {
            run.look_again();
            self.begin_attempt(at, Some(failed), cause.to_string());
            self.run = Some(run);
            return;
        }
        if let Some(change) = run.try_next_candidate() {
            self.begin_attempt(at, Some(failed), cause.to_string()).change = Some(change);
            self.run = Some(run);
            if let Some((person, _)) = self.responder {
                dispatcher.note(PlayEvent::Chosen { incident: self.id, change, person });
            }
            return;
        }
        self.run = Some(run);
        let otherwise = dispatcher.playbook.plays[failed.index()].otherwise;
        if let Some(play) = otherwise.filter(|play| !self.opened_once.contains(play)) {
            return self.start_play_once(at, play, "otherwise".to_string(), dispatcher);
        }
        let opened = state.is_some_and(|state| self.open_by(at, state, dispatcher))
            || self.open_by(at, Trigger::Failed(failed), dispatcher);
        if !opened {
            self.end_play(at, dispatcher);
            self.last = None;
        }
    }

    /// Whether anything follows the play that is running, should it not work.
    pub fn has_alternative(&self, state: Trigger, dispatcher: &Dispatcher<'_>) -> bool {
        let Some(run) = &self.run else { return false };
        let otherwise = dispatcher.playbook.plays[run.play.index()].otherwise;
        run.has_candidates()
            || otherwise.is_some_and(|play| !self.opened_once.contains(&play))
            || self.play_for(state, dispatcher).is_some()
    }

    /// The play has nothing left to do; one that waited for that opens.
    pub fn end_play(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        self.last = self.run.take();
        if !self.waiting.is_empty() {
            let (play, cause) = self.waiting.remove(0);
            self.replace_play(at, play, cause, dispatcher);
        }
    }

    /// A rule fired again soon after all was clear. Nobody is paged again and nothing declared
    /// again: a change that is in effect has not helped, and what was interrupted goes on.
    pub fn reopen(
        &mut self,
        at: Time,
        rule: RuleId,
        watch: usize,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.cleared_at = None;
        dispatcher.note(PlayEvent::Reopened { incident: self.id, rule });
        self.joins(rule, watch);
        self.try_further(at, dispatcher);
    }

    /// Something else than what is in effect is tried, or what was interrupted goes on.
    fn try_further(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if self.in_effect() {
            self.not_verified(dispatcher);
            self.end_attempt(at, AttemptOutcome::NotVerified, dispatcher);
        }
        let Some(mut run) = self.last.take() else { return };
        let change = run.change();
        let in_effect = change.is_some_and(|change| dispatcher.effects.is_in_effect(change));
        let waited = matches!(run.doing, NextAction::Change(..));
        let ended = matches!(run.doing, NextAction::Done);
        if run.has_done_its_work() || (waited && in_effect) {
            self.next_after(at, run, "fired again", None, dispatcher);
        } else if !ended && self.step_of(&run, dispatcher).is_some() {
            self.begin_attempt(at, Some(run.play), "fired again".to_string()).change = change;
            run.begin_again();
            self.run = Some(run);
        }
        self.advance(at, dispatcher);
    }
}
