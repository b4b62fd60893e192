//! The simulated production: tiers, calls, visitors in flight. Millions of tiny events.

mod autoscaling;
mod breaker;
mod burden;
mod calls;
mod conditions;
mod edges;
mod event;
mod frame;
mod health;
mod least_busy;
mod offered;
mod plan;
mod run;
mod scaler;
mod slab;
mod tier;
mod totals;
mod visits;
mod work;

pub use autoscaling::{Autoscaling, Target};
pub use conditions::{Conditions, Failing, Hit, InstanceState, Slow, Surge, TierCondition};
pub use offered::{TierLoad, headroom, offered, per_visit};
pub use plan::{Balance, Breaker, Call, CallRetries, Endpoint, Health, SitePlan, Tier};
pub use run::Site;
pub use scaler::{ScalingActivity, ScalingKind};
pub use totals::{Ledger, SiteTotals, TierTotals};

use event::Event;
