//! Who pays: every bad, slow or given-up request is charged to what spoilt it.

use crate::site::build::{Built, at, call, fixed, retries, site, span, tier};
use sim::names::{FaultId, TierId};
use sim::site::{Breaker, FailingWork, Hit, InstanceState, Site, SiteConditions, Slow, Surge};
use sim::telemetry::{Cause, Charges};
use sim::units::{Ratio, Span, Time};

const FAULT: FaultId = FaultId(3);
const OTHER: FaultId = FaultId(1);

fn failing(built: &Built, share: f64) -> SiteConditions {
    let mut conditions = built.quiet();
    let failing = FailingWork { fault: FAULT, key: 3, hit: Hit::default(), share: Ratio(share) };
    conditions.tiers.last_mut().expect("some tier").failing.push(failing);
    conditions
}

fn slow(conditions: &mut SiteConditions, tier: usize, fault: FaultId, add: f64) {
    let (hit, takes, add) = (Hit::default(), None, span(add));
    conditions.tiers[tier].slow.push(Slow {
        fault,
        key: 7,
        hit,
        takes,
        part: Ratio(1.0),
        times: 1.0,
        add,
    });
}

fn broken(built: &Built, tier: usize, instances: usize, state: InstanceState) -> SiteConditions {
    let mut conditions = built.quiet();
    let tier = &mut conditions.tiers[tier];
    tier.instances[..instances].fill(state);
    tier.broken_by = vec![Some(FAULT); instances];
    conditions
}

/// A quick tier in front of another.
fn two(rate: f64) -> Built {
    site(rate, vec![tier(2, 20, fixed(0.01)), tier(2, 50, fixed(0.05))])
}

/// Requests of the site that went wrong by each cause, whatever the way.
fn causes(charges: &Charges) -> Vec<(Cause, u64)> {
    let site = charges.rows.iter().filter(|row| row.scope == 0);
    site.map(|row| (row.cause, row.failed + row.rejected + row.given_up)).collect()
}

/// Takes the interval up to here, and compares its charges with its reading.
fn take(site: &mut Site, from: Time) -> Charges {
    let to = site.now();
    let (reading, charges) = (site.scrape(from, to), site.charges(from, to));
    for (scope, reading) in reading.scopes.iter().enumerate() {
        let rows = charges.rows.iter().filter(|row| row.scope == scope);
        let charged = rows.map(|row| [row.failed, row.rejected, row.given_up]);
        let rows = charges.nobody.iter().filter(|row| row.scope == scope);
        let quiet = rows.map(|row| [row.failed, row.rejected, row.given_up]);
        let sums = charged
            .chain(quiet)
            .fold([0; 3], |sums, row| [sums[0] + row[0], sums[1] + row[1], sums[2] + row[2]]);
        assert_eq!(sums, [reading.failed, reading.rejected, reading.abandoned], "{scope}");
    }
    charges
}

fn under(built: &Built, conditions: &SiteConditions, seconds: f64) -> Charges {
    let mut site = built.start();
    site.apply(conditions);
    site.run_until(at(seconds));
    take(&mut site, Time::ZERO)
}

#[test]
fn errors_of_a_fault_are_its_own_and_those_of_an_ordinary_day_are_nobodys() {
    let mut built = two(20.0);
    built.plan.tiers[0].errors = Ratio(0.1);
    let charges = under(&built, &built.quiet(), 100.0);
    assert!(charges.rows.is_empty() && charges.nobody[0].failed > 100, "{charges:?}");
    let charges = under(&built, &failing(&built, 0.5), 100.0);
    let [(cause, failed)] = causes(&charges)[..] else { panic!("{charges:?}") };
    assert_eq!(cause, Cause::Fault(FAULT));
    // 45 % of some 2,000.
    assert!((800..1_000).contains(&failed), "{failed}");
    assert!((140..260).contains(&charges.nobody[0].failed), "{charges:?}");
}

#[test]
fn a_harmless_slowdown_beside_a_real_fault_takes_no_blame() {
    let built = two(20.0).patience(5.0);
    let mut conditions = failing(&built, 0.5);
    slow(&mut conditions, 0, OTHER, 0.002);
    let charges = under(&built, &conditions, 100.0);
    let blamed: Vec<Cause> = causes(&charges).into_iter().map(|(cause, _)| cause).collect();
    assert_eq!(blamed, [Cause::Fault(FAULT)]);
    // Somebody gives up on what hangs, not on what is two milliseconds slower.
    let mut conditions = broken(&built, 1, 2, InstanceState::Hanging);
    slow(&mut conditions, 0, OTHER, 0.002);
    let charges = under(&built, &conditions, 100.0);
    assert!(causes(&charges).iter().all(|(cause, _)| cause.fault() == Some(FAULT)), "{charges:?}");
}

#[test]
fn refused_and_given_up_requests_are_charged_to_the_outage() {
    let built = two(20.0).patience(5.0);
    for (tier, state) in [(0, InstanceState::Refusing), (1, InstanceState::Gone)] {
        let charges = under(&built, &broken(&built, tier, 2, state), 50.0);
        let [(cause, count)] = causes(&charges)[..] else { panic!("{charges:?}") };
        assert!(cause == Cause::Fault(FAULT) && count > 900, "{cause:?} {count}");
    }
    let mut built = built;
    built.plan.tiers[0].threads = 10_000;
    let charges = under(&built, &broken(&built, 1, 2, InstanceState::Hanging), 50.0);
    let [(cause, _)] = causes(&charges)[..] else { panic!("{charges:?}") };
    let row = &charges.rows[0];
    assert!(cause == Cause::Fault(FAULT) && row.given_up > 800, "{row:?}");
    assert_eq!(row.failed + row.rejected, 0);
}

#[test]
fn a_slow_tier_behind_fills_the_threads_in_front_and_is_named_as_the_trigger() {
    let mut built = two(50.0);
    built.plan.tiers[0].queue = 0;
    let mut conditions = built.quiet();
    slow(&mut conditions, 1, FAULT, 3.0);
    let charges = under(&built, &conditions, 60.0);
    let [(cause, count)] = causes(&charges)[..] else { panic!("{charges:?}") };
    assert_eq!(cause, Cause::Overload { tier: TierId(0), trigger: Some(FAULT) });
    assert!(count > 1_000, "{count}");
}

#[test]
fn ordinary_traffic_that_is_too_much_has_no_trigger() {
    let mut built = two(50.0);
    built.plan.tiers[1] = sim::site::Tier { queue: 0, ..tier(1, 1, fixed(0.05)) };
    let charges = under(&built, &built.quiet(), 60.0);
    let [(cause, _)] = causes(&charges)[..] else { panic!("{charges:?}") };
    assert_eq!(cause, Cause::Overload { tier: TierId(1), trigger: None });
}

#[test]
fn more_visitors_and_lost_servers_are_triggers_of_what_they_overload() {
    let mut built = two(20.0);
    built.plan.tiers[1] = sim::site::Tier { queue: 0, ..tier(4, 1, fixed(0.1)) };
    let charges = under(&built, &broken(&built, 1, 2, InstanceState::Gone), 100.0);
    let triggered = Cause::Overload { tier: TierId(1), trigger: Some(FAULT) };
    assert!(causes(&charges).iter().all(|(cause, _)| *cause == triggered), "{charges:?}");
    let mut conditions = built.quiet();
    let only = Default::default();
    conditions.surges.push(Surge { fault: OTHER, key: 9, extra: 4.0, tool: None, only });
    let mut site = built.start();
    site.run_until(at(50.0));
    take(&mut site, Time::ZERO);
    site.apply(&conditions);
    site.run_until(at(60.0));
    take(&mut site, at(50.0));
    site.run_until(at(100.0));
    let charges = take(&mut site, at(60.0));
    let triggered = Cause::Overload { tier: TierId(1), trigger: Some(OTHER) };
    assert!(causes(&charges).iter().all(|(cause, _)| *cause == triggered), "{charges:?}");
}

#[test]
fn a_collapse_that_outlives_its_trigger_keeps_it() {
    // Ten at a time for a second each are a third of what comes once everybody tries again.
    let mut built = site(5.0, vec![tier(1, 10, fixed(1.0))]).patience(1.5);
    built.traffic.retries = Some(retries(5, None));
    let mut conditions = built.quiet();
    slow(&mut conditions, 0, FAULT, 5.0);
    let mut site = built.start();
    site.run_until(at(20.0));
    assert!(causes(&take(&mut site, Time::ZERO)).is_empty(), "a healthy site");
    site.apply(&conditions);
    site.run_until(at(80.0));
    take(&mut site, at(20.0));
    site.apply(&built.quiet());
    site.run_until(at(400.0));
    take(&mut site, at(80.0));
    site.run_until(at(600.0));
    let charges = take(&mut site, at(400.0));
    let triggered = Cause::Overload { tier: TierId(0), trigger: Some(FAULT) };
    let sums = causes(&charges);
    assert!(sums.iter().all(|(cause, _)| *cause == triggered), "{sums:?}");
    assert!(sums[0].1 > 500, "still down: {sums:?}");
}

#[test]
fn slow_requests_are_charged_by_the_limits_they_break() {
    let built = two(10.0);
    let mut conditions = built.quiet();
    slow(&mut conditions, 1, FAULT, 2.0);
    let mut site = built.start();
    site.charge_by(vec![Span::SECOND * 4, Span::SECOND]);
    site.apply(&conditions);
    site.run_until(at(50.0));
    let charges = take(&mut site, Time::ZERO);
    assert_eq!(charges.limits, [Span::SECOND, Span::SECOND * 4]);
    let row = &charges.rows[0];
    assert_eq!((row.cause, row.slow[1]), (Cause::Fault(FAULT), 0));
    assert!(row.slow[0] > 400 && row.failed == 0, "{row:?}");
}

#[test]
fn work_that_is_that_slow_by_nature_is_charged_to_nobody() {
    let mut built = two(10.0);
    built.plan.tiers[1].takes = fixed(2.0);
    let mut conditions = built.quiet();
    slow(&mut conditions, 0, OTHER, 0.002);
    let mut site = built.start();
    site.charge_by(vec![Span::SECOND]);
    site.apply(&conditions);
    site.run_until(at(50.0));
    let charges = take(&mut site, Time::ZERO);
    assert!(charges.rows.is_empty() && charges.nobody[0].slow[0] > 400, "{charges:?}");
}

#[test]
fn calls_that_a_breaker_stops_are_charged_to_what_opened_it() {
    let breaker = Some(Breaker { opens: Ratio(0.5), retest: span(20.0) });
    let built = two(20.0).call(sim::site::Call { breaker, ..call(60.0) });
    let charges = under(&built, &failing(&built, 0.9), 100.0);
    let [(cause, count)] = causes(&charges)[..] else { panic!("{charges:?}") };
    assert!(cause == Cause::Fault(FAULT) && count > 1_700, "{count}");
}
