//! A tier's own work: taking a request in, how long the work takes, and how it ends.

use super::backlog::LEAST_WORK;
use super::blame::{CauseId, DelayAttribution};
use super::conditions::{FailingWork, Hit, SeenAs, Slow};
use super::engine::{Caller, Frame, FrameAction, SiteEvent};
use super::run::Site;
use super::slab::Id;
use super::tier::{Acceptance, Reservation};
use crate::names::{Segment, TierId};
use crate::telemetry::{CLIENT_ERROR, Outcome};
use crate::units::Span;

/// Purposes of draws from a frame's key; its calls have the small numbers, waits have 4.
const WORK: u64 = 1 << 32;
const SLOW: u64 = 2 << 32;
const FAILING: u64 = 3 << 32;
const ERROR: u64 = 5 << 32;

/// The own work of an instance on a health check.
const CHECK_WORK: Span = Span::MILLISECOND;

impl Site {
    /// Brings a request to an instance of its tier, or says why it is refused.
    #[inline]
    pub(super) fn take_in(&mut self, frame: Frame) -> Result<Acceptance, CauseId> {
        let tier = &mut self.tiers[frame.tier];
        if tier.plan.durable && !frame.health_check {
            if !frame.is_probe() {
                self.keep(&frame);
            }
            return Ok(Acceptance::Kept);
        }
        let checked = frame.health_check.then_some(frame.instance as usize);
        let (number, room) = tier.find_room(frame.tier, checked)?;
        if checked.is_none() {
            tier.occupancy.arrived(self.engine.agenda.now());
        }
        let queued = matches!(room, Reservation::Queue);
        let frame = Frame { instance: number as u32, queued, ..frame };
        let id = self.engine.frames.add(frame);
        if queued {
            tier.instances[number].queue.push_back(id);
            tier.doors[number].waits = true;
        }
        tier.counted(number);
        if !queued && !self.stands_still(id, &frame, FrameAction::Start) {
            self.start(id, &frame);
        }
        Ok(Acceptance::In(id))
    }

    /// Does what is next for a frame, now or when its hanging instance is up again.
    pub(super) fn advance(&mut self, id: Id<Frame>, next: FrameAction) {
        let frame = self.engine.frames[id];
        if self.stands_still(id, &frame, next) {
            return;
        }
        match next {
            FrameAction::Start => self.start(id, &frame),
            FrameAction::Served => self.served(id, &frame),
            FrameAction::Answered { ok: true } => self.finish(id, Outcome::Ok),
            FrameAction::Answered { ok: false } => self.try_again_or_fail(id),
            FrameAction::Retry => self.call_next(id, &frame),
        }
    }

    /// Whether a frame can do nothing because its instance hangs; it will do this then.
    #[inline]
    pub(super) fn stands_still(&mut self, id: Id<Frame>, frame: &Frame, next: FrameAction) -> bool {
        let hangs = self.tiers.stands_still(frame.tier, frame.instance as usize);
        if hangs {
            self.engine.frames[id].suspended = Some(next);
        }
        hangs
    }

    /// A frame has a thread: its own work begins.
    #[inline(always)]
    fn start(&mut self, id: Id<Frame>, frame: &Frame) {
        let tier = &self.tiers[frame.tier];
        let usual = tier.usual && self.engine.conditions.endpoint_slow.is_empty();
        let served = SiteEvent::Served { frame: id };
        let work = if usual && !frame.health_check && !tier.plan.durable {
            if let Some(belt) = tier.belt {
                return self.engine.agenda.enter_belt(belt, served);
            }
            frame.key.child(WORK).prepared(&tier.takes)
        } else {
            self.unusual_work(id, frame)
        };
        self.engine.agenda.enter(self.engine.agenda.now() + work, served);
    }

    /// Ends a frame: its thread goes to the next in the queue, its caller gets the reply. A caller
    /// that has nothing more to do than to pass on a good answer ends with it.
    pub(super) fn finish(&mut self, id: Id<Frame>, outcome: Outcome) {
        let (mut id, mut outcome) = (id, outcome);
        loop {
            let frame = self.leave(id, outcome);
            let Caller::Frame(caller) = frame.caller else {
                return self.reply(&frame, outcome);
            };
            let took = self.engine.agenda.now() - frame.sent;
            self.call_ended(&frame, outcome, took);
            if !self.accept_reply(caller, outcome == Outcome::Ok, took, frame.blame) {
                return;
            }
            (id, outcome) = (caller, Outcome::Ok);
        }
    }

    /// Takes a frame out of its instance, whose thread goes to the next in the queue.
    #[inline(always)]
    fn leave(&mut self, id: Id<Frame>, outcome: Outcome) -> Frame {
        let frame = self.engine.frames.remove(id);
        let tier = &mut self.tiers[frame.tier];
        let durable = tier.plan.durable;
        if durable && !frame.health_check && outcome != Outcome::Ok {
            tier.put_back(&frame);
        } else if !frame.health_check {
            tier.occupancy.departed(self.engine.agenda.now());
        }
        let number = frame.instance as usize;
        let door = &mut tier.doors[number];
        door.busy -= 1;
        let waits = door.waits;
        tier.counted(number);
        if waits {
            self.start_waiting(frame.tier, number);
        }
        if durable {
            self.work_off(frame.tier);
        }
        frame
    }

    /// Gives free threads to those who wait in the queue of an instance.
    pub(super) fn start_waiting(&mut self, id: TierId, number: usize) {
        loop {
            let tier = &mut self.tiers[id];
            let (door, instance) = (&mut tier.doors[number], &mut tier.instances[number]);
            if door.busy >= tier.plan.threads || !instance.works() {
                return;
            }
            let Some(waiting) = instance.queue.pop_front() else { return };
            door.busy += 1;
            door.waits = !instance.queue.is_empty();
            let since = instance.since;
            let now = self.engine.agenda.now();
            let frame = &mut self.engine.frames[waiting];
            frame.queued = false;
            frame.blame.delayed(CauseId::no_room(frame.tier), now - since.max(frame.sent));
            self.advance(waiting, FrameAction::Start);
        }
    }

    /// Tells whoever waits for a frame how it ended.
    pub(super) fn reply(&mut self, frame: &Frame, outcome: Outcome) {
        let took = self.engine.agenda.now() - frame.sent;
        match frame.caller {
            Caller::Nobody => {}
            Caller::HealthCheck => {
                self.checked(frame.tier, frame.instance as usize, outcome == Outcome::Ok);
            }
            Caller::Probe(number) => self.probe_ended(number, frame, outcome, took),
            Caller::Visit(visit) => {
                self.call_ended(frame, outcome, took);
                self.attempt_ended(visit, outcome, took, frame.blame);
            }
            Caller::Frame(caller) => {
                self.call_ended(frame, outcome, took);
                self.answered(caller, outcome == Outcome::Ok, took, frame.blame);
            }
        }
    }

    /// Accounting the end of a call to a tier, as its caller saw it.
    #[inline(always)]
    pub(super) fn call_ended(&mut self, call: &Frame, outcome: Outcome, took: Span) {
        if call.is_probe() {
            return;
        }
        let (tier, blame) = (call.tier, call.blame);
        if self.accounting.charges.concerns(outcome, took) {
            self.charge_call(tier, outcome, took, blame);
        }
        self.tiers[tier].ledger.ended(outcome);
        let seen = self.as_seen(outcome, blame);
        self.accounting.tally.call(call.key, tier, seen, took);
    }

    /// How an outcome looks to the monitoring, and the status that it sees.
    #[inline]
    pub(super) fn as_seen(&self, outcome: Outcome, blame: DelayAttribution) -> (Outcome, u16) {
        let unseen = &self.engine.conditions.unseen;
        if unseen.is_empty() || outcome != Outcome::Failed {
            return (outcome, outcome.status());
        }
        self.as_hidden(outcome, blame)
    }

    fn as_hidden(&self, outcome: Outcome, blame: DelayAttribution) -> (Outcome, u16) {
        let unseen = &self.engine.conditions.unseen;
        let found = unseen.iter().find(|(fault, _)| CauseId::fault(*fault) == blame.cause);
        match found {
            Some((_, SeenAs::ClientError)) => (Outcome::Ok, CLIENT_ERROR),
            Some((_, SeenAs::Nothing)) => (Outcome::Ok, Outcome::Ok.status()),
            _ => (outcome, outcome.status()),
        }
    }

    /// Own work is done: an error, the next tier, or the reply.
    #[inline]
    pub(super) fn served(&mut self, id: Id<Frame>, frame: &Frame) {
        if frame.health_check {
            self.finish(id, Outcome::Ok);
        } else if let Some(cause) = self.ends_in_error(frame) {
            let took = self.engine.agenda.now() - frame.sent;
            self.engine.frames[id].blame.failed(cause, took);
            self.finish(id, Outcome::Failed);
        } else if usize::from(frame.hop) + 1 < self.engine.paths[usize::from(frame.path)].len() {
            self.call_next(id, frame);
        } else {
            self.finish(id, Outcome::Ok);
        }
    }

    /// How long its own work takes where that is not as on an ordinary day; what has made it longer
    /// is remembered.
    #[inline(never)]
    fn unusual_work(&mut self, id: Id<Frame>, frame: &Frame) -> Span {
        let (work, by) = self.own_work(frame);
        if let Some((cause, delay)) = by {
            self.engine.frames[id].blame.delayed(cause, delay);
        }
        let kept = self.tiers[frame.tier].plan.durable;
        if kept { work.max(LEAST_WORK) } else { work }
    }

    /// How long its own work takes, and what made it longer by how much.
    fn own_work(&self, frame: &Frame) -> (Span, Option<(CauseId, Span)>) {
        if frame.health_check {
            return (CHECK_WORK, None);
        }
        let tier = &self.tiers[frame.tier];
        let entry = if frame.hop == 0 { &self.engine.conditions.endpoint_slow[..] } else { &[] };
        let mut work = frame.key.child(WORK).prepared(&tier.takes);
        let own = entry.iter().filter(|(endpoint, _)| *endpoint == frame.endpoint);
        let slows = tier.condition.slow.iter().chain(own.map(|(_, slow)| slow));
        let slows = slows.filter(|slow| slow.hit.applies_to(frame.instance, frame.segment));
        let mut most = None;
        for slow in slows {
            let before = work;
            work = slow.applied(work, frame);
            let more = Span(work.0.saturating_sub(before.0));
            if most.is_none_or(|(_, most)| more > most) {
                most = Some((CauseId::fault(slow.fault), more));
            }
        }
        if let Some((longer, cause, more)) = tier.warming_up(frame.instance, self.now(), work) {
            work = longer;
            if most.is_none_or(|(_, most)| more > most) {
                most = Some((cause, more));
            }
        }
        (work, most)
    }

    /// Whether its own work ends in an error, and by what.
    #[inline]
    fn ends_in_error(&self, frame: &Frame) -> Option<CauseId> {
        let tier = &self.tiers[frame.tier];
        let errors = tier.plan.errors;
        if errors.0 > 0.0 && frame.key.child(ERROR).chance(errors) {
            return Some(CauseId::NOBODY);
        }
        let tier = &tier.condition.failing;
        let entry = if frame.hop == 0 { &self.engine.conditions.endpoint_failing[..] } else { &[] };
        if tier.is_empty() && entry.is_empty() {
            return None;
        }
        self.failing_cause(frame)
    }

    fn failing_cause(&self, frame: &Frame) -> Option<CauseId> {
        let tier = &self.tiers[frame.tier].condition.failing;
        let entry = if frame.hop == 0 { &self.engine.conditions.endpoint_failing[..] } else { &[] };
        let own = entry.iter().filter(|(endpoint, _)| *endpoint == frame.endpoint);
        let mut failings = tier.iter().chain(own.map(|(_, failing)| failing));
        let struck = failings.find(|failing| failing.applies_to(frame));
        struck.map(|failing| CauseId::fault(failing.fault))
    }
}

impl Slow {
    /// The time of work with this slowness: replaced, as far as that goes, then multiplied, then
    /// added to.
    fn applied(&self, work: Span, frame: &Frame) -> Span {
        let draw = |takes| frame.key.child(SLOW.wrapping_add(self.key)).spread(takes);
        let work = match self.takes.map(draw) {
            None => work,
            Some(instead) if self.part.0 >= 1.0 => instead,
            Some(instead) => {
                let part = self.part.0;
                Span::from_seconds(work.seconds() * (1.0 - part) + instead.seconds() * part)
            }
        };
        let work = if self.times == 1.0 { work } else { work.stretched(self.times) };
        work + self.add
    }
}

impl FailingWork {
    fn applies_to(&self, frame: &Frame) -> bool {
        self.hit.applies_to(frame.instance, frame.segment)
            && frame.key.child(FAILING.wrapping_add(self.key)).chance(self.share)
    }
}

impl Hit {
    /// Whether it hits this visitor in this instance.
    #[inline]
    fn applies_to(&self, instance: u32, segment: Segment) -> bool {
        let here = self.instances.is_empty()
            || self.instances.get(instance as usize).copied().unwrap_or(false);
        here && self.only.holds(segment)
    }
}
