//! Visits: from the arrival through request after request, with patience and retries.

use super::Event;
use super::Surge;
use super::calls::jittered;
use super::frame::{Caller, Frame};
use super::run::Site;
use super::slab::Id;
use super::work::stretched;
use crate::kernel::Key;
use crate::names::{EndpointId, Segment};
use crate::telemetry::{Attempt, Outcome};
use crate::traffic::Source;
use crate::units::Span;

/// A visit under way. It has one thing to come: an attempt's outcome, or the next attempt.
#[derive(Clone, Copy)]
pub(super) struct Visit {
    key: Key,
    visitor: u32,
    source: u16,
    endpoint: EndpointId,
    segment: Segment,
    tool: u8,
    /// Attempts of the present request that have ended.
    attempt: u8,
    /// Requests that have been answered, of how many.
    request: u32,
    requests: u32,
}

/// A source of visits, and whether it runs.
#[derive(Clone)]
pub(super) struct SourceAtWork {
    pub source: Source,
    /// `None` for the traffic curve itself.
    pub surge: Option<Surge>,
    pub running: bool,
    /// How often it has been stopped: arrivals entered before are stale.
    run: u32,
}

impl SourceAtWork {
    pub(super) fn new(key: Key) -> SourceAtWork {
        SourceAtWork { source: Source::new(key), surge: None, running: false, run: 0 }
    }

    pub(super) fn is_of(&self, fault: u64) -> bool {
        self.surge.as_ref().is_some_and(|surge| surge.fault == fault)
    }

    pub(super) fn stop(&mut self) {
        self.running = false;
        self.run += 1;
    }
}

impl Site {
    /// Starts a source at this moment.
    pub(super) fn start_source(&mut self, position: usize) {
        let now = self.agenda.now();
        let source = &mut self.sources[position];
        let scale = match &source.surge {
            None => 1.0,
            Some(surge) => {
                let share = |tool: crate::names::ToolId| self.traffic.mixes.tool.0[tool.index()];
                surge.extra * surge.tool.map_or(1.0, share)
            }
        };
        source.running = true;
        source.source.start(now, scale, &self.arrivals);
        self.enter_arrival(position);
    }

    /// A visit begins, and the source's next one is entered.
    pub(super) fn arrive(&mut self, position: usize, run: u32) {
        let running = &mut self.sources[position];
        if running.run != run {
            return;
        }
        let key = running.source.begin();
        let visitors = &mut running.source.visitors;
        let visitor = visitors.draw(key, self.traffic.returning);
        let surge = running.surge.as_ref();
        let tool = surge.and_then(|surge| surge.tool).map(|tool| tool.0 as u8);
        let tool = tool.unwrap_or_else(|| self.journeys.tool(key));
        let segment = self.journeys.segment(visitors.key(visitor), tool);
        if surge.is_none_or(|surge| surge.only.holds(segment)) {
            visitors.saw(visitor);
            self.coverage.saw(segment);
            self.visits_begun += 1;
            let visit = self.visits.add(Visit {
                key,
                visitor,
                source: position as u16,
                endpoint: EndpointId(0),
                segment,
                tool,
                attempt: 0,
                request: 0,
                requests: self.journeys.requests(key, tool),
            });
            self.send_attempt(visit);
        }
        self.enter_arrival(position);
    }

    /// A visitor sends an attempt of its present request.
    pub(super) fn send_attempt(&mut self, id: Id<Visit>) {
        let visit = &mut self.visits[id];
        let request = visit.key.child(u64::from(visit.request));
        if visit.attempt == 0 {
            visit.endpoint = self.journeys.endpoint(request, visit.tool);
            if let Some(budget) = &mut self.client_budget {
                budget.earn();
            }
        }
        let path = self.routes[visit.endpoint.index()];
        let tier = self.paths[usize::from(path)][0];
        let attempt = Frame {
            key: request.child(u64::from(visit.attempt)),
            sent: self.agenda.now(),
            caller: Caller::Visit(id),
            callee: None,
            segment: visit.segment,
            instance: 0,
            tier,
            endpoint: visit.endpoint,
            path,
            hop: 0,
            retries: 0,
            trial: false,
            probe: false,
            frozen: None,
        };
        self.ledger.generated += 1;
        self.tiers[tier.index()].ledger.generated += 1;
        if self.conditions.maintenance {
            self.reply(&attempt, Outcome::Planned);
            return;
        }
        match self.take_in(attempt) {
            Some(frame) => self.agenda.enter_lane(self.patience, Event::Timeout { frame }),
            None => self.reply(&attempt, Outcome::Rejected),
        }
    }

    /// An attempt has ended for its visitor: on to the next request, once more, or away.
    pub(super) fn attempt_ended(&mut self, id: Id<Visit>, outcome: Outcome, took: Span) {
        let visit = &mut self.visits[id];
        self.ledger.ended(outcome);
        self.tally.attempt(visit.endpoint, visit.segment, outcome, took);
        if let Some(attempts) = &mut self.attempts {
            attempts.push(Attempt {
                at: self.agenda.now(),
                visitor: (u32::from(visit.source) << 20) | (visit.visitor & 0xf_ffff),
                endpoint: visit.endpoint,
                segment: visit.segment,
                outcome,
                took,
            });
        }
        let wait = match outcome {
            Outcome::Ok => {
                if visit.attempt > 0 {
                    self.burden.loses(visit.segment, took);
                }
                let request = visit.key.child(u64::from(visit.request));
                visit.request += 1;
                visit.attempt = 0;
                let more = visit.request < visit.requests;
                more.then(|| self.journeys.think(request, visit.tool))
            }
            Outcome::Planned => None,
            Outcome::Failed | Outcome::Rejected | Outcome::Abandoned => {
                let visit = *visit;
                let source = &mut self.sources[usize::from(visit.source)].source;
                if source.visitors.hurt(visit.visitor) {
                    self.burden.hurts(visit.segment);
                }
                let wait = self.wait_before_retry(id);
                let rest = wait.unwrap_or_else(|| self.rest_of(&visit));
                self.burden.loses(visit.segment, took + rest);
                wait
            }
        };
        match wait {
            Some(wait) => {
                self.agenda.enter(self.agenda.now() + wait, Event::Attempt { visit: id });
            }
            None => drop(self.visits.remove(id)),
        }
    }

    /// How long a visitor waits before it tries again; `None`: it leaves.
    fn wait_before_retry(&mut self, id: Id<Visit>) -> Option<Span> {
        let visit = &mut self.visits[id];
        let retries = self.traffic.retries?;
        if visit.attempt >= retries.at_most {
            return None;
        }
        if self.client_budget.as_mut().is_some_and(|budget| !budget.pay()) {
            return None;
        }
        let times = (0..visit.attempt).fold(1.0, |times, _| times * retries.growth);
        let key = visit.key.child(u64::from(visit.request)).child(u64::from(visit.attempt));
        visit.attempt += 1;
        Some(jittered(stretched(retries.after, times), retries.jitter, key))
    }

    /// How long the visitor would still have thought, had its present request been answered.
    fn rest_of(&self, visit: &Visit) -> Span {
        let thinks = (visit.request + 1..visit.requests).map(|after| {
            let request = visit.key.child(u64::from(after - 1));
            self.journeys.think(request, visit.tool)
        });
        thinks.fold(Span::ZERO, |rest, think| Span(rest.0.saturating_add(think.0)))
    }

    fn enter_arrival(&mut self, position: usize) {
        let now = self.agenda.now();
        let running = &mut self.sources[position];
        if let Some(at) = running.source.next(&self.arrivals) {
            let event = Event::Arrival { source: position as u16, run: running.run };
            // The inverse of the curve can be a rounding error early.
            self.agenda.enter(at.max(now), event);
        }
    }
}
