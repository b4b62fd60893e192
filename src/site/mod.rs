//! The simulated production: tiers, calls, visitors in flight. Millions of tiny events.

mod admission;
mod autoscaling;
mod blame;
mod books;
mod breaker;
mod calls;
mod charging;
mod conditions;
mod edges;
mod engine;
mod group;
mod health;
mod impact;
mod least_busy;
mod offered;
mod plan;
mod run;
mod scaling;
mod shortage;
mod slab;
mod tier;
mod tiers;
mod visitors;
mod visits;
mod waiting_room;
mod work;

pub use autoscaling::{Autoscaling, Target};
pub use books::{Ledger, SiteTotals, TierTotals};
pub use conditions::{Conditions, Failing, Hit, InstanceState, SeenAs, Slow, Surge, TierCondition};
pub use group::{ScalingActivity, ScalingKind};
pub use impact::UsersAffected;
pub use offered::{TierLoad, headroom, offered, per_visit};
pub use plan::{Balance, Breaker, Call, CallRetries, Endpoint, Health, SitePlan, Tier};
pub use run::Site;
pub use waiting_room::HeldBack;
