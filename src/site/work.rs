//! A tier's own work: taking a request in, how long the work takes, and how it ends.

use super::backlog::LEAST_WORK;
use super::blame::{CauseId, DelayAttribution};
use super::conditions::{Failing, Hit, SeenAs, Slow};
use super::engine::{Caller, Event, Frame, NextAction};
use super::run::Site;
use super::slab::Id;
use super::tier::{Room, Taken};
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
    pub(super) fn take_in(&mut self, mut frame: Frame) -> Result<Taken, CauseId> {
        if self.tiers[frame.tier].plan.durable && !frame.health_check {
            if !frame.is_probe() {
                self.keep(&frame);
            }
            return Ok(Taken::Kept);
        }
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[frame.tier];
        let instance = if frame.health_check { Some(frame.instance as usize) } else { tier.pick() };
        if let (Some(scaler), Some(instance)) = (&mut tier.scaler, instance) {
            let counts = !frame.health_check && tier.instances[instance].warm;
            scaler.requests += u64::from(counts);
        }
        let room = instance.and_then(|instance| tier.room(instance).map(|room| (instance, room)));
        let Some((instance, room)) = room else {
            tier.refused += u64::from(!frame.health_check);
            return Err(match instance {
                Some(instance) => tier.no_room(frame.tier, instance),
                None => tier.nobody_serves(frame.tier),
            });
        };
        frame.instance = instance as u32;
        frame.queued = matches!(room, Room::Queue);
        if !frame.health_check {
            tier.occupancy.arrived(now);
        }
        let id = self.engine.frames.add(frame);
        match room {
            Room::Queue => {
                tier.instances[instance].queue.push_back(id);
                tier.changed(instance);
            }
            Room::Thread => {
                tier.changed(instance);
                self.advance(id, NextAction::Start);
            }
        }
        Ok(Taken::In(id))
    }

    /// Does what is next for a frame, now or when its hanging instance is up again.
    pub(super) fn advance(&mut self, id: Id<Frame>, next: NextAction) {
        let frame = &mut self.engine.frames[id];
        let tier = &self.tiers[frame.tier];
        if tier.any_hangs && !tier.instances[frame.instance as usize].works() {
            frame.frozen = Some(next);
            return;
        }
        match next {
            NextAction::Start => {
                let frame = *frame;
                let (work, by) = self.own_work(&frame);
                if let Some((cause, delay)) = by {
                    self.engine.frames[id].blame.delayed(cause, delay);
                }
                let kept = self.tiers[frame.tier].plan.durable;
                let work = if kept { work.max(LEAST_WORK) } else { work };
                let at = self.engine.agenda.now() + work;
                self.engine.agenda.enter(at, Event::Served { frame: id });
            }
            NextAction::Served => self.served(id),
            NextAction::Answered { ok: true } => self.finish(id, Outcome::Ok),
            NextAction::Answered { ok: false } => self.try_again_or_fail(id),
            NextAction::Retry => self.call_next(id),
        }
    }

    /// Ends a frame: its thread goes to the next in the queue, its caller gets the reply.
    pub(super) fn finish(&mut self, id: Id<Frame>, outcome: Outcome) {
        let frame = self.engine.frames.remove(id);
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[frame.tier];
        if tier.plan.durable && !frame.health_check && outcome != Outcome::Ok {
            tier.put_back(&frame);
        } else if !frame.health_check {
            tier.occupancy.departed(now);
        }
        tier.instances[frame.instance as usize].busy -= 1;
        tier.changed(frame.instance as usize);
        self.start_waiting(frame.tier, frame.instance as usize);
        self.work_off(frame.tier);
        self.reply(&frame, outcome);
    }

    /// Gives free threads to those who wait in the queue of an instance.
    pub(super) fn start_waiting(&mut self, tier: TierId, instance: usize) {
        loop {
            let tier = &mut self.tiers[tier];
            let threads = tier.plan.threads;
            let instance = &mut tier.instances[instance];
            if instance.busy >= threads || !instance.works() {
                return;
            }
            let Some(waiting) = instance.queue.pop_front() else { return };
            instance.busy += 1;
            let since = instance.since;
            let now = self.engine.agenda.now();
            let frame = &mut self.engine.frames[waiting];
            frame.queued = false;
            frame.blame.delayed(CauseId::no_room(frame.tier), now - since.max(frame.sent));
            self.advance(waiting, NextAction::Start);
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

    /// Books the end of a call to a tier, as its caller saw it.
    pub(super) fn call_ended(&mut self, call: &Frame, outcome: Outcome, took: Span) {
        if call.is_probe() {
            return;
        }
        let (tier, blame) = (call.tier, call.blame);
        if self.books.charges.concerns(outcome, took) {
            self.charge_call(tier, outcome, took, blame);
        }
        self.tiers[tier].ledger.ended(outcome);
        let seen = self.as_seen(outcome, blame);
        self.books.tally.call(call.key, tier, seen, took);
    }

    /// How an outcome looks to the monitoring, and the status that it sees.
    pub(super) fn as_seen(&self, outcome: Outcome, blame: DelayAttribution) -> (Outcome, u16) {
        let unseen = &self.engine.conditions.unseen;
        if unseen.is_empty() || outcome != Outcome::Failed {
            return (outcome, outcome.status());
        }
        let found = unseen.iter().find(|(fault, _)| CauseId::fault(*fault) == blame.cause);
        match found {
            Some((_, SeenAs::ClientError)) => (Outcome::Ok, CLIENT_ERROR),
            Some((_, SeenAs::Nothing)) => (Outcome::Ok, Outcome::Ok.status()),
            _ => (outcome, outcome.status()),
        }
    }

    /// Own work is done: an error, the next tier, or the reply.
    fn served(&mut self, id: Id<Frame>) {
        let frame = self.engine.frames[id];
        if frame.health_check {
            self.finish(id, Outcome::Ok);
        } else if let Some(cause) = self.ends_in_error(&frame) {
            let took = self.engine.agenda.now() - frame.sent;
            self.engine.frames[id].blame.failed(cause, took);
            self.finish(id, Outcome::Failed);
        } else if usize::from(frame.hop) + 1 < self.engine.paths[usize::from(frame.path)].len() {
            self.call_next(id);
        } else {
            self.finish(id, Outcome::Ok);
        }
    }

    /// How long its own work takes, and what made it longer by how much.
    fn own_work(&self, frame: &Frame) -> (Span, Option<(CauseId, Span)>) {
        if frame.health_check {
            return (CHECK_WORK, None);
        }
        let tier = &self.tiers[frame.tier];
        let entry = if frame.hop == 0 { &self.engine.conditions.endpoint_slow[..] } else { &[] };
        if tier.condition.slow.is_empty() && entry.is_empty() && tier.plan.warming.is_none() {
            return (frame.key.child(WORK).spread(tier.plan.takes), None);
        }
        let own = entry.iter().filter(|(endpoint, _)| *endpoint == frame.endpoint);
        let slows = tier.condition.slow.iter().chain(own.map(|(_, slow)| slow));
        let slows = slows.filter(|slow| slow.hit.strikes(frame.instance, frame.segment));
        let mut work = frame.key.child(WORK).spread(tier.plan.takes);
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
        let own = entry.iter().filter(|(endpoint, _)| *endpoint == frame.endpoint);
        let mut failings = tier.iter().chain(own.map(|(_, failing)| failing));
        let struck = failings.find(|failing| failing.strikes(frame));
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

impl Failing {
    fn strikes(&self, frame: &Frame) -> bool {
        self.hit.strikes(frame.instance, frame.segment)
            && frame.key.child(FAILING.wrapping_add(self.key)).chance(self.share)
    }
}

impl Hit {
    /// Whether it hits this visitor in this instance.
    #[inline]
    fn strikes(&self, instance: u32, segment: Segment) -> bool {
        let here = self.instances.is_empty()
            || self.instances.get(instance as usize).copied().unwrap_or(false);
        here && self.only.holds(segment)
    }
}
