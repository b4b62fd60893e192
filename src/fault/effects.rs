//! What each kind of fault does to the conditions while it lasts.

use super::conditions::{BlindSpot, Conditions};
use super::plan::{Fault, FaultKind, FaultTarget, InstanceSelector, OutageMode};
use crate::change::ChangeTable;
use crate::kernel::DrawKey;
use crate::names::{ChangeId, FaultId, Names, TierId};
use crate::site::{FailingWork, Hit, InstanceState, SitePlan, Slow, Surge};
use crate::traffic::VisitorFilter;

impl Conditions {
    /// The conditions under these changes, in the order in which they came into effect, and these
    /// faults.
    pub fn new<'p>(
        plan: &SitePlan,
        names: &Names,
        changes: &ChangeTable,
        in_effect: &[ChangeId],
        faults: impl Iterator<Item = (FaultId, &'p Fault)>,
    ) -> Conditions {
        let mut conditions = Conditions::quiet(plan, names);
        for change in in_effect {
            conditions.change(changes, *change);
        }
        for (id, fault) in faults {
            // Draws are keyed by name, so that a fault added before this one shifts nothing.
            let key = DrawKey::new(0, 0, &names.faults[id.index()]).bits();
            conditions.apply(plan, id, key, &fault.kind);
            if !fault.seen_as.is_told() {
                conditions.site.unseen.push((id, fault.seen_as));
            }
        }
        conditions
    }

    /// The one place that says what a fault does.
    fn apply(&mut self, plan: &SitePlan, fault: FaultId, key: u64, kind: &FaultKind) {
        match *kind {
            FaultKind::Outage { tier, which, mode } => {
                let state = match mode {
                    OutageMode::Refuse => InstanceState::Refusing,
                    OutageMode::Hang => InstanceState::Hanging,
                };
                self.break_instances(plan, fault, (tier, which), state);
            }
            FaultKind::Slow { target, which, ref only, takes, part, times, add } => {
                let hit = self.hit(plan, target, which, only);
                let slow = Slow { fault, key, hit, takes, part, times, add };
                match target {
                    FaultTarget::Tier(tier) => self.site.tiers[tier.index()].slow.push(slow),
                    FaultTarget::Endpoint(endpoint) => {
                        self.site.endpoint_slow.push((endpoint, slow))
                    }
                }
            }
            FaultKind::Failing { target, which, ref only, errors: share } => {
                let hit = self.hit(plan, target, which, only);
                self.fail(target, FailingWork { fault, key, hit, share });
            }
            FaultKind::BadRelease { target, ref only, errors: share } => {
                let hit = self.hit(plan, target, InstanceSelector::All, only);
                self.fail(target, FailingWork { fault, key, hit, share });
            }
            FaultKind::LostServers { tier, which } => {
                self.break_instances(plan, fault, (tier, which), InstanceState::Gone);
            }
            FaultKind::LostZone { zone } => {
                let ours = plan.tiers.iter().enumerate().filter(|(_, tier)| !tier.external);
                for (tier, _) in ours {
                    let hit = (tier.into(), InstanceSelector::Zone(zone));
                    self.break_instances(plan, fault, hit, InstanceState::Gone);
                }
            }
            FaultKind::Surge { times, tool, ref only } => {
                let (extra, only) = (times - 1.0, only.clone());
                self.site.surges.push(Surge { fault, key, extra, tool, only });
            }
            FaultKind::Unreachable { person } => self.unreachable[person.index()] = true,
            FaultKind::Blind => self.blind = true,
            FaultKind::BlindSpot { ref blinded, share } => {
                self.blind_spots.push(BlindSpot { key, blinded: blinded.clone(), share });
            }
            FaultKind::Blocked { pipeline } => self.blocked[pipeline.index()] = true,
        }
    }

    /// Puts instances into a state; one that is gone stays gone.
    fn break_instances(
        &mut self,
        plan: &SitePlan,
        fault: FaultId,
        (tier, which): (TierId, InstanceSelector),
        state: InstanceState,
    ) {
        let condition = &mut self.site.tiers[tier.index()];
        let count = condition.instances.len();
        condition.broken_by.resize(count, None);
        let hit = which.instances(&plan.tiers[tier.index()], count);
        for number in (0..count).filter(|number| hit[*number]) {
            if condition.instances[number] != InstanceState::Gone {
                condition.instances[number] = state;
                condition.broken_by[number] = Some(fault);
            }
        }
    }

    /// Adds errors to their tier, or to the entry of their endpoint.
    fn fail(&mut self, target: FaultTarget, failing: FailingWork) {
        match target {
            FaultTarget::Tier(tier) => self.site.tiers[tier.index()].failing.push(failing),
            FaultTarget::Endpoint(endpoint) => self.site.endpoint_failing.push((endpoint, failing)),
        }
    }

    /// Whom a slowness or failure hits: instances of a tier, all of them for an endpoint.
    fn hit(
        &self,
        plan: &SitePlan,
        target: FaultTarget,
        which: InstanceSelector,
        only: &VisitorFilter,
    ) -> Hit {
        let instances = match (target, which) {
            (FaultTarget::Endpoint(_), _) | (_, InstanceSelector::All) => Vec::new(),
            (FaultTarget::Tier(tier), which) => {
                let count = self.site.tiers[tier.index()].instances.len();
                which.instances(&plan.tiers[tier.index()], count)
            }
        };
        Hit { instances, only: only.clone() }
    }
}
