//! Health checks: they use the same threads as everybody, and replace what does not answer them.

use super::blame::DelayAttribution;
use super::engine::{Caller, Frame, SiteEvent};
use super::group::InstanceMilestone;
use super::run::Site;
use super::tier::Acceptance;
use super::tier::InstanceStage;
use crate::names::{EndpointId, Segment, TierId};
use crate::units::Span;

impl Site {
    /// Enters the first check of an instance: a tier's instances take their turns within `every`.
    pub(super) fn begin_checks(&mut self, tier: TierId, instance: usize, of: usize) {
        if let Some(health) = self.tiers[tier].plan.health {
            assert!(health.every > Span::ZERO, "checks without a pause would never end");
            let offset = u128::from(health.every.0) * (instance as u128 + 1) / of as u128;
            let at = self.engine.agenda.now() + Span(offset as u64);
            self.engine
                .agenda
                .enter(at, SiteEvent::HealthCheck { tier, instance: instance as u32 });
        }
    }

    /// Sends a check to an instance, and enters the one after it.
    pub(super) fn check_health(&mut self, tier: TierId, instance: u32) {
        let lanes =
            self.tiers.health[tier.index()].expect("only tiers with health checks have them sent");
        self.engine.agenda.enter_lane(lanes.every, SiteEvent::HealthCheck { tier, instance });
        let checked = &self.tiers[tier].instances[instance as usize];
        if checked.starts_up() {
            self.check_newcomer(tier, instance as usize);
            return;
        }
        if !checked.in_rotation() {
            return;
        }
        let check = Frame {
            key: self.engine.root,
            sent: self.engine.agenda.now(),
            caller: Caller::HealthCheck,
            callee: None,
            segment: Segment::default(),
            instance,
            blame: DelayAttribution::default(),
            tier,
            endpoint: EndpointId(0),
            path: 0,
            hop: 0,
            retries: 0,
            breaker_probe: false,
            health_check: true,
            queued: false,
            suspended: None,
        };
        match self.take_in(check) {
            Ok(Acceptance::In(frame)) => {
                self.engine.agenda.enter_lane(lanes.timeout, SiteEvent::Timeout { frame });
            }
            Ok(Acceptance::Kept) => {}
            Err(_) => self.checked(tier, instance as usize, false),
        }
    }

    /// A check has been answered, or not; too many failures in a row take the instance out.
    pub(super) fn checked(&mut self, id: TierId, number: usize, ok: bool) {
        let tier = &mut self.tiers[id];
        let health = tier.plan.health.expect("only tiers with health checks are checked");
        let instance = &mut tier.instances[number];
        if !instance.in_rotation() || (!ok && self.engine.agenda.now() < instance.grace_until) {
            return;
        }
        instance.failures = if ok { 0 } else { instance.failures + 1 };
        if instance.failures >= health.fails {
            let cause = tier.no_room(id, number);
            let instance = &mut tier.instances[number];
            instance.out = true;
            instance.out_by = cause;
            tier.cycles += 1;
            tier.rotate(self.engine.agenda.now());
            let instance = number as u32;
            let at = self.engine.agenda.now() + health.replace;
            self.engine.agenda.enter(at, SiteEvent::Replaced { tier: id, instance });
            self.kill(id, number, Some(cause));
        }
    }

    /// A replacement comes into rotation, empty; what is broken about its place still is.
    pub(super) fn replaced(&mut self, id: TierId, instance: u32) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[id];
        let number = instance as usize;
        tier.instances[number].out = false;
        tier.instances[number].failures = 0;
        let away = tier.instances[number].out_by;
        tier.instances[number].return_cold(now, away);
        tier.changed(number);
        let Some(scaler) = &tier.scaler else { return };
        let plan = scaler.plan;
        let fresh = &mut tier.instances[number];
        if fresh.life == InstanceStage::InService {
            fresh.launched(InstanceStage::InService, now, plan.health_check_grace_period);
            let (launch, stage) = (fresh.launch, InstanceMilestone::Warm);
            let event = SiteEvent::Staged { tier: id, instance, launch, stage };
            self.engine.agenda.enter(now + plan.estimated_instance_warmup, event);
        }
        tier.rotate(now);
    }
}
