//! Own work that takes longer, at a tier or for an endpoint.

use super::{Conditions, Target, Which};
use crate::site::{Hit, SitePlan, Slow};
use crate::traffic::Only;
use crate::units::{Span, Spread};

/// By how much: a new time, a factor, and an addition, in this order.
pub(super) struct Slowness {
    pub takes: Option<Spread>,
    pub times: f64,
    pub add: Span,
}

/// Adds the slowness to its tier, or to the entry of its endpoint.
pub(super) fn apply(
    conditions: &mut Conditions,
    plan: &SitePlan,
    fault: u64,
    target: Target,
    which: Which,
    only: &Only,
    slowness: Slowness,
) {
    let hit = hit(conditions, plan, target, which, only);
    let Slowness { takes, times, add } = slowness;
    let slow = Slow { fault, hit, takes, times, add };
    match target {
        Target::Tier(tier) => conditions.site.tiers[tier.index()].slow.push(slow),
        Target::Endpoint(endpoint) => conditions.site.endpoint_slow.push((endpoint, slow)),
    }
}

/// Whom it hits: instances for a tier, all of them for an endpoint.
pub(super) fn hit(
    conditions: &Conditions,
    plan: &SitePlan,
    target: Target,
    which: Which,
    only: &Only,
) -> Hit {
    let instances = match (target, which) {
        (Target::Endpoint(_), _) | (_, Which::All) => Vec::new(),
        (Target::Tier(tier), which) => {
            let count = conditions.site.tiers[tier.index()].instances.len();
            which.instances(&plan.tiers[tier.index()], count)
        }
    };
    Hit { instances, only: only.clone() }
}
