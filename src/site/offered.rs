//! Offered load by formula: how many threads the expected traffic keeps busy, waiting left out.

use super::SitePlan;
use crate::names::{EndpointId, Scope, TierId};
use crate::traffic::TrafficPlan;
use crate::units::Rate;

/// What expected traffic asks of a tier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TierLoad {
    pub tier: TierId,
    /// Calls per second.
    pub calls: f64,
    /// Threads busy at a time on average (Erlang): own work, and waiting for the tiers behind.
    pub busy: f64,
    /// Threads that there are, over all instances; with autoscaling, that there can be at most.
    pub threads: f64,
}

impl TierLoad {
    /// The share of its threads that is busy; at 1 and above, queues grow without end.
    pub fn utilisation(&self) -> f64 {
        self.busy / self.threads
    }

    /// Mean seconds for which a call holds its thread.
    pub fn hold(&self) -> f64 {
        if self.calls > 0.0 { self.busy / self.calls } else { 0.0 }
    }
}

/// The load of every tier at this many visits per second: Little's law over journeys and paths, a
/// thread being held while the tiers behind it work, at most until the caller's timeout.
pub fn offered(site: &SitePlan, traffic: &TrafficPlan, visits: Rate) -> Vec<TierLoad> {
    let mut loads: Vec<TierLoad> = site
        .tiers
        .iter()
        .enumerate()
        .map(|(index, tier)| TierLoad {
            tier: index.into(),
            calls: 0.0,
            busy: 0.0,
            threads: f64::from(tier.most_instances()) * f64::from(tier.threads),
        })
        .collect();
    for (index, endpoint) in site.endpoints.iter().enumerate() {
        let rate = visits.0 * per_visit(Scope::Endpoint(index.into()), site, traffic);
        let mut behind = 0.0;
        for tier in endpoint.path.iter().rev() {
            let timeout = site.calls[index][tier.index()].timeout.seconds();
            let held = site.tiers[tier.index()].takes.mean().seconds() + f64::min(behind, timeout);
            loads[tier.index()].calls += rate;
            loads[tier.index()].busy += rate * held;
            // Whoever asks a tier that keeps its work does not wait for it.
            behind = if site.tiers[tier.index()].durable { 0.0 } else { held };
        }
    }
    loads
}

/// The share of its capacity that this traffic leaves the busiest tier: 1 − busy ÷ threads; below 0
/// it is overrun. `None` if no tier is called, or nobody comes.
pub fn headroom(site: &SitePlan, traffic: &TrafficPlan, visits: Rate) -> Option<f64> {
    let loads = offered(site, traffic, visits);
    let called = loads.iter().filter(|load| load.calls > 0.0);
    called.map(|load| 1.0 - load.utilisation()).min_by(f64::total_cmp)
}

/// Requests per visit that a scope sees on average, retries left out.
pub fn per_visit(scope: Scope, site: &SitePlan, traffic: &TrafficPlan) -> f64 {
    let goes = |endpoint: EndpointId| match scope {
        Scope::Tier(tier) => site.endpoints[endpoint.index()].path.contains(&tier),
        Scope::Endpoint(wanted) => wanted == endpoint,
        Scope::Site | Scope::Segment(..) => true,
    };
    let per_tool = |tool: usize| {
        let Some(tool) = traffic.tools.get(tool) else { return 0.0 };
        let shares = tool.uses.iter().filter(|(endpoint, _)| goes(*endpoint));
        tool.requests * shares.map(|(_, share)| share).sum::<f64>()
    };
    match scope {
        Scope::Segment(dimension, value) => {
            let shares = traffic.mixes.by_tool(&traffic.tools, dimension, value);
            shares.into_iter().enumerate().map(|(tool, share)| share * per_tool(tool)).sum()
        }
        _ => {
            let shares = traffic.mixes.tool.0.iter().enumerate();
            shares.map(|(tool, share)| share * per_tool(tool)).sum()
        }
    }
}
