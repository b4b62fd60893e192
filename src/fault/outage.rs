//! Instances that refuse or hang, and stay in rotation.

use super::{Conditions, OutageMode, Which};
use crate::names::TierId;
use crate::site::{InstanceState, SitePlan};

/// Marks the instances; one that is gone stays gone.
pub(super) fn apply(
    conditions: &mut Conditions,
    plan: &SitePlan,
    tier: TierId,
    which: Which,
    mode: OutageMode,
) {
    let instances = &mut conditions.site.tiers[tier.index()].instances;
    let hit = which.instances(&plan.tiers[tier.index()], instances.len());
    for (state, hit) in instances.iter_mut().zip(hit) {
        if hit && *state != InstanceState::Gone {
            *state = match mode {
                OutageMode::Refuse => InstanceState::Refusing,
                OutageMode::Hang => InstanceState::Hanging,
            };
        }
    }
}
