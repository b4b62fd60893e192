//! The result of a case, by formula or simulated.

use serde::{Deserialize, Serialize};

/// How something compares with the objectives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadStatus {
    Met,
    Missed,
    /// Too close to the limit to be told, or nothing to judge.
    Open,
}

impl LoadStatus {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            LoadStatus::Met => "met",
            LoadStatus::Missed => "missed",
            LoadStatus::Open => "open",
        }
    }

    /// Met or missed.
    pub fn from_met(met: bool) -> LoadStatus {
        if met { LoadStatus::Met } else { LoadStatus::Missed }
    }
}

/// The site at one rate in one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadOutcome {
    /// The judged percentile of response times in seconds; `None`: nobody was answered.
    pub latency: Option<f64>,
    /// 95th percentile of the same in seconds.
    pub p95: Option<f64>,
    /// The share of requests without a good answer.
    pub errors: f64,
    /// Requests per second at the entry.
    pub requests: f64,
    /// Its queues neither grow nor fall in the long run: only then can formula and simulation say
    /// the same.
    #[serde(default = "yes")]
    pub steady: bool,
    /// Against latency and errors.
    pub status: LoadStatus,
    /// In the order of the scenario.
    pub tiers: Vec<TierOutcome>,
}

fn yes() -> bool {
    true
}

/// A tier at one rate in one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TierOutcome {
    pub tier: String,
    pub external: bool,
    /// Nobody has measured how many threads an instance has.
    pub assumed: bool,
    /// Calls per second; 0: no endpoint leads through it.
    pub calls: f64,
    /// That are left.
    pub instances: u32,
    /// Over all instances that are left.
    pub threads: u64,
    /// Requests in it at a time that hold a thread, or want one.
    pub busy: f64,
    /// Mean seconds for which a call holds its thread.
    pub hold: f64,
    /// Mean seconds in the queue, of those who are not refused; `None`: not told.
    pub wait: Option<f64>,
    /// 95th percentile in seconds, from the call to its answer.
    pub p95: Option<f64>,
    /// The share of calls that fail or are refused.
    pub errors: f64,
}

impl TierOutcome {
    /// The share of its threads that is busy; above 1 more are wanted than there are.
    pub fn used(&self) -> f64 {
        if self.calls == 0.0 {
            0.0
        } else if self.threads == 0 {
            f64::INFINITY
        } else {
            self.busy / self.threads as f64
        }
    }

    /// The fewest threads that carry the load: those kept busy on average (Little's law).
    pub fn needed(&self) -> u64 {
        self.busy.ceil() as u64
    }
}
