//! What a rule means: what it looks at, what it measures, where its line is drawn.

use crate::names::{Dimension, Names, Scope, worded};
use crate::units::{Ratio, Span, product};
use serde::{Deserialize, Serialize};

/// What is normal, from the historical log.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// Share of requests that are bad.
    pub error_rate: Option<Ratio>,
}

/// An alerting rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The expression as the team wrote it.
    pub text: String,
    pub measure: Measure,
    /// What counts as a breach. `None`: the team has not filled it in yet (`?`); never judged.
    pub breach: Option<Condition>,
    /// What counts as ok; `None`: everything that is not a breach.
    pub resolve: Option<Condition>,
    /// For a share of slow requests: the response time that `resolve` compares with, where it is
    /// not that of the breach (`> 3s` is a breach, `< 3s` is ok).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_limit: Option<Span>,
    /// What it looks at; with `by`, the site's segments of that dimension one by one.
    pub scope: Scope,
    pub by: Option<Dimension>,
    /// A multiple of the telemetry interval.
    pub window: Span,
    pub hold: Hold,
    pub keep_firing_for: Span,
    pub no_data_for: Span,
    /// With fewer requests in the window it does not judge.
    pub min_requests: u64,
    pub severity: Option<String>,
}

impl Rule {
    /// What it looks at, one by one: its scope, or with `by` the segments of that dimension.
    pub fn scopes(&self, names: &Names) -> Vec<Scope> {
        let Some(dimension) = self.by else { return vec![self.scope] };
        let categories = names.categories[dimension as usize].len();
        (0..categories).map(|value| Scope::Segment(dimension, value as u8)).collect()
    }

    /// Whether it is about response times.
    pub fn measures_latency(&self) -> bool {
        matches!(self.measure, Measure::SlowerThan(_) | Measure::Latency(_))
    }

    /// The response time that it compares with, if it looks at response times.
    pub fn latency_limit(&self) -> Option<Span> {
        match (self.measure, self.breach?.threshold) {
            (Measure::SlowerThan(limit), _) => Some(written_limit(limit).1),
            (Measure::Latency(_), Threshold::Fixed(seconds)) => Some(Span::from_seconds(seconds)),
            _ => None,
        }
    }

    /// The response times that its conditions turn on, so that requests beyond them are counted
    /// exactly.
    pub fn limits(&self, baseline: Baseline) -> Vec<Span> {
        let conditions = self.breach.iter().chain(&self.resolve);
        match self.measure {
            Measure::SlowerThan(limit) => [limit].into_iter().chain(self.resolve_limit).collect(),
            Measure::Latency(_) => conditions.map(|c| c.limit(baseline)).collect(),
            Measure::ErrorRate | Measure::GivenUp | Measure::Requests => Vec::new(),
        }
    }
}

/// A limit that a time must be longer than, as it was written: whether the limit itself counts, and
/// the limit. Times are whole nanoseconds, so one that is longer than the last nanosecond before
/// three seconds is at least three seconds.
pub fn written_limit(longer_than: Span) -> (bool, Span) {
    let next = Span(longer_than.0.saturating_add(1));
    let at_least = longer_than.0 > 0 && next.0.is_multiple_of(1_000);
    (at_least, if at_least { next } else { longer_than })
}

impl Condition {
    /// For a condition on a quantile: the quantile is a longer time than this, or it is not.
    pub fn limit(&self, baseline: Baseline) -> Span {
        let limit = Span::from_seconds(self.threshold.level(baseline));
        match self.compare {
            Compare::Above | Compare::AtMost => limit,
            // At least two seconds is longer than the last nanosecond before.
            Compare::AtLeast | Compare::Below => Span(limit.0.saturating_sub(1)),
        }
    }

    /// Whether it holds while the value lies high, not low.
    pub fn holds_above(&self) -> bool {
        matches!(self.compare, Compare::Above | Compare::AtLeast)
    }
}

worded! {
    /// Which part of the threshold decided.
    pub enum BoundBy {
        Fixed = "fixed",
        Multiple = "multiple",
        Floor = "floor",
    }
}

/// A threshold as it stands: `max(multiple × baseline, floor)`, or fixed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// In the unit of the measure.
    pub threshold: f64,
    pub bound_by: BoundBy,
    /// What is normal, if the threshold depends on it.
    pub baseline: Option<f64>,
    /// The multiple of what is normal, whether or not the floor lies above it.
    pub multiple: Option<f64>,
}

impl Threshold {
    /// Where the line is drawn, and why there.
    pub fn line(self, baseline: Baseline) -> Line {
        let (multiple, floor) = match self {
            Threshold::Fixed(threshold) => {
                let bound_by = BoundBy::Fixed;
                return Line { threshold, bound_by, baseline: None, multiple: None };
            }
            Threshold::Baseline { multiple, floor } => (multiple, floor),
        };
        let normal = baseline.error_rate.unwrap_or_default().0;
        let times = product(multiple, normal);
        let (threshold, bound_by) = match floor {
            Some(floor) if floor > times => (floor, BoundBy::Floor),
            _ => (times, BoundBy::Multiple),
        };
        Line { threshold, bound_by, baseline: Some(normal), multiple: Some(times) }
    }

    /// Where the line is drawn, in the unit of the measure.
    pub fn level(self, baseline: Baseline) -> f64 {
        self.line(baseline).threshold
    }
}

/// What a rule measures in its window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Bad requests per request, 0 to 1.
    ErrorRate,
    /// Requests given up by their visitors per request, 0 to 1.
    GivenUp,
    /// Share of requests that take longer than this, 0 to 1; see [`written_limit`].
    SlowerThan(Span),
    /// The response time at this quantile, in seconds.
    Latency(f64),
    /// Requests per second, planned answers included.
    Requests,
}

/// A comparison with a threshold, in the unit of the measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub compare: Compare,
    pub threshold: Threshold,
}

/// How the value stands to the threshold when the condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Compare {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Compare {
    /// Whether a value stands so to a threshold.
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Compare::Above => value > threshold,
            Compare::AtLeast => value >= threshold,
            Compare::Below => value < threshold,
            Compare::AtMost => value <= threshold,
        }
    }
}

/// Where the line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Threshold {
    Fixed(f64),
    /// `max(multiple × baseline, floor)`.
    Baseline {
        multiple: f64,
        floor: Option<f64>,
    },
}

/// How long a breach must last before the rule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    For(Span),
    /// This many of the last `of` judged ticks.
    Of {
        n: u32,
        of: u32,
    },
}
