//! All tiers with the calls between them, their health checks, and what their groups did.

use super::breaker::{Circuit, RetryBudget};
use super::conditions::SiteConditions;
use super::group::ScalingActivity;
use super::lanes::DelayLanes;
use super::plan::{Call, Health, SitePlan};
use super::tier::TierAtWork;
use crate::kernel::LaneId;
use crate::names::{EndpointId, TierId};
use std::ops::{Index, IndexMut};

/// The tiers of a site at work.
#[derive(Clone)]
pub(super) struct Tiers {
    all: Vec<TierAtWork>,
    /// By endpoint and then by calling tier, as many to each endpoint as there are tiers.
    calls: Vec<CallAtWork>,
    /// Whether an instance of any tier hangs: while none does, nobody looks for it.
    pub hang: bool,
    pub health: Vec<Option<HealthLanes>>,
    /// What groups that scale have done since it was taken.
    pub activities: Vec<ScalingActivity>,
}

/// How one tier calls the next on behalf of one endpoint.
#[derive(Clone)]
pub(super) struct CallAtWork {
    pub plan: Call,
    pub timeout: LaneId,
    pub budget: Option<RetryBudget>,
    pub circuit: Option<Circuit>,
}

/// The lanes of a tier's health checks.
#[derive(Clone, Copy)]
pub(super) struct HealthLanes {
    pub every: LaneId,
    pub timeout: LaneId,
}

impl Tiers {
    /// All tiers idle, under conditions with nothing broken.
    pub fn new(plan: &SitePlan, quiet: &SiteConditions, lanes: &DelayLanes) -> Tiers {
        let call = |call: &Call| CallAtWork::new(*call, lanes.with(call.timeout));
        let health = |health: Health| HealthLanes {
            every: lanes.with(health.every),
            timeout: lanes.with(health.timeout),
        };
        let pairs = plan.tiers.iter().zip(&quiet.tiers);
        Tiers {
            all: pairs.map(|(tier, condition)| TierAtWork::new(tier, condition, lanes)).collect(),
            calls: plan.calls.iter().flatten().map(call).collect(),
            hang: false,
            health: plan.tiers.iter().map(|tier| tier.health.map(health)).collect(),
            activities: Vec::new(),
        }
    }

    /// How a tier calls the next on behalf of an endpoint.
    #[inline]
    pub fn call(&mut self, endpoint: EndpointId, caller: TierId) -> &mut CallAtWork {
        let number = endpoint.index() * self.all.len() + caller.index();
        &mut self.calls[number]
    }

    /// Whether this instance does nothing.
    #[inline]
    pub fn stands_still(&self, tier: TierId, instance: usize) -> bool {
        self.hang && !self[tier].instances[instance].works()
    }

    /// The ids of all tiers, in order.
    pub fn ids(&self) -> impl Iterator<Item = TierId> + use<> {
        (0..self.all.len()).map(TierId::from)
    }
}

impl Index<TierId> for Tiers {
    type Output = TierAtWork;
    #[inline]
    fn index(&self, id: TierId) -> &TierAtWork {
        &self.all[id.index()]
    }
}

impl IndexMut<TierId> for Tiers {
    #[inline]
    fn index_mut(&mut self, id: TierId) -> &mut TierAtWork {
        &mut self.all[id.index()]
    }
}

impl CallAtWork {
    /// A call that nobody has made yet, and the lane of its timeout.
    pub fn new(plan: Call, timeout: LaneId) -> CallAtWork {
        let budget = plan.retries.and_then(|retries| retries.budget).map(RetryBudget::new);
        CallAtWork { plan, timeout, budget, circuit: plan.breaker.map(Circuit::new) }
    }
}
