//! The site of a scenario, resolved.

use super::Autoscaling;
use crate::names::{TierId, ZoneId};
use crate::units::{Ratio, Span, Spread};
use serde::{Deserialize, Serialize};

/// Tiers and the endpoints that lead through them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SitePlan {
    pub tiers: Vec<Tier>,
    pub endpoints: Vec<Endpoint>,
    /// How a caller waits for the next tier, per `(caller, endpoint)`: `calls[endpoint][caller]`.
    /// Every pair has one, so that a route laid later finds its own.
    pub calls: Vec<Vec<Call>>,
}

/// A tier of equal, single instances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tier {
    /// With autoscaling: how many there are at the start.
    pub instances: u32,
    /// Per instance.
    pub threads: u32,
    /// Requests that may wait per instance beside those that have a thread.
    pub queue: u32,
    /// What is asked of it is kept, however much it is, and callers have their answer at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub durable: bool,
    /// Own work on a request, before the next tier is called.
    pub takes: Spread,
    /// Share of its own work that ends in an error on an ordinary day.
    pub errors: Ratio,
    pub balance: Balance,
    /// Instance `i` is in zone `i mod n`; empty: in no zone.
    pub zones: Vec<ZoneId>,
    pub health: Option<Health>,
    /// Somebody else's: reports mark it, `lost-zone` does not reach it.
    pub external: bool,
    /// `None`: it always has `instances`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub autoscaling: Option<Autoscaling>,
    /// How instances warm up that are new or come back; `None`: they are warm at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warming: Option<Warming>,
}

impl Tier {
    /// The most instances that there can be.
    pub fn most_instances(&self) -> u32 {
        self.autoscaling.map_or(self.instances, |scaling| scaling.max_capacity)
    }

    /// Places for instances, most of them free. With autoscaling there are as many again as the
    /// maximum, so that instances lost in one zone find places in another.
    pub fn places(&self) -> usize {
        match self.autoscaling {
            None => self.instances as usize,
            Some(scaling) => 2 * scaling.max_capacity as usize,
        }
    }
}

/// How a caller picks an instance when a request arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Balance {
    #[default]
    RoundRobin,
    /// The instance with the fewest requests in it, the first of equals.
    LeastBusy,
}

/// Health checks that use the same threads as everybody, and replace an instance that fails them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Health {
    pub every: Span,
    pub timeout: Span,
    /// Consecutive failures after which the instance is taken out.
    pub fails: u32,
    /// From taken out until its replacement serves.
    pub replace: Span,
}

/// A path through tiers: each holds its thread while the next works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The entry first; never empty, no tier twice.
    pub path: Vec<TierId>,
}

/// How a caller waits for the next tier, and what it does when that fails.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub timeout: Span,
    pub retries: Option<CallRetries>,
    pub breaker: Option<Breaker>,
}

/// Further attempts of a call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CallRetries {
    /// Attempts after the first.
    pub at_most: u8,
    /// Wait before the first retry; it doubles from one retry to the next.
    pub backoff: Span,
    /// The wait is drawn uniformly from `wait × (1 ± jitter)`.
    pub jitter: Ratio,
    /// A bucket of ten tokens that starts full, gains this share of a token per first attempt,
    /// and pays one per retry. `None`: no limit.
    pub budget: Option<Ratio>,
}

/// A circuit breaker as the `breakers` gem has it: over the current and the previous calendar
/// minute it opens at this share of failures, or at any failure with no success; no minimum
/// count. After `retest` it lets one request through; one success closes it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Breaker {
    pub opens: Ratio,
    pub retest: Span,
}

/// How an instance warms up that is new or has come back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Warming {
    /// How many times as long its work takes at first.
    pub times: f64,
    /// How long until it is as quick as the others; ever less slow on the way.
    pub within: Span,
}

impl Warming {
    /// How many times as long work takes, so long after the instance came back.
    pub(super) fn factor(&self, since: Span) -> f64 {
        let left = 1.0 - since.0 as f64 / self.within.0.max(1) as f64;
        1.0 + (self.times - 1.0) * left.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_ever_less_slow() {
        let warming = Warming { times: 5.0, within: Span::MINUTE * 10 };
        let after = |minutes: u64| warming.factor(Span::MINUTE * minutes);
        assert_eq!([after(0), after(5), after(10), after(60)], [5.0, 3.0, 1.0, 1.0]);
    }
}
