//! Confirming in the middle of a play: what comes after is done once the rules see that it helped.

use super::dispatcher::Dispatcher;
use super::incident::OpenIncident;
use super::run::NextAction;
use super::{AttemptOutcome, Step};
use crate::units::{Span, Time};

impl OpenIncident {
    /// The step waits until the incident's rules have resolved, at most this long.
    pub fn begin_confirming(&mut self, at: Time, within: Span, dispatcher: &mut Dispatcher<'_>) {
        let run = self.run();
        (run.doing, run.verify_by) = (NextAction::Verify, Some(at + within));
        self.confirm(at, dispatcher);
    }

    /// Goes on with the play where it waits for its rules and they have resolved.
    pub fn confirm(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        let waits = matches!(self.step(dispatcher), Some(Step::Confirm(_)))
            && self.run.as_ref().is_some_and(|run| matches!(run.doing, NextAction::Verify));
        if !waits || !self.is_well(dispatcher) {
            return;
        }
        let (play, step) = (self.run().play, self.run().step());
        self.run().verify_by = None;
        let steps = &dispatcher.playbook.plays[play.index()].steps;
        if steps[step..].iter().any(|step| matches!(step, Step::Change(_))) {
            self.end_attempt(at, AttemptOutcome::Live, dispatcher);
            self.begin_attempt(at, Some(play), "confirmed".to_string());
        }
        self.run().done();
        self.advance(at, dispatcher);
    }

    /// Whether every rule that can tell has resolved: behind a maintenance page those that send
    /// requests of their own, for there are no visitors to judge by.
    fn is_well(&self, dispatcher: &Dispatcher<'_>) -> bool {
        let behind = self.is_behind_page(dispatcher);
        let tells = |rule: &super::Rule| !behind || rule.probe.is_some();
        self.firing().all(|rule| !tells(&dispatcher.playbook.rules[rule.index()]))
    }

    /// Whether all is clear only once the page has come down: its rules see behind it, and the play
    /// that goes on is to take it down.
    pub fn waits_for_page(&self, dispatcher: &Dispatcher<'_>) -> bool {
        self.probes_behind_page(dispatcher)
            && self.is_behind_page(dispatcher)
            && self
                .run
                .as_ref()
                .is_some_and(|run| !run.has_done_its_work() && run.stalled.is_none())
    }

    /// Whether some rule of it sends requests of its own.
    pub fn probes_behind_page(&self, dispatcher: &Dispatcher<'_>) -> bool {
        self.rules().any(|rule| dispatcher.playbook.rules[rule.index()].probe.is_some())
    }

    fn is_behind_page(&self, dispatcher: &Dispatcher<'_>) -> bool {
        self.maintenance.is_some_and(|page| dispatcher.effects.is_in_effect(page))
    }
}

/// Whether one of the steps that come next, before any further change, confirms the last one.
pub fn confirms_next(rest: &[Step]) -> bool {
    let mut before = rest.iter().take_while(|step| !matches!(step, Step::Change(_)));
    before.any(|step| matches!(step, Step::Confirm(_)))
}
