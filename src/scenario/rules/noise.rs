//! False alarms: how often chance alone makes a rule fire while nothing is wrong.

use crate::decision::{Clause, Compare, Hold, Measure, Rule, Threshold};
use crate::language::source::Place;
use crate::measure::tail::{binomial_at_least, poisson, poisson_at_least, poisson_below};
use crate::names::{Dimension, EndpointId, Scope, TierId};
use crate::scenario::plan::{Plan, moments};
use crate::scenario::rules::alarms::{false_alarm, level, limit};
use crate::site::per_visit;
use crate::units::{Rate, Span, Spread, Time};

/// Above this many requests in a window their number is as good as fixed: it varies by 4.5 % or
/// less (Poisson). With half, by 6.3 %; with double, checking takes longer.
const FIXED: f64 = 500.0;

/// How noisy a rule is at the moment of the run at which it is worst.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    /// The chance that it fires within an hour, all its scopes together: an upper bound while it is
    /// small, else what [`false_alarm`] found.
    pub per_hour: f64,
    /// It was tried out.
    pub tried: bool,
    pub at: Time,
    /// The noisiest scope then.
    pub scope: Scope,
    /// Requests expected in its window.
    pub expected: f64,
    /// The share of them that is bad, or slow, although nothing is wrong.
    pub normal: f64,
}

/// A rule that chance alone makes fire, for whoever asks what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoisyRule {
    pub rule: String,
    /// The place of its sentence.
    pub place: Place,
    /// How often, and when: `a false alarm is about 3 % per hour at the start`.
    pub forecast: String,
    /// What it goes by.
    pub why: String,
    /// The key and the value that make it quiet, where one of the usual ones does.
    pub remedy: Option<(&'static str, String)>,
}

/// The noise of a rule; `None` if it is not filled in.
///
/// Requests are Poisson, hits binomial. A breach that lasts `for` shows in every window that ends
/// in that time, so in `for / window + 1` windows that share no request: their chances multiply,
/// and every tick of the hour may be the first. The truth lies below, often far; where the bound
/// does not show that a rule is quiet, it is tried out.
pub fn noise(plan: &Plan, rule: &Rule) -> Option<Noise> {
    if rule.joined.is_empty() {
        return alone(plan, rule);
    }
    // Conditions that all must hold are no noisier than the quietest of them.
    let group = |clauses: Vec<Clause>| {
        let each = clauses.iter().map(|clause| alone(plan, &rule.with_only(clause)));
        each.flatten().min_by(|one, other| one.per_hour.total_cmp(&other.per_hour))
    };
    let groups: Vec<Noise> = rule.alternatives().into_iter().filter_map(group).collect();
    let per_hour = groups.iter().map(|noise| noise.per_hour).sum::<f64>().min(1.0);
    let noisiest = groups.into_iter().max_by(|one, other| one.per_hour.total_cmp(&other.per_hour));
    noisiest.map(|noise| Noise { per_hour, ..noise })
}

/// The noise of a rule with one condition.
fn alone(plan: &Plan, rule: &Rule) -> Option<Noise> {
    let (worst, visits) = bound(plan, rule)?;
    let breach = rule.breach?;
    // Where the line moves with the hours, the bound at its worst moment is all that is said.
    let moves =
        rule.measure == Measure::Requests && !matches!(breach.threshold, Threshold::Fixed(_));
    if worst.per_hour <= TRIED || moves {
        return Some(worst);
    }
    let limit = limit(rule.measure, level(plan, rule.measure, breach.threshold, worst.at));
    let mut scopes: Vec<(f64, f64)> = rule
        .scopes(&plan.names)
        .into_iter()
        .map(|scope| {
            let requests = rate(rule, visits.0 * per_visit(scope, &plan.site, &plan.traffic));
            (requests, normal(plan, scope, limit))
        })
        .collect();
    // Few scopes are noisy; trying out hundreds of them would take long.
    scopes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let shown = scopes.len().min(SCOPES);
    let each = scopes.len() as f64 / shown.max(1) as f64;
    let tried = (0..shown).map(|n| scopes[n * (scopes.len() - 1) / (shown - 1).max(1)]);
    let quiet =
        |(requests, normal)| libm::pow(1.0 - false_alarm(plan, rule, requests, normal), each);
    let per_hour = 1.0 - tried.map(quiet).product::<f64>();
    Some(Noise { per_hour, tried: true, ..worst })
}

/// A bound above this is not left at that: the rule is tried out. Half of what is reported as
/// noise; the truth lies below the bound, so that what is left at it is never noise.
const TRIED: f64 = 0.005;
/// The most scopes of a rule that are tried out, from the least busy to the busiest. A choice: each
/// takes as long as a rule without scopes.
const SCOPES: usize = 6;

/// The worst moment with its bound, and the visits then.
fn bound(plan: &Plan, rule: &Rule) -> Option<(Noise, Rate)> {
    // How many give up on a quiet day follows from no figure of the scenario.
    let breach = rule.breach.filter(|_| rule.measure != Measure::GivenUp)?;
    let drawn = |at: Time| level(plan, rule.measure, breach.threshold, at);
    let limit = limit(rule.measure, drawn(Time::ZERO));
    let (all, each) = representative(plan, rule.scopes(&plan.names));
    let normals: Vec<(Scope, f64, f64)> = all
        .into_iter()
        .map(|scope| {
            let requests = per_visit(scope, &plan.site, &plan.traffic);
            (scope, requests, normal(plan, scope, limit))
        })
        .collect();
    let ticks = Span::MINUTE.seconds() * 60.0 / plan.telemetry.every.seconds();
    let mut worst: Option<(Noise, Rate)> = None;
    for (at, visits) in sampled(plan) {
        let mut here = Noise {
            per_hour: 0.0,
            tried: false,
            at,
            scope: rule.scope,
            expected: 0.0,
            normal: 0.0,
        };
        let mut most = -1.0;
        for (scope, requests, normal) in normals.iter().copied() {
            let expected = rate(rule, visits.0 * requests) * rule.window.seconds();
            let tick = breach_chance(rule, breach.compare, drawn(at), expected, normal);
            let alarm = (ticks * held_chance(plan, rule, tick)).min(1.0);
            here.per_hour = (here.per_hour + each * alarm).min(1.0);
            if alarm > most {
                most = alarm;
                here = Noise { scope, expected, normal, ..here };
            }
        }
        if worst.is_none_or(|(worst, _)| here.per_hour > worst.per_hour) {
            worst = Some((here, visits));
        }
    }
    worst
}

/// The requests per second that a rule judges by, where visitors make this many.
fn rate(rule: &Rule, of_visitors: f64) -> f64 {
    rule.probe.map_or(of_visitors, |every| 1.0 / every.seconds().max(f64::MIN_POSITIVE))
}

/// The most scopes of all rules that are looked at one by one; of more, some stand for others
/// about as busy, so that checking stays quick. The number is a choice: half of it would let more
/// scopes be represented by others.
const ONE_BY_ONE: usize = 4_000;

/// Scopes that stand for all of them, and for how many each does.
fn representative(plan: &Plan, mut scopes: Vec<Scope>) -> (Vec<Scope>, f64) {
    let most = (ONE_BY_ONE / plan.playbook.rules.len().max(1)).max(4);
    if scopes.len() <= most {
        return (scopes, 1.0);
    }
    let requests = |scope: &Scope| per_visit(*scope, &plan.site, &plan.traffic);
    scopes.sort_by(|one, other| requests(one).total_cmp(&requests(other)));
    let (all, last) = (scopes.len(), scopes.len() - 1);
    let chosen = (0..most).map(|n| scopes[n * last / (most - 1)]).collect();
    (chosen, all as f64 / most as f64)
}

/// At most this many rates of the run are looked at, the lowest and the highest among them.
/// A choice: each one more costs a bound for every scope; with half of them, the worst may be
/// missed.
/// missed.
const RATES: usize = 16;

/// Moments with traffic as different as the run has it.
fn sampled(plan: &Plan) -> Vec<(Time, Rate)> {
    let mut moments = moments(plan);
    moments.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
    moments.dedup_by_key(|(_, visits)| visits.0.to_bits());
    let last = moments.len().saturating_sub(1);
    let chosen =
        (0..RATES.min(moments.len())).map(|n| moments[last * n / (RATES - 1).min(last.max(1))]);
    chosen.collect()
}

/// The chance that a breach seen at one tick lasts long enough.
fn held_chance(plan: &Plan, rule: &Rule, tick: f64) -> f64 {
    let window = rule.window.0.max(1);
    match rule.hold {
        Hold::For(long) => libm::pow(tick, (long.0 / window + 1) as f64),
        Hold::Of { n, of } => {
            let overlapping = window.div_ceil(plan.telemetry.every.0.max(1));
            let apart = u64::from(n).div_ceil(overlapping).clamp(1, 64);
            let ways = (1..=apart)
                .fold(1.0, |ways, k| ways * (f64::from(of) - k as f64 + 1.0).max(1.0) / k as f64);
            (ways * libm::pow(tick, apart as f64)).min(1.0)
        }
    }
}

/// The chance that a window with this many expected requests is a breach.
fn breach_chance(rule: &Rule, compare: Compare, level: f64, expected: f64, normal: f64) -> f64 {
    let least = rule.min_requests;
    match rule.measure {
        // Nobody reports on a day on which nobody is affected.
        Measure::Reports(_) | Measure::Noticed => 0.0,
        // It is the tier's own pace that says how much waits, not the luck of a window.
        Measure::Backlog | Measure::BacklogAge => 0.0,
        Measure::Requests | Measure::Errors => {
            let expected =
                if rule.measure == Measure::Errors { expected * normal } else { expected };
            let count = level * rule.window.seconds();
            match compare {
                Compare::Below => poisson_below(expected, count.ceil() as u64),
                Compare::AtMost => {
                    poisson_below(expected, (count.floor() as u64).saturating_add(1))
                }
                Compare::Above => {
                    poisson_at_least(expected, (count.floor() as u64).saturating_add(1))
                }
                Compare::AtLeast => poisson_at_least(expected, count.ceil() as u64),
            }
        }
        Measure::ErrorRate | Measure::GivenUp | Measure::SlowerThan(_) | Measure::Latency(_) => {
            let level = match rule.measure {
                Measure::Latency(quantile) => 1.0 - quantile,
                _ => level,
            };
            let hit = |n: u64| share_chance(compare, level, n, normal);
            if expected > FIXED || rule.probe.is_some() {
                return if expected >= least as f64 { hit(expected.round() as u64) } else { 0.0 };
            }
            let reach = 8.0 * libm::sqrt(expected) + 10.0;
            let from = ((expected - reach).max(1.0) as u64).max(least);
            let to = (expected + reach) as u64;
            (from..=to).map(|n| poisson(expected, n) * hit(n)).sum::<f64>().min(1.0)
        }
    }
}

/// The chance that the share of hits among `n` compares with the level as the rule says.
fn share_chance(compare: Compare, level: f64, n: u64, normal: f64) -> f64 {
    let count = level * n as f64;
    // 3% of 100 is 3.0000000000000004 for a computer.
    let over = ((count + 1e-9).floor() as u64).saturating_add(1);
    let from = (count - 1e-9).ceil() as u64;
    match compare {
        Compare::Above => binomial_at_least(n, normal, over),
        Compare::AtLeast => binomial_at_least(n, normal, from),
        Compare::Below => 1.0 - binomial_at_least(n, normal, from),
        Compare::AtMost => 1.0 - binomial_at_least(n, normal, over),
    }
}

/// The share of a scope's requests that is bad, or slower than the limit, on an ordinary day.
fn normal(plan: &Plan, scope: Scope, limit: Option<Span>) -> f64 {
    let (mut all, mut hits) = (0.0, 0.0);
    for (index, endpoint) in plan.site.endpoints.iter().enumerate() {
        let weight = weight(plan, scope, index.into());
        let from = match scope {
            Scope::Tier(tier) => endpoint.path.iter().position(|at| *at == tier),
            _ => Some(0),
        };
        let Some(from) = from else { continue };
        let path = &endpoint.path[from..];
        all += weight;
        hits +=
            weight * limit.map_or_else(|| failing(plan, path), |limit| slower(plan, path, limit));
    }
    let modelled = if all > 0.0 { hits / all } else { 0.0 };
    let baseline = plan.playbook.baseline.error_rate.unwrap_or_default().0;
    match (limit, scope) {
        (None, Scope::Tier(_)) if modelled > 0.0 => modelled,
        (None, _) => modelled.max(baseline),
        (Some(_), _) => modelled,
    }
}

/// How much an endpoint counts in a scope.
fn weight(plan: &Plan, scope: Scope, endpoint: EndpointId) -> f64 {
    match scope {
        Scope::Endpoint(wanted) => f64::from(u8::from(wanted == endpoint)),
        Scope::Segment(Dimension::Tool, tool) => {
            let tool = plan.traffic.tools.get(usize::from(tool));
            let uses = tool.into_iter().flat_map(|tool| &tool.uses);
            uses.filter(|(used, _)| *used == endpoint).map(|(_, share)| share).sum()
        }
        _ => per_visit(Scope::Endpoint(endpoint), &plan.site, &plan.traffic),
    }
}

fn failing(plan: &Plan, path: &[TierId]) -> f64 {
    1.0 - path.iter().map(|tier| 1.0 - plan.site.tiers[tier.index()].errors.0).product::<f64>()
}

/// The chance that the work along a path takes longer, no request waiting: a log-normal with the
/// mean and the variance of the sum, and no less than its slowest tier alone.
fn slower(plan: &Plan, path: &[TierId], limit: Span) -> f64 {
    let takes = path.iter().map(|tier| plan.site.tiers[tier.index()].takes);
    let mean: f64 = takes.clone().map(|takes| takes.mean().seconds()).sum();
    let variance: f64 = takes.clone().map(Spread::variance).sum();
    let alone = takes.map(|takes| 1.0 - takes.chance_within(limit)).fold(0.0, f64::max);
    if mean <= 0.0 || variance <= 0.0 {
        return alone.max(f64::from(u8::from(mean > limit.seconds())));
    }
    let sigma2 = libm::log1p(variance / (mean * mean));
    let z = (libm::log(limit.seconds() / mean) + sigma2 / 2.0) / libm::sqrt(sigma2);
    let together = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
    together.max(alone)
}
