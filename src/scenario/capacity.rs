//! What the capacity of the site is judged by.

use crate::names::TierId;
use crate::units::{Ratio, Span};
use serde::{Deserialize, Serialize};

/// What the site must keep to at the expected peak, and what the cases of the check need to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityPlan {
    /// The share of the capacity that the peak leaves unused: 1 − peak ÷ the most that is carried.
    pub headroom: Ratio,
    /// The percentile of response times that is judged, between 0 and 1.
    pub quantile: f64,
    /// What it must stay below.
    pub latency: Span,
    /// The share of requests that get no good answer must stay below this.
    pub errors: Ratio,
    /// How many zones may be lost at a time.
    pub zones_lost: u32,
    /// Tiers with a cache, and how many times as long they take while it is cold.
    pub cold: Vec<(TierId, f64)>,
    /// The share of a tier's instances that a rolling deploy takes out at once; `None`: one.
    pub deploy: Option<Ratio>,
}

impl Default for CapacityPlan {
    fn default() -> CapacityPlan {
        CapacityPlan {
            headroom: Ratio(0.3),
            quantile: 0.95,
            latency: Span::from_secs(2),
            errors: Ratio(0.001),
            zones_lost: 1,
            cold: Vec::new(),
            deploy: None,
        }
    }
}
