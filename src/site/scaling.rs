//! Groups of instances at work: launches, warm-ups, drains, and the minutes that decide on them.

use super::InstanceState;
use super::autoscaling::{Capacity, PERIOD, ScalingTarget, ScalingVerdict};
use super::blame::CauseId;
use super::engine::SiteEvent;
use super::group::{InstanceMilestone, ScalingActivity, ScalingKind};
use super::run::Site;
use super::tier::{Instance, InstanceStage, TierAtWork};
use crate::kernel::DrawKey;
use crate::names::TierId;
use crate::units::{Span, Time};

/// Purpose of a draw from the site's root: how long an instance takes to boot.
const BOOT: u64 = 6 << 32;

impl TierAtWork {
    /// Brings the list of those in rotation up to date; nothing to do without autoscaling.
    pub(super) fn rotate(&mut self, now: Time) {
        let Some(scaler) = &mut self.scaler else { return };
        scaler.move_to(now);
        scaler.rotation.clear();
        scaler.counted = 0;
        for (number, instance) in self.instances.iter().enumerate() {
            if instance.in_rotation() {
                scaler.rotation.push(number as u32);
                scaler.counted += u64::from(instance.warm);
            }
        }
    }

    /// Instances that are there or on their way, lost ones left out.
    fn alive(&self) -> impl Iterator<Item = (usize, &Instance)> {
        let alive = |instance: &Instance| {
            let lives = instance.starts_up() || instance.life == InstanceStage::InService;
            lives && instance.state != InstanceState::Gone
        };
        self.instances.iter().enumerate().filter(move |(_, instance)| alive(instance))
    }

    fn zone(&self, number: usize) -> usize {
        number % self.plan.zones.len().max(1)
    }

    /// Instances alive in each zone.
    fn by_zone(&self) -> Vec<usize> {
        let mut zones = vec![0; self.plan.zones.len().max(1)];
        self.alive().for_each(|(number, _)| zones[self.zone(number)] += 1);
        zones
    }

    /// Where the next instance is launched: in the zone that has fewest, the first free place, one
    /// that nothing is wrong with if there is any.
    fn free_place(&self) -> Option<usize> {
        let zones = self.by_zone();
        let free = self.instances.iter().enumerate().filter(|(_, instance)| {
            instance.life == InstanceStage::Off
                && !instance.out
                && instance.state != InstanceState::Gone
        });
        let order = |(number, instance): &(usize, &Instance)| {
            (instance.state != InstanceState::Up, zones[self.zone(*number)], *number)
        };
        free.min_by_key(order).map(|(number, _)| number)
    }

    /// Which instance is taken away next: of the zone that has most, the one launched last.
    fn spare(&self) -> Option<usize> {
        let zones = self.by_zone();
        let order = |(number, instance): &(usize, &Instance)| {
            (zones[self.zone(*number)], instance.launched_at, *number)
        };
        self.alive().max_by_key(order).map(|(number, _)| number)
    }
}

impl Site {
    /// Starts the clocks of every group.
    pub(super) fn start_scaling(&mut self) {
        for tier in self.tiers.ids() {
            let Some(scaler) = &self.tiers[tier].scaler else { continue };
            if matches!(scaler.plan.target, ScalingTarget::ThreadUse(_)) {
                self.engine
                    .agenda
                    .enter(self.engine.agenda.now() + Span::SECOND, SiteEvent::Sample { tier });
            }
            self.engine.agenda.enter(self.engine.agenda.now() + PERIOD, SiteEvent::Minute { tier });
        }
    }

    /// What groups have done since the last call, in order.
    pub fn take_activities(&mut self) -> Vec<ScalingActivity> {
        std::mem::take(&mut self.tiers.activities)
    }

    /// The number of instances that a tier's group keeps; its fixed number without autoscaling.
    pub fn desired(&self, tier: TierId) -> u32 {
        let tier = &self.tiers[tier];
        tier.scaler.as_ref().map_or(tier.plan.instances, |scaler| scaler.desired)
    }

    /// Instances of a tier that callers may pick now.
    pub fn in_rotation(&self, tier: TierId) -> u32 {
        let instances = &self.tiers[tier].instances;
        instances.iter().filter(|instance| instance.in_rotation()).count() as u32
    }

    /// The instances of a tier that are in service, whether or not they are in rotation now.
    pub fn serving(&self, tier: TierId) -> Vec<usize> {
        let instances = self.tiers[tier].instances.iter().enumerate();
        let serving = instances.filter(|(_, instance)| instance.life == InstanceStage::InService);
        serving.map(|(number, _)| number).collect()
    }

    /// Instances of a tier that callers may pick now, by zone; one number if it has no zones.
    pub fn rotation_by_zone(&self, tier: TierId) -> Vec<u32> {
        let tier = &self.tiers[tier];
        let mut zones = vec![0; tier.plan.zones.len().max(1)];
        for (number, instance) in tier.instances.iter().enumerate() {
            zones[tier.zone(number)] += u32::from(instance.in_rotation());
        }
        zones
    }

    /// Notes how busy the threads are.
    pub(super) fn sample(&mut self, tier: TierId) {
        self.engine
            .agenda
            .enter(self.engine.agenda.now() + Span::SECOND, SiteEvent::Sample { tier });
        let tier = &mut self.tiers[tier];
        let Some(scaler) = &mut tier.scaler else { return };
        if scaler.counted == 0 {
            return;
        }
        let picked = scaler.rotation.iter().map(|number| *number as usize);
        let warm = picked.filter(|number| tier.instances[*number].warm);
        let busy: u64 = warm.map(|number| u64::from(tier.doors[number].busy)).sum();
        let threads = u64::from(tier.plan.threads) * scaler.counted;
        scaler.busy += busy as f64 / threads as f64;
        scaler.samples += 1;
    }

    /// A period ends: what was lost is replaced, and the policy is asked.
    pub(super) fn minute(&mut self, id: TierId) {
        let now = self.engine.agenda.now();
        self.engine.agenda.enter(now + PERIOD, SiteEvent::Minute { tier: id });
        self.keep_desired(id);
        let tier = &mut self.tiers[id];
        let warm = tier.alive().filter(|(_, instance)| instance.warm).count() as u32;
        let Some(scaler) = &mut tier.scaler else { return };
        let (metric, counted) = scaler.metric(now);
        let has = Capacity { desired: scaler.desired, warm, counted };
        let plan = scaler.plan;
        let from = scaler.desired;
        match scaler.policy.judge(&plan, now, has, metric) {
            ScalingVerdict::Scale { to, metric } if to != from => {
                scaler.desired = to;
                scaler.at_max = false;
                let kind = if to > from { ScalingKind::ScaleOut } else { ScalingKind::ScaleIn };
                self.note(id, kind, (from, to), Some(metric));
                match to > from {
                    true => self.launch_more(id, to - from),
                    false => self.take_away(id, from - to),
                }
            }
            ScalingVerdict::AtMax { metric } if !scaler.at_max => {
                scaler.at_max = true;
                self.note(id, ScalingKind::AtMax, (from, from), Some(metric));
            }
            ScalingVerdict::Scale { .. } | ScalingVerdict::AtMax { .. } | ScalingVerdict::Stay => {}
        }
    }

    /// Launches what is missing and takes away what is too much.
    fn keep_desired(&mut self, id: TierId) {
        let tier = &self.tiers[id];
        let Some(scaler) = &tier.scaler else { return };
        let (alive, desired) = (tier.alive().count() as u32, scaler.desired);
        if alive < desired && tier.free_place().is_some() {
            self.note(id, ScalingKind::Replace, (alive, desired), None);
            self.launch_more(id, desired - alive);
        } else if alive > desired {
            self.note(id, ScalingKind::Surplus, (alive, desired), None);
            self.take_away(id, alive - desired);
        }
    }

    fn launch_more(&mut self, id: TierId, count: u32) {
        for _ in 0..count {
            let Some(number) = self.tiers[id].free_place() else { return };
            self.launch(id, number);
        }
    }

    fn launch(&mut self, id: TierId, number: usize) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[id];
        let plan = tier.scaler.as_ref().expect("only groups launch").plan;
        let instance = &mut tier.instances[number];
        instance.launched(InstanceStage::Booting, now, plan.health_check_grace_period);
        let (launch, number) = (instance.launch, number as u32);
        let key = boot_key(self.engine.root, id, number, launch);
        let stage = |stage| SiteEvent::Staged { tier: id, instance: number, launch, stage };
        self.engine.agenda.enter(now + key.spread(plan.boot), stage(InstanceMilestone::Booted));
        self.engine
            .agenda
            .enter(now + plan.estimated_instance_warmup, stage(InstanceMilestone::Warm));
    }

    /// Takes instances out of rotation; what they have may end within the deregistration delay.
    fn take_away(&mut self, id: TierId, count: u32) {
        let now = self.engine.agenda.now();
        for _ in 0..count {
            let tier = &mut self.tiers[id];
            let delay = tier.scaler.as_ref().expect("a group").plan.deregistration_delay;
            let Some(number) = tier.spare() else { break };
            let idle = tier.requests(number) == 0;
            let instance = &mut tier.instances[number];
            instance.life = if idle { InstanceStage::Off } else { InstanceStage::Draining };
            instance.launch += 1;
            if instance.life == InstanceStage::Draining {
                let (instance, launch) = (number as u32, instance.launch);
                let stage = InstanceMilestone::Drained;
                let event = SiteEvent::Staged { tier: id, instance, launch, stage };
                self.engine.agenda.enter(now + delay, event);
            }
            tier.changed(number);
        }
        self.tiers[id].rotate(now);
    }

    /// An instance reaches a stage, unless it has been launched again or taken away since.
    pub(super) fn staged(
        &mut self,
        id: TierId,
        number: u32,
        launch: u32,
        stage: InstanceMilestone,
    ) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[id];
        let checked = tier.plan.health.is_some();
        let number = number as usize;
        let instance = &mut tier.instances[number];
        if instance.launch != launch {
            return;
        }
        match stage {
            InstanceMilestone::Booted => {
                instance.life = InstanceStage::Checking;
                if !checked {
                    self.enter_service(id, number);
                }
            }
            InstanceMilestone::Warm => {
                instance.warm = true;
                tier.rotate(now);
            }
            InstanceMilestone::Drained => {
                instance.life = InstanceStage::Off;
                self.kill(id, number, None);
            }
        }
    }

    /// A new instance takes requests from now on.
    fn enter_service(&mut self, id: TierId, number: usize) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[id];
        tier.instances[number].life = InstanceStage::InService;
        tier.instances[number].return_cold(now, CauseId::NOBODY);
        tier.changed(number);
        tier.rotate(now);
        let serving = self.in_rotation(id);
        match self.tiers.activities.last_mut() {
            Some(last) if last.at == now && last.is(id, ScalingKind::InService) => {
                last.to = serving;
            }
            _ => self.note(id, ScalingKind::InService, (serving.saturating_sub(1), serving), None),
        }
        self.work_off(id);
    }

    /// A health check comes to an instance that does not serve yet. One success lets it in, as a
    /// load balancer does; without one, the grace period decides how long that is tolerated.
    pub(super) fn check_newcomer(&mut self, id: TierId, number: usize) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[id];
        let Some(health) = tier.plan.health else { return };
        let instance = &mut tier.instances[number];
        if instance.life == InstanceStage::Checking && instance.state == InstanceState::Up {
            self.enter_service(id, number);
            return;
        }
        if now < instance.grace_until || instance.state == InstanceState::Gone {
            return;
        }
        instance.failures += 1;
        if instance.failures >= health.fails {
            tier.cycles += 1;
            let serving = self.in_rotation(id);
            self.note(id, ScalingKind::FailedBoot, (serving, serving), None);
            self.launch(id, number);
        }
    }

    fn note(&mut self, tier: TierId, kind: ScalingKind, change: (u32, u32), metric: Option<f64>) {
        let (at, (from, to)) = (self.engine.agenda.now(), change);
        self.tiers.activities.push(ScalingActivity { at, tier, kind, from, to, metric });
    }
}

/// A boot's draw belongs to the place and the nth launch there.
fn boot_key(root: DrawKey, tier: TierId, instance: u32, launch: u32) -> DrawKey {
    root.child(BOOT).child(u64::from(tier.0)).child(u64::from(instance)).child(u64::from(launch))
}
