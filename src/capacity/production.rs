//! The site of a case under a load of our choosing, brought to steady state quickly.

use super::case::Case;
use crate::kernel::DrawKey;
use crate::measure::{Latencies, Limits};
use crate::names::{EndpointId, FaultId, Scope, TierId};
use crate::scenario::Plan;
use crate::site::{Hit, Site, SiteConditions, SitePlan, Slow, Surge, TierTotals};
use crate::traffic::{Curve, CurvePoint, Tool, TrafficPlan, VisitorFilter};
use crate::units::{Rate, Ratio, Span, Time};

/// Steps in which the visits that are in progress in steady state are brought in. A choice: the
/// last of eight has 3 % of the weight of the first.
const STEPS: usize = 8;
/// The length of a step in mean think times: each brings less than the one before, so that the
/// load rises at once and does not overshoot.
const STEP: f64 = 0.5;
/// The longest that queues are given to settle once the visits are there. A choice that bounds the
/// time: with 30 s of patience it only counts where a request is worked on for more than 10 s.
const SETTLED: Span = Span::from_secs(600);

/// How long groups are given to follow: alarms, boot and warm-up, twice.
const SCALED: Span = Span::from_secs(1_200);

/// About this many visits are under way at most, each some hundred bytes.
const UNDER_WAY: f64 = 500_000.0;

/// A site at work.
pub(super) struct Production<'p> {
    plan: &'p Plan,
    case: Case,
    /// What visits do, as they are played.
    tools: Vec<Tool>,
    site: Site,
    now: Time,
    totals: Vec<TierTotals>,
}

/// What was seen of a site over some time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SiteObservation {
    pub seconds: f64,
    /// Requests at the entry that ended.
    pub total: u64,
    /// Of them, those without a good answer: failed, rejected, abandoned.
    pub bad: u64,
    /// Response times of the good answers of the judged endpoints.
    pub latency: Latencies,
    /// In the order of the scenario.
    pub tiers: Vec<TierSeen>,
}

/// What was seen of one tier.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct TierSeen {
    /// Calls that were sent.
    pub calls: u64,
    /// Requests that an instance took in.
    pub taken: u64,
    /// Calls that found no room.
    pub refused: u64,
    /// Calls that ended in an error or in time that ran out.
    pub failed: u64,
    /// Calls whose caller has gone.
    pub abandoned: u64,
    /// Instances taken out by health checks.
    pub cycles: u64,
    /// Request seconds in the tier, in its queues too.
    pub inside: f64,
    /// Times of the calls that were answered well.
    pub latency: Latencies,
}

impl<'p> Production<'p> {
    /// The site of a case at this many visits per second, in steady state: the visits that are
    /// under way then are there, and queues have settled. What the case loses is lost half-way, so
    /// that the moment itself is over, and a storm that it has set off and that does not end is
    /// not. Requests that take longer than the limit are counted exactly.
    pub(super) fn at(plan: &'p Plan, case: &Case, visits: f64, limit: Span) -> Self {
        let case = case.scaled(plan, Rate(visits));
        let point = CurvePoint { at: Time::ZERO, rate: Rate(visits) };
        let curve = Curve { points: vec![point], profile: Vec::new() };
        let mut traffic = TrafficPlan { curve, ..plan.traffic.clone() };
        keep_under_way(&mut traffic, &case.site, visits);
        let root = DrawKey::new(plan.seed, 0, "capacity");
        let site = Site::new(&case.site, &traffic, &plan.names, root)
            .with_limits(Limits::new(vec![limit]))
            .with_good_times(&plan.names);
        let tools = traffic.tools;
        let mut production =
            Production { plan, case, tools, site, now: Time::ZERO, totals: Vec::new() };
        production.fill();
        production.apply_losses();
        production
    }

    /// Seconds after which a change of the load has reached the visits under way.
    pub(super) fn lasting(&self) -> f64 {
        let tools = self.tools.iter();
        tools.map(|tool| lasting(tool, &self.case.site)).fold(0.0, f64::max)
    }

    /// Makes a tier's own work this much longer for this long.
    pub(super) fn overrun(&mut self, tier: TierId, slower: Span, span: Span) {
        let usual = self.case.conditions(self.plan, true);
        let mut slow = usual.clone();
        let work = Slow {
            fault: FaultId(0),
            key: 1,
            hit: Hit::default(),
            takes: None,
            part: Ratio(1.0),
            times: 1.0,
            add: slower,
        };
        slow.tiers[tier.index()].slow.push(work);
        self.site.apply(&slow);
        self.go(span);
        self.site.apply(&usual);
    }

    /// Runs on, and says what was seen meanwhile.
    pub(super) fn run(&mut self, span: Span) -> SiteObservation {
        let (from, to) = (self.now, self.now + span);
        self.site.run_until(to);
        self.now = to;
        let reading = self.site.scrape(from, to);
        let site = &reading.scopes[self.plan.names.scope_index(Scope::Site)];
        let mut seen = SiteObservation {
            seconds: span.seconds(),
            total: site.total(),
            bad: site.failed + site.rejected + site.abandoned,
            ..SiteObservation::default()
        };
        let (endpoints, tiers) = self.site.take_good_times();
        for (good, judged) in endpoints.iter().zip(&self.case.judged) {
            if *judged {
                seen.latency.add(good);
            }
        }
        let totals = self.tier_totals();
        for ((before, after), good) in self.totals.iter().zip(&totals).zip(tiers) {
            seen.tiers.push(TierSeen::between(before, after, good));
        }
        self.totals = totals;
        seen
    }

    /// Brings in the visits that are in progress in steady state, tool by tool, more at first and
    /// then less and less. A visit goes on after each request with the same chance, so one that has
    /// just begun is like any other.
    fn fill(&mut self) {
        let lengths: Vec<f64> =
            self.tools.iter().map(|tool| lasting(tool, &self.case.site)).collect();
        let thinks = self.tools.iter().map(|tool| tool.think.mean().seconds());
        let think = thinks.fold(0.0, f64::max);
        let step = Span::from_seconds((think * STEP).max(0.1));
        let quiet = self.case.conditions(self.plan, false);
        let whole = step.seconds() * STEPS as f64;
        if lengths.iter().any(|length| *length > whole / 2.0) {
            for number in 0..STEPS {
                let surges = surges(&lengths, number, step.seconds());
                self.site.apply(&SiteConditions { surges, ..quiet.clone() });
                self.go(step);
            }
        } else {
            let longest = lengths.iter().copied().fold(0.0, f64::max);
            self.site.apply(&quiet);
            self.go(Span::from_seconds(longest * 5.0));
        }
        self.site.apply(&quiet);
    }

    /// Takes away what the case loses, and lets the queues settle.
    fn apply_losses(&mut self) {
        let site = &self.case.site;
        let path = |path: &[TierId]| -> f64 {
            path.iter().map(|tier| site.tiers[tier.index()].takes.mean().seconds()).sum()
        };
        let held = site.endpoints.iter().map(|endpoint| path(&endpoint.path)).fold(0.0, f64::max);
        let patience = self.plan.traffic.patience.seconds();
        let settle = Span::from_seconds(30.0 + 50.0 * held + patience).0.min(SETTLED.0) / 2;
        self.go(Span(settle));
        self.site.apply(&self.case.conditions(self.plan, true));
        self.go(Span(settle));
        if self.case.site.tiers.iter().any(|tier| tier.autoscaling.is_some()) {
            self.go(SCALED);
        }
        self.site.scrape(Time::ZERO, self.now);
        self.site.take_good_times();
        self.totals = self.tier_totals();
    }

    fn go(&mut self, span: Span) {
        self.now += span;
        self.site.run_until(self.now);
    }

    fn tier_totals(&self) -> Vec<TierTotals> {
        (0..self.case.site.tiers.len()).map(|t| self.site.tier_totals(t.into())).collect()
    }
}

impl TierSeen {
    fn between(before: &TierTotals, after: &TierTotals, latency: Latencies) -> TierSeen {
        TierSeen {
            calls: after.calls.generated - before.calls.generated,
            taken: after.arrivals - before.arrivals,
            refused: after.refused - before.refused,
            failed: after.calls.failed - before.calls.failed,
            abandoned: after.calls.abandoned - before.calls.abandoned,
            cycles: after.cycles - before.cycles,
            inside: after.request_seconds - before.request_seconds,
            latency,
        }
    }

    fn add(&mut self, other: &TierSeen) {
        self.calls += other.calls;
        self.taken += other.taken;
        self.refused += other.refused;
        self.failed += other.failed;
        self.abandoned += other.abandoned;
        self.cycles += other.cycles;
        self.inside += other.inside;
        self.latency.add(&other.latency);
    }
}

impl SiteObservation {
    pub(super) fn add(&mut self, other: &SiteObservation) {
        self.seconds += other.seconds;
        self.total += other.total;
        self.bad += other.bad;
        self.latency.add(&other.latency);
        self.tiers.resize(other.tiers.len(), TierSeen::default());
        self.tiers.iter_mut().zip(&other.tiers).for_each(|(tier, other)| tier.add(other));
    }
}

/// Seconds after which, of many visits that think, one in e is still there: a visit goes on after
/// each request with a chance of 1 − 1 / requests.
pub(super) fn lasting(tool: &Tool, site: &SitePlan) -> f64 {
    if tool.requests <= 1.0 {
        return 0.0;
    }
    let work = |endpoint: &EndpointId| -> f64 {
        let path = &site.endpoints[endpoint.index()].path;
        path.iter().map(|tier| site.tiers[tier.index()].takes.mean().seconds()).sum()
    };
    let answer: f64 = tool.uses.iter().map(|(endpoint, share)| share * work(endpoint)).sum();
    tool.requests * (tool.think.mean().seconds() + answer)
}

/// Shortens think times, so that no more visits are in progress at a time than fit into
/// memory. The request rate and its randomness stay the same: of this many visits, those that
/// come next are hardly ever the same.
fn keep_under_way(traffic: &mut TrafficPlan, site: &SitePlan, visits: f64) {
    let longest = traffic.tools.iter().map(|tool| lasting(tool, site)).fold(0.0, f64::max);
    let under_way = visits * longest;
    if under_way > UNDER_WAY {
        let shorter = UNDER_WAY / under_way;
        traffic.tools.iter_mut().for_each(|tool| tool.think = tool.think.times(shorter));
    }
}

/// The visits of one step of the filling: those of a tool are spread over the steps as exp(−n/2),
/// and so many that, of those that are still there at the end and those that came by themselves, it
/// is as many as in the long run.
fn surges(lengths: &[f64], number: usize, step: f64) -> Vec<Surge> {
    let weight = |n: usize| libm::exp(-(n as f64) / 2.0);
    let surge = |(tool, length): (usize, &f64)| {
        let still = |n: usize| weight(n) * libm::exp((n as f64 + 0.5) * step / length);
        let all: f64 = (0..STEPS).map(still).sum();
        let extra = weight(number) / all * length / step;
        let key = (1 + number * lengths.len() + tool) as u64;
        Surge {
            fault: FaultId(0),
            key,
            extra,
            tool: Some(tool.into()),
            only: VisitorFilter::default(),
        }
    };
    lengths.iter().enumerate().filter(|(_, length)| **length > 0.0).map(surge).collect()
}
