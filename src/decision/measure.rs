//! What rules measure.

use crate::names::worded;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// What a rule measures in its window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Bad requests per request, 0 to 1.
    ErrorRate,
    /// Bad requests per second.
    Errors,
    /// Requests given up by their visitors per request, 0 to 1.
    GivenUp,
    /// Share of requests that take longer than this, 0 to 1; see [`super::written_limit`].
    SlowerThan(Span),
    /// The response time at this quantile, in seconds.
    Latency(f64),
    /// Requests per second, planned answers included.
    Requests,
    /// Reports of users to this source, per second.
    Reports(u8),
    /// Requests that a tier keeps and has not begun.
    Backlog,
    /// For how long the oldest of them has waited, in seconds.
    BacklogAge,
    /// What people notice by themselves: nothing that a reading shows.
    Noticed,
}

worded! {
    /// What a rule measures, without its numbers and names.
    pub enum MeasureKind {
        ErrorRate = "error_rate",
        Errors = "errors",
        GivenUp = "given_up",
        SlowShare = "slow_share",
        Latency = "latency",
        Requests = "requests",
        Reports = "reports",
        Backlog = "backlog",
        BacklogAge = "backlog_age",
        Noticed = "noticed",
    }
}

impl Measure {
    /// What it is, in a word.
    pub fn kind(self) -> MeasureKind {
        match self {
            Measure::ErrorRate => MeasureKind::ErrorRate,
            Measure::Errors => MeasureKind::Errors,
            Measure::GivenUp => MeasureKind::GivenUp,
            Measure::SlowerThan(_) => MeasureKind::SlowShare,
            Measure::Latency(_) => MeasureKind::Latency,
            Measure::Requests => MeasureKind::Requests,
            Measure::Reports(_) => MeasureKind::Reports,
            Measure::Backlog => MeasureKind::Backlog,
            Measure::BacklogAge => MeasureKind::BacklogAge,
            Measure::Noticed => MeasureKind::Noticed,
        }
    }

    /// Whether values of the two can be compared.
    pub fn has_unit_of(self, other: Measure) -> bool {
        let unit = |measure| match measure {
            Measure::ErrorRate | Measure::GivenUp | Measure::SlowerThan(_) => 0,
            Measure::Latency(_) | Measure::BacklogAge => 1,
            Measure::Requests | Measure::Errors => 2,
            Measure::Reports(_) => 3,
            Measure::Noticed => 4,
            Measure::Backlog => 5,
        };
        unit(self) == unit(other)
    }

    /// Whether it is about what a durable queue holds: as it is, not over a window.
    pub fn is_about_backlog(self) -> bool {
        matches!(self, Measure::Backlog | Measure::BacklogAge)
    }

    /// Whether it is about response times.
    pub fn is_about_times(self) -> bool {
        matches!(self, Measure::SlowerThan(_) | Measure::Latency(_))
    }
}
