//! One load, played: batches of requests until it is clear whether the objectives are met; and who
//! observes it.

use super::case::Case;
use super::outcome::{LoadOutcome, LoadStatus, TierOutcome};
use super::production::{Production, SiteObservation, TierSeen};
use crate::measure::estimate::{self, Estimate};
use crate::names::Scope;
use crate::scenario::{CapacityPlan, Plan};
use crate::site::per_visit;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// Requests of a batch, about. A choice: 200 of them are slower than their 95th percentile.
const BATCH: f64 = 4_000.0;
/// The shortest and the longest batch, in seconds. A choice: 20 s are long beside a request, and
/// half an hour bounds what a quiet site takes; its batches have fewer requests.
const SHORTEST: f64 = 20.0;
const LONGEST: f64 = 1_800.0;
/// A batch of a very busy site is shorter: about this many requests.
const BUSIEST: f64 = 100_000.0;
/// Nothing is played beyond this many times the peak, nor beyond this many requests per second: a
/// site that carries as much is ample, or larger than this machine can play.
const MOST_TIMES: f64 = 100.0;
const MOST_REQUESTS: f64 = 50_000.0;
/// The fewest batches before anything is judged, and the most that are played. A choice: fewer than
/// eight say little of how batches vary; a load still unclear after 30 is told as such.
const FEWEST: usize = 8;
const MOST: usize = 30;
/// How many times visits that were lost on the way get time to come back, each time at most
/// this many seconds. A choice: where they have not come back after three quarters of an hour, the
/// load counts as missed.
const REBUILT: usize = 3;
const REBUILDS: f64 = 900.0;
/// Repeated looks cause false positives, and shares of slow requests are skewed near saturation:
/// before the last look, and at the last one, an interval must be this many times as wide as the
/// usual one and still lie on one side of the limit. With these, a queue of eight servers is on
/// the wrong side in one search of ten right at its limit, and in one of forty 1.4 % from it.
const CAUTION: f64 = 2.5;
const LAST: f64 = 1.4;
/// Queues that have grown or fallen by more than this share between the first and the last third of
/// the batches have not settled. A choice: queues near saturation vary widely by luck alone, so
/// that half of it could call steady loads unsettled.
const DRIFT: f64 = 0.5;

/// A load that was played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadPoint {
    /// Times the expected peak.
    pub multiple: f64,
    /// Visits per second.
    pub visits: f64,
    /// Requests per second that got a good answer.
    pub good: f64,
    /// Attempts at the entry per request that visitors wanted to make: above 1 they repeat.
    pub attempts: f64,
    /// Median response time in seconds.
    pub median: Option<f64>,
    /// The share of requests slower than the limit, with its interval.
    pub slow: Range,
    /// The share of requests without a good answer, with its interval.
    pub bad: Range,
    pub outcome: LoadOutcome,
    pub signs: Vec<Signs>,
}

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// What one tier shows of being overrun, each a share of its calls but the last.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Signs {
    /// Found no room in a queue, or no instance.
    pub refused: f64,
    /// Ended in an error, or in time that ran out.
    pub failed: f64,
    /// Their caller had gone.
    pub abandoned: f64,
    /// Never sent: a breaker was open.
    pub barred: f64,
    /// Instances taken out by health checks, per hour.
    pub cycles: f64,
}

/// A case that is played at one load after another.
pub struct LoadTest<'p> {
    pub plan: &'p Plan,
    pub objectives: &'p CapacityPlan,
    pub case: &'p Case,
    /// Visits per second at the expected peak.
    pub peak: f64,
    /// Loads of this case that were judged before; `None`: they are not kept.
    pub judged: Option<&'p JudgedLoads<'p>>,
}

/// One load of a case, played and judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedLoad {
    /// The case's title.
    pub case: String,
    pub point: LoadPoint,
}

/// The loads of a check that were judged before it was interrupted, and who keeps those that are
/// judged now. A load is a pure function of plan, case and multiple: none is played twice.
pub struct JudgedLoads<'a> {
    pub known: Vec<JudgedLoad>,
    pub keep: &'a (dyn Fn(&JudgedLoad) + Sync),
}

impl JudgedLoads<'_> {
    /// What was found at this load of a case.
    pub(super) fn find(&self, case: &str, multiple: f64) -> Option<&LoadPoint> {
        let same = |load: &&JudgedLoad| load.case == case && load.point.multiple == multiple;
        self.known.iter().find(same).map(|load| &load.point)
    }
}

impl LoadTest<'_> {
    /// Plays a multiple of the peak, unless it was judged before; `None` if it was stopped.
    pub fn play(&self, multiple: f64, stop: &dyn Fn() -> bool) -> Option<LoadPoint> {
        let case = &self.case.title;
        if let Some(point) = self.judged.and_then(|judged| judged.find(case, multiple)) {
            return Some(point.clone());
        }
        let point = self.play_now(multiple, stop)?;
        if let Some(judged) = self.judged {
            (judged.keep)(&JudgedLoad { case: case.clone(), point: point.clone() });
        }
        Some(point)
    }

    fn play_now(&self, multiple: f64, stop: &dyn Fn() -> bool) -> Option<LoadPoint> {
        let visits = self.peak * multiple;
        let mut production = self.production(visits);
        let batch = self.batch(visits);
        for _ in 0..REBUILT {
            let batches = self.batches(&mut production, batch, stop)?;
            let caution = if batches.len() < MOST { CAUTION } else { LAST };
            let status = self.judge(&batches, caution);
            let point = self.point(multiple, &batches, status);
            if status == LoadStatus::Missed || !self.lacks_visits(&point, &batches) {
                return Some(point);
            }
            // An overrun on the way has cost visits: all is well only until they are back.
            production.run(Span::from_seconds(production.lasting().min(REBUILDS)));
        }
        let batches = self.batches(&mut production, batch, stop)?;
        let point = self.point(multiple, &batches, LoadStatus::Missed);
        let status = match self.lacks_visits(&point, &batches) {
            true => LoadStatus::Missed,
            false => self.judge(&batches, LAST),
        };
        Some(self.point(multiple, &batches, status))
    }

    /// Batches until it is clear whether the objectives are met, or there are the most of them.
    fn batches(
        &self,
        production: &mut Production,
        batch: Span,
        stop: &dyn Fn() -> bool,
    ) -> Option<Vec<SiteObservation>> {
        let mut batches: Vec<SiteObservation> = Vec::with_capacity(MOST);
        while batches.len() < MOST {
            if stop() {
                return None;
            }
            batches.push(production.run(batch));
            let judged = batches.len() >= FEWEST;
            if judged && self.judge(&batches, CAUTION) != LoadStatus::Open {
                break;
            }
        }
        Some(batches)
    }

    /// Whether there are clearly fewer requests than visitors want to make: where every answer is
    /// good, it is because visits have been broken off before.
    pub(super) fn lacks_visits(&self, point: &LoadPoint, batches: &[SiteObservation]) -> bool {
        let seconds: f64 = batches.iter().map(|batch| batch.seconds).sum();
        let visits = (point.visits * seconds).max(1.0);
        point.attempts < 1.0 - f64::max(0.05, 4.0 * (2.0 / visits).sqrt())
    }

    /// The site of this case at this many visits per second.
    pub(super) fn production(&self, visits: f64) -> Production<'_> {
        Production::at(self.plan, self.case, visits, self.objectives.latency)
    }

    /// Requests per second at the peak.
    fn requests(&self) -> f64 {
        self.peak * per_visit(Scope::Site, &self.plan.site, &self.plan.traffic)
    }

    /// The highest multiple of the peak that is played.
    pub fn most(&self) -> f64 {
        MOST_TIMES.min(MOST_REQUESTS / self.requests().max(f64::MIN_POSITIVE))
    }

    /// The length of a batch at this many visits per second.
    pub(super) fn batch(&self, visits: f64) -> Span {
        let requests = visits / self.peak * self.requests();
        let shortest = SHORTEST.min(BUSIEST / requests).max(2.0);
        Span::from_seconds((BATCH / requests).clamp(shortest, LONGEST))
    }

    /// Sums up what was seen at a multiple of the peak.
    pub(super) fn point(
        &self,
        multiple: f64,
        batches: &[SiteObservation],
        status: LoadStatus,
    ) -> LoadPoint {
        let visits = self.peak * multiple;
        let wanted = visits * per_visit(Scope::Site, &self.plan.site, &self.plan.traffic);
        let mut seen = SiteObservation::default();
        batches.iter().for_each(|batch| seen.add(batch));
        let requests = seen.total as f64 / seen.seconds;
        let quantile = |q: f64| seen.latency.quantile(q).map(Span::seconds);
        let assumed = super::assumed_threads(self.plan);
        let left = self.case.left(self.plan);
        let tiers = seen.tiers.iter().enumerate().map(|(index, tier)| {
            let at = &left.tiers[index];
            let calls = tier.calls as f64 / seen.seconds;
            let busy = tier.inside / seen.seconds;
            TierOutcome {
                tier: self.plan.names.tiers[index].clone(),
                external: at.external,
                assumed: assumed[index],
                calls,
                instances: at.instances,
                threads: u64::from(at.instances) * u64::from(at.threads),
                busy,
                hold: if tier.taken > 0 { tier.inside / tier.taken as f64 } else { 0.0 },
                wait: None,
                p95: tier.latency.quantile(0.95).map(Span::seconds),
                errors: share(tier.refused + tier.failed, tier.calls),
            }
        });
        let outcome = LoadOutcome {
            latency: quantile(self.objectives.quantile),
            p95: quantile(0.95),
            errors: share(seen.bad, seen.total),
            requests,
            steady: steady(batches),
            status,
            tiers: tiers.collect(),
        };
        LoadPoint {
            multiple,
            visits,
            good: (seen.total - seen.bad) as f64 / seen.seconds,
            attempts: if wanted > 0.0 { requests / wanted } else { 1.0 },
            median: quantile(0.5),
            slow: self.slow(batches, 1.0).unwrap_or(Range::NOTHING),
            bad: bad(batches, 1.0).unwrap_or(Range::NOTHING),
            outcome,
            signs: seen.tiers.iter().map(|tier| tier.signs(seen.seconds)).collect(),
        }
    }

    /// Whether the intervals, this many times as wide as usual, lie on one side of their limits.
    pub(super) fn judge(&self, batches: &[SiteObservation], wider: f64) -> LoadStatus {
        let (slow, bad) = (self.slow(batches, wider), bad(batches, wider));
        if bad.is_some_and(|bad| bad.low > self.objectives.errors.0) {
            return LoadStatus::Missed;
        }
        let (Some(slow), Some(bad)) = (slow, bad) else { return LoadStatus::Open };
        let limits = [(slow, 1.0 - self.objectives.quantile), (bad, self.objectives.errors.0)];
        if limits.iter().any(|(seen, limit)| seen.low > *limit) {
            LoadStatus::Missed
        } else if limits.iter().all(|(seen, limit)| seen.high < *limit) {
            LoadStatus::Met
        } else {
            LoadStatus::Open
        }
    }

    /// The share of judged requests that are slower than the limit.
    fn slow(&self, batches: &[SiteObservation], wider: f64) -> Option<Range> {
        let limit = self.objectives.latency;
        range(batches, wider, |seen| (seen.latency.slower_than(limit), seen.latency.count()))
    }
}

impl Range {
    /// What is known without a single request: anything from 0 to 1.
    const NOTHING: Range = Range { value: 0.0, low: 0.0, high: 1.0 };
}

fn bad(batches: &[SiteObservation], wider: f64) -> Option<Range> {
    range(batches, wider, |seen| (seen.bad, seen.total))
}

/// Whether about as many requests are in the site at the end as at the beginning.
fn steady(batches: &[SiteObservation]) -> bool {
    let inside = |batches: &[SiteObservation]| {
        let (seconds, inside) = batches.iter().fold((0.0, 0.0), |sum, batch| {
            let inside: f64 = batch.tiers.iter().map(|tier| tier.inside).sum();
            (sum.0 + batch.seconds, sum.1 + inside)
        });
        if seconds > 0.0 { inside / seconds } else { 0.0 }
    };
    let third = batches.len().div_ceil(3);
    let (first, last) = (inside(&batches[..third]), inside(&batches[batches.len() - third..]));
    (last - first).abs() <= DRIFT * first.max(last) + 1.0
}

/// The mean over batches of a share, with its interval.
fn range(
    batches: &[SiteObservation],
    wider: f64,
    of: impl Fn(&SiteObservation) -> (u64, u64),
) -> Option<Range> {
    let counts: Vec<(u64, u64)> = batches.iter().map(of).filter(|(_, all)| *all > 0).collect();
    let shares: Vec<f64> = counts.iter().map(|(part, all)| *part as f64 / *all as f64).collect();
    let whole = counts.iter().fold((0, 0), |sum, (part, all)| (sum.0 + part, sum.1 + all));
    // Batches that are all alike, most often all without an error, prove nothing for certain: then
    // their requests are counted one by one.
    let by_batch = estimate::mean(&shares).filter(|mean| mean.low.is_some());
    let by_request = || estimate::share(whole.0, whole.1);
    let Estimate { value, low, high, .. } = by_batch.or_else(by_request)?;
    let (below, above) = (wider * (value - low?), wider * (high? - value));
    Some(Range { value, low: (value - below).max(0.0), high: (value + above).min(1.0) })
}

fn share(part: u64, of: u64) -> f64 {
    if of > 0 { part as f64 / of as f64 } else { 0.0 }
}

impl TierSeen {
    fn signs(&self, seconds: f64) -> Signs {
        let barred = self.calls.saturating_sub(self.taken + self.refused);
        Signs {
            refused: share(self.refused, self.calls),
            failed: share(self.failed, self.calls),
            abandoned: share(self.abandoned, self.calls),
            barred: share(barred, self.calls),
            cycles: self.cycles as f64 / seconds * 3_600.0,
        }
    }
}

/// Callbacks that report progress and may stop the check.
pub struct CheckObserver<'w> {
    pub stop: &'w (dyn Fn() -> bool + Sync),
    /// One of the parts of the whole check is done.
    pub done: &'w (dyn Fn() + Sync),
    /// Loads that were judged before; `None`: nobody keeps them.
    pub judged: Option<&'w JudgedLoads<'w>>,
}
