//! A reading: counts and response times per scope over one interval.

use super::errors::ErrorKinds;
use crate::measure::Latencies;
use crate::names::RuleId;
use crate::units::{Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// How often readings are taken and how late they arrive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TelemetryPlan {
    /// The length of an interval.
    pub every: Span,
    /// From an interval's end to the moment its reading is known.
    pub delay: Span,
    /// Users whose answers take longer are affected; `None`: see [`TelemetryPlan::slow_after`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow_after: Option<Span>,
    /// Which requests count as errors.
    #[serde(default, skip_serializing_if = "ErrorKinds::are_usual")]
    pub errors: ErrorKinds,
}

impl TelemetryPlan {
    /// After how long an answer is late: as the team says, else the smallest latency limit of its
    /// rules, else ten seconds.
    pub fn slow_after(&self, limits: &[Span]) -> Span {
        let smallest = limits.iter().min().copied();
        self.slow_after.or(smallest).unwrap_or(Span::from_secs(10))
    }
}

/// People who report what they meet, by themselves, to one place: a call center, feedback, social.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportSource {
    /// Its name.
    pub name: String,
    /// The share of affected users who report.
    pub share: Ratio,
    /// How long after they were affected.
    pub after: Spread,
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
    /// What of it is not seen, or not by every rule.
    pub gaps: ReadingGaps,
}

/// The blind spots of one reading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadingGaps {
    /// The positions of scopes of which nothing came.
    pub scopes: Vec<usize>,
    /// Rules that see something else than what the reading holds.
    pub rules: Vec<RuleView>,
}

/// What one rule sees in the place of the scopes that it looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleView {
    /// The rule.
    pub rule: RuleId,
    /// By position of the scope; `None`: nothing comes for it.
    pub scopes: Option<Vec<(usize, ScopeReading)>>,
}

impl Reading {
    /// What was seen in `[from, to)`, by everybody.
    pub fn new(from: Time, to: Time, scopes: Vec<ScopeReading>) -> Reading {
        Reading { from, to, missing: false, scopes, gaps: ReadingGaps::default() }
    }

    /// The reading that did not come.
    pub fn missing(from: Time, to: Time) -> Reading {
        Reading { missing: true, ..Reading::new(from, to, Vec::new()) }
    }

    /// What a rule sees of a scope; `None`: nothing came.
    pub fn seen_by(&self, rule: RuleId, position: usize) -> Option<&ScopeReading> {
        if self.missing || self.gaps.scopes.contains(&position) {
            return None;
        }
        match self.gaps.rules.iter().find(|view| view.rule == rule) {
            None => Some(&self.scopes[position]),
            Some(view) => {
                let scopes = view.scopes.as_ref()?;
                scopes.iter().find(|(at, _)| *at == position).map(|(_, scope)| scope)
            }
        }
    }
}

/// The counts of one scope. A request is one attempt; what is still in flight is in none of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ScopeReading {
    pub ok: u64,
    pub failed: u64,
    /// Refused because there was no room or nobody to serve it.
    pub rejected: u64,
    /// Given up by the visitor.
    pub abandoned: u64,
    /// Answered by a maintenance page: neither good nor bad, outside [`ScopeReading::total`].
    pub planned: u64,
    /// Reports of users by source, in the plan's order; empty where nobody reports, and of all
    /// scopes but the site.
    pub reports: Vec<u64>,
    /// Elapsed times of all but the planned ones and those refused at once.
    pub latency: Latencies,
    /// How many count as errors, where that is not those that failed or were rejected.
    pub errors: Option<u64>,
    /// Elapsed times of good answers alone, where some rule asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<Latencies>,
    /// What a tier with a durable queue has still to do at the end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<Backlog>,
}

/// What is kept and not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// How many requests wait.
    pub waiting: u64,
    /// How long the oldest of them has; zero without any.
    pub age: Span,
}

impl ScopeReading {
    /// Those that count as errors: failed and rejected, unless the team says otherwise.
    pub fn bad(&self) -> u64 {
        self.errors.unwrap_or(self.failed + self.rejected)
    }

    /// All attempts but the planned answers.
    pub fn total(&self) -> u64 {
        self.ok + self.failed + self.rejected + self.abandoned
    }

    /// Adds another interval of the same scope.
    pub fn add(&mut self, other: &ScopeReading) {
        if self.errors.is_some() || other.errors.is_some() {
            self.errors = Some(self.bad() + other.bad());
        }
        self.ok += other.ok;
        self.failed += other.failed;
        self.rejected += other.rejected;
        self.abandoned += other.abandoned;
        self.planned += other.planned;
        self.latency.add(&other.latency);
        if let Some(good) = &other.good {
            self.good.get_or_insert_default().add(good);
        }
    }
}
