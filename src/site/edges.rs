//! The edges at which conditions change: instances die, thaw and come, surges start and stop.

use super::frame::{Caller, Frame};
use super::run::Site;
use super::slab::Id;
use super::tier::Life;
use super::visits::SourceAtWork;
use super::{Conditions, InstanceState, Surge};
use crate::names::{EndpointId, TierId};
use crate::telemetry::Outcome;

impl Site {
    /// Makes these the conditions from now on.
    pub fn apply(&mut self, conditions: &Conditions) {
        self.conditions.clone_from(conditions);
        for (endpoint, path) in conditions.paths.iter().enumerate() {
            self.lay_path(endpoint.into(), path);
        }
        // All states first: what one instance's end sets off must see the others as they are now.
        let mut edges = Vec::new();
        for tier in (0..self.tiers.len()).map(TierId::from) {
            self.enter_states(tier, &mut edges);
        }
        for &(tier, instance, state) in &edges {
            if matches!(state, InstanceState::Refusing | InstanceState::Gone) {
                self.kill(tier, instance);
            }
        }
        for &(tier, instance, state) in &edges {
            if state == InstanceState::Up {
                self.thaw(tier, instance);
            }
        }
        self.enter_surges(&conditions.surges);
    }

    /// Sets the states of a tier's instances and notes those that have changed.
    fn enter_states(&mut self, id: TierId, edges: &mut Vec<(TierId, usize, InstanceState)>) {
        let tier = &mut self.tiers[id.index()];
        tier.condition.clone_from(&self.conditions.tiers[id.index()]);
        let (old, new) = (tier.instances.len(), tier.condition.instances.len());
        for number in 0..old.max(new) {
            if number >= old {
                let tier = &mut self.tiers[id.index()];
                tier.instances.push(tier.first_instance(number));
                self.begin_checks(id, number, new);
            }
            let tier = &mut self.tiers[id.index()];
            // An instance that is no longer listed has been taken away again.
            let listed = tier.condition.instances.get(number).copied();
            let state = listed.unwrap_or(InstanceState::Gone);
            let instance = &mut tier.instances[number];
            if instance.state != state {
                if instance.state == InstanceState::Gone {
                    instance.failures = 0;
                }
                instance.state = state;
                if state == InstanceState::Gone && instance.starts_up() {
                    instance.life = Life::Off;
                    instance.launch += 1;
                }
                edges.push((id, number, state));
            }
            tier.changed(number);
        }
        let tier = &mut self.tiers[id.index()];
        tier.any_hangs = tier.instances.iter().any(|instance| !instance.works());
        tier.rotate(self.agenda.now());
    }

    /// All work in an instance fails at once; what it had called goes on as orphans' work.
    pub(super) fn kill(&mut self, tier: TierId, number: usize) {
        let now = self.agenda.now();
        let instance = &mut self.tiers[tier.index()].instances[number];
        instance.busy = 0;
        instance.queue.clear();
        self.tiers[tier.index()].changed(number);
        let dead: Vec<Frame> =
            self.frames_in(tier, number).map(|id| self.frames.remove(id)).collect();
        for frame in &dead {
            if !frame.probe {
                self.tiers[tier.index()].occupancy.departed(now);
            }
            self.orphan_callee(frame);
        }
        for frame in &dead {
            self.reply(frame, Outcome::Failed);
        }
    }

    /// The caller has gone: nobody waits for its call any more.
    fn orphan_callee(&mut self, caller: &Frame) {
        let now = self.agenda.now();
        let Some(callee) = caller.callee else { return };
        let frame = &mut self.frames[callee];
        frame.caller = Caller::Nobody;
        let (tier, took) = (frame.tier, now - frame.sent);
        self.call_ended(tier, Outcome::Abandoned, took);
        let call = &mut self.calls[caller.endpoint.index()][caller.tier.index()];
        if let Some(circuit) = call.circuit.as_mut().filter(|_| caller.trial) {
            circuit.ended(now, false, true);
        }
    }

    /// An instance that hung is up: what stood still goes on, and the queue starts again.
    fn thaw(&mut self, tier: TierId, instance: usize) {
        for id in self.frames_in(tier, instance) {
            if let Some(doing) = self.frames[id].frozen.take() {
                self.go_on(id, doing);
            }
        }
        self.start_waiting(tier, instance);
    }

    /// The frames in an instance, in order of their places.
    fn frames_in(&self, tier: TierId, instance: usize) -> std::vec::IntoIter<Id<Frame>> {
        let here = |frame: &Frame| frame.tier == tier && frame.instance as usize == instance;
        let ids = self.frames.iter().filter(|(_, frame)| here(frame)).map(|(id, _)| id);
        ids.collect::<Vec<_>>().into_iter()
    }

    /// New attempts of an endpoint take this path; those under way keep theirs.
    fn lay_path(&mut self, endpoint: EndpointId, path: &[TierId]) {
        assert!(!path.is_empty(), "a path has an entry");
        let known = self.paths.iter().position(|known| known == path);
        let number = known.unwrap_or_else(|| {
            self.paths.push(path.to_vec());
            self.paths.len() - 1
        });
        let number = u16::try_from(number).expect("fewer than 65,536 paths");
        self.routes[endpoint.index()] = number;
    }

    fn enter_surges(&mut self, surges: &[Surge]) {
        for position in 1..self.sources.len() {
            let source = &mut self.sources[position];
            let wanted = surges.iter().any(|surge| source.surge.as_ref() == Some(surge));
            if source.running && !wanted {
                source.stop();
            }
        }
        for surge in surges {
            let known = |source: &SourceAtWork| source.is_of(surge.fault);
            let position = self.sources.iter().position(known).unwrap_or_else(|| {
                let number = surge.fault.max(1);
                self.sources.push(SourceAtWork::new(self.root.child(number)));
                self.sources.len() - 1
            });
            if !self.sources[position].running {
                self.sources[position].surge = Some(surge.clone());
                self.start_source(position);
            }
        }
    }
}
