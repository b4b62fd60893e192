//! The site itself: what it is made of, and the loop that runs it.

use super::breaker::Budget;
use super::burden::Burden;
use super::calls::CallAtWork;
use super::event::Event;
use super::frame::{Caller, Doing, Frame};
use super::health::HealthLanes;
use super::slab::Slab;
use super::tier::TierAtWork;
use super::totals::{Ledger, SiteTotals, TierTotals};
use super::visits::{SourceAtWork, Visit};
use super::{Conditions, ScalingActivity, SitePlan};
use crate::kernel::{Agenda, Key, LaneId};
use crate::names::{Dimension, Names, TierId};
use crate::telemetry::{Attempt, Reading, Tally};
use crate::traffic::{Arrivals, Coverage, Journeys, TrafficPlan};
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
    pub(super) root: Key,
    pub(super) agenda: Agenda<Event>,
    pub(super) traffic: TrafficPlan,
    pub(super) arrivals: Arrivals,
    pub(super) journeys: Journeys,
    pub(super) sources: Vec<SourceAtWork>,
    pub(super) visits: Slab<Visit>,
    pub(super) frames: Slab<Frame>,
    pub(super) tiers: Vec<TierAtWork>,
    /// By endpoint and calling tier.
    pub(super) calls: Vec<Vec<CallAtWork>>,
    pub(super) health: Vec<Option<HealthLanes>>,
    /// Every path that any endpoint has or had.
    pub(super) paths: Vec<Vec<TierId>>,
    /// The path of each endpoint as it is now.
    pub(super) routes: Vec<u16>,
    pub(super) conditions: Conditions,
    pub(super) patience: LaneId,
    pub(super) client_budget: Option<Budget>,
    pub(super) tally: Tally,
    pub(super) coverage: Coverage,
    pub(super) burden: Burden,
    pub(super) ledger: Ledger,
    pub(super) visits_begun: u64,
    /// Attempts that have ended since they were taken; `None`: nobody wants them.
    pub(super) attempts: Option<Vec<Attempt>>,
    pub(super) activities: Vec<ScalingActivity>,
    events: u64,
}

impl Site {
    /// A site at time zero, with nothing broken and nobody there; all its draws come from `root`.
    pub fn new(plan: &SitePlan, traffic: &TrafficPlan, names: &Names, root: Key) -> Site {
        let mut agenda = Agenda::new();
        let lanes = Lanes::new(plan, traffic, &mut agenda);
        let quiet = Conditions::quiet(plan);
        let call = |call: &super::Call| CallAtWork::new(*call, lanes.of(call.timeout));
        let health = |tier: &super::Tier| {
            let lanes = |health: super::Health| HealthLanes {
                every: lanes.of(health.every),
                timeout: lanes.of(health.timeout),
            };
            tier.health.map(lanes)
        };
        let pairs = plan.tiers.iter().zip(&quiet.tiers);
        let budget = traffic.retries.and_then(|retries| retries.budget);
        let mut site = Site {
            root,
            traffic: traffic.clone(),
            arrivals: Arrivals::new(&traffic.curve),
            journeys: Journeys::new(traffic),
            sources: vec![SourceAtWork::new(root.child(0))],
            visits: Slab::new(),
            frames: Slab::new(),
            tiers: pairs.map(|(tier, condition)| TierAtWork::new(tier, condition)).collect(),
            calls: plan.calls.iter().map(|calls| calls.iter().map(call).collect()).collect(),
            health: plan.tiers.iter().map(health).collect(),
            paths: Vec::new(),
            routes: vec![0; plan.endpoints.len()],
            patience: lanes.of(traffic.patience),
            client_budget: budget.map(Budget::new),
            tally: Tally::new(names),
            coverage: Coverage::new(&traffic.mixes, &traffic.tools),
            burden: Burden::new(names),
            ledger: Ledger::default(),
            visits_begun: 0,
            attempts: None,
            activities: Vec::new(),
            events: 0,
            conditions: quiet.clone(),
            agenda,
        };
        site.apply(&quiet);
        site.start_source(0);
        site.start_scaling();
        site
    }

    /// The moment it has run up to.
    pub fn now(&self) -> Time {
        self.agenda.now()
    }

    /// Handles everything that happens before `to`, and stands at `to`.
    pub fn run_until(&mut self, to: Time) {
        self.run_until_stopped(to, &|| false);
    }

    /// The same, but asks every few thousand events whether to stop; true if it did, wherever it
    /// was by then. What happens before does not depend on being asked.
    pub fn run_until_stopped(&mut self, to: Time, stop: &dyn Fn() -> bool) -> bool {
        while let Some((_, event)) = self.agenda.next_before(to) {
            self.events += 1;
            self.handle(event);
            if self.events.is_multiple_of(EVENTS_BETWEEN_LOOKS) && stop() {
                return true;
            }
        }
        self.agenda.advance(to);
        false
    }

    /// The reading of `[from, to)`: everything counted since the last one was taken.
    pub fn scrape(&mut self, from: Time, to: Time) -> Reading {
        self.check_conservation();
        self.tally.take(from, to)
    }

    /// From now on keeps every attempt that ends, until it is taken.
    pub fn keep_attempts(&mut self) {
        self.attempts.get_or_insert_default();
    }

    /// The attempts that have ended since the last call, in order; none unless they are kept.
    pub fn take_attempts(&mut self) -> Vec<Attempt> {
        self.attempts.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The sums since the start.
    pub fn totals(&self) -> SiteTotals {
        let visitors = self.sources.iter().map(|source| &source.source.visitors);
        let hurt = visitors.map(|visitors| visitors.users_hurt()).sum();
        SiteTotals {
            visits: self.visits_begun,
            users: self.users(),
            users_hurt: hurt,
            lost: self.burden.lost(),
            generated: self.ledger.generated,
            ok: self.ledger.ok,
            failed: self.ledger.failed,
            rejected: self.ledger.rejected,
            abandoned: self.ledger.abandoned,
            planned: self.ledger.planned,
            in_flight: self.ledger.in_flight(),
            events: self.events,
        }
    }

    /// The sums of one tier since the start.
    pub fn tier_totals(&self, tier: TierId) -> TierTotals {
        self.tiers[tier.index()].totals(self.now())
    }

    /// Distinct visitors so far.
    pub fn users(&self) -> u64 {
        self.sources.iter().map(|source| source.source.visitors.users()).sum()
    }

    /// Distinct visitors hurt, by category of this dimension. Somebody hurt on several visits
    /// counts once, with the visit that was first.
    pub fn users_hurt_by(&self, dimension: Dimension) -> &[u64] {
        self.burden.hurt_by(dimension)
    }

    /// The time that visitors lost, by category of this dimension: from an attempt that fails until
    /// the next good answer, or until the visit would have been over.
    pub fn lost_by(&self, dimension: Dimension) -> &[Span] {
        self.burden.lost_by(dimension)
    }

    /// The share of the expected joint mix over these dimensions that has been seen so far.
    pub fn coverage(&self, dimensions: &[Dimension]) -> f64 {
        self.coverage.share(dimensions)
    }

    /// Panics unless everything sent has ended or is under way, for the site and for every tier:
    /// the books are compared with the requests that are really there.
    pub fn check_conservation(&self) {
        let mut attempts = 0;
        let mut calls = vec![0; self.tiers.len()];
        let mut inside = vec![0; self.tiers.len()];
        for (_, frame) in self.frames.iter() {
            attempts += u64::from(matches!(frame.caller, Caller::Visit(_)));
            let waited_for = matches!(frame.caller, Caller::Visit(_) | Caller::Frame(_));
            calls[frame.tier.index()] += u64::from(waited_for);
            inside[frame.tier.index()] += u64::from(!frame.probe);
        }
        assert_eq!(self.ledger.in_flight(), attempts, "attempts: {:?}", self.ledger);
        for (number, tier) in self.tiers.iter().enumerate() {
            assert_eq!(tier.ledger.in_flight(), calls[number], "calls: {:?}", tier.ledger);
            let here = tier.occupancy.arrivals - tier.occupancy.departures;
            assert_eq!(here, inside[number], "requests in tier {number}");
        }
    }

    /// The table of contents of the simulation.
    #[inline]
    fn handle(&mut self, event: Event) {
        match event {
            Event::Arrival { source, run } => self.arrive(usize::from(source), run),
            Event::Attempt { visit } => self.send_attempt(visit),
            Event::Served { frame } => self.go_on_if_there(frame, Doing::Served),
            Event::Retry { frame } => self.go_on_if_there(frame, Doing::Retry),
            Event::Timeout { frame } => self.timed_out(frame),
            Event::Probe { tier, instance } => self.probe(tier, instance),
            Event::Replaced { tier, instance } => self.replaced(tier, instance),
            Event::Minute { tier } => self.minute(tier),
            Event::Sample { tier } => self.sample(tier),
            Event::Staged { tier, instance, launch, stage } => {
                self.staged(tier, instance, launch, stage);
            }
        }
    }

    /// A frame may have died with its instance since the event was entered.
    #[inline]
    fn go_on_if_there(&mut self, frame: super::slab::Id<Frame>, doing: Doing) {
        if self.frames.get_mut(frame).is_some() {
            self.go_on(frame, doing);
        }
    }
}

/// The constant delays of a site, shortest first: another one does not change their order.
struct Lanes(Vec<(Span, LaneId)>);

impl Lanes {
    fn new(plan: &SitePlan, traffic: &TrafficPlan, agenda: &mut Agenda<Event>) -> Lanes {
        let calls = plan.calls.iter().flatten().map(|call| call.timeout);
        let health = plan.tiers.iter().filter_map(|tier| tier.health);
        let health = health.flat_map(|health| [health.every, health.timeout]);
        let mut delays: Vec<Span> = calls.chain(health).chain([traffic.patience]).collect();
        delays.sort_unstable();
        delays.dedup();
        Lanes(delays.into_iter().map(|delay| (delay, agenda.add_lane(delay))).collect())
    }

    fn of(&self, delay: Span) -> LaneId {
        let position = self.0.binary_search_by_key(&delay, |(delay, _)| *delay);
        self.0[position.expect("every delay has its lane")].1
    }
}
