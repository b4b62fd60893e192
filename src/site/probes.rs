//! Synthetic requests: sent in step by rules that look behind a maintenance page, and counted for
//! nobody else.

use super::blame::{DelayAttribution, FaultRef};
use super::engine::{Caller, Frame, SiteEvent};
use super::probe::{NOBODY, Probe, ProbeAtWork};
use super::run::Site;
use super::tier::Acceptance;
use crate::names::{EndpointId, Scope};
use crate::telemetry::Outcome;
use crate::units::Span;

impl Site {
    /// The same before it has run, with requests of these rules' own; see
    /// [`Site::take_probes`]. Nothing else of a run is drawn otherwise for it.
    pub fn with_probes(mut self, probes: Vec<Probe>) -> Site {
        let root = self.engine.root.named("probes");
        let rules = probes.iter().map(|probe| probe.rule).collect();
        self.accounting.tally = self.accounting.tally.with_probes(rules);
        for (number, plan) in probes.into_iter().enumerate() {
            assert!(plan.every > Span::ZERO, "probes without a pause would never end");
            let at = self.now() + plan.every;
            self.engine.agenda.enter(at, SiteEvent::Probe { number: number as u16 });
            let key = root.named(&plan.name);
            self.probes.push(ProbeAtWork { plan, key, sent: 0 });
        }
        self
    }

    /// Sends the next request of a probe, and enters the one after it. It goes past a maintenance
    /// page and a waiting room, and through the tiers as a visitor's would.
    pub(super) fn probe(&mut self, number: u16) {
        let now = self.now();
        let probe = &mut self.probes[usize::from(number)];
        let (sent, scope, every) = (probe.sent, probe.plan.scope, probe.plan.every);
        probe.sent += 1;
        let key = probe.key.child(sent);
        self.engine.agenda.enter(now + every, SiteEvent::Probe { number });
        let Some((endpoint, path, hop)) = self.probed(scope, sent) else { return };
        let request = Frame {
            key,
            sent: now,
            caller: Caller::Probe(number),
            callee: None,
            segment: NOBODY,
            instance: 0,
            blame: DelayAttribution::none(FaultRef::to(None)),
            tier: self.engine.paths[usize::from(path)][usize::from(hop)],
            endpoint,
            path,
            hop,
            retries: 0,
            breaker_probe: false,
            health_check: false,
            queued: false,
            suspended: None,
        };
        match self.take_in(request) {
            Ok(Acceptance::Kept) => self.reply(&request, Outcome::Ok),
            Ok(Acceptance::In(frame)) => {
                self.engine.agenda.enter_lane(self.visitors.patience, SiteEvent::Timeout { frame });
            }
            Err(cause) => {
                let mut refused = request;
                refused.blame.failed(cause, Span::ZERO);
                self.reply(&refused, Outcome::Rejected);
            }
        }
    }

    /// Where a probe's next request goes: the endpoint, its path, and where on it. `None`: nothing
    /// leads there at present.
    fn probed(&self, scope: Scope, sent: u64) -> Option<(EndpointId, u16, u8)> {
        let routes = &self.engine.routes;
        match scope {
            Scope::Endpoint(endpoint) => Some((endpoint, routes[endpoint.index()], 0)),
            Scope::Tier(tier) => {
                let at = |path: u16| {
                    self.engine.paths[usize::from(path)].iter().position(|on| *on == tier)
                };
                let through = |(endpoint, path): (usize, &u16)| {
                    at(*path).map(|hop| (EndpointId::from(endpoint), *path, hop as u8))
                };
                routes.iter().enumerate().find_map(through)
            }
            Scope::Site => {
                let endpoint = (sent % routes.len().max(1) as u64) as usize;
                Some((endpoint.into(), *routes.get(endpoint)?, 0))
            }
            Scope::Segment(..) => None,
        }
    }

    /// A probe's request has ended, well or not.
    pub(super) fn probe_ended(&mut self, number: u16, frame: &Frame, outcome: Outcome, took: Span) {
        let seen = self.as_seen(outcome, frame.blame);
        self.accounting.tally.probe(usize::from(number), frame.key, seen, took);
    }
}
