//! A reading: counts and response times per scope over one interval.

use crate::measure::Latencies;
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

/// How often readings are taken and how late they arrive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TelemetryPlan {
    /// The length of an interval.
    pub every: Span,
    /// From an interval's end to the moment its reading is known.
    pub delay: Span,
}

/// What was seen in `[from, to)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub from: Time,
    pub to: Time,
    /// No reading came: the monitoring was blind. A quiet interval is zero traffic, not missing.
    pub missing: bool,
    /// One per scope, in the order of [`crate::names::Names::scopes`]; empty when missing.
    pub scopes: Vec<ScopeReading>,
}

impl Reading {
    /// The reading that did not come.
    pub fn missing(from: Time, to: Time) -> Reading {
        Reading { from, to, missing: true, scopes: Vec::new() }
    }
}

/// The counts of one scope. A request is one attempt; what is still in flight is in none of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScopeReading {
    pub ok: u64,
    pub failed: u64,
    /// Refused because there was no room or nobody to serve it.
    pub rejected: u64,
    /// Given up by the visitor.
    pub abandoned: u64,
    /// Answered by a maintenance page: neither good nor bad, outside [`ScopeReading::total`].
    pub planned: u64,
    /// Elapsed times of all but the planned ones.
    pub latency: Latencies,
}

impl ScopeReading {
    /// Failed and rejected.
    pub fn bad(&self) -> u64 {
        self.failed + self.rejected
    }

    /// All attempts but the planned answers.
    pub fn total(&self) -> u64 {
        self.ok + self.failed + self.rejected + self.abandoned
    }

    /// Adds another interval of the same scope.
    pub fn add(&mut self, other: &ScopeReading) {
        self.ok += other.ok;
        self.failed += other.failed;
        self.rejected += other.rejected;
        self.abandoned += other.abandoned;
        self.planned += other.planned;
        self.latency.add(&other.latency);
    }
}
