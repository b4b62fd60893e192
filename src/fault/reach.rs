//! Which scopes see what a fault does, without a detour.

use super::{FaultKind, Target};
use crate::names::{Dimension, Scope};
use crate::site::SitePlan;
use crate::traffic::{Only, TrafficPlan};

impl FaultKind {
    /// The part of the visitors that it is restricted to.
    pub fn only(&self) -> Option<&Only> {
        match self {
            FaultKind::Slow { only, .. }
            | FaultKind::Failing { only, .. }
            | FaultKind::BadRelease { only, .. }
            | FaultKind::Surge { only, .. } => Some(only),
            _ => None,
        }
    }

    /// Whether requests of this scope pass what the fault hits. What reaches other requests through
    /// threads that are held, or queues that are full, is not looked for.
    pub fn reaches(&self, scope: Scope, site: &SitePlan, traffic: &TrafficPlan) -> bool {
        let hit = |endpoint: usize, seen_from: usize| {
            let path = &site.endpoints[endpoint].path[seen_from..];
            match self {
                FaultKind::Outage { tier, .. } | FaultKind::LostServers { tier, .. } => {
                    path.contains(tier)
                }
                FaultKind::Slow { target, .. }
                | FaultKind::Failing { target, .. }
                | FaultKind::BadRelease { target, .. } => match target {
                    Target::Tier(tier) => path.contains(tier),
                    Target::Endpoint(hit) => hit.index() == endpoint,
                },
                FaultKind::LostZone { zone } => path.iter().any(|tier| {
                    let tier = &site.tiers[tier.index()];
                    !tier.external && tier.zones.contains(zone)
                }),
                FaultKind::Surge { .. } => true,
                _ => false,
            }
        };
        let mut endpoints = 0..site.endpoints.len();
        match scope {
            Scope::Tier(tier) => endpoints.any(|endpoint| {
                let path = &site.endpoints[endpoint].path;
                path.iter().position(|at| *at == tier).is_some_and(|from| hit(endpoint, from))
            }),
            Scope::Endpoint(endpoint) => hit(endpoint.index(), 0),
            Scope::Site => endpoints.any(|endpoint| hit(endpoint, 0)),
            Scope::Segment(dimension, value) => {
                let only = self.only().map(|Only(parts)| &parts[dimension as usize]);
                let of_segment = only.is_none_or(|part| part.is_empty() || part.contains(&value));
                let uses = |endpoint: usize| {
                    let tool = traffic.tools.get(usize::from(value));
                    let mut uses = tool.into_iter().flat_map(|tool| &tool.uses);
                    dimension != Dimension::Tool || uses.any(|(used, _)| used.index() == endpoint)
                };
                of_segment && endpoints.any(|endpoint| uses(endpoint) && hit(endpoint, 0))
            }
        }
    }
}
