//! The site itself: its five parts, and the loop that runs them.

use super::accounting::{Accounting, RequestLedger, SiteTotals, TierTotals};
use super::conditions::SiteConditions;
use super::engine::{Caller, Engine, Frame, FrameAction, SiteEvent};
use super::impact::UsersAffected;
use super::lanes::DelayLanes;
use super::plan::SitePlan;
use super::probe::ProbeAtWork;
use super::slab::{Id, Slab};
use super::tiers::Tiers;
use super::visitors::SiteVisitors;
use super::waiting_room::WaitingRoom;
use crate::kernel::{Agenda, DrawKey};
use crate::measure::{Latencies, Limits};
use crate::names::{Dimension, Names, RuleId, TierId};
use crate::telemetry::{ChargeTally, Charges, ErrorKinds, RequestAttempt, UncountedShare};
use crate::telemetry::{ObservedCounts, Reading, ScopeReading, Tally};
use crate::traffic::TrafficPlan;
use crate::units::{Span, Time};

/// A few milliseconds of work: rare enough to cost nothing, often enough for Ctrl-C.
const EVENTS_BETWEEN_LOOKS: u64 = 4_096;

/// Simulated production: visitors, tiers, and every request between them.
///
/// It runs from one control event to the next with [`Site::run_until`]; what breaks or changes is
/// handed in with [`Site::apply`], what telemetry sees is handed out with [`Site::scrape`]. The
/// same plan, key and conditions give the same readings to the last bit.
#[derive(Clone)]
pub struct Site {
    pub(super) engine: Engine,
    pub(super) tiers: Tiers,
    pub(super) visitors: SiteVisitors,
    pub(super) accounting: Accounting,
    pub(super) room: WaitingRoom,
    pub(super) probes: Vec<ProbeAtWork>,
}

impl Site {
    /// Everything still to come uses other random draws from now on; what is in progress goes on.
    pub fn fork(&mut self, luck: u64) {
        self.engine.root = self.engine.root.forked(luck);
        self.visitors.sources.iter_mut().for_each(|source| source.source.fork(luck));
        self.probes.iter_mut().for_each(|probe| probe.key = probe.key.forked(luck));
    }

    /// A site at time zero, with nothing broken and nobody there; all its draws come from `root`.
    pub fn new(plan: &SitePlan, traffic: &TrafficPlan, names: &Names, root: DrawKey) -> Site {
        let mut agenda = Agenda::new();
        let lanes = DelayLanes::new(plan, traffic, &mut agenda);
        let quiet = SiteConditions::quiet(plan);
        let mut site = Site {
            tiers: Tiers::new(plan, &quiet, &lanes),
            visitors: SiteVisitors::new(traffic, names, root, &lanes),
            accounting: Accounting {
                ledger: RequestLedger::default(),
                tally: Tally::new(names),
                charges: ChargeTally::new(names),
                attempts: None,
            },
            room: WaitingRoom::default(),
            probes: Vec::new(),
            engine: Engine {
                root,
                agenda,
                frames: Slab::new(),
                conditions: quiet.clone(),
                paths: Vec::new(),
                routes: vec![0; plan.endpoints.len()],
                events: 0,
            },
        };
        site.apply(&quiet);
        site.start_source(0);
        site.start_scaling();
        site
    }

    /// The same before it has run, with these limits of response times counted exactly.
    pub fn with_limits(mut self, limits: Limits) -> Site {
        self.accounting.tally = self.accounting.tally.with_limits(limits);
        self
    }

    /// The same before it has run, with the times of good answers kept apart.
    pub fn with_good_times(mut self, names: &Names) -> Site {
        self.accounting.tally = self.accounting.tally.with_good_times(names);
        self
    }

    /// The same before it has run; counts again for those from whom something may be hidden: rules,
    /// or the monitoring as a whole, who look at these positions of a reading.
    pub fn with_views(mut self, observers: Vec<(Option<RuleId>, Vec<usize>)>) -> Site {
        self.accounting.tally = self.accounting.tally.with_views(observers);
        self
    }

    /// From now on these shares of what happens are hidden from them.
    pub fn hide(&mut self, spots: Vec<UncountedShare>) {
        self.accounting.tally.hide(spots);
    }

    /// What was counted since the last call, for those from whom something of it was hidden.
    pub fn take_views(&mut self) -> Vec<ObservedCounts> {
        self.accounting.tally.take_views()
    }

    /// What the rules that send requests themselves have seen by them since the last call.
    pub fn take_probes(&mut self) -> Vec<(RuleId, ScopeReading)> {
        self.accounting.tally.take_probes()
    }

    /// The times of good answers by endpoint and by tier since the last call; empty unless they are
    /// kept.
    pub fn take_good_times(&mut self) -> (Vec<Latencies>, Vec<Latencies>) {
        self.accounting.tally.take_good_times()
    }

    /// The moment it has run up to.
    pub fn now(&self) -> Time {
        self.engine.agenda.now()
    }

    /// Handles everything that happens before `to`, and stops at `to`.
    pub fn run_until(&mut self, to: Time) {
        self.run_until_stopped(to, &|| false);
    }

    /// The same, but asks every few thousand events whether to stop; true if it did, wherever it
    /// was by then. What happens before does not depend on being asked.
    pub fn run_until_stopped(&mut self, to: Time, stop: &dyn Fn() -> bool) -> bool {
        while let Some(event) = self.engine.next_before(to, &self.visitors.visits) {
            self.engine.events += 1;
            self.handle(event);
            if self.engine.events.is_multiple_of(EVENTS_BETWEEN_LOOKS) && stop() {
                return true;
            }
        }
        self.engine.agenda.advance(to);
        false
    }

    /// The reading of `[from, to)`: everything counted since the last one was taken.
    pub fn scrape(&mut self, from: Time, to: Time) -> Reading {
        self.check_conservation();
        let mut reading = self.accounting.tally.take(from, to);
        for tier in self.tiers.ids() {
            let position = self.accounting.tally.position_of(tier);
            reading.scopes[position].backlog = self.tiers[tier].backlog_at(to);
        }
        reading
    }

    /// From now on counts slow requests in charges by these limits.
    pub fn charge_by(&mut self, limits: Vec<Span>) {
        self.accounting.charges.set_limits(limits);
    }

    /// From now on a visitor whose answer takes longer than this is affected by that.
    pub fn slow_after(&mut self, limit: Span) {
        self.visitors.slow_after = limit;
    }

    /// From now on readings count these as errors; see [`Site::slow_after`] for what is slow.
    pub fn count_as_errors(&mut self, errors: ErrorKinds) {
        self.accounting.tally.count_as_errors(errors, self.visitors.slow_after);
    }

    /// What is charged to whom over `[from, to)`: everything since this was taken last.
    pub fn charges(&mut self, from: Time, to: Time) -> Charges {
        self.accounting.charges.take(from, to)
    }

    /// From now on keeps every attempt that ends, until it is taken.
    pub fn keep_attempts(&mut self) {
        self.accounting.attempts.get_or_insert_default();
    }

    /// The attempts that have ended since the last call, in order; none unless they are kept.
    pub fn take_attempts(&mut self) -> Vec<RequestAttempt> {
        self.accounting.attempts.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The sums since the start.
    pub fn totals(&self) -> SiteTotals {
        SiteTotals {
            visits: self.visitors.visits_begun,
            users: self.users(),
            affected: self.visitors.impact.affected(),
            lost: self.visitors.impact.lost(),
            requests: self.accounting.ledger,
            in_flight: self.accounting.ledger.in_flight(),
            held_back: self.room.totals,
            kept: self.tiers.ids().map(|tier| self.tiers[tier].overdue(self.now())).sum(),
            events: self.engine.events + self.engine.agenda.skipped_events(self.now()),
        }
    }

    /// The sums of one tier since the start.
    pub fn tier_totals(&self, tier: TierId) -> TierTotals {
        self.tiers[tier].totals(self.now())
    }

    /// Distinct visitors so far.
    pub fn users(&self) -> u64 {
        self.visitors.sources.iter().map(|source| source.source.visitors.users()).sum()
    }

    /// Distinct visitors affected, by category of this dimension, as they were on the visit that
    /// first affected them so badly.
    pub fn affected_by(&self, dimension: Dimension) -> &[UsersAffected] {
        self.visitors.impact.affected_by(dimension)
    }

    /// The time that visitors lost, by category of this dimension: from an attempt that fails until
    /// the next good answer, or until the visit would have been over.
    pub fn lost_time_by(&self, dimension: Dimension) -> &[Span] {
        self.visitors.impact.lost_time_by(dimension)
    }

    /// The share of the expected joint mix over these dimensions that has been seen so far.
    pub fn coverage(&self, dimensions: &[Dimension]) -> f64 {
        self.visitors.coverage.share(dimensions)
    }

    /// Panics unless everything sent has ended or is under way, for the site and for every tier:
    /// the books are compared with the requests that are really there.
    pub fn check_conservation(&self) {
        // There may be hundreds of thousands: each is one count, by tier and by what it counts as.
        let mut counts = vec![[0u64; 8]; self.tiers.ids().count()];
        for (_, frame) in self.engine.frames.iter() {
            let visit = matches!(frame.caller, Caller::Visit(_));
            let waited_for =
                (visit || matches!(frame.caller, Caller::Frame(_))) && !frame.is_probe();
            let kind = usize::from(visit) | usize::from(waited_for) << 1;
            counts[frame.tier.index()][kind | usize::from(!frame.health_check) << 2] += 1;
        }
        let with = |counts: &[u64; 8], bit: usize| -> u64 {
            counts.iter().enumerate().filter(|(of, _)| of & bit != 0).map(|(_, n)| n).sum()
        };
        let attempts: u64 = counts.iter().map(|counts| with(counts, 1)).sum();
        assert_eq!(
            self.accounting.ledger.in_flight(),
            attempts,
            "attempts: {:?}",
            self.accounting.ledger
        );
        for (number, tier) in self.tiers.ids().map(|id| (id.index(), &self.tiers[id])) {
            let calls = with(&counts[number], 2);
            assert_eq!(tier.ledger.in_flight(), calls, "calls: {:?}", tier.ledger);
            let here = tier.occupancy.arrivals - tier.occupancy.departures;
            let inside = with(&counts[number], 4) + tier.backlog.len() as u64;
            assert_eq!(here, inside, "requests in tier {number}");
        }
    }

    /// The table of contents of the simulation.
    #[inline]
    fn handle(&mut self, event: SiteEvent) {
        match event {
            SiteEvent::Arrival { source, run } => self.arrive(usize::from(source), run),
            SiteEvent::Attempt { visit } => self.send_attempt(visit),
            SiteEvent::Admit { run } => self.admit(run),
            SiteEvent::Leaves { number } => self.leaves(number),
            SiteEvent::Served { frame } => self.served_if_there(frame),
            SiteEvent::Retry { frame } => self.retry_if_there(frame),
            SiteEvent::Timeout { frame } => self.timed_out(frame),
            SiteEvent::Probe { number } => self.probe(number),
            SiteEvent::HealthCheck { tier, instance } => self.check_health(tier, instance),
            SiteEvent::Replaced { tier, instance } => {
                self.replaced(tier, instance);
                self.work_off(tier);
            }
            SiteEvent::Minute { tier } => self.minute(tier),
            SiteEvent::Sample { tier } => self.sample(tier),
            SiteEvent::Staged { tier, instance, launch, stage } => {
                self.staged(tier, instance, launch, stage);
            }
        }
    }

    /// A frame may have died with its instance since the event was entered.
    #[inline]
    fn served_if_there(&mut self, id: Id<Frame>) {
        if let Some(frame) = self.engine.frames.get_mut(id) {
            let frame = *frame;
            if !self.stands_still(id, &frame, FrameAction::Served) {
                self.served(id, &frame);
            }
        }
    }

    fn retry_if_there(&mut self, id: Id<Frame>) {
        if self.engine.frames.holds(id) {
            self.advance(id, FrameAction::Retry);
        }
    }
}
