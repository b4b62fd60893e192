//! The site: tiers, endpoints, and how each caller waits.

use crate::language::problem::{Problem, quoted};
use crate::language::written::{OneOrMany, Placed};
use crate::names::{EndpointId, TierId};
use crate::scenario::resolver::Resolver;
use crate::scenario::site::written::{
    Path, WrittenCall, WrittenHealth, WrittenQueue, WrittenSite, WrittenTier,
};
use crate::site::{Breaker, Call, CallRetries, Endpoint, Health, SitePlan, Tier, Warming};
use crate::units::{Ratio, Span};
use std::ops::RangeInclusive;

/// nginx waits this long for an upstream unless told otherwise (`proxy_read_timeout`).
const TIMEOUT: Span = Span::from_secs(60);
/// Linux queued this many connections per listener (`somaxconn`, until 2019).
const QUEUE: u32 = 128;

/// Health checks as an Application Load Balancer makes them unless told otherwise
/// (`HealthCheckIntervalSeconds`, `HealthCheckTimeoutSeconds`, `UnhealthyThresholdCount`).
const FASTEST_CHECK: Span = Span::from_millis(10);
const EVERY: Span = Span::from_secs(30);
const CHECK_TIMEOUT: Span = Span::from_secs(5);
const FAILS: u32 = 2;

/// How many times as long the work of a cold instance may take.
const COLDEST: RangeInclusive<f64> = 1.0..=1_000.0;

impl Resolver<'_> {
    /// The tiers, the endpoints and how callers wait.
    pub fn site(&mut self, site: &WrittenSite) -> Option<SitePlan> {
        let tiers: Vec<Tier> = site
            .tiers
            .iter()
            .flat_map(|tiers| &tiers.0)
            .filter_map(|(_, tier)| self.tier(tier.as_ref()?))
            .collect();
        if let Some(written) = &site.tiers {
            let all: u64 = tiers.iter().map(|tier| u64::from(tier.most_instances())).sum();
            if all > 50_000 {
                self.error(site.place, format!("{all} instances are more than 50,000"), "");
            }
            if written.0.is_empty() {
                self.error(site.place, "the site has no tiers", "");
            }
        }
        let endpoints: Vec<Endpoint> = site
            .endpoints
            .iter()
            .flat_map(|endpoints| &endpoints.0)
            .filter_map(|(_, path)| self.path(path.as_ref()?))
            .map(|path| Endpoint { path })
            .collect();
        let calls = self.calls(site);
        Some(SitePlan { tiers, endpoints, calls })
    }

    fn tier(&mut self, tier: &WrittenTier) -> Option<Tier> {
        let names = self.names;
        let instances = tier.instances.as_ref().map_or(1, |n| self.between(n, 1..=10_000));
        let threads = tier.threads.as_ref().map(|n| self.between(n, 1..=1_000_000));
        let durable = tier.queue.as_ref().is_some_and(|queue| queue.value == WrittenQueue::Durable);
        let places = tier.queue.as_ref().and_then(|queue| match queue.value {
            WrittenQueue::Places(value) => Some(Placed { value, place: queue.place }),
            WrittenQueue::Durable => None,
        });
        let queue = places.map_or(QUEUE, |places| self.between(&places, 0..=10_000_000));
        let zones = tier.zones.as_ref().map(|OneOrMany(zones)| zones.as_slice());
        let zones = self.find_all(&names.zones, zones.unwrap_or_default(), "zone");
        let health = tier.health.as_ref().and_then(|health| self.health(health));
        let autoscaling =
            tier.autoscaling.as_ref().and_then(|scaling| self.autoscaling(scaling, instances));
        Some(Tier {
            instances,
            threads: threads?,
            queue,
            durable,
            takes: tier.takes?,
            errors: tier.errors.unwrap_or_default(),
            balance: tier.balance.unwrap_or_default(),
            zones,
            health,
            external: tier.external.unwrap_or(false),
            autoscaling,
            warming: self.warming(tier),
        })
    }

    /// How its instances warm up; both keys belong together.
    fn warming(&mut self, tier: &WrittenTier) -> Option<Warming> {
        if let (Some(cold), None) = (&tier.cold, &tier.warms)
            && !tier.written.iter().any(|key| key.value == "warms")
        {
            let message = "how long it stays cold is missing";
            self.error(cold.place, message, "add `warms: 10m`");
        }
        if let (None, Some(warms)) = (&tier.cold, &tier.warms)
            && !tier.written.iter().any(|key| key.value == "cold")
        {
            let message = "how much slower it is while it warms up is missing";
            self.error(warms.place, message, "add `cold: 3x`");
        }
        if let Some(cold) = tier.cold.as_ref().filter(|cold| !COLDEST.contains(&cold.value.0)) {
            let message = format!("{}x is not between 1x and 1000x", cold.value.0);
            self.error(cold.place, message, "a cold cache makes a tier slower: 3x");
        }
        let (cold, warms) = (tier.cold.as_ref()?, tier.warms.as_ref()?);
        self.positive(warms, "warms");
        if self.lasts > Span::ZERO && warms.value >= self.lasts {
            let message =
                format!("it never warms up again: {} is longer than the run", warms.value);
            let problem = Problem::warning(warms.place, message);
            self.problems.push(problem.hint("use a shorter time, or make the scenario longer"));
        }
        Some(Warming { times: cold.value.0, within: warms.value })
    }

    fn health(&mut self, health: &WrittenHealth) -> Option<Health> {
        for (span, key) in [(&health.every, "every"), (&health.timeout, "timeout")] {
            if let Some(span) = span {
                self.positive(span, key);
            }
        }
        if let Some(every) = &health.every {
            self.at_least(
                every,
                FASTEST_CHECK,
                "a tier is checked at most a hundred times a second",
            );
        }
        let fails = health.fails.as_ref().map(|fails| self.between(fails, 1..=1_000));
        Some(Health {
            every: health.every.map_or(EVERY, |every| every.value),
            timeout: health.timeout.map_or(CHECK_TIMEOUT, |timeout| timeout.value),
            fails: fails.unwrap_or(FAILS),
            replace: health.replace?,
        })
    }

    /// The tiers of a path; none of them twice.
    pub fn path(&mut self, path: &Placed<Path>) -> Option<Vec<TierId>> {
        let names = self.names;
        let mut tiers: Vec<TierId> = Vec::with_capacity(path.value.0.len());
        for tier in &path.value.0 {
            let place = self.problems.word_in(path.place, tier);
            let name = Placed { value: tier.clone(), place };
            let id = self.find(&names.tiers, &name, "tier")?;
            if tiers.contains(&id) {
                let message = format!("the path goes through {} twice", quoted(tier));
                self.error(path.place, message, "a tier that waits for itself never answers");
                return None;
            }
            tiers.push(id);
        }
        Some(tiers)
    }

    fn calls(&mut self, site: &WrittenSite) -> Vec<Vec<Call>> {
        let names = self.names;
        let plain = Call { timeout: TIMEOUT, retries: None, breaker: None };
        let mut calls = vec![vec![plain; names.tiers.len()]; names.endpoints.len()];
        let mut specific: Vec<(TierId, EndpointId, Call)> = Vec::new();
        for (name, call) in site.calls.iter().flat_map(|calls| &calls.0) {
            let call = call.as_ref().and_then(|call| self.call(call));
            let Some((tier, endpoint)) = self.caller(name) else { continue };
            match (call, endpoint) {
                (Some(call), Some(endpoint)) => specific.push((tier, endpoint, call)),
                (Some(call), None) => {
                    calls.iter_mut().for_each(|endpoint| endpoint[tier.index()] = call);
                }
                (None, _) => {}
            }
        }
        for (tier, endpoint, call) in specific {
            calls[endpoint.index()][tier.index()] = call;
        }
        calls
    }

    /// `tier`, or `tier endpoint`.
    fn caller(&mut self, name: &Placed<String>) -> Option<(TierId, Option<EndpointId>)> {
        let names = self.names;
        if let Some((tier, endpoint)) = name.value.rsplit_once(char::is_whitespace)
            && !names.tiers.contains(&name.value)
        {
            let part = |text: &str| Placed { value: text.trim().to_string(), place: name.place };
            let tier = self.find(&names.tiers, &part(tier), "tier");
            let endpoint = self.find(&names.endpoints, &part(endpoint), "endpoint");
            return Some((tier?, Some(endpoint?)));
        }
        self.find(&names.tiers, name, "tier").map(|tier| (tier, None))
    }

    fn call(&mut self, call: &WrittenCall) -> Option<Call> {
        if let Some(timeout) = &call.timeout {
            self.positive(timeout, "timeout");
        }
        let retries = match &call.retries {
            None => None,
            Some(retries) => {
                let at_most = retries.at_most.as_ref().map(|n| self.between(n, 0..=20));
                Some(CallRetries {
                    at_most: at_most? as u8,
                    backoff: retries.backoff?,
                    jitter: retries.jitter.unwrap_or(Ratio(0.0)),
                    budget: retries.budget,
                })
            }
        };
        let breaker = match &call.breaker {
            None => None,
            Some(breaker) => Some(Breaker { opens: breaker.opens?, retest: breaker.retest? }),
        };
        let timeout = call.timeout.map_or(TIMEOUT, |timeout| timeout.value);
        Some(Call { timeout, retries, breaker })
    }
}
