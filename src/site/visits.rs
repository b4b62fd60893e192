//! Visits: from the arrival through request after request, with patience and retries.

use super::blame::{DelayAttribution, FaultRef};
use super::engine::{Caller, Frame, SiteEvent};
use super::run::Site;
use super::slab::PoolSlot;
use super::tier::Acceptance;
use super::visitors::Visit;
use crate::names::EndpointId;
use crate::telemetry::{Cause, Outcome, RequestAttempt};
use crate::traffic::VisitorHarm;
use crate::units::Span;

impl Site {
    /// Starts a source at this moment.
    pub(super) fn start_source(&mut self, position: usize) {
        let now = self.engine.agenda.now();
        let source = &mut self.visitors.sources[position];
        let scale = match &source.surge {
            None => 1.0,
            Some(surge) => {
                let share =
                    |tool: crate::names::ToolId| self.visitors.traffic.mixes.tool.0[tool.index()];
                surge.extra * surge.tool.map_or(1.0, share)
            }
        };
        source.running = true;
        source.source.start(now, scale, &self.visitors.arrivals);
        self.enter_arrival(position);
    }

    /// A visit begins, and the source's next one is entered.
    pub(super) fn arrive(&mut self, position: usize, run: u32) {
        let running = &mut self.visitors.sources[position];
        if running.run != run {
            return;
        }
        let key = running.source.begin();
        let visitors = &mut running.source.visitors;
        let visitor = visitors.draw(key, self.visitors.traffic.returning);
        let surge = running.surge.as_ref();
        let tool = surge.and_then(|surge| surge.tool).map(|tool| tool.0 as u8);
        let tool = tool.unwrap_or_else(|| self.visitors.journeys.tool(key));
        let segment = self.visitors.journeys.segment(visitors.key(visitor), tool);
        if surge.is_none_or(|surge| surge.only.holds(segment)) {
            visitors.note_visit(visitor);
            self.visitors.coverage.note_visit(segment);
            self.visitors.visits_begun += 1;
            let visit = self.visitors.visits.add(Visit {
                key,
                visitor,
                source: position as u16,
                endpoint: EndpointId(0),
                segment,
                tool,
                attempt: 0,
                request: 0,
                requests: self.visitors.journeys.requests(key, tool),
                brought_by: FaultRef::of_surge(running.surge.as_ref()),
            });
            self.begin_or_hold(visit);
        }
        self.enter_arrival(position);
    }

    /// A visitor sends an attempt of its present request.
    pub(super) fn send_attempt(&mut self, id: PoolSlot<Visit>) {
        let visit = &mut self.visitors.visits[id];
        let request = visit.key.child(u64::from(visit.request));
        if visit.attempt == 0 {
            visit.endpoint = self.visitors.journeys.endpoint(request, visit.tool);
            if let Some(budget) = &mut self.visitors.client_budget {
                budget.earn();
            }
        }
        let path = self.engine.routes[visit.endpoint.index()];
        let tier = self.engine.paths[usize::from(path)][0];
        let attempt = Frame {
            key: request.child(u64::from(visit.attempt)),
            sent: self.engine.agenda.now(),
            caller: Caller::Visit(id),
            callee: None,
            segment: visit.segment,
            instance: 0,
            blame: DelayAttribution::none(visit.brought_by),
            tier,
            endpoint: visit.endpoint,
            path,
            hop: 0,
            retries: 0,
            breaker_probe: false,
            health_check: false,
            queued: false,
            suspended: None,
        };
        self.accounting.ledger.generated += 1;
        self.tiers[tier].ledger.generated += 1;
        if self.engine.conditions.maintenance {
            self.reply(&attempt, Outcome::Planned);
            return;
        }
        match self.take_in(attempt) {
            Ok(Acceptance::Kept) => self.reply(&attempt, Outcome::Ok),
            Ok(Acceptance::In(frame)) => {
                self.engine.agenda.enter_lane(self.visitors.patience, SiteEvent::Timeout { frame })
            }
            Err(cause) => {
                let mut refused = attempt;
                refused.blame.failed(cause, Span::ZERO);
                self.reply(&refused, Outcome::Rejected);
            }
        }
    }

    /// An attempt has ended for its visitor: on to the next request, once more, or away.
    pub(super) fn attempt_ended(
        &mut self,
        id: PoolSlot<Visit>,
        outcome: Outcome,
        took: Span,
        blame: DelayAttribution,
    ) {
        let charged = self.accounting.charges.concerns(outcome, took);
        let cause = if charged { self.charge_attempt(id, outcome, took, blame) } else { None };
        let (seen, status) = self.as_seen(outcome, blame);
        let visit = &mut self.visitors.visits[id];
        self.accounting.ledger.ended(outcome);
        let who = || visit.key.child(u64::from(visit.request)).child(u64::from(visit.attempt));
        self.accounting.tally.attempt(who, visit.endpoint, visit.segment, (seen, status), took);
        self.keep_attempt(id, (seen, status), took);
        let visit = &mut self.visitors.visits[id];
        let wait = match outcome {
            Outcome::Ok => {
                if took > self.visitors.slow_after {
                    let visit = *visit;
                    self.visitors.affect(&visit, VisitorHarm::Slow);
                }
                let visit = &mut self.visitors.visits[id];
                if visit.attempt > 0 {
                    self.visitors.impact.add_lost_time(visit.segment, took);
                }
                let request = visit.key.child(u64::from(visit.request));
                visit.request += 1;
                if visit.attempt > 0 {
                    let surge = self.visitors.sources[usize::from(visit.source)].surge.as_ref();
                    visit.brought_by = FaultRef::of_surge(surge);
                }
                visit.attempt = 0;
                if visit.request >= visit.requests {
                    None
                } else if let Some(belt) = self.visitors.thinking[usize::from(visit.tool)] {
                    return self.engine.agenda.enter_belt(belt, SiteEvent::Attempt { visit: id });
                } else {
                    Some(self.visitors.journeys.think(request, visit.tool))
                }
            }
            Outcome::Planned => {
                let visit = *visit;
                self.visitors.affect(&visit, VisitorHarm::Page);
                let rest = self.visitors.rest_of(&visit);
                self.visitors.impact.add_lost_time(visit.segment, took + rest);
                None
            }
            Outcome::Failed | Outcome::Rejected | Outcome::Abandoned => {
                if let Some(fault) = cause.and_then(Cause::fault) {
                    visit.brought_by = FaultRef::to(Some(fault));
                }
                let visit = *visit;
                let gave_up = outcome == Outcome::Abandoned;
                let harm = if gave_up { VisitorHarm::GivenUp } else { VisitorHarm::Failed };
                self.visitors.affect(&visit, harm);
                let wait = self.visitors.wait_before_retry(id);
                let rest = wait.unwrap_or_else(|| self.visitors.rest_of(&visit));
                self.visitors.impact.add_lost_time(visit.segment, took + rest);
                wait
            }
        };
        self.attempt_after(id, wait);
    }

    /// Keeps an attempt that has ended, if somebody wants to see each of them.
    #[inline]
    fn keep_attempt(&mut self, id: PoolSlot<Visit>, seen: (Outcome, u16), took: Span) {
        let Some(attempts) = &mut self.accounting.attempts else { return };
        let visit = &self.visitors.visits[id];
        attempts.push(RequestAttempt {
            at: self.engine.agenda.now(),
            visitor: (u32::from(visit.source) << 20) | (visit.visitor & 0xf_ffff),
            endpoint: visit.endpoint,
            segment: visit.segment,
            outcome: seen.0,
            status: seen.1,
            took,
        });
    }

    /// The next attempt of a visit after this time; without one, it leaves.
    fn attempt_after(&mut self, id: PoolSlot<Visit>, wait: Option<Span>) {
        let agenda = &mut self.engine.agenda;
        match wait {
            Some(wait) => agenda.enter(agenda.now() + wait, SiteEvent::Attempt { visit: id }),
            None => drop(self.visitors.visits.remove(id)),
        }
    }

    fn enter_arrival(&mut self, position: usize) {
        let now = self.engine.agenda.now();
        let running = &mut self.visitors.sources[position];
        if let Some(at) = running.source.next(&self.visitors.arrivals) {
            let event = SiteEvent::Arrival { source: position as u16, run: running.run };
            // The inverse of the curve can be a rounding error early.
            self.engine.agenda.enter(at.max(now), event);
        }
    }
}
