//! Health checks ride on the threads of those they check.

use crate::site::build::{Built, at, fixed, site, span, tier};
use sim::names::TierId;
use sim::site::{Health, InstanceState};

/// Three instances, each checked every ten seconds and replaced after two failures.
fn checked(rate: f64, takes: f64) -> Built {
    let mut built = site(rate, vec![tier(3, 2, fixed(takes))]);
    built.plan.tiers[0].health =
        Some(Health { every: span(10.0), timeout: span(2.0), fails: 2, replace: span(30.0) });
    built
}

#[test]
fn a_healthy_tier_is_left_alone_and_checks_are_not_traffic() {
    let built = checked(3.0, 0.1);
    let (site, reading) = built.under(&built.quiet(), 1_000.0);
    let tier = site.tier_totals(TierId(0));
    assert_eq!((tier.cycles, tier.calls.generated), (0, site.totals().requests.generated));
    assert_eq!(reading.scopes[1].ok, site.totals().requests.ok);
    let without = Built { plan: unchecked(&built), ..built.clone() };
    assert_eq!(without.run(1_000.0).totals().requests.generated, site.totals().requests.generated);
}

fn unchecked(built: &Built) -> sim::site::SitePlan {
    let mut plan = built.plan.clone();
    plan.tiers[0].health = None;
    plan
}

#[test]
fn a_hanging_instance_is_taken_out_again_and_again() {
    let built = checked(3.0, 0.1);
    let mut conditions = built.quiet();
    conditions.tiers[0].instances[0] = InstanceState::Hanging;
    let mut site = built.start();
    site.apply(&conditions);
    // Checked at 3.3 s and 13.3 s; out two seconds later, when the second goes unanswered.
    site.run_until(at(15.3));
    assert_eq!(site.tier_totals(TierId(0)).cycles, 0);
    let hung = site.totals();
    assert!(hung.in_flight > 5 && hung.requests.failed == 0, "{hung:?}");
    site.run_until(at(15.4));
    assert_eq!(site.tier_totals(TierId(0)).cycles, 1);
    assert!(site.totals().requests.failed > 5, "the work in it fails at once");
    site.check_conservation();
    // Out until 45.3 s, while the others do all the work; then it hangs and goes out again.
    let before = site.totals();
    site.run_until(at(45.0));
    assert_eq!(site.totals().requests.failed, before.requests.failed);
    site.run_until(at(120.0));
    assert_eq!(site.tier_totals(TierId(0)).cycles, 3);
}

#[test]
fn an_instance_that_refuses_its_checks_is_taken_out() {
    let built = checked(3.0, 0.1);
    let mut conditions = built.quiet();
    conditions.tiers[0].instances[1] = InstanceState::Refusing;
    let (site, _) = built.under(&conditions, 100.0);
    // Every 30 s of replacement are followed by two checks, ten seconds apart.
    let cycles = site.tier_totals(TierId(0)).cycles;
    assert!((2..=3).contains(&cycles), "{cycles}");
    let totals = site.totals();
    assert!(
        totals.requests.rejected > 0 && totals.requests.rejected < totals.requests.generated / 4,
        "{totals:?}"
    );
}

#[test]
fn saturated_threads_cannot_answer_and_cycling_makes_it_worse() {
    // Each instance can do 4 a second, and gets 5.
    let built = checked(15.0, 0.5);
    let with = built.run(300.0);
    assert!(with.tier_totals(TierId(0)).cycles > 5);
    let without = Built { plan: unchecked(&built), ..built }.run(300.0);
    assert!(with.totals().requests.ok < without.totals().requests.ok * 9 / 10);
}

#[test]
fn one_answered_check_makes_up_for_the_failed_one_before() {
    let built = checked(3.0, 0.1);
    let mut hanging = built.quiet();
    hanging.tiers[0].instances[0] = InstanceState::Hanging;
    let mut site = built.start();
    // Every second check, sent at 3.3 s of its 10, finds the instance hanging until 7 s.
    for round in 0..10 {
        let start = f64::from(round) * 20.0;
        site.run_until(at(start + 3.0));
        site.apply(&hanging);
        site.run_until(at(start + 7.0));
        site.apply(&built.quiet());
    }
    assert_eq!(site.tier_totals(TierId(0)).cycles, 0);
}
