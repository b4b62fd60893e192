//! A share of requests that ends in an error: a failing tier or endpoint, or a bad release.

use super::{Conditions, Target, Which, slow};
use crate::site::{Failing, SitePlan};
use crate::traffic::Only;
use crate::units::Ratio;

/// Adds the errors to their tier, or to the entry of their endpoint.
pub(super) fn apply(
    conditions: &mut Conditions,
    plan: &SitePlan,
    fault: u64,
    target: Target,
    which: Which,
    only: &Only,
    share: Ratio,
) {
    let failing = Failing { fault, hit: slow::hit(conditions, plan, target, which, only), share };
    match target {
        Target::Tier(tier) => conditions.site.tiers[tier.index()].failing.push(failing),
        Target::Endpoint(endpoint) => conditions.site.endpoint_failing.push((endpoint, failing)),
    }
}
