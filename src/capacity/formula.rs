//! The site by formula: Little's law for the threads, Erlang C for the waits, and sums of both
//! along the paths.
//!
//! What it assumes: visits and requests come at random (Poisson); callers hold their threads while
//! the tiers behind work, the wait there included; nobody tries again, no breaker opens, no check
//! takes an instance out; waits at different tiers are independent. Callers that pick the least
//! busy instance are taken to share one queue. Service times that are not exponential stretch or
//! shorten waits by (1 + c²) / 2, with c² the variance over the square of the mean (Allen and
//! Cunneen's approximation of G/G/m, here with Poisson arrivals), as far as the queue has room.
//!
//! A tier that is offered more than it can serve has no long run of its own: its queue is full, and
//! who is let in depends on who goes away, which no formula here knows. Such figures are bounds,
//! and an [`LoadOutcome`] says that it is not steady.

use super::case::Case;
use super::outcome::{LoadOutcome, LoadStatus, TierOutcome};
use crate::measure::erlang;
use crate::names::Scope;
use crate::scenario::{CapacityPlan, Plan};
use crate::site::{Balance, SitePlan, Tier, offered, per_visit};
use crate::units::Rate;
use statrs::distribution::{ContinuousCDF, Gamma};

/// Rounds in which waits reach the callers' threads, and those the waits. Each carries a wait one
/// tier further to the front, and one more the answers. At least this many; more for longer paths.
const ROUNDS: usize = 8;

/// Mean and variance of a time in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Moments {
    mean: f64,
    variance: f64,
}

/// What happens to a call before it has a thread.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Queue {
    wait: Moments,
    refused: f64,
}

/// A case, ready to be looked at under any load.
pub struct Formula<'p> {
    plan: &'p Plan,
    objectives: &'p CapacityPlan,
    site: SitePlan,
    judged: Vec<bool>,
    /// Requests per visit, by endpoint.
    per_visit: Vec<f64>,
    /// Tiers whose number of threads is assumed.
    assumed: Vec<bool>,
}

/// The outcome of a case at this many visits per second.
pub fn by_formula(plan: &Plan, objectives: &CapacityPlan, case: &Case, visits: f64) -> LoadOutcome {
    Formula::new(plan, objectives, case).outcome(visits)
}

impl<'p> Formula<'p> {
    /// A case of a plan.
    pub fn new(plan: &'p Plan, objectives: &'p CapacityPlan, case: &Case) -> Formula<'p> {
        let site = case.left(plan);
        let endpoints = (0..site.endpoints.len()).map(|e| Scope::Endpoint(e.into()));
        let per_visit = endpoints.map(|scope| per_visit(scope, &site, &plan.traffic)).collect();
        let assumed = super::assumed_threads(plan);
        Formula { plan, objectives, site, judged: case.judged.clone(), per_visit, assumed }
    }

    /// The same with all assumed numbers of threads this many times as large, at least 1.
    pub fn with_assumed(mut self, times: f64) -> Formula<'p> {
        for (tier, assumed) in self.site.tiers.iter_mut().zip(&self.assumed) {
            if *assumed {
                tier.threads = ((f64::from(tier.threads) * times).round() as u32).max(1);
            }
        }
        self
    }

    /// The same with this many instances of each tier.
    pub fn with_instances(mut self, instances: &[u32]) -> Formula<'p> {
        for (tier, instances) in self.site.tiers.iter_mut().zip(instances) {
            tier.instances = *instances;
        }
        self
    }

    /// Everything at this many visits per second.
    pub fn outcome(&self, visits: f64) -> LoadOutcome {
        let flow = self.flow(visits);
        let loads = offered(&self.site, &self.plan.traffic, Rate(visits));
        let tiers = loads.iter().zip(&flow.queues).zip(&flow.holds).enumerate();
        let tiers = tiers.map(|(index, ((load, queue), hold))| {
            let tier = &self.site.tiers[index];
            let sojourn = sum(*hold, queue.wait);
            TierOutcome {
                tier: self.plan.names.tiers[index].clone(),
                external: tier.external,
                assumed: self.assumed[index],
                calls: load.calls,
                instances: tier.instances,
                threads: u64::from(tier.instances) * u64::from(tier.threads),
                busy: load.busy,
                hold: load.hold(),
                wait: (load.calls > 0.0 && tier.instances > 0).then_some(queue.wait.mean),
                p95: (load.calls > 0.0 && tier.instances > 0)
                    .then(|| percentile(0.95, &|t| chance_within(sojourn, t))),
                errors: 1.0 - (1.0 - tier.errors.0) * (1.0 - queue.refused),
            }
        });
        let latency = self.latency(&flow, self.objectives.quantile);
        let errors = self.errors(&flow);
        LoadOutcome {
            latency,
            p95: self.latency(&flow, 0.95),
            errors,
            requests: flow.rates.iter().sum(),
            steady: flow.steady,
            status: LoadStatus::from_met(self.meets(latency, errors)),
            tiers: tiers.collect(),
        }
    }

    /// The highest multiple of this many visits per second that meets the objectives; 0 if none
    /// does, `None` if nothing is called.
    pub fn breaking_point(&self, visits: f64) -> Option<f64> {
        let most = self.saturation(visits)?;
        let met = |multiple: f64| {
            let flow = self.flow(visits * multiple);
            self.meets(self.latency(&flow, self.objectives.quantile), self.errors(&flow))
        };
        let (mut low, mut high) = (0.0, most);
        if met(most * (1.0 - 1e-9)) {
            return Some(most);
        }
        for _ in 0..40 {
            let middle = (low + high) / 2.0;
            if met(middle) { low = middle } else { high = middle }
        }
        Some(low)
    }

    /// The multiple of this many visits per second at which the busiest tier has no thread to
    /// spare: no chain carries more than its busiest tier (utilisation law). `None`: nothing is
    /// called.
    pub fn saturation(&self, visits: f64) -> Option<f64> {
        let loads = offered(&self.site, &self.plan.traffic, Rate(visits));
        let used = loads.iter().filter(|load| load.calls > 0.0).map(|load| load.utilisation());
        let busiest = used.fold(0.0, f64::max);
        (busiest > 0.0).then(|| 1.0 / busiest)
    }

    fn meets(&self, latency: Option<f64>, errors: f64) -> bool {
        let limit = self.objectives.latency.seconds();
        latency.is_some_and(|latency| latency < limit) && errors < self.objectives.errors.0
    }

    /// Waits and holds along every path, to where they agree with each other.
    fn flow(&self, visits: f64) -> Flow {
        let rates: Vec<f64> = self.per_visit.iter().map(|requests| requests * visits).collect();
        let loads = offered(&self.site, &self.plan.traffic, Rate(visits));
        let mut flow = Flow::new(&self.site, rates);
        flow.steady = loads.iter().all(|load| load.calls == 0.0 || load.utilisation() < 1.0);
        let longest = self.site.endpoints.iter().map(|endpoint| endpoint.path.len()).max();
        for _ in 0..ROUNDS.max(longest.unwrap_or(0) + 1) {
            flow.round(&self.site);
        }
        flow
    }

    /// How long visitors wait. Where a tier is overloaded, those who go away make room for others:
    /// then nothing is gained by counting them too.
    fn patience(&self, flow: &Flow) -> f64 {
        if flow.steady { self.plan.traffic.patience.seconds() } else { f64::INFINITY }
    }

    /// A percentile of the good answers of the judged endpoints: whoever loses patience gets none.
    fn latency(&self, flow: &Flow, quantile: f64) -> Option<f64> {
        let patience = self.patience(flow);
        let judged = (0..flow.rates.len()).filter(|e| self.judged[*e] && flow.rates[*e] > 0.0);
        let judged: Vec<usize> = judged.collect();
        let good = |e: &usize| flow.rates[*e] * flow.answers[*e].1;
        let in_time = |e: &usize| chance_within(flow.answers[*e].0, patience);
        let judged: Vec<usize> =
            judged.into_iter().filter(|e| good(e) > 0.0 && in_time(e) > 0.0).collect();
        let all: f64 = judged.iter().map(good).sum();
        let within = |t: f64| {
            let share = |e: &usize| {
                good(e) / all * (chance_within(flow.answers[*e].0, t) / in_time(e)).min(1.0)
            };
            judged.iter().map(share).sum::<f64>()
        };
        (all > 0.0).then(|| percentile(quantile, &within).min(patience))
    }

    /// The share of all requests without a good answer.
    fn errors(&self, flow: &Flow) -> f64 {
        let all: f64 = flow.rates.iter().sum();
        let patience = self.patience(flow);
        let bad = flow
            .rates
            .iter()
            .zip(&flow.answers)
            .map(|(rate, (time, good))| rate * (1.0 - good * chance_within(*time, patience)));
        if all > 0.0 { bad.sum::<f64>() / all } else { 0.0 }
    }
}

/// The state of all tiers and paths.
struct Flow {
    /// No tier is offered more than it can serve.
    steady: bool,
    /// Requests per second, by endpoint.
    rates: Vec<f64>,
    queues: Vec<Queue>,
    /// How long a thread is held, by tier.
    holds: Vec<Moments>,
    /// Time to the answer, and the share that is good, by endpoint.
    answers: Vec<(Moments, f64)>,
}

impl Flow {
    fn new(site: &SitePlan, rates: Vec<f64>) -> Flow {
        let tiers = site.tiers.len();
        let answers = vec![(Moments::default(), 1.0); rates.len()];
        let (queues, holds) = (vec![Queue::default(); tiers], vec![Moments::default(); tiers]);
        Flow { steady: true, rates, queues, holds, answers }
    }

    fn round(&mut self, site: &SitePlan) {
        let mut sums = vec![(0.0, 0.0, 0.0); site.tiers.len()];
        for (number, endpoint) in site.endpoints.iter().enumerate() {
            let rate = self.rates[number];
            let (mut behind, mut good) = (Moments::default(), 1.0);
            for (depth, tier) in endpoint.path.iter().rev().enumerate() {
                let (at, call) = (&site.tiers[tier.index()], &site.calls[number][tier.index()]);
                let timeout = call.timeout.seconds();
                if depth > 0 {
                    good *= chance_within(behind, timeout);
                }
                if behind.mean > timeout {
                    behind = Moments { mean: timeout, variance: 0.0 };
                }
                let own =
                    Moments { mean: at.takes.mean().seconds(), variance: at.takes.variance() };
                let hold = sum(own, behind);
                let tally = &mut sums[tier.index()];
                tally.0 += rate;
                tally.1 += rate * hold.mean;
                tally.2 += rate * (hold.variance + hold.mean * hold.mean);
                let queue = self.queues[tier.index()];
                good *= (1.0 - at.errors.0) * (1.0 - queue.refused);
                behind = sum(hold, queue.wait);
                if at.durable {
                    // Its caller has a good answer at once.
                    (behind, good) = (Moments::default(), 1.0);
                }
            }
            self.answers[number] = (behind, good);
        }
        for (index, (calls, first, second)) in sums.into_iter().enumerate() {
            if calls > 0.0 {
                let mean = first / calls;
                let variance = (second / calls - mean * mean).max(0.0);
                self.holds[index] = Moments { mean, variance };
                self.queues[index] = queue(&site.tiers[index], calls, self.holds[index]);
            }
        }
    }
}

/// Room for all that a durable queue keeps, for a formula that needs a number.
const ENDLESS: u64 = 10_000_000;

/// The queue of a tier: M/M/c/K, corrected for service times that are not exponential.
fn queue(tier: &Tier, calls: f64, hold: Moments) -> Queue {
    if tier.instances == 0 {
        return Queue { wait: Moments::default(), refused: 1.0 };
    }
    let queues = match tier.balance {
        Balance::RoundRobin if !tier.durable => tier.instances,
        _ => 1,
    };
    let together = tier.instances / queues;
    let servers = u64::from(tier.threads) * u64::from(together);
    let room = u64::from(tier.queue) * u64::from(together);
    let room = if tier.durable { ENDLESS } else { room };
    let load = calls * hold.mean / f64::from(queues);
    if load <= 0.0 {
        return Queue::default();
    }
    let found = erlang::bounded(servers, room, load);
    let variation = hold.variance / (hold.mean * hold.mean);
    let stretch = hold.mean * stretched(load / servers as f64, room as f64, variation);
    let mean = found.wait * stretch;
    let variance = (found.wait_squared - found.wait * found.wait).max(0.0) * stretch * stretch;
    Queue { wait: Moments { mean, variance }, refused: found.refused }
}

/// How many times as long waits are as with exponential services. A queue is about exponential,
/// with a mean that grows with the variation of services, but it is never longer than its room: so
/// variation does not matter once the queue is full.
fn stretched(used: f64, room: f64, variation: f64) -> f64 {
    let stretch = ((1.0 + variation) / 2.0).clamp(1e-3, 1e3);
    let fall = if used <= 1.0 { 1.0 - used } else { 1.0 / used - 1.0 };
    let plain = erlang::mean_up_to(fall, room);
    if plain > 0.0 { erlang::mean_up_to(fall / stretch, room) / plain } else { 1.0 }
}

fn sum(a: Moments, b: Moments) -> Moments {
    Moments { mean: a.mean + b.mean, variance: a.variance + b.variance }
}

/// The chance that a time with these moments is at most `t`: gamma up to an exponential's variation
/// (for which it is exact), log-normal above.
fn chance_within(time: Moments, t: f64) -> f64 {
    if t == f64::INFINITY {
        return 1.0;
    }
    let variation = time.variance / (time.mean * time.mean);
    if time.mean <= 0.0 || variation < 1e-6 {
        return f64::from(u8::from(t >= time.mean));
    }
    if t <= 0.0 {
        return 0.0;
    }
    if variation <= 1.0 + 1e-9 {
        let gamma = Gamma::new(1.0 / variation, 1.0 / (variation * time.mean));
        return gamma.expect("positive and finite").cdf(t);
    }
    let sigma_squared = libm::log1p(variation);
    let middle = libm::log(time.mean) - sigma_squared / 2.0;
    let z = (libm::log(t) - middle) / sigma_squared.sqrt();
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The time within which this share is answered, to a thousandth of it; at most a year.
fn percentile(share: f64, within: &dyn Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1e-3);
    while within(high) < share && high < 3e7 {
        (low, high) = (high, high * 2.0);
    }
    while high - low > 1e-3 * low + 1e-7 {
        let middle = (low + high) / 2.0;
        if within(middle) < share { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}
