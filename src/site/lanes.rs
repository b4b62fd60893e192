//! What always comes after the same time: timeouts, and work and thinking that always take as long.

use super::plan::SitePlan;
use crate::kernel::{Agenda, BeltId, LaneId};
use crate::traffic::TrafficPlan;
use crate::units::{Span, Spread};

/// The constant delays of a site, shortest first: another one does not change their order.
pub(super) struct DelayLanes {
    timeouts: Vec<(Span, LaneId)>,
    /// What always takes the same time.
    steady: Vec<(Span, BeltId)>,
}

impl DelayLanes {
    /// A lane of the agenda for every timeout that there is, and a belt for all that always takes
    /// the same time.
    pub fn new<E: Copy>(
        plan: &SitePlan,
        traffic: &TrafficPlan,
        agenda: &mut Agenda<E>,
    ) -> DelayLanes {
        let calls = plan.calls.iter().flatten().map(|call| call.timeout);
        let health = plan.tiers.iter().filter_map(|tier| tier.health);
        let health = health.flat_map(|health| [health.every, health.timeout]);
        let timeouts = each(calls.chain(health).chain([traffic.patience]));
        let tiers = plan.tiers.iter().map(|tier| tier.takes);
        let spreads = tiers.chain(traffic.tools.iter().map(|tool| tool.think));
        let steady = each(spreads.filter_map(always));
        DelayLanes {
            timeouts: timeouts.map(|delay| (delay, agenda.add_lane(delay))).collect(),
            steady: steady.map(|delay| (delay, agenda.add_belt(delay))).collect(),
        }
    }

    /// The lane with this delay.
    pub fn with(&self, delay: Span) -> LaneId {
        let position = self.timeouts.binary_search_by_key(&delay, |(delay, _)| *delay);
        self.timeouts[position.expect("every delay has its lane")].1
    }

    /// The belt of what takes so long, if that is always the same.
    pub fn steady(&self, takes: Spread) -> Option<BeltId> {
        let position = self.steady.binary_search_by_key(&always(takes)?, |(delay, _)| *delay);
        position.ok().map(|position| self.steady[position].1)
    }
}

fn always(takes: Spread) -> Option<Span> {
    match takes {
        Spread::Fixed(span) => Some(span),
        _ => None,
    }
}

/// Each delay once, shortest first.
fn each(delays: impl Iterator<Item = Span>) -> std::vec::IntoIter<Span> {
    let mut delays: Vec<Span> = delays.collect();
    delays.sort_unstable();
    delays.dedup();
    delays.into_iter()
}
