//! The fewest instances of each tier that pass with a zone lost, and what one more buys.

use super::case::{self, Case};
use super::formula::Formula;
use super::outcome::LoadStatus;
use super::point::LoadTest;
use crate::scenario::{CapacityPlan, Plan};
use crate::site::{Tier, offered};
use crate::units::Rate;
use serde::{Deserialize, Serialize};

/// No tier grows beyond this. A choice that ends the search for impossible loads.
const MOST: u32 = 10_000;
/// The most instances that are added where there are enough threads but objectives are missed.
/// A choice that ends the search: they are added one at a time, and may never be enough.
const GROWTH: usize = 200;
/// How many sizes are played at most because the simulated site misses what the formula met.
/// A choice that bounds the time: each is played twice, as planned and with zones lost.
const TRIES: usize = 12;

/// The sizes of all tiers of ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sizing {
    pub tiers: Vec<Size>,
    /// By formula these sizes pass; `false`: no number of our own instances does.
    pub pass: bool,
    /// As planned and with zones lost: whether these sizes pass when they are played; `None`: they
    /// were not played.
    pub played: Option<LoadStatus>,
}

/// The size of one tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Size {
    pub tier: String,
    /// Instances that the scenario has.
    pub now: u32,
    /// The fewest that pass; `None`: not even 10,000 do.
    pub fewest: Option<u32>,
    /// The multiple of the peak at which this tier has no thread to spare with zones lost.
    pub carries: f64,
    /// The next number of instances that carries more (one more where a zone that may be lost would
    /// take it buys nothing), and the multiple that it carries.
    pub more: (u32, f64),
}

/// The sizes by formula: as planned the headroom is there, with zones lost latency and errors are
/// met. `None`: no tier of ours is called.
pub fn by_formula(plan: &Plan, objectives: &CapacityPlan, visits: f64) -> Option<Sizing> {
    let (sizes, pass) = sizes(plan, objectives, visits)?;
    let sizing = summarise(plan, objectives, visits, &sizes, None);
    Some(Sizing { pass, ..sizing })
}

/// The fewest instances per tier of the plan, in its order; a tier that is not ours keeps its own.
/// `None`: no tier of ours is called, or no number of instances passes.
pub fn fewest(plan: &Plan, objectives: &CapacityPlan, visits: f64) -> Option<Vec<u32>> {
    sizes(plan, objectives, visits).filter(|(_, pass)| *pass).map(|(sizes, _)| sizes)
}

/// The sizes, and whether they pass: else those that at least carry the load.
fn sizes(plan: &Plan, objectives: &CapacityPlan, visits: f64) -> Option<(Vec<u32>, bool)> {
    let own: Vec<usize> = called(plan, visits);
    if own.is_empty() {
        return None;
    }
    let loads = offered(&plan.site, &plan.traffic, Rate(visits));
    let mut sizes: Vec<u32> = plan.site.tiers.iter().map(Tier::most_instances).collect();
    for tier in &own {
        let at = &plan.site.tiers[*tier];
        let threads = |instances: u32| f64::from(instances) * f64::from(at.threads);
        let spare = 1.0 - objectives.headroom.0;
        let carries = |n: u32| {
            let busy = loads[*tier].busy;
            busy <= threads(n) * spare && busy < threads(left(at, n, objectives))
        };
        sizes[*tier] = (1..=MOST).find(|n| carries(*n)).unwrap_or(MOST);
    }
    let case = normal(plan, objectives);
    let met = |instances: &[u32], visits: f64| {
        let formula = Formula::new(plan, objectives, &case).with_instances(instances);
        formula.outcome(visits).status == LoadStatus::Met
    };
    let enough = |sizes: &[u32]| {
        let lost = sizes.iter().zip(&plan.site.tiers).map(|(n, tier)| left(tier, *n, objectives));
        let lost: Vec<u32> = lost.collect();
        met(sizes, visits / (1.0 - objectives.headroom.0)) && met(&lost, visits)
    };
    let least = sizes.clone();
    for _ in 0..GROWTH {
        if enough(&sizes) {
            return Some((sizes, true));
        }
        let Some(busiest) = busiest(plan, objectives, visits, &sizes, &own) else { break };
        sizes[busiest] += 1;
    }
    Some((least, false))
}

/// Plays the sizes, as planned and with zones lost, and adds instances where they do not pass.
/// `None` if it was stopped.
pub fn play(
    plan: &Plan,
    objectives: &CapacityPlan,
    visits: f64,
    sizing: &Sizing,
    stop: &dyn Fn() -> bool,
) -> Option<Sizing> {
    let own = called(plan, visits);
    let mut sizes: Vec<u32> = plan.site.tiers.iter().map(Tier::most_instances).collect();
    for (tier, size) in own.iter().zip(&sizing.tiers) {
        sizes[*tier] = size.fewest.unwrap_or(size.now);
    }
    for attempt in 0..TRIES {
        let mut sized = plan.clone();
        for (tier, size) in sized.site.tiers.iter_mut().zip(&sizes) {
            resize(tier, *size);
        }
        let cases = case::cases(&sized, objectives, Rate(visits), None).cases;
        let wanted = [case::CaseKind::Normal, case::CaseKind::ZoneLost];
        let mut status = LoadStatus::Met;
        for case in cases.iter().filter(|case| wanted.contains(&case.kind)) {
            let load_test = LoadTest { plan: &sized, objectives, case, peak: visits, judged: None };
            let found = load_test.play(1.0, stop)?.outcome.status;
            status = if found == LoadStatus::Met { status } else { found };
            if status == LoadStatus::Missed {
                break;
            }
        }
        let grow = busiest(plan, objectives, visits, &sizes, &own);
        match grow.filter(|_| status == LoadStatus::Missed && attempt + 1 < TRIES) {
            Some(tier) => sizes[tier] += 1,
            None => return Some(summarise(plan, objectives, visits, &sizes, Some(status))),
        }
    }
    unreachable!("the last attempt returns")
}

/// A tier with this many instances, or a group that may grow to this many.
fn resize(tier: &mut Tier, instances: u32) {
    tier.instances = match &mut tier.autoscaling {
        None => instances,
        Some(group) => {
            group.max_capacity = instances;
            group.min_capacity = group.min_capacity.min(instances);
            tier.instances.clamp(group.min_capacity, instances)
        }
    };
}

/// Tiers of ours that are called.
fn called(plan: &Plan, visits: f64) -> Vec<usize> {
    let loads = offered(&plan.site, &plan.traffic, Rate(visits));
    let own = |tier: &usize| loads[*tier].calls > 0.0 && !plan.site.tiers[*tier].external;
    (0..loads.len()).filter(own).collect()
}

fn normal(plan: &Plan, objectives: &CapacityPlan) -> Case {
    let none = CapacityPlan { zones_lost: 0, cold: Vec::new(), ..objectives.clone() };
    case::cases(plan, &none, Rate(0.0), None).cases.swap_remove(0)
}

/// Instances of a tier that are left once its fullest zones are lost.
fn left(tier: &Tier, instances: u32, objectives: &CapacityPlan) -> u32 {
    let zones = tier.zones.len() as u32;
    if zones < 2 || tier.autoscaling.is_some() {
        // A group launches in other zones what it has lost.
        return instances;
    }
    let lost = objectives.zones_lost.min(zones - 1);
    // Instance i is in zone i mod n: the first zones have one more where it does not divide.
    let fullest = instances / zones * lost + (instances % zones).min(lost);
    instances - fullest
}

/// The tier of ours that is busiest with zones lost.
fn busiest(
    plan: &Plan,
    objectives: &CapacityPlan,
    visits: f64,
    sizes: &[u32],
    own: &[usize],
) -> Option<usize> {
    let loads = offered(&plan.site, &plan.traffic, Rate(visits));
    let used = |tier: usize| {
        let at = &plan.site.tiers[tier];
        let threads = f64::from(left(at, sizes[tier], objectives)) * f64::from(at.threads);
        loads[tier].busy / threads.max(1e-9)
    };
    let growing = own.iter().copied().filter(|tier| sizes[*tier] < MOST);
    growing.reduce(|a, b| if used(b) > used(a) { b } else { a })
}

fn summarise(
    plan: &Plan,
    objectives: &CapacityPlan,
    visits: f64,
    sizes: &[u32],
    played: Option<LoadStatus>,
) -> Sizing {
    let loads = offered(&plan.site, &plan.traffic, Rate(visits));
    let size = |tier: usize| {
        let at = &plan.site.tiers[tier];
        let carries = |instances: u32| {
            let left = left(at, instances, objectives);
            f64::from(left) * f64::from(at.threads) / loads[tier].busy.max(1e-9)
        };
        let more = (sizes[tier] + 1..).find(|n| carries(*n) > carries(sizes[tier]));
        let more = more.expect("more instances carry more");
        Size {
            tier: plan.names.tiers[tier].clone(),
            now: at.most_instances(),
            fewest: (sizes[tier] < MOST).then_some(sizes[tier]),
            carries: carries(sizes[tier]),
            more: (more, carries(more)),
        }
    };
    Sizing { tiers: called(plan, visits).into_iter().map(size).collect(), pass: true, played }
}
