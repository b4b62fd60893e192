//! The site as written.

use crate::language::problem::quoted;
use crate::language::word::{ScalarValue, Spelling, ValueError, one_of};
use crate::language::written::{Entries, OneOrMany, Placed, written};
use crate::scenario::autoscaling::written::Autoscaling;
use crate::scenario::capacity::written::Factor;
use crate::site::Balance;
use crate::units::{Ratio, Span, Spread};

written! {
    /// The tiers and the endpoints that lead through them.
    WrittenSite("the site") {
        /// Groups of identical instances, by name.
        required tiers: Entries<WrittenTier> = "tiers";
        /// Paths through tiers: in `a > b`, a holds its thread while b works.
        required endpoints: Entries<Placed<Path>> = "endpoints";
        /// How long a caller waits for the next tier: by caller, or by caller and endpoint.
        optional calls: Entries<WrittenCall> = "calls";
    }

    /// A tier of identical instances.
    WrittenTier("a tier") {
        /// How many instances. Default: 1.
        optional instances: Placed<u32> = "instances";
        /// Requests that an instance works on at the same time.
        required threads: Placed<u32> = "threads";
        /// Requests that may wait per instance. Default: 128 (calibrated: Linux's listen
        /// backlog before 5.4). `durable`: callers get their answer at once, and what they ask for
        /// is kept until any instance has a thread for it, however long that takes; what fails, or
        /// was begun in an instance that is lost, is retried. Rules see its `backlog`.
        optional queue: Placed<WrittenQueue> = "queue";
        /// Its own work on a request, before it calls the next tier.
        required takes: Spread = "takes";
        /// The share of its work that ends in an error on an ordinary day. Default: 0%.
        optional errors: Ratio = "errors";
        /// How callers pick an instance: `round-robin` (the default) or `least-busy`.
        optional balance: Balance = "balance";
        /// The zones that its instances are spread over, in turn.
        optional zones: OneOrMany<Placed<String>> = "zones";
        /// Health checks that use the same threads.
        optional health: WrittenHealth = "health";
        /// Operated by somebody else. Default: `false`.
        optional external: bool = "external";
        /// How many times as long work takes at first in an instance that is new or has come
        /// back, with cold caches and empty pools: `3x`. One that only hung stays warm.
        optional cold: Placed<Factor> = "cold";
        /// How long until it is as fast as the others, speeding up gradually: `10m`.
        optional warms: Placed<Span> = "warms";
        /// How the number of instances follows the load. Default: it is fixed.
        optional autoscaling: Autoscaling = "autoscaling";
    }

    /// Health checks.
    WrittenHealth("health checks") {
        /// From one check to the next. Default: 30s (calibrated: `HealthCheckIntervalSeconds` of
        /// an Application Load Balancer).
        optional every: Placed<Span> = "every";
        /// How long a check waits. Default: 5s (calibrated: `HealthCheckTimeoutSeconds`).
        optional timeout: Placed<Span> = "timeout";
        /// Failures in a row that take an instance out. Default: 2 (calibrated:
        /// `UnhealthyThresholdCount`).
        optional fails: Placed<u32> = "fails";
        /// From being taken out until its replacement serves.
        required replace: Span = "replace";
    }

    /// How a caller waits for the next tier, and what it does when that fails.
    WrittenCall("a call") {
        /// How long it waits. Default: 60s (calibrated: nginx's `proxy_read_timeout`).
        optional timeout: Placed<Span> = "timeout";
        /// Further attempts. Default: none.
        optional retries: CallRetries = "retries";
        /// A circuit breaker. Default: none.
        optional breaker: WrittenBreaker = "breaker";
    }

    /// Further attempts of a call.
    CallRetries("retries of a call") {
        /// Attempts after the first.
        required at_most: Placed<u32> = "at_most";
        /// The wait before the first retry; it doubles with each further one.
        required backoff: Span = "backoff";
        /// The wait is drawn from `wait ± jitter`. Default: 0%.
        optional jitter: Ratio = "jitter";
        /// The most retries per first attempt. Default: no limit.
        optional budget: Ratio = "budget";
    }

    /// A circuit breaker.
    WrittenBreaker("a breaker") {
        /// The share of failures at which it opens.
        required opens: Ratio = "opens";
        /// After this time it lets one request through.
        required retest: Span = "retest";
    }
}

/// How requests wait that have no thread yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenQueue {
    /// This many in each instance, while their callers wait.
    Places(u32),
    /// All of them, and nobody waits.
    Durable,
}

impl ScalarValue for WrittenQueue {
    const KIND: &'static str = "a whole number, or `durable`";
    const SPELLING: Spelling = Spelling::NumberOr("^([0-9]+|durable)$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "durable" => Ok(WrittenQueue::Durable),
            _ if text.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                one_of(text, &[("durable", WrittenQueue::Durable)])
            }
            _ => u32::parse(text).map(WrittenQueue::Places),
        }
    }
}

/// A path through tiers: `a > b > c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

impl ScalarValue for Path {
    const KIND: &'static str = "a path through tiers such as proxy > api > database";

    fn parse(text: &str) -> Result<Self, ValueError> {
        if text.contains("->") {
            let message = format!("{} mixes two kinds of arrows", quoted(text));
            let hint = format!("write {}", quoted(&text.replace("->", ">")));
            return Err(ValueError::new(message, hint));
        }
        let tiers: Vec<String> = text.split('>').map(|tier| tier.trim().to_string()).collect();
        if tiers.iter().any(String::is_empty) {
            let message = format!("a tier is missing in {}", quoted(text));
            return Err(ValueError::new(message, "write the tiers with `>` between them"));
        }
        Ok(Path(tiers))
    }

    fn of_list(words: &[&str]) -> Option<String> {
        Some(format!("write {}", quoted(&words.join(" > "))))
    }
}

impl ScalarValue for Balance {
    const KIND: &'static str = "`round-robin` or `least-busy`";
    const SPELLING: Spelling = Spelling::OneOf(&["round-robin", "least-busy"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &[("round-robin", Balance::RoundRobin), ("least-busy", Balance::LeastBusy)])
    }
}
