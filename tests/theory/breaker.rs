//! The breaker's known answers on the real site.

use crate::site::build::{Built, at, call, fixed, site, span, tier};
use sim::names::TierId;
use sim::site::{Breaker, Call, FailingWork, Hit, Site, SiteConditions};
use sim::units::Ratio;

const RETEST: f64 = 60.0;

/// A tier that calls a quick one through a breaker at 50 %.
fn guarded(rate: f64, seed: u64) -> Built {
    let breaker = Some(Breaker { opens: Ratio(0.5), retest: span(RETEST) });
    let tiers = vec![tier(1, 100, fixed(1e-6)), tier(1, 100, fixed(1e-6))];
    Built { seed, ..site(rate, tiers) }.call(Call { breaker, ..call(10.0) })
}

/// This share of the calls fails.
fn failing(built: &Built, share: f64) -> SiteConditions {
    let mut conditions = built.quiet();
    let failing = FailingWork {
        fault: sim::names::FaultId(0),
        key: 0,
        hit: Hit::default(),
        share: Ratio(share),
    };
    conditions.tiers[1].failing.push(failing);
    conditions
}

fn passed(site: &Site) -> u64 {
    site.tier_totals(TierId(1)).arrivals
}

#[test]
fn a_dead_tier_is_asked_once_per_retest_and_visitor() {
    // The retest is the first call after the pause: every 60 s and one exponential spacing.
    let (rate, hours) = (0.1, 200.0);
    let built = guarded(rate, 1);
    let mut site = built.start();
    site.apply(&failing(&built, 1.0));
    site.run_until(at(hours * 3_600.0));
    let cycle = RETEST + 1.0 / rate;
    let cycles = hours * 3_600.0 / cycle;
    // A renewal process: the variance of the count is cycles × (10 s / 70 s)².
    let off = (passed(&site) as f64 - cycles) / (cycles.sqrt() / rate / cycle);
    assert!(off.abs() < 3.29, "{} retests, {cycles} expected", passed(&site));
}

#[test]
fn a_breaker_without_a_minimum_count_opens_on_bad_luck() {
    // Successes minus failures is a walk that opens it when it comes back to zero: with failures of
    // share p, at the first call or from 1 by the gambler's ruin, p + (1 - p) p / (1 - p) = 2 p.
    let (share, seeds) = (0.2, 1_000u64);
    let opened = |seed: &u64| {
        let built = guarded(30.0, *seed);
        let mut site = built.start();
        site.apply(&failing(&built, share));
        site.run_until(at(15.0));
        passed(&site) < site.tier_totals(TierId(1)).calls.generated
    };
    let count = (1..=seeds).filter(opened).count() as f64;
    let (n, known) = (seeds as f64, 2.0 * share);
    let off = (count - n * known) / (n * known * (1.0 - known)).sqrt();
    assert!(off.abs() < 3.29, "{count} of {n} opened, {known} expected");
}
