//! The simulated production: tiers, calls, visitors in flight. Millions of tiny events.

mod accounting;
mod admission;
mod autoscaling;
mod backlog;
mod backlog_job;
mod blame;
mod breaker;
mod calls;
mod charging;
mod conditions;
mod edges;
mod engine;
mod group;
mod health;
mod impact;
mod lanes;
mod least_busy;
mod offered;
mod plan;
mod probe;
mod probes;
mod run;
mod scaling;
mod shortage;
mod slab;
mod tier;
mod tiers;
mod visitors;
mod visits;
mod waiting_room;
mod warming;
mod work;

pub use accounting::{RequestLedger, SiteTotals, TierTotals};
pub use autoscaling::{Autoscaling, ScalingTarget};
pub use conditions::{
    FailingWork, Hit, InstanceState, SeenAs, SiteConditions, Slow, Surge, TierCondition,
};
pub use group::{ScalingActivity, ScalingKind};
pub use impact::UsersAffected;
pub use offered::{TierLoad, headroom, offered, per_visit};
pub use plan::{Balance, Breaker, Call, CallRetries, Endpoint, Health, SitePlan, Tier, Warming};
pub use probe::Probe;
pub use run::Site;
pub use waiting_room::HeldBack;
