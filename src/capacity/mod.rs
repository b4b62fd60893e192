//! Whether the site can handle the expected traffic, with how much headroom, and where it breaks.
//!
//! Every [`Case`] (nothing broken, a zone lost, an instance lost, the cache cold, a rolling deploy,
//! the slowest external tier at its p99) is looked at twice: by formula at once (Little's law,
//! Erlang C, [`by_formula`]), and by playing the site itself at a constant rate. The breaking point
//! is the highest multiple of the expected peak that still meets the objectives.

mod case;
mod cause;
mod check;
mod formula;
mod outcome;
mod point;
mod production;
mod ramp;
mod recovery;
mod search;
mod sizing;

pub use case::{Case, CaseKind, Cases, SlowTier, cases};
pub use cause::{Bottleneck, BottleneckStep, HeldThreads, OverloadSign, seconds};
pub use check::{Assumed, CapacityCheck, CaseResult, CheckSetup, Peak};
pub use formula::{Formula, by_formula};
pub use outcome::{LoadOutcome, LoadStatus, TierOutcome};
pub use point::{CheckObserver, JudgedLoad, JudgedLoads, LoadPoint, LoadTest, Range, Signs};
pub use ramp::{Growth, ScaleUpImpact, ramp};
pub use recovery::{Recovery, RecoveryStep, recovery};
pub use search::{Breaking, search};
pub use sizing::{Size, Sizing, fewest};

use crate::journal::Basis;
use crate::scenario::Plan;

/// Per tier: nobody has measured how many threads an instance has.
fn assumed_threads(plan: &Plan) -> Vec<bool> {
    let assumed = |tier: &String| {
        let path = format!("site.tiers.{tier}.threads");
        let row = plan.inputs.iter().find(|row| row.path == path);
        row.is_none_or(|row| row.basis == Some(Basis::Assumed))
    };
    plan.names.tiers.iter().map(assumed).collect()
}
