//! What breaks first as the load rises, and how; and why formula and simulation differ.

use super::case::Case;
use super::outcome::{LoadOutcome, LoadStatus};
use super::point::LoadPoint;
use crate::names::Scope;
use crate::scenario::{CapacityPlan, Plan};
use crate::site::per_visit;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// The share of its threads in use from which a tier counts as full. Not all of them, because it is
/// an average: a tier that is full most of the time is below 1. The exact share is a choice.
const FULL: f64 = 0.9;
/// Formula and simulation agree if they are no further apart than this. A choice: with half of it,
/// more that is luck would be given a cause; with double, real differences would go unexplained.
const AGREE: f64 = 0.15;

/// A way in which a site shows that it is overrun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverloadSign {
    /// All threads of a tier are busy, or held for the tiers behind.
    Threads,
    /// Requests find no room, or no instance.
    Queue,
    /// Calls run out of time.
    Timeouts,
    /// Visitors or callers ask again.
    Retries,
    /// A breaker bars calls.
    Breaker,
    /// Health checks take instances out.
    HealthChecks,
    /// Answers take too long although no tier is full.
    Latency,
}

impl OverloadSign {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            OverloadSign::Threads => "threads",
            OverloadSign::Queue => "queue",
            OverloadSign::Timeouts => "timeouts",
            OverloadSign::Retries => "retries",
            OverloadSign::Breaker => "breaker",
            OverloadSign::HealthChecks => "health-checks",
            OverloadSign::Latency => "latency",
        }
    }
}

/// What is seen at one load and was not at lighter ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BottleneckStep {
    /// Times the expected peak.
    pub multiple: f64,
    #[serde(rename = "strain")]
    pub overload: OverloadSign,
    /// The tier that shows it; `None`: the visitors.
    pub tier: Option<String>,
    /// In plain words.
    pub text: String,
}

/// The first bottleneck: the tier, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bottleneck {
    pub tier: String,
    #[serde(rename = "strain")]
    pub overload: OverloadSign,
    pub text: String,
}

/// What shows as the load rises, in this order: each strain once, where it is first seen.
pub fn steps(plan: &Plan, objectives: &CapacityPlan, points: &[LoadPoint]) -> Vec<BottleneckStep> {
    let mut steps: Vec<BottleneckStep> = Vec::new();
    for point in points {
        for step in strains(plan, objectives, point) {
            if !steps.iter().any(|known| known.overload == step.overload && known.tier == step.tier)
            {
                steps.push(step);
            }
        }
    }
    steps
}

/// The tier that is full while none of those behind it is: those before it only wait for it. Where
/// none is full, the busiest.
pub fn bottleneck(plan: &Plan, outcome: &LoadOutcome) -> Option<Bottleneck> {
    let tiers = &outcome.tiers;
    let full = |tier: usize| {
        let tier = &tiers[tier];
        tier.calls > 0.0 && (tier.threads == 0 || tier.used() >= FULL)
    };
    let waits_for_full = |tier: usize| {
        plan.site.endpoints.iter().any(|endpoint| {
            let at = endpoint.path.iter().position(|id| id.index() == tier);
            at.is_some_and(|at| endpoint.path[at + 1..].iter().any(|id| full(id.index())))
        })
    };
    let called = (0..tiers.len()).filter(|tier| tiers[*tier].calls > 0.0);
    let busier = |a: usize, b: usize| if tiers[b].used() > tiers[a].used() { b } else { a };
    let root = called.clone().filter(|tier| full(*tier) && !waits_for_full(*tier)).reduce(busier);
    let index = root.or_else(|| called.reduce(busier))?;
    let tier = &tiers[index];
    let own = plan.site.tiers[index].takes.mean().seconds();
    let overload = if root.is_some() { OverloadSign::Threads } else { OverloadSign::Latency };
    let held = if tier.hold > 1.5 * own {
        format!(", of which its own work is {}", seconds(own))
    } else {
        String::new()
    };
    let text = format!(
        "{:.1} calls/s, each for {}{held}, need {:.1} of {} threads",
        tier.calls,
        seconds(tier.hold),
        tier.busy,
        tier.threads
    );
    Some(Bottleneck { tier: tier.tier.clone(), overload, text })
}

/// What a slow tier makes of the threads of those who wait for it, by Little's law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldThreads {
    /// The tier of ours, of those that wait, whose threads this takes most of.
    pub tier: String,
    pub slow: String,
    /// Seconds for which one call through the slow tier holds a thread.
    pub hold: f64,
    /// Such calls per second at the peak.
    pub calls: f64,
    /// Threads of an instance.
    pub threads: u32,
    pub instances: u32,
}

impl HeldThreads {
    /// The most of such calls per second that one instance carries if it does nothing else.
    pub fn max_call_rate(&self) -> f64 {
        f64::from(self.threads) / self.hold
    }

    /// Threads that such calls hold at a time.
    pub fn busy(&self) -> f64 {
        self.calls * self.hold
    }
}

/// What the slow tier of a case holds at the tiers of ours before it; `None`: it has no slow tier,
/// or nothing of ours waits for it.
pub fn held(plan: &Plan, case: &Case, visits: f64) -> Option<HeldThreads> {
    let slow = case.slow?;
    let site = case.left(plan);
    let mut sums = vec![(0.0, 0.0); site.tiers.len()];
    for (number, endpoint) in site.endpoints.iter().enumerate() {
        let Some(at) = endpoint.path.iter().position(|tier| *tier == slow) else { continue };
        let scope = Scope::Endpoint(number.into());
        let rate = visits * per_visit(scope, &site, &plan.traffic);
        let mut behind = 0.0;
        for (position, tier) in endpoint.path.iter().enumerate().rev() {
            let timeout = site.calls[number][tier.index()].timeout.seconds();
            let hold = site.tiers[tier.index()].takes.mean().seconds() + f64::min(behind, timeout);
            if position < at {
                sums[tier.index()].0 += rate;
                sums[tier.index()].1 += rate * hold;
            }
            behind = if site.tiers[tier.index()].durable { 0.0 } else { hold };
        }
    }
    let used = |tier: usize| {
        let at = &site.tiers[tier];
        sums[tier].1 / (f64::from(at.instances) * f64::from(at.threads)).max(1e-9)
    };
    let waiting = (0..sums.len()).filter(|tier| sums[*tier].0 > 0.0 && !site.tiers[*tier].external);
    let tier = waiting.reduce(|a, b| if used(b) > used(a) { b } else { a })?;
    let (calls, busy) = sums[tier];
    Some(HeldThreads {
        tier: plan.names.tiers[tier].clone(),
        slow: plan.names.tiers[slow.index()].clone(),
        hold: busy / calls,
        calls,
        threads: site.tiers[tier].threads,
        instances: site.tiers[tier].instances,
    })
}

/// What a point shows.
fn strains(plan: &Plan, objectives: &CapacityPlan, point: &LoadPoint) -> Vec<BottleneckStep> {
    let mut steps = Vec::new();
    let mut add = |overload, tier: Option<&String>, text: String| {
        let (multiple, tier) = (point.multiple, tier.cloned());
        steps.push(BottleneckStep { multiple, overload, tier, text });
    };
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let some = objectives.errors.0;
    for (index, (tier, signs)) in point.outcome.tiers.iter().zip(&point.signs).enumerate() {
        let name = Some(&tier.tier);
        let own = plan.site.tiers[index].errors.0;
        if tier.calls > 0.0 && tier.used() >= FULL {
            let text = format!("{:.0} requests for {} threads", tier.busy, tier.threads);
            add(OverloadSign::Threads, name, text);
        }
        if signs.refused > some {
            let text = format!("{} of its calls find no room", percent(signs.refused));
            add(OverloadSign::Queue, name, text);
        }
        let late = signs.failed + signs.abandoned;
        if late > own + some.max(0.001) {
            let text = format!("{} of its calls fail or run out of time", percent(late));
            add(OverloadSign::Timeouts, name, text);
        }
        if signs.barred > 0.0 {
            add(
                OverloadSign::Breaker,
                name,
                format!("blocks {} of the calls", percent(signs.barred)),
            );
        }
        if signs.cycles > 0.0 {
            let text = format!("take out {:.1} instances an hour", signs.cycles);
            add(OverloadSign::HealthChecks, name, text);
        }
    }
    if point.attempts > 1.05 {
        add(
            OverloadSign::Retries,
            None,
            format!("{:.2} attempts for each request", point.attempts),
        );
    }
    if steps.is_empty() && point.outcome.status == LoadStatus::Missed {
        let took = point.outcome.latency.map_or("nothing".to_string(), seconds);
        let percentile = objectives.quantile * 100.0;
        let text = format!("p{percentile} is {took} although no tier is full");
        steps.push(BottleneckStep {
            multiple: point.multiple,
            overload: OverloadSign::Latency,
            tier: None,
            text,
        });
    }
    steps
}

/// Which effects that the formula leaves out are seen where it and the simulation differ; empty
/// where they agree.
pub fn effects(formula: &LoadOutcome, point: &LoadPoint) -> Vec<String> {
    let seen = &point.outcome;
    if !formula.steady || !seen.steady {
        // Without a long run there is nothing that the two could agree about.
        return Vec::new();
    }
    let far = |a: f64, b: f64| (a - b).abs() > AGREE * a.abs().max(b.abs());
    let latency = match (formula.latency, seen.latency) {
        (Some(a), Some(b)) => far(a, b),
        (a, b) => a.is_some() != b.is_some(),
    };
    let errors = (formula.errors - seen.errors).abs() > 0.002;
    let pairs = formula.tiers.iter().zip(&seen.tiers);
    let differ = |(a, b): &(&super::TierOutcome, &super::TierOutcome)| {
        a.calls > 0.0 && far(a.busy, b.busy) && (a.busy - b.busy).abs() > 0.5
    };
    let apart: Vec<_> = pairs.filter(differ).collect();
    if !latency && !errors && apart.is_empty() {
        return Vec::new();
    }
    let mut effects = Vec::new();
    if point.attempts > 1.05 {
        effects.push(format!("retries: {:.2} attempts for each request", point.attempts));
    } else if point.attempts < 0.9 {
        let share = (1.0 - point.attempts) * 100.0;
        effects.push(format!("visits abandoned: {share:.0}% of the requests are never made"));
    }
    let total =
        |of: fn(&super::point::Signs) -> f64| point.signs.iter().map(of).fold(0.0, f64::max);
    for (name, share) in [
        ("full queues", total(|signs| signs.refused)),
        ("timeouts", total(|signs| signs.failed.max(signs.abandoned))),
        ("an open breaker", total(|signs| signs.barred)),
    ] {
        if share > 0.002 {
            effects.push(format!("{name}: {:.1}% of the calls of a tier", share * 100.0));
        }
    }
    if total(|signs| signs.cycles) > 0.0 {
        effects.push("health checks that take instances out".to_string());
    }
    for (formula, seen) in apart {
        let more = seen.hold > formula.hold * (1.0 + AGREE);
        if more {
            effects.push(format!(
                "held threads: a request is in {} for {} instead of {}",
                seen.tier,
                seconds(seen.hold),
                seconds(formula.hold)
            ));
        }
    }
    if effects.is_empty() {
        effects.push("waits that the formula only approximates".to_string());
    }
    effects
}

/// A number of seconds as people say it, three digits.
pub fn seconds(seconds: f64) -> String {
    if seconds <= 0.0 || !seconds.is_finite() {
        return Span::ZERO.to_string();
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(seconds)) - 2.0);
    Span::from_seconds((seconds / unit).round() * unit).to_string()
}
