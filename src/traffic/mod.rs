//! Who comes, when, and what they do: arrival curves, mixes, journeys.

mod plan;

pub use plan::{ClientRetries, Curve, CurvePoint, Mixes, Only, Tool, TrafficPlan, Weights};
