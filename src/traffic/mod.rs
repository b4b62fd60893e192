//! Who comes, when, and what they do: arrival curves, mixes, journeys.

mod arrivals;
mod coverage;
mod journeys;
mod plan;
mod visitors;

pub use arrivals::{Arrivals, VisitSource};
pub use coverage::Coverage;
pub use journeys::Journeys;
pub use plan::{
    ClientRetries, Curve, CurvePoint, Mixes, Tool, TrafficPlan, VisitorFilter, Weights,
};
pub use visitors::{VisitorHarm, Visitors};
