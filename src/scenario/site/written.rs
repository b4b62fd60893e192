//! The site as written.

use crate::language::problem::quoted;
use crate::language::word::{Spelling, ValueError, Word, one_of};
use crate::language::written::{Entries, OneOrMany, Placed, written};
use crate::scenario::autoscaling::written::Autoscaling;
use crate::scenario::capacity::written::Factor;
use crate::site::Balance;
use crate::units::{Ratio, Span, Spread};

written! {
    /// The tiers and the endpoints that lead through them.
    Site("the site") {
        /// Equal instances behind one name.
        required tiers: Entries<Tier> = "tiers";
        /// Paths through tiers: in `a > b`, a holds its thread while b works.
        required endpoints: Entries<Placed<Path>> = "endpoints";
        /// How long a caller waits for the next tier: by caller, or by caller and endpoint.
        optional calls: Entries<Call> = "calls";
    }

    /// A tier of equal, single instances.
    Tier("a tier") {
        /// How many instances; 1 unless said.
        optional instances: Placed<u32> = "instances";
        /// Requests that an instance works on at the same time.
        required threads: Placed<u32> = "threads";
        /// Requests that may wait per instance; 128 unless said (calibrated: Linux's listen
        /// backlog before 5.4). `durable`: callers have their answer at once, and what they ask for
        /// is kept until any instance has a thread for it, however long that takes; what fails, or
        /// was begun in an instance that is lost, is done again. Rules see its `backlog`.
        optional queue: Placed<Queue> = "queue";
        /// Its own work on a request, before it calls the next tier.
        required takes: Spread = "takes";
        /// The share of its work that ends in an error on an ordinary day; 0% unless said.
        optional errors: Ratio = "errors";
        /// How callers pick an instance: `round-robin` unless said, or `least-busy`.
        optional balance: Balance = "balance";
        /// The zones that its instances stand in, in turn.
        optional zones: OneOrMany<Placed<String>> = "zones";
        /// Health checks that use the same threads.
        optional health: Health = "health";
        /// Somebody else's; `false` unless said.
        optional external: bool = "external";
        /// How many times as long the work of an instance takes at first that is new or has come
        /// back, its caches cold and its pools empty: `3x`. One that only hung is warm.
        optional cold: Placed<Factor> = "cold";
        /// How long until it is as quick as the others, ever less slow on the way: `10m`.
        optional warms: Placed<Span> = "warms";
        /// How the number of instances follows the load; it stays as it is unless said.
        optional autoscaling: Autoscaling = "autoscaling";
    }

    /// Health checks.
    Health("health checks") {
        /// From one check to the next; 30s unless said (calibrated: `HealthCheckIntervalSeconds` of
        /// an Application Load Balancer).
        optional every: Placed<Span> = "every";
        /// How long a check waits; 5s unless said (calibrated: `HealthCheckTimeoutSeconds`).
        optional timeout: Placed<Span> = "timeout";
        /// Failures in a row that take an instance out; 2 unless said (calibrated:
        /// `UnhealthyThresholdCount`).
        optional fails: Placed<u32> = "fails";
        /// From taken out until its replacement serves.
        required replace: Span = "replace";
    }

    /// How a caller waits for the next tier, and what it does when that fails.
    Call("a call") {
        /// How long it waits; 60s unless said (calibrated: nginx's `proxy_read_timeout`).
        optional timeout: Placed<Span> = "timeout";
        /// Further attempts; none unless said.
        optional retries: CallRetries = "retries";
        /// A circuit breaker; none unless said.
        optional breaker: Breaker = "breaker";
    }

    /// Further attempts of a call.
    CallRetries("retries of a call") {
        /// Attempts after the first.
        required at_most: Placed<u32> = "at_most";
        /// The wait before the first retry; it doubles from one to the next.
        required backoff: Span = "backoff";
        /// The wait is drawn from `wait ± jitter`; 0% unless said.
        optional jitter: Ratio = "jitter";
        /// Retries per first attempt, at most; no limit unless said.
        optional budget: Ratio = "budget";
    }

    /// A circuit breaker.
    Breaker("a breaker") {
        /// The share of failures at which it opens.
        required opens: Ratio = "opens";
        /// After this time it lets one request through.
        required retest: Span = "retest";
    }
}

/// How requests wait that have no thread yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// So many in each instance, while their callers wait.
    Places(u32),
    /// All of them, and nobody waits.
    Durable,
}

impl Word for Queue {
    const KIND: &'static str = "a whole number, or `durable`";
    const SPELLING: Spelling = Spelling::NumberOr("^([0-9]+|durable)$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "durable" => Ok(Queue::Durable),
            _ if text.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                one_of(text, &[("durable", Queue::Durable)])
            }
            _ => u32::parse(text).map(Queue::Places),
        }
    }
}

/// A path through tiers: `a > b > c`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

impl Word for Path {
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

impl Word for Balance {
    const KIND: &'static str = "`round-robin` or `least-busy`";
    const SPELLING: Spelling = Spelling::OneOf(&["round-robin", "least-busy"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &[("round-robin", Balance::RoundRobin), ("least-busy", Balance::LeastBusy)])
    }
}
