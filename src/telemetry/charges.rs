//! Ground truth of harm: which requests went wrong in an interval, and what spoilt them.
//!
//! Only a simulation knows this. It is handed out beside each reading and never becomes part of
//! one, so that the judgement stays as blind as the real one.

use crate::names::{FaultId, TierId};
use crate::units::Time;
use serde::{Deserialize, Serialize};

/// What spoilt a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A fault of the scenario did it directly.
    Fault(FaultId),
    /// A tier had no room for it.
    Overload {
        tier: TierId,
        /// The fault whose requests held most of the tier's thread-seconds since it has been out
        /// of room; `None`: ordinary traffic was too much for it.
        trigger: Option<FaultId>,
    },
}

impl Cause {
    /// The fault that it comes from in the end, directly or as the trigger of an overload.
    pub fn fault(self) -> Option<FaultId> {
        match self {
            Cause::Fault(fault) => Some(fault),
            Cause::Overload { trigger, .. } => trigger,
        }
    }
}

/// The requests of one scope that one cause spoilt in an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The position of the scope in [`crate::names::Names::scopes`].
    pub scope: usize,
    pub cause: Cause,
    pub failed: u64,
    pub rejected: u64,
    /// Given up by whoever waited for them.
    pub given_up: u64,
    /// Answered, failed or given up after longer than each latency limit of the rules, in order.
    pub slow: Vec<u64>,
}

/// The requests of one scope that went wrong without a cause: errors that a tier makes on an
/// ordinary day, and work that is naturally that slow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncharged {
    pub scope: usize,
    pub failed: u64,
    pub rejected: u64,
    pub given_up: u64,
    pub slow: Vec<u64>,
}

/// What is charged to whom over `[from, to)`. With what is charged to nobody, the rows of a scope
/// add up to the failed, rejected and given-up requests of its reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charges {
    pub from: Time,
    pub to: Time,
    /// Sorted by scope and cause; only rows that are not zero throughout.
    pub rows: Vec<Charge>,
    /// Sorted by scope; only rows that are not zero throughout.
    pub nobody: Vec<Uncharged>,
}
