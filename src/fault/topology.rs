//! The site as a picture: which tier calls which, for which endpoints, and where faults hit.

use super::plan::{Fault, FaultKind, FaultTarget};
use crate::names::{Names, TierId};
use crate::site::SitePlan;
use serde::Serialize;

/// Tiers and calls, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topology {
    /// The tiers that some endpoint leads through, callers before those they call.
    pub tiers: Vec<TopologyTier>,
    /// Who calls whom; a caller of `None` are the visitors.
    pub calls: Vec<TopologyCall>,
    /// Every fault in one sentence.
    pub faults: Vec<String>,
    /// Positions of the faults that hit visitors, people or the monitoring instead of a tier.
    pub beside: Vec<usize>,
}

/// A tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopologyTier {
    pub name: String,
    pub instances: u32,
    /// Per instance.
    pub threads: u32,
    /// Somebody else's.
    pub external: bool,
    /// The most calls that lie between the visitors and it, from 0.
    pub depth: usize,
    /// Positions of the faults that hit it, in [`Topology::faults`].
    pub faults: Vec<usize>,
}

/// One tier calls another, or visitors the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopologyCall {
    /// Position of the caller in [`Topology::tiers`].
    pub from: Option<usize>,
    pub to: usize,
    /// For which endpoints, in the order of the file.
    pub endpoints: Vec<String>,
}

impl Topology {
    /// Of a site, with its faults and a sentence for each of them.
    pub fn new(site: &SitePlan, names: &Names, faults: &[(&Fault, String)]) -> Topology {
        let depths = depths(site);
        let mut order: Vec<usize> = (0..depths.len()).filter(|at| depths[*at].is_some()).collect();
        order.sort_by_key(|at| depths[*at]);
        let hit_by = |tier: usize| {
            let hits = faults.iter().enumerate();
            let hits = hits.filter(|(_, (fault, _))| hits_tier(&fault.kind, site, tier));
            hits.map(|(position, _)| position).collect::<Vec<_>>()
        };
        let tier = |at: &usize| {
            let tier = &site.tiers[*at];
            TopologyTier {
                name: names.tiers[*at].clone(),
                instances: tier.instances,
                threads: tier.threads,
                external: tier.external,
                depth: depths[*at].unwrap_or(0),
                faults: hit_by(*at),
            }
        };
        let tiers: Vec<TopologyTier> = order.iter().map(tier).collect();
        let of_tier = |position: usize| tiers.iter().any(|tier| tier.faults.contains(&position));
        let beside = (0..faults.len()).filter(|position| !of_tier(*position)).collect();
        let faults = faults.iter().map(|(_, sentence)| sentence.clone()).collect();
        Topology { calls: calls(site, names, &order), tiers, faults, beside }
    }

    /// The calls that a tier makes, or visitors.
    pub fn calls_of(&self, from: Option<usize>) -> impl Iterator<Item = &TopologyCall> {
        self.calls.iter().filter(move |call| call.from == from)
    }
}

/// The longest way from the visitors to each tier; `None` where no endpoint leads.
fn depths(site: &SitePlan) -> Vec<Option<usize>> {
    let mut depths: Vec<Option<usize>> = vec![None; site.tiers.len()];
    for endpoint in &site.endpoints {
        endpoint.path.iter().for_each(|tier| depths[tier.index()] = Some(0));
    }
    // Paths that cross each other's order have no longest way: as many rounds as there are tiers.
    for _ in 0..site.tiers.len() {
        let before = depths.clone();
        for pair in site.endpoints.iter().flat_map(|endpoint| endpoint.path.windows(2)) {
            let from = depths[pair[0].index()].unwrap_or(0);
            let to = &mut depths[pair[1].index()];
            *to = (*to).max(Some((from + 1).min(site.tiers.len() - 1)));
        }
        if depths == before {
            break;
        }
    }
    depths
}

/// Every call of every path, each once, in the order of the file.
fn calls(site: &SitePlan, names: &Names, order: &[usize]) -> Vec<TopologyCall> {
    let place = |tier: &TierId| order.iter().position(|at| *at == tier.index());
    let mut calls: Vec<TopologyCall> = Vec::new();
    for (endpoint, name) in site.endpoints.iter().zip(&names.endpoints) {
        let mut from = None;
        for to in endpoint.path.iter().filter_map(place) {
            match calls.iter_mut().find(|call| (call.from, call.to) == (from, to)) {
                Some(call) => call.endpoints.push(name.clone()),
                None => calls.push(TopologyCall { from, to, endpoints: vec![name.clone()] }),
            }
            from = Some(to);
        }
    }
    calls
}

/// Whether a fault sits in a tier. One of an endpoint slows or fails it where it enters.
fn hits_tier(kind: &FaultKind, site: &SitePlan, at: usize) -> bool {
    match kind {
        FaultKind::Outage { tier, .. } | FaultKind::LostServers { tier, .. } => tier.index() == at,
        FaultKind::Slow { target, .. }
        | FaultKind::Failing { target, .. }
        | FaultKind::BadRelease { target, .. } => match target {
            FaultTarget::Tier(tier) => tier.index() == at,
            FaultTarget::Endpoint(endpoint) => {
                let path = &site.endpoints[endpoint.index()].path;
                path.first().is_some_and(|entry| entry.index() == at)
            }
        },
        FaultKind::LostZone { zone } => {
            let tier = &site.tiers[at];
            !tier.external && tier.zones.contains(zone)
        }
        FaultKind::Surge { .. }
        | FaultKind::Unreachable { .. }
        | FaultKind::Blind
        | FaultKind::BlindSpot { .. }
        | FaultKind::Blocked { .. } => false,
    }
}
