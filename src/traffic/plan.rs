//! The traffic of a scenario, resolved: what visitors arrive, of which kinds, and what they do.

use crate::names::{EndpointId, Segment};
use crate::units::{Rate, Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// Everything about the visitors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrafficPlan {
    pub curve: Curve,
    /// Share of visits by someone who has been seen before.
    pub returning: Ratio,
    pub mixes: Mixes,
    /// In the order of the tool mix.
    pub tools: Vec<Tool>,
    /// How long a visitor waits for one attempt before giving up on it.
    pub patience: Span,
    /// `None`: a visitor never tries again.
    pub retries: Option<ClientRetries>,
}

/// Visits per second over the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Linear ramps between the points, in order of time; the last rate holds. Never empty; the
    /// first point's rate also holds before it.
    pub points: Vec<CurvePoint>,
    /// Factors that multiply the curve from one moment to the next (the day profile by hour, laid
    /// out along the calendar of the scenario); the last holds. Empty: no profile.
    pub profile: Vec<(Time, f64)>,
}

/// One corner of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    pub at: Time,
    /// Visits per second.
    pub rate: Rate,
}

/// Shares over the categories of one dimension; they sum to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weights(pub Vec<f64>);

/// The mixes over browser, login, account and tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mixes {
    pub browser: Weights,
    pub login: Weights,
    /// The category of `login` that means not signed in, if there is one (`none`).
    pub login_none: Option<u8>,
    /// One set of weights per login category.
    pub account: Vec<Weights>,
    pub tool: Weights,
}

/// A tool and the journey of a visit that uses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// Mean number of requests of a visit, at least 1. The number is geometric.
    pub requests: f64,
    /// Time between a reply and the next request.
    pub think: Spread,
    /// Which endpoint a request goes to; shares sum to 1.
    pub uses: Vec<(EndpointId, f64)>,
    /// Its visitors have signed in: the login is drawn with `none` removed.
    pub login_required: bool,
}

/// What a visitor does after an attempt that failed, was rejected, or ran out of patience.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClientRetries {
    /// Attempts after the first.
    pub at_most: u8,
    /// Wait before the first retry.
    pub after: Span,
    /// The wait is multiplied by this from one retry to the next.
    pub growth: f64,
    /// The wait is drawn uniformly from `wait × (1 ± jitter)`.
    pub jitter: Ratio,
    /// Retries per first attempt, over all visitors: a bucket of ten that starts full, gains
    /// this share of a token per first attempt, and pays one per retry.
    pub budget: Option<Ratio>,
}

/// The part of the visitors that something is restricted to: one list of categories per
/// dimension, in the order of [`crate::names::Dimension`]; an empty list means all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VisitorFilter(pub [Vec<u8>; 4]);

impl VisitorFilter {
    /// Whether a visitor of this segment belongs to the part.
    pub fn holds(&self, segment: Segment) -> bool {
        let pairs = self.0.iter().zip(segment.0);
        pairs.into_iter().all(|(list, value)| list.is_empty() || list.contains(&value))
    }

    /// Whether it restricts nothing.
    pub fn is_all(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}
