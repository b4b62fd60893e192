//! Coming back down: whether an overloaded site recovers at a load that it carried before.
//!
//! The site is in steady state at a load, its busiest tier is slowed until everybody runs out of
//! patience, and then it is as before. If the objectives are still missed long after, the overload
//! keeps itself up (visitors who ask again, work that nobody waits for any more), and only a
//! lighter load ends it: hysteresis.

use super::outcome::LoadStatus;
use super::point::LoadTest;
use super::search::Breaking;
use crate::names::TierId;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// The first load tried, as a share of the highest that clearly holds. A choice: near the limit,
/// where recovery is hardest; what recovers there needs no further try.
const FIRST: f64 = 0.9;
/// The lightest load tried. A choice: five halvings below the first; nobody would run a site there.
const LIGHTEST: f64 = 0.03;
/// Loads are tried until the bracket is this narrow. A choice: each try plays an overload and up to
/// half an hour of rest.
const NARROW: f64 = 1.25;
/// How long the tier is slow. A choice: longer than the slow answers (at most 2 min), so that some
/// come back while it lasts.
const SLOW: Span = Span::from_secs(180);
/// The least and the most time the site gets to recover, besides its patience: until the visits
/// that were lost have been replaced by others. In seconds; the ends are a choice: five minutes for
/// queues and retries of short visits, and half an hour as a bound.
const REST: (f64, f64) = (300.0, 1_800.0);
/// Batches in which it is looked at. A choice: fewer than a load that is judged has, since what
/// stays unclear counts as recovered.
const BATCHES: usize = 6;

/// One load, after the site was overrun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecoveryStep {
    /// Times the expected peak.
    pub multiple: f64,
    pub status: LoadStatus,
    /// 95th percentile in seconds.
    pub p95: Option<f64>,
    pub errors: f64,
    /// Requests per second that ended.
    pub requests: f64,
    /// Of them, those with a good answer.
    pub good: f64,
    pub attempts: f64,
}

/// What the site recovers from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// The tier that was slowed.
    pub tier: String,
    /// The highest load that clearly holds when nothing has happened before.
    #[serde(rename = "bears")]
    pub sustained_load: f64,
    /// The highest load tried at which it recovers; `None`: at none.
    pub recovers: Option<f64>,
    /// The lowest load tried at which it does not; `None`: at none.
    pub stays_down: Option<f64>,
    /// All that was tried, lightest load first.
    #[serde(alias = "rungs")]
    pub steps: Vec<RecoveryStep>,
}

impl Recovery {
    /// Whether it stays down at a load that it carried before.
    pub fn is_hysteresis(&self) -> bool {
        self.stays_down.is_some()
    }
}

/// Looks for the highest load at which the site recovers, from just below its breaking point down.
/// `None` if it was stopped.
pub fn recovery(
    load_test: &LoadTest,
    breaking: &Breaking,
    busiest: TierId,
    stop: &dyn Fn() -> bool,
) -> Option<Option<Recovery>> {
    let Some(bears) = breaking.low else { return Some(None) };
    let tier = load_test.plan.names.tiers[busiest.index()].clone();
    let mut found = Recovery {
        tier,
        sustained_load: bears,
        recovers: None,
        stays_down: None,
        steps: Vec::new(),
    };
    let mut next = bears * FIRST;
    loop {
        let step = after_overload(load_test, next, busiest, stop)?;
        match step.status {
            LoadStatus::Missed => found.stays_down = Some(next),
            LoadStatus::Met | LoadStatus::Open => found.recovers = Some(next),
        }
        found.steps.push(step);
        let lightest = bears * LIGHTEST;
        let (low, high) = (found.recovers.unwrap_or(lightest), found.stays_down);
        let Some(high) = high.filter(|high| high / low > NARROW) else { break };
        // Down to nothing by halves, then to the middle of the bracket.
        next =
            if found.recovers.is_none() { (high / 2.0).max(lightest) } else { (low * high).sqrt() };
        if high <= lightest {
            break;
        }
    }
    found.steps.sort_by(|a, b| a.multiple.total_cmp(&b.multiple));
    Some(Some(found))
}

fn after_overload(
    load_test: &LoadTest,
    multiple: f64,
    busiest: TierId,
    stop: &dyn Fn() -> bool,
) -> Option<RecoveryStep> {
    let visits = load_test.peak * multiple;
    let mut production = load_test.production(visits);
    let patience = load_test.plan.traffic.patience.0.min(Span::from_secs(60).0);
    let slower = Span(patience * 2);
    production.overrun(busiest, slower, SLOW);
    let rest = (3.0 * production.lasting()).clamp(REST.0, REST.1);
    production.run(Span::from_seconds(rest) + slower);
    let batch = load_test.batch(visits);
    let mut batches = Vec::with_capacity(BATCHES);
    for _ in 0..BATCHES {
        if stop() {
            return None;
        }
        batches.push(production.run(batch));
    }
    let mut point = load_test.point(multiple, &batches, load_test.judge(&batches, 1.0));
    if load_test.lacks_visits(&point, &batches) {
        point.outcome.status = LoadStatus::Missed;
    }
    Some(RecoveryStep {
        multiple,
        status: point.outcome.status,
        p95: point.outcome.p95,
        errors: point.outcome.errors,
        requests: point.outcome.requests,
        good: point.good,
        attempts: point.attempts,
    })
}
