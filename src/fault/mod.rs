//! What breaks: each fault with its start, its end, and what it does while it lasts.
//!
//! One file per kind of fault; a new kind is one more file and one more variant of [`FaultKind`].

mod blind;
mod blocked;
mod conditions;
mod failing;
mod lost;
mod outage;
mod plan;
mod reach;
mod schedule;
mod slow;
mod surge;
mod unreachable;

pub use conditions::Conditions;
pub use plan::{Fault, FaultEnd, FaultKind, FaultStart, OutageMode, Target, Which};
pub use schedule::{Edge, Schedule};
