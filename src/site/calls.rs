//! Calls from tier to tier: timeouts, retries with backoff, budgets and breakers.

use super::blame::{CauseId, DelayAttribution};
use super::breaker::{BreakerDecision, Circuit, RetryBudget, jittered};
use super::engine::{Caller, Frame, FrameAction, SiteEvent};
use super::run::Site;
use super::slab::Id;
use super::tier::Acceptance;
use crate::names::TierId;
use crate::telemetry::Outcome;
use crate::units::Span;

impl Site {
    /// A frame that holds its thread calls the next tier of its path.
    pub(super) fn call_next(&mut self, id: Id<Frame>, caller: &Frame) {
        let now = self.engine.agenda.now();
        let tier = self.engine.paths[usize::from(caller.path)][usize::from(caller.hop) + 1];
        let call = self.tiers.call(caller.endpoint, caller.tier);
        if caller.retries == 0
            && let Some(budget) = &mut call.budget
        {
            budget.earn();
        }
        let timeout = call.timeout;
        let passage =
            call.circuit.as_mut().map_or(BreakerDecision::Free, |circuit| circuit.try_pass(now));
        self.tiers[tier].ledger.generated += u64::from(!caller.is_probe());
        if passage == BreakerDecision::Barred {
            return self.barred(id, caller, tier);
        }
        if passage == BreakerDecision::Probe {
            self.engine.frames[id].breaker_probe = true;
        }
        let brought_by = match caller.retries {
            0 => caller.blame.brought_by,
            _ => self.brought_by(caller.blame),
        };
        let callee = Frame {
            key: caller.key.child(u64::from(caller.retries)),
            sent: now,
            caller: Caller::Frame(id),
            callee: None,
            segment: caller.segment,
            instance: 0,
            blame: DelayAttribution::none(brought_by),
            tier,
            endpoint: caller.endpoint,
            path: caller.path,
            hop: caller.hop + 1,
            retries: 0,
            breaker_probe: false,
            health_check: false,
            queued: false,
            suspended: None,
        };
        match self.take_in(callee) {
            Ok(Acceptance::Kept) => {
                self.call_ended(&callee, Outcome::Ok, Span::ZERO);
                self.answered(id, true, Span::ZERO, callee.blame);
            }
            Ok(Acceptance::In(callee)) => {
                self.engine.frames[id].callee = Some(callee);
                self.engine.agenda.enter_lane(timeout, SiteEvent::Timeout { frame: callee });
            }
            Err(cause) => {
                let mut refused = callee;
                refused.blame.failed(cause, Span::ZERO);
                self.call_ended(&refused, Outcome::Rejected, Span::ZERO);
                self.answered(id, false, Span::ZERO, refused.blame);
            }
        }
    }

    /// The breaker does not let a call pass: that is its answer.
    fn barred(&mut self, id: Id<Frame>, caller: &Frame, tier: TierId) {
        let circuit = &self.tiers.call(caller.endpoint, caller.tier).circuit;
        let opened_by = circuit.as_ref().map_or(CauseId::NOBODY, Circuit::opened_by);
        let frame = &mut self.engine.frames[id];
        frame.blame.failed(opened_by, Span::ZERO);
        let key = frame.key.child(u64::from(frame.retries));
        let barred = Frame { tier, key, ..*frame };
        self.call_ended(&barred, Outcome::Failed, Span::ZERO);
        self.advance(id, FrameAction::Answered { ok: false });
    }

    /// A call that had passed the breaker has ended for its caller.
    pub(super) fn answered(
        &mut self,
        id: Id<Frame>,
        ok: bool,
        took: Span,
        blame: DelayAttribution,
    ) {
        if self.accept_reply(id, ok, took, blame) {
            self.finish(id, Outcome::Ok);
        }
    }

    /// The same, without the end of a caller that has nothing more to do: whether that is so.
    #[inline(always)]
    pub(super) fn accept_reply(
        &mut self,
        id: Id<Frame>,
        ok: bool,
        took: Span,
        blame: DelayAttribution,
    ) -> bool {
        let frame = &mut self.engine.frames[id];
        frame.callee = None;
        match ok {
            true => frame.blame.waited_for(blame),
            false => frame.blame.failed(blame.cause, took),
        }
        let probe = std::mem::take(&mut frame.breaker_probe);
        let frame = *frame;
        if let Some(circuit) = &mut self.tiers.call(frame.endpoint, frame.tier).circuit {
            circuit.ended(self.engine.agenda.now(), ok, probe);
            if !ok {
                circuit.blames(blame.cause);
            }
        }
        let still = self.stands_still(id, &frame, FrameAction::Answered { ok });
        if !still && !ok {
            self.try_again_or_fail(id);
        }
        ok && !still
    }

    /// A call has failed: the caller waits and calls again, or gives up and fails itself.
    pub(super) fn try_again_or_fail(&mut self, id: Id<Frame>) {
        let frame = &mut self.engine.frames[id];
        let call = self.tiers.call(frame.endpoint, frame.tier);
        let again = call.plan.retries.filter(|retries| {
            frame.retries < retries.at_most && call.budget.as_mut().is_none_or(RetryBudget::spend)
        });
        let Some(retries) = again else {
            self.finish(id, Outcome::Failed);
            return;
        };
        let wait = retries.backoff.stretched(libm::exp2(f64::from(frame.retries)));
        let wait = jittered(wait, retries.jitter, frame.key.child(u64::from(frame.retries)));
        frame.retries += 1;
        frame.blame.delayed(frame.blame.cause, wait);
        self.engine.agenda.enter(self.engine.agenda.now() + wait, SiteEvent::Retry { frame: id });
    }

    /// Whoever sent this frame gives up on it; its work goes on, abandoned.
    pub(super) fn timed_out(&mut self, id: Id<Frame>) {
        if self.engine.frames.get_mut(id).is_none() {
            return;
        }
        let blame = self.blame(id);
        let waited = self.engine.agenda.now() - self.engine.frames[id].sent;
        let frame = &mut self.engine.frames[id];
        let mut waiting = *frame;
        frame.caller = Caller::Nobody;
        waiting.blame.failed(blame.cause, waited);
        let outcome = match waiting.caller {
            Caller::Visit(_) => Outcome::Abandoned,
            _ => Outcome::Failed,
        };
        self.reply(&waiting, outcome);
    }
}
