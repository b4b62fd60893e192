//! The edges at which conditions change: instances die, thaw and come, surges start and stop.

use super::blame::CauseId;
use super::engine::{Caller, Frame};
use super::run::Site;
use super::slab::Id;
use super::tier::{Door, InstanceStage};
use super::visitors::SourceAtWork;
use super::{InstanceState, SiteConditions, Surge};
use crate::names::TierId;
use crate::telemetry::Outcome;
use crate::units::Time;

impl Site {
    /// Makes these the conditions from now on.
    pub fn apply(&mut self, conditions: &SiteConditions) {
        self.engine.conditions.clone_from(conditions);
        for (endpoint, path) in conditions.paths.iter().enumerate() {
            self.engine.lay_path(endpoint.into(), path);
        }
        // All states first: what one instance's end sets off must see the others as they are now.
        let mut edges = Vec::new();
        for tier in self.tiers.ids() {
            self.enter_states(tier, &mut edges);
        }
        let hangs = |tier: TierId| self.tiers[tier].instances.iter().any(|one| !one.works());
        self.tiers.hang = self.tiers.ids().any(hangs);
        for &(tier, instance, state) in &edges {
            if matches!(state, InstanceState::Refusing | InstanceState::Gone) {
                let broken_by = self.tiers[tier].instances[instance].broken_by;
                self.kill(tier, instance, Some(CauseId::from_fault(broken_by)));
            }
        }
        for &(tier, instance, state) in &edges {
            if state == InstanceState::Up {
                self.resume_hung(tier, instance);
            }
        }
        self.tiers.ids().for_each(|tier| self.work_off(tier));
        self.set_waiting_room(conditions.admits);
        self.enter_surges(&conditions.surges);
    }

    /// Sets the states of a tier's instances and notes those that have changed.
    fn enter_states(&mut self, id: TierId, edges: &mut Vec<(TierId, usize, InstanceState)>) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[id];
        tier.condition.clone_from(&self.engine.conditions.tiers[id.index()]);
        let (old, new) = (tier.instances.len(), tier.condition.instances.len());
        for number in 0..old.max(new) {
            if number >= old {
                let tier = &mut self.tiers[id];
                tier.instances.push(tier.first_instance(number));
                tier.doors.push(Door::default());
                if now > Time::ZERO {
                    tier.instances[number].return_cold(now, CauseId::NOBODY);
                }
                self.begin_checks(id, number, new);
            }
            let tier = &mut self.tiers[id];
            // An instance that is no longer listed has been taken away again.
            let listed = tier.condition.instances.get(number).copied();
            let state = listed.unwrap_or(InstanceState::Gone);
            let broken_by = tier.condition.broken_by.get(number).copied().flatten();
            let instance = &mut tier.instances[number];
            // The end of a fault is remembered: what it stopped is charged to it after that.
            if state != InstanceState::Up {
                instance.broken_by = broken_by;
            }
            if instance.state != state {
                if instance.state == InstanceState::Gone {
                    instance.failures = 0;
                }
                if state == InstanceState::Up && instance.state != InstanceState::Hanging {
                    instance.return_cold(now, CauseId::from_fault(instance.broken_by));
                }
                instance.state = state;
                instance.broken_since = std::mem::replace(&mut instance.since, now);
                if state == InstanceState::Gone && instance.starts_up() {
                    instance.life = InstanceStage::Off;
                    instance.launch += 1;
                }
                edges.push((id, number, state));
            }
            tier.changed(number);
        }
        let tier = &mut self.tiers[id];
        tier.usual = tier.condition.slow.is_empty() && tier.plan.warming.is_none();
        tier.rotate(self.engine.agenda.now());
    }

    /// All work in an instance fails at once, by this cause or, without one, by what has delayed
    /// it; what it had called goes on, abandoned.
    pub(super) fn kill(&mut self, tier: TierId, number: usize, cause: Option<CauseId>) {
        let now = self.engine.agenda.now();
        let ids = self.engine.frames_in(tier, number);
        let blamed = |id: Id<Frame>| (id, cause.unwrap_or_else(|| self.blame(id).cause));
        let ids: Vec<(Id<Frame>, CauseId)> = ids.map(blamed).collect();
        let instance = &mut self.tiers[tier].instances[number];
        instance.queue.clear();
        self.tiers[tier].doors[number].busy = 0;
        self.tiers[tier].changed(number);
        let mut dead = Vec::with_capacity(ids.len());
        for (id, cause) in ids {
            let mut frame = self.engine.frames.remove(id);
            frame.blame.failed(cause, now - frame.sent);
            dead.push(frame);
        }
        for frame in &dead {
            let at_work = &mut self.tiers[tier];
            if at_work.plan.durable && !frame.health_check {
                at_work.put_back(frame);
            } else if !frame.health_check {
                at_work.occupancy.departed(now);
            }
            self.abandon_callee(frame);
        }
        for frame in &dead {
            self.reply(frame, Outcome::Failed);
        }
        self.work_off(tier);
    }

    /// The caller has gone: nobody waits for its call any more.
    fn abandon_callee(&mut self, caller: &Frame) {
        let now = self.engine.agenda.now();
        let Some(callee) = caller.callee else { return };
        let frame = &mut self.engine.frames[callee];
        frame.caller = Caller::Nobody;
        let took = now - frame.sent;
        let left = Frame { blame: caller.blame, ..*frame };
        self.call_ended(&left, Outcome::Abandoned, took);
        let call = self.tiers.call(caller.endpoint, caller.tier);
        if let Some(circuit) = call.circuit.as_mut().filter(|_| caller.breaker_probe) {
            circuit.ended(now, false, true);
        }
    }

    /// An instance that hung is up: what stood still goes on, and the queue starts again.
    fn resume_hung(&mut self, tier: TierId, number: usize) {
        let now = self.engine.agenda.now();
        let instance = &self.tiers[tier].instances[number];
        let (hung, fault) = (instance.broken_since, CauseId::from_fault(instance.broken_by));
        for id in self.engine.frames_in(tier, number) {
            let frame = &mut self.engine.frames[id];
            let next = frame.suspended.take();
            if next.is_some() || frame.queued {
                frame.blame.delayed(fault, now - hung.max(frame.sent));
            }
            if let Some(next) = next {
                self.advance(id, next);
            }
        }
        self.start_waiting(tier, number);
    }

    fn enter_surges(&mut self, surges: &[Surge]) {
        for position in 1..self.visitors.sources.len() {
            let source = &mut self.visitors.sources[position];
            let wanted = surges.iter().any(|surge| source.surge.as_ref() == Some(surge));
            if source.running && !wanted {
                source.stop();
            }
        }
        for surge in surges {
            let known = |source: &SourceAtWork| source.is_of(surge.key);
            let position = self.visitors.sources.iter().position(known).unwrap_or_else(|| {
                let number = surge.key.max(1);
                self.visitors.sources.push(SourceAtWork::new(self.engine.root.child(number)));
                self.visitors.sources.len() - 1
            });
            if !self.visitors.sources[position].running {
                self.visitors.sources[position].surge = Some(surge.clone());
                self.start_source(position);
            }
        }
    }
}
