//! What breaks: each fault with its start, its end, and what it does while it lasts.

mod plan;

pub use plan::{Fault, FaultEnd, FaultKind, FaultStart, OutageMode, Target, Which};
