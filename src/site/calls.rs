//! Calls from tier to tier: timeouts, retries with backoff, budgets and breakers.

use super::breaker::{Budget, Circuit, Passage};
use super::frame::{Caller, Doing, Frame};
use super::run::Site;
use super::slab::Id;
use super::work::stretched;
use super::{Call, Event};
use crate::kernel::{Key, LaneId};
use crate::telemetry::Outcome;
use crate::units::{Ratio, Span};

/// How one tier calls the next on behalf of one endpoint.
#[derive(Clone)]
pub(super) struct CallAtWork {
    pub plan: Call,
    pub timeout: LaneId,
    pub budget: Option<Budget>,
    pub circuit: Option<Circuit>,
}

/// Purpose of a draw from a frame's or an attempt's key: how long to wait before trying again.
const JITTER: u64 = 4 << 32;

impl CallAtWork {
    pub(super) fn new(plan: Call, timeout: LaneId) -> CallAtWork {
        let budget = plan.retries.and_then(|retries| retries.budget).map(Budget::new);
        CallAtWork { plan, timeout, budget, circuit: plan.breaker.map(Circuit::new) }
    }
}

impl Site {
    /// A frame that holds its thread calls the next tier of its path.
    pub(super) fn call_next(&mut self, id: Id<Frame>) {
        let now = self.agenda.now();
        let caller = self.frames[id];
        let tier = self.paths[usize::from(caller.path)][usize::from(caller.hop) + 1];
        let call = &mut self.calls[caller.endpoint.index()][caller.tier.index()];
        if caller.retries == 0
            && let Some(budget) = &mut call.budget
        {
            budget.earn();
        }
        let passage = call.circuit.as_mut().map_or(Passage::Free, |circuit| circuit.passage(now));
        let timeout = call.timeout;
        self.tiers[tier.index()].ledger.generated += 1;
        if passage == Passage::Barred {
            self.call_ended(tier, Outcome::Failed, Span::ZERO);
            self.go_on(id, Doing::Answered { ok: false });
            return;
        }
        self.frames[id].trial = passage == Passage::Trial;
        let callee = Frame {
            key: caller.key.child(u64::from(caller.retries)),
            sent: now,
            caller: Caller::Frame(id),
            callee: None,
            tier,
            hop: caller.hop + 1,
            retries: 0,
            trial: false,
            ..caller
        };
        match self.take_in(callee) {
            Some(callee) => {
                self.frames[id].callee = Some(callee);
                self.agenda.enter_lane(timeout, Event::Timeout { frame: callee });
            }
            None => {
                self.call_ended(tier, Outcome::Rejected, Span::ZERO);
                self.answered(id, false);
            }
        }
    }

    /// A call that had passed the breaker has ended for its caller.
    pub(super) fn answered(&mut self, id: Id<Frame>, ok: bool) {
        let now = self.agenda.now();
        let frame = &mut self.frames[id];
        frame.callee = None;
        let trial = std::mem::take(&mut frame.trial);
        let call = &mut self.calls[frame.endpoint.index()][frame.tier.index()];
        if let Some(circuit) = &mut call.circuit {
            circuit.ended(now, ok, trial);
        }
        self.go_on(id, Doing::Answered { ok });
    }

    /// A call has failed: the caller waits and calls again, or gives up and fails itself.
    pub(super) fn try_again_or_fail(&mut self, id: Id<Frame>) {
        let frame = &mut self.frames[id];
        let call = &mut self.calls[frame.endpoint.index()][frame.tier.index()];
        let again = call.plan.retries.filter(|retries| {
            frame.retries < retries.at_most && call.budget.as_mut().is_none_or(Budget::pay)
        });
        let Some(retries) = again else {
            self.finish(id, Outcome::Failed);
            return;
        };
        let wait = stretched(retries.backoff, libm::exp2(f64::from(frame.retries)));
        let wait = jittered(wait, retries.jitter, frame.key.child(u64::from(frame.retries)));
        frame.retries += 1;
        self.agenda.enter(self.agenda.now() + wait, Event::Retry { frame: id });
    }

    /// Whoever sent this frame gives up on it; its work goes on as an orphan's.
    pub(super) fn timed_out(&mut self, id: Id<Frame>) {
        let Some(frame) = self.frames.get_mut(id) else { return };
        let waiting = *frame;
        frame.caller = Caller::Nobody;
        let outcome = match waiting.caller {
            Caller::Visit(_) => Outcome::Abandoned,
            _ => Outcome::Failed,
        };
        self.reply(&waiting, outcome);
    }
}

/// A wait drawn uniformly from `wait × (1 ± jitter)`.
pub(super) fn jittered(wait: Span, jitter: Ratio, key: Key) -> Span {
    if jitter.0 == 0.0 {
        return wait;
    }
    stretched(wait, 1.0 + jitter.0 * (2.0 * key.child(JITTER).unit() - 1.0))
}
