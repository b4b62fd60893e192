//! What goes wrong, by cause: each bad, slow or given-up request is charged to what spoilt it.

use super::blame::{CauseId, DelayAttribution, FaultRef, ResolvedCause};
use super::engine::Frame;
use super::run::Site;
use super::slab::{Id, PoolSlot};
use super::visitors::Visit;
use crate::names::{FaultId, TierId};
use crate::telemetry::{Cause, Outcome};
use crate::units::Span;

impl Site {
    /// What has spoilt a request that is under way: the longest of its delays so far, those of the
    /// calls that it waits for among them, and that in which it is now.
    pub(super) fn blame(&self, id: Id<Frame>) -> DelayAttribution {
        let now = self.engine.agenda.now();
        let mut frame = &self.engine.frames[id];
        let mut blame = frame.blame;
        loop {
            let tier = &self.tiers[frame.tier];
            let instance = &tier.instances[frame.instance as usize];
            let here = now - instance.since.max(frame.sent);
            if frame.queued || frame.suspended.is_some() || !instance.works() {
                blame.delayed(tier.no_room(frame.tier, frame.instance as usize), here);
                return blame;
            }
            let Some(callee) = frame.callee else { return blame };
            frame = &self.engine.frames[callee];
            blame.waited_for(frame.blame);
        }
    }

    /// Charges an attempt that ended badly, or late.
    pub(super) fn charge_attempt(
        &mut self,
        visit: PoolSlot<Visit>,
        outcome: Outcome,
        took: Span,
        blame: DelayAttribution,
    ) -> Option<Cause> {
        let cause = self.charged_to(outcome, took, blame);
        let visit = &self.visitors.visits[visit];
        let scopes = (visit.endpoint, visit.segment);
        let now = self.engine.agenda.now();
        self.accounting.charges.attempt(now, scopes, (outcome, took), cause);
        cause
    }

    /// Charges a call that ended badly, or late.
    pub(super) fn charge_call(
        &mut self,
        tier: TierId,
        outcome: Outcome,
        took: Span,
        blame: DelayAttribution,
    ) {
        let cause = self.charged_to(outcome, took, blame);
        self.accounting.charges.call(tier, (outcome, took), cause);
    }

    /// The fault without which a request would not be tried again.
    pub(super) fn brought_by(&mut self, blame: DelayAttribution) -> FaultRef {
        let fault = self.cause(blame.cause).and_then(Cause::fault);
        if fault.is_some() { FaultRef::to(fault) } else { blame.brought_by }
    }

    fn charged_to(
        &mut self,
        outcome: Outcome,
        took: Span,
        blame: DelayAttribution,
    ) -> Option<Cause> {
        if outcome == Outcome::Ok {
            // An answer that would have been late anyway is not what a small delay spoilt: the
            // delay must account for half at least of what it is too late.
            let limit = self.accounting.charges.broken(took).last().copied().unwrap_or(took);
            if blame.delay() * 2 < took - limit {
                return None;
            }
        }
        self.cause(blame.cause)
    }

    /// A cause with everything that is to be known of it.
    fn cause(&mut self, cause: CauseId) -> Option<Cause> {
        match cause.named() {
            ResolvedCause::Nobody => None,
            ResolvedCause::Fault(fault) => Some(Cause::Fault(fault)),
            ResolvedCause::NoRoom(tier) => {
                Some(Cause::Overload { tier, trigger: self.trigger(tier) })
            }
        }
    }

    /// The fault whose requests have held most of a tier's threads since it has been out of room.
    fn trigger(&mut self, tier: TierId) -> Option<FaultId> {
        let now = self.engine.agenda.now();
        if self.tiers[tier].shortage.is_due(now) {
            let (all, by_fault) = self.thread_holders(tier);
            let tier = &mut self.tiers[tier];
            let threads = tier.instances.len() as f64 * f64::from(tier.plan.threads);
            tier.shortage.sample(now, threads, all, &by_fault);
        }
        self.tiers[tier].shortage.trigger()
    }

    /// Threads of a tier that are held now, in all and by the requests of faults. The threads of an
    /// instance that a fault has broken are held by that fault.
    fn thread_holders(&mut self, id: TierId) -> (f64, Vec<(FaultId, f64)>) {
        let mut all = 0.0;
        let mut held: Vec<(FaultId, f64)> = Vec::new();
        let mut hold =
            |fault: FaultId, threads: f64| match held.iter_mut().find(|(known, _)| *known == fault)
            {
                Some((_, sum)) => *sum += threads,
                None => held.push((fault, threads)),
            };
        let tier = &self.tiers[id];
        let threads = f64::from(tier.plan.threads);
        for instance in &tier.instances {
            let by = match (instance.broken(), instance.out_by.named()) {
                (Some(fault), _) => Some(fault),
                (None, ResolvedCause::Fault(fault)) if instance.out => Some(fault),
                _ => None,
            };
            if let Some(fault) = by {
                all += threads;
                hold(fault, threads);
            }
        }
        let here = |(_, frame): &(Id<Frame>, &Frame)| {
            let holds = frame.tier == id && !frame.queued && !frame.health_check;
            holds && tier.instances[frame.instance as usize].broken().is_none()
        };
        let ids: Vec<_> = self.engine.frames.iter().filter(here).map(|(id, _)| id).collect();
        for frame in ids {
            all += 1.0;
            if let Some(fault) = self.holds_for(frame) {
                hold(fault, 1.0);
            }
        }
        (all, held)
    }

    /// The fault for which a request holds its thread: that which brought it, or that which has
    /// delayed it for most of the time that it has been here.
    fn holds_for(&mut self, id: Id<Frame>) -> Option<FaultId> {
        let now = self.engine.agenda.now();
        let blame = self.blame(id);
        if let Some(fault) = blame.brought_by.fault() {
            return Some(fault);
        }
        let frame = &self.engine.frames[id];
        let (own, elapsed) = (frame.tier, (now - frame.sent).max(blame.delay()));
        if blame.delay() * 2 < elapsed {
            return None;
        }
        match blame.cause.named() {
            ResolvedCause::Fault(fault) => Some(fault),
            ResolvedCause::NoRoom(tier) if tier != own => self.trigger(tier),
            ResolvedCause::NoRoom(_) | ResolvedCause::Nobody => None,
        }
    }
}
