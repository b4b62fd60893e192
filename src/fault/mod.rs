//! What breaks: each fault with its start, its end, and what it does while it lasts.
//!
//! A new kind is one variant of [`FaultKind`] and one arm in `effects.rs`.

mod conditions;
mod drawn;
mod effects;
mod plan;
mod schedule;
mod strength;
mod topology;

pub use conditions::Conditions;
pub use plan::{
    Blinded, Fault, FaultEnd, FaultKind, FaultStart, FaultTarget, InstanceSelector, Notice,
    OutageMode, StartsWhen, VaryingValues,
};
pub use schedule::{Edge, Schedule};
pub use topology::{Topology, TopologyCall, TopologyTier};
