//! Instances that vanish and leave the rotation: some servers, or a whole zone.

use super::{Conditions, Which};
use crate::names::{TierId, ZoneId};
use crate::site::{InstanceState, SitePlan};

/// Takes instances of one tier away.
pub(super) fn servers(conditions: &mut Conditions, plan: &SitePlan, tier: TierId, which: Which) {
    let instances = &mut conditions.site.tiers[tier.index()].instances;
    let hit = which.instances(&plan.tiers[tier.index()], instances.len());
    for (state, hit) in instances.iter_mut().zip(hit) {
        if hit {
            *state = InstanceState::Gone;
        }
    }
}

/// Takes away every instance in a zone, of all tiers that are ours.
pub(super) fn zone(conditions: &mut Conditions, plan: &SitePlan, zone: ZoneId) {
    for (index, tier) in plan.tiers.iter().enumerate() {
        if !tier.external {
            servers(conditions, plan, index.into(), Which::Zone(zone));
        }
    }
}
