//! Visitors: where they come from, what they are doing, and what the day has cost them.

use super::blame::FaultRef;
use super::breaker::{RetryBudget, jittered};
use super::conditions::Surge;
use super::impact::UserImpact;
use super::lanes::DelayLanes;
use super::slab::{Pool, PoolSlot};
use crate::kernel::{BeltId, DrawKey, LaneId};
use crate::names::{EndpointId, Names, Segment};
use crate::traffic::{Arrivals, Coverage, Journeys, TrafficPlan, VisitSource, VisitorHarm};
use crate::units::Span;

/// Everybody who visits, and everything that visits are drawn from.
#[derive(Clone)]
pub(super) struct SiteVisitors {
    pub traffic: TrafficPlan,
    pub arrivals: Arrivals,
    pub journeys: Journeys,
    /// The traffic curve first, then surges.
    pub sources: Vec<SourceAtWork>,
    pub visits: Pool<Visit>,
    pub patience: LaneId,
    /// By tool: that of its visitors' thinking, where that always takes the same time.
    pub thinking: Vec<Option<BeltId>>,
    /// Retries that all visitors together may make.
    pub client_budget: Option<RetryBudget>,
    pub coverage: Coverage,
    pub impact: UserImpact,
    /// Visitors are affected by answers that take longer.
    pub slow_after: Span,
    pub visits_begun: u64,
}

/// A visit under way. It has one thing to come: an attempt's outcome, or the next attempt.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(super) struct Visit {
    pub key: DrawKey,
    pub visitor: u32,
    pub source: u16,
    pub endpoint: EndpointId,
    pub segment: Segment,
    pub tool: u8,
    /// Attempts of the present request that have ended.
    pub attempt: u8,
    /// Requests that have been answered, of how many.
    pub request: u32,
    pub requests: u32,
    /// The fault without which its next attempt would not be made.
    pub brought_by: FaultRef,
}

// Hundreds of thousands think at once, and most of them have gone cold when they go on: two of them
// are one line of memory.
const _: () = assert!(size_of::<Visit>() == 32);

/// A source of visits, and whether it runs.
#[derive(Clone)]
pub(super) struct SourceAtWork {
    pub source: VisitSource,
    /// `None` for the traffic curve itself.
    pub surge: Option<Surge>,
    pub running: bool,
    /// How often it has been stopped: arrivals entered before are stale.
    pub run: u32,
}

impl SourceAtWork {
    pub(super) fn new(key: DrawKey) -> SourceAtWork {
        SourceAtWork { source: VisitSource::new(key), surge: None, running: false, run: 0 }
    }

    pub(super) fn is_of(&self, key: u64) -> bool {
        self.surge.as_ref().is_some_and(|surge| surge.key == key)
    }

    pub(super) fn stop(&mut self) {
        self.running = false;
        self.run += 1;
    }
}

impl SiteVisitors {
    /// Nobody there yet; `root` is the key of the site.
    pub fn new(
        traffic: &TrafficPlan,
        names: &Names,
        root: DrawKey,
        lanes: &DelayLanes,
    ) -> SiteVisitors {
        let budget = traffic.retries.and_then(|retries| retries.budget);
        SiteVisitors {
            traffic: traffic.clone(),
            arrivals: Arrivals::new(&traffic.curve),
            journeys: Journeys::new(traffic),
            sources: vec![SourceAtWork::new(root.child(0))],
            visits: Pool::new(),
            patience: lanes.with(traffic.patience),
            thinking: traffic.tools.iter().map(|tool| lanes.steady(tool.think)).collect(),
            client_budget: budget.map(RetryBudget::new),
            coverage: Coverage::new(&traffic.mixes, &traffic.tools),
            impact: UserImpact::new(names),
            slow_after: Span(u64::MAX),
            visits_begun: 0,
        }
    }

    /// Something happens to a visitor.
    pub fn affect(&mut self, visit: &Visit, harm: VisitorHarm) {
        let visitors = &mut self.sources[usize::from(visit.source)].source.visitors;
        let Some(before) = visitors.affect(visit.visitor, harm, visit.tool) else { return };
        // What a visitor is like follows from its key and the tool that it used then.
        let key = visitors.key(visit.visitor);
        let before = before.map(|(harm, tool)| (harm, self.journeys.segment(key, tool)));
        self.impact.affects(before, (harm, visit.segment));
    }

    /// How long a visitor waits before it tries again; `None`: it leaves.
    pub fn wait_before_retry(&mut self, id: PoolSlot<Visit>) -> Option<Span> {
        let visit = &mut self.visits[id];
        let retries = self.traffic.retries?;
        if visit.attempt >= retries.at_most {
            return None;
        }
        if self.client_budget.as_mut().is_some_and(|budget| !budget.spend()) {
            return None;
        }
        let times = (0..visit.attempt).fold(1.0, |times, _| times * retries.growth);
        let key = visit.key.child(u64::from(visit.request)).child(u64::from(visit.attempt));
        visit.attempt += 1;
        Some(jittered(retries.after.stretched(times), retries.jitter, key))
    }

    /// How long the visitor would still have thought, had its present request been answered.
    pub fn rest_of(&self, visit: &Visit) -> Span {
        let thinks = (visit.request + 1..visit.requests).map(|after| {
            let request = visit.key.child(u64::from(after - 1));
            self.journeys.think(request, visit.tool)
        });
        thinks.fold(Span::ZERO, |rest, think| Span(rest.0.saturating_add(think.0)))
    }
}
