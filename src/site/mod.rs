//! The simulated production: tiers, calls, visitors in flight. Millions of tiny events.

mod conditions;
mod plan;

pub use conditions::{Conditions, Failing, Hit, InstanceState, Slow, Surge, TierCondition};
pub use plan::{Balance, Breaker, Call, CallRetries, Endpoint, Health, SitePlan, Tier};
