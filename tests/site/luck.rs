//! Keyed draws: adding something never shifts the draws of anything else.

use crate::site::build::{Built, at, exponential, fixed, retries, site, span, tier};
use sim::names::{Scope, TierId};
use sim::site::{Health, Hit, SiteConditions, Slow, Surge};
use sim::telemetry::Reading;
use sim::traffic::VisitorFilter;
use sim::units::{Ratio, Time};

fn built() -> Built {
    let mut built = site(8.0, vec![tier(2, 3, exponential(0.2)), tier(1, 9, exponential(0.3))]);
    built.plan.tiers[1].queue = 3;
    built.traffic.tools[0].requests = 4.0;
    built.traffic.tools[0].think = exponential(2.0);
    built.traffic.retries = Some(retries(2, Some(Ratio(0.1))));
    built.patience(1.5)
}

/// Ten readings of ten seconds; the conditions hold from the third to the seventh.
fn readings(built: &Built, conditions: &SiteConditions) -> Vec<Reading> {
    let mut site = built.start();
    let reading = |n: u32| {
        match n {
            3 => site.apply(conditions),
            8 => site.apply(&built.quiet()),
            _ => {}
        }
        let (from, to) = (site.now(), at(f64::from(n) * 10.0));
        site.run_until(to);
        site.scrape(from, to)
    };
    (1..=10).map(reading).collect()
}

#[test]
fn the_same_seed_gives_the_same_readings_and_another_does_not() {
    let built = built();
    let once = readings(&built, &built.quiet());
    assert!(once[9].scopes[0].abandoned > 0, "the site is under strain");
    assert_eq!(once, readings(&built, &built.quiet()));
    let other = Built { seed: 2, ..built };
    assert_ne!(once, readings(&other, &other.quiet()));
}

#[test]
fn faults_without_effect_change_nothing() {
    let built = built();
    let quiet = readings(&built, &built.quiet());
    let mut conditions = built.quiet();
    let nobody = VisitorFilter([vec![9], vec![], vec![], vec![]]);
    let (hit, add) = (Hit::default(), span(0.0));
    conditions.tiers[0].slow.push(Slow {
        fault: sim::names::FaultId(0),
        key: 0,
        hit,
        takes: None,
        part: Ratio(1.0),
        times: 1.0,
        add,
    });
    conditions.surges.push(Surge {
        fault: sim::names::FaultId(1),
        key: 1,
        extra: 3.0,
        tool: None,
        only: nobody,
    });
    assert_eq!(readings(&built, &conditions), quiet);
}

#[test]
fn a_tier_that_nobody_calls_changes_nothing() {
    let built = built();
    let mut wider = built.clone();
    let health = Health { every: span(1.0), timeout: span(0.5), fails: 2, replace: span(1.0) };
    wider.plan.tiers.push(sim::site::Tier { health: Some(health), ..tier(2, 1, fixed(1.0)) });
    wider.plan.calls[0].push(crate::site::build::call(0.7));
    wider.names.tiers.insert("unused".to_string());
    let unused = wider.names.scope_index(Scope::Tier(TierId(2)));
    let mut seen = readings(&wider, &wider.quiet());
    seen.iter_mut().for_each(|reading| drop(reading.scopes.remove(unused)));
    assert_eq!(seen, readings(&built, &built.quiet()));
}

#[test]
fn a_fault_at_the_end_does_not_move_the_visits() {
    let built = built();
    let mut broken = built.quiet();
    broken.tiers[1].instances[0] = sim::site::InstanceState::Refusing;
    let visits = |conditions: &SiteConditions| {
        let site = built.under(conditions, 100.0).0;
        (site.totals().visits, site.totals().users, site.coverage(&sim::names::Dimension::ALL))
    };
    assert_eq!(visits(&broken), visits(&built.quiet()));
}

#[test]
fn where_a_run_is_interrupted_makes_no_difference() {
    let built = built();
    let mut stepped = built.start();
    (1..=1_000).for_each(|n| stepped.run_until(at(f64::from(n) * 0.1)));
    let mut straight = built.run(100.0);
    assert_eq!(stepped.totals(), straight.totals());
    let end = at(100.0);
    assert_eq!(stepped.scrape(Time::ZERO, end), straight.scrape(Time::ZERO, end));
}
