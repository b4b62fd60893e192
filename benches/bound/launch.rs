//! The shipped launch scenario at a given rate: the same journeys, with servers added to match.

use sim::scenario::{self, Plan, SourceText};
use sim::units::Rate;

/// Approximate requests per second of the shipped scenario after its first hour.
const SHIPPED: f64 = 11.5;

/// A shipped scenario with some values set.
pub fn shipped(sets: &[(&str, &str)]) -> Plan {
    with_text(include_str!("../../scenarios/proxy-outage.yaml"), sets)
}

/// A scenario's plan.
pub fn with_text(text: &str, sets: &[(&str, &str)]) -> Plan {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/bench.yaml");
    let source = SourceText::file(beside, text);
    let sets: Vec<_> = sets.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    match scenario::load(&source, &sets) {
        Ok(loaded) => loaded.plan,
        Err(problems) => panic!("{}", problems.render(false)),
    }
}

/// The shipped scenario without its faults, at this many requests per second from the start.
pub fn at_rate(requests: f64, lasts: &str) -> Plan {
    let mut plan = shipped(&[("lasts", lasts)]);
    let times = requests / SHIPPED;
    let visits = plan.traffic.curve.points.last().expect("it has corners").rate;
    plan.traffic.curve.points.truncate(1);
    plan.traffic.curve.points[0].rate = Rate(visits.0 * times);
    for tier in &mut plan.site.tiers {
        tier.instances = (f64::from(tier.instances) * times.max(1.0)).ceil() as u32;
    }
    plan.faults.clear();
    plan
}
