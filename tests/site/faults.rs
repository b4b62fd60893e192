//! Conditions: instances that refuse, hang and vanish, pages, routes, surges, and all at random.

use crate::site::build::{Built, at, call, exponential, fixed, retries, site, span, tier, whole};
use proptest::prelude::*;
use sim::names::{Dimension, FaultId, TierId, ToolId};
use sim::site::{
    Breaker, Call, CallRetries, FailingWork, Health, Hit, InstanceState, SiteConditions,
};
use sim::site::{Site, Slow, Surge, UsersAffected};
use sim::telemetry::{Charges, Reading};
use sim::traffic::VisitorFilter;
use sim::units::{Ratio, Span, Time};

/// Quiet but for the states of tier 0.
fn states(built: &Built, states: &[InstanceState]) -> SiteConditions {
    let mut conditions = built.quiet();
    conditions.tiers[0].instances = states.to_vec();
    conditions
}

/// Only the second browser.
fn second_browser() -> VisitorFilter {
    VisitorFilter([vec![1], vec![], vec![], vec![]])
}

const UP: InstanceState = InstanceState::Up;

#[test]
fn half_the_instances_refusing_is_half_the_errors() {
    let built = site(20.0, vec![tier(4, 10, fixed(0.01))]);
    let refusing = InstanceState::Refusing;
    let totals = built.under(&states(&built, &[refusing, UP, refusing, UP]), 100.0).0.totals();
    let half = totals.requests.generated / 2;
    assert!(
        totals.requests.rejected.abs_diff(half) <= 2 && totals.requests.ok.abs_diff(half) <= 3,
        "{totals:?}"
    );
}

#[test]
fn instances_that_are_gone_leave_the_work_to_the_others() {
    let built = site(20.0, vec![tier(4, 10, fixed(0.01))]);
    let gone = InstanceState::Gone;
    let totals = built.under(&states(&built, &[gone, gone, gone, UP]), 100.0).0.totals();
    assert_eq!(totals.requests.rejected, 0);
    let totals = built.under(&states(&built, &[gone; 4]), 100.0).0.totals();
    assert_eq!(totals.requests.rejected, totals.requests.generated);
}

#[test]
fn work_in_an_instance_that_dies_fails_at_once() {
    for state in [InstanceState::Refusing, InstanceState::Gone] {
        let built = site(5.0, vec![tier(1, 2, fixed(1000.0))]).quiet_after(10.0);
        let mut site = built.start();
        site.run_until(at(20.0));
        let before = site.totals();
        assert!(before.in_flight > 20 && before.in_flight == before.requests.generated);
        site.apply(&states(&built, &[state]));
        assert_eq!(site.totals().requests.failed, before.in_flight);
        assert_eq!(site.tier_totals(TierId(0)).departures, before.in_flight);
        site.check_conservation();
    }
}

#[test]
fn a_queue_frozen_by_a_hang_starts_again() {
    let built = site(5.0, vec![tier(1, 2, fixed(0.1)), tier(1, 9, fixed(0.1))]);
    let built = built.quiet_after(60.0);
    let mut site = built.start();
    site.run_until(at(10.0));
    let before = site.totals();
    site.apply(&states(&built, &[InstanceState::Hanging]));
    site.run_until(at(40.0));
    let frozen = site.totals();
    assert_eq!(frozen.requests.ok, before.requests.ok, "nothing ends while it hangs");
    assert!(frozen.in_flight > 100, "{frozen:?}");
    site.apply(&built.quiet());
    site.run_until(at(100.0));
    let after = site.totals();
    assert_eq!((after.requests.ok, after.in_flight), (after.requests.generated, 0), "{after:?}");
}

#[test]
fn a_maintenance_page_answers_everybody_and_that_is_all_they_get() {
    let mut built = site(5.0, vec![tier(1, 2, fixed(0.1))]);
    built.traffic.retries = Some(retries(3, None));
    built.traffic.tools[0].requests = 5.0;
    let mut conditions = built.quiet();
    conditions.maintenance = true;
    let (site, reading) = built.under(&conditions, 100.0);
    let totals = site.totals();
    assert_eq!(
        (totals.requests.planned, totals.visits),
        (totals.requests.generated, totals.requests.generated)
    );
    assert_eq!((totals.affected.page, totals.affected.total()), (totals.users, totals.users));
    assert_eq!(site.tier_totals(TierId(0)).arrivals, 0);
    assert_eq!((whole(&reading).total(), whole(&reading).latency.count()), (0, 0));
}

#[test]
fn a_route_carries_new_attempts_only() {
    let mut built = site(1.0, vec![tier(1, 99, fixed(10.0)), tier(1, 99, fixed(0.1))]);
    built.plan.endpoints[0].path = vec![TierId(0)];
    let mut site = built.start();
    site.run_until(at(50.0));
    let mut elsewhere = built.quiet();
    elsewhere.paths[0] = vec![TierId(1)];
    site.apply(&elsewhere);
    let sent = site.tier_totals(TierId(0)).arrivals;
    site.run_until(at(100.0));
    let (old, new) = (site.tier_totals(TierId(0)), site.tier_totals(TierId(1)));
    assert_eq!((old.arrivals, old.departures), (sent, sent));
    assert_eq!(new.arrivals + sent, site.totals().requests.generated);
}

#[test]
fn added_instances_take_their_share() {
    let built = site(20.0, vec![tier(1, 1, fixed(0.1))]);
    let alone = built.run(100.0).totals();
    let totals = built.under(&states(&built, &[UP; 3]), 100.0).0.totals();
    assert!(alone.in_flight > 500 && totals.in_flight < 20, "{alone:?} {totals:?}");
}

#[test]
fn slowness_replaces_multiplies_and_adds_where_it_hits() {
    let built = site(20.0, vec![tier(1, 99, fixed(0.1))]);
    let mut conditions = built.quiet();
    conditions.tiers[0].slow.push(Slow {
        fault: sim::names::FaultId(0),
        key: 0,
        hit: Hit { instances: vec![], only: second_browser() },
        takes: Some(fixed(0.2)),
        part: Ratio(1.0),
        times: 3.0,
        add: span(1.0),
    });
    let (_, reading) = built.under(&conditions, 100.0);
    let browser = |value| {
        let scope = sim::names::Scope::Segment(Dimension::Browser, value);
        let latency = &reading.scopes[built.names.scope_index(scope)].latency;
        (latency.quantile(0.0).unwrap().seconds(), latency.quantile(1.0).unwrap().seconds())
    };
    let close = |(low, high): (f64, f64), to: f64| {
        assert!((low - to).abs() < 0.01 && (high - to).abs() < 0.01, "{low} {high} {to}");
    };
    close(browser(0), 0.1);
    close(browser(1), 1.6);
}

#[test]
fn a_share_of_one_endpoints_requests_fails() {
    let built = site(20.0, vec![tier(1, 99, fixed(0.1))]);
    let mut conditions = built.quiet();
    let failing = FailingWork {
        fault: sim::names::FaultId(0),
        key: 0,
        hit: Hit::default(),
        share: Ratio(0.2),
    };
    conditions.endpoint_failing.push((0.into(), failing));
    let totals = built.under(&conditions, 500.0).0.totals();
    // 10,000 requests: one standard deviation is 0.4 %.
    let share = totals.requests.failed as f64 / totals.requests.generated as f64;
    assert!((share - 0.2).abs() < 0.016, "{share}");
}

#[test]
fn a_surge_comes_on_top_and_goes_away_again() {
    let built = site(10.0, vec![tier(1, 99, fixed(0.1))]);
    let visits = |only: VisitorFilter, tool: Option<ToolId>| {
        let mut site = built.start();
        let mut conditions = built.quiet();
        conditions.surges.push(Surge {
            fault: sim::names::FaultId(3),
            key: 3,
            extra: 2.0,
            tool,
            only,
        });
        let mut counts = vec![];
        for (until, conditions) in [(100.0, &built.quiet()), (200.0, &conditions)] {
            site.apply(conditions);
            site.run_until(at(until));
            counts.push(site.totals().visits);
        }
        site.apply(&built.quiet());
        site.run_until(at(300.0));
        counts.push(site.totals().visits);
        [counts[0], counts[1] - counts[0], counts[2] - counts[1]]
    };
    let near = |seen: u64, expected: u64| assert!(seen.abs_diff(expected) < 200, "{seen}");
    let all = visits(VisitorFilter::default(), None);
    all.into_iter().zip([1_000, 3_000, 1_000]).for_each(|(seen, n)| near(seen, n));
    near(visits(second_browser(), Some(ToolId(0)))[1], 1_600);
}

/// A site with everything in it, for random faults.
fn busy() -> Built {
    let mut built = site(
        15.0,
        vec![
            tier(3, 4, exponential(0.02)),
            tier(4, 2, exponential(0.15)),
            tier(1, 6, exponential(0.2)),
        ],
    );
    let every = |every, timeout| Health {
        every: span(every),
        timeout: span(timeout),
        fails: 2,
        replace: span(7.0),
    };
    built.plan.tiers[0].health = Some(every(3.0, 1.0));
    built.plan.tiers[1].health = Some(every(2.0, 0.5));
    built.plan.tiers.iter_mut().for_each(|tier| tier.queue = 5);
    let of_call = CallRetries {
        at_most: 2,
        backoff: span(0.2),
        jitter: Ratio(0.5),
        budget: Some(Ratio(0.1)),
    };
    let breaker = Breaker { opens: Ratio(0.5), retest: span(5.0) };
    let call = Call { retries: Some(of_call), breaker: Some(breaker), ..call(1.0) };
    built.plan.calls[0] = vec![call; 3];
    built.traffic.tools[0].requests = 3.0;
    built.traffic.retries = Some(retries(2, None));
    built.patience(2.0)
}

fn conditions() -> impl Strategy<Value = SiteConditions> {
    let state = prop_oneof![
        3 => Just(InstanceState::Up),
        1 => Just(InstanceState::Refusing),
        1 => Just(InstanceState::Hanging),
        1 => Just(InstanceState::Gone),
    ];
    let states = prop::collection::vec(prop::collection::vec(state, 1..6), 3);
    let slow = (0.5f64..4.0, 0u64..3_000);
    (states, slow, 0.0f64..0.5, 0u8..8, 0.0f64..3.0).prop_map(
        |(states, slow, share, bits, extra)| {
            let mut conditions = busy().quiet();
            for (tier, states) in conditions.tiers.iter_mut().zip(states) {
                tier.broken_by = vec![Some(FaultId(3)); states.len()];
                tier.instances = states;
            }
            let hit = Hit { instances: vec![true, false], only: second_browser() };
            let (times, add) = (slow.0, Span::from_millis(slow.1));
            conditions.tiers[2].slow.push(Slow {
                fault: sim::names::FaultId(0),
                key: 0,
                hit: hit.clone(),
                takes: None,
                part: Ratio(1.0),
                times,
                add,
            });
            conditions.tiers[1].failing.push(FailingWork {
                fault: sim::names::FaultId(1),
                key: 1,
                hit,
                share: Ratio(share),
            });
            if bits & 1 == 0 {
                let only = VisitorFilter::default();
                conditions.surges.push(Surge {
                    fault: sim::names::FaultId(2),
                    key: 2,
                    extra,
                    tool: None,
                    only,
                });
            }
            if bits & 2 == 0 {
                conditions.paths[0] = vec![TierId(0), TierId(2)];
            }
            conditions.maintenance = bits == 7;
            conditions
        },
    )
}

/// What is charged to somebody and what is charged to nobody is what went wrong, in every scope.
fn charges_add_up(reading: &Reading, charges: &Charges) {
    let row =
        |failed, rejected, given_up, slow: &[u64]| [failed, rejected, given_up, slow[0], slow[1]];
    for (scope, seen) in reading.scopes.iter().enumerate() {
        let rows = charges.rows.iter().filter(|charge| charge.scope == scope);
        let rows = rows.map(|c| row(c.failed, c.rejected, c.given_up, &c.slow));
        let nobody = charges.nobody.iter().filter(|charge| charge.scope == scope);
        let nobody = nobody.map(|c| row(c.failed, c.rejected, c.given_up, &c.slow));
        let sums = rows
            .chain(nobody)
            .fold([0; 5], |sums, row| std::array::from_fn(|place| sums[place] + row[place]));
        assert_eq!(sums[..3], [seen.failed, seen.rejected, seen.abandoned], "scope {scope}");
        assert!(sums[4] <= sums[3] && sums[3] <= seen.total(), "scope {scope}: {sums:?}");
    }
}

/// Every user is in one column of one category.
fn columns_add_up(site: &Site) {
    let all = site.totals().affected;
    assert!(all.total() <= site.totals().users, "{all:?}");
    for dimension in Dimension::ALL {
        let by = site.affected_by(dimension);
        let sum = |column: fn(&UsersAffected) -> u64| by.iter().map(column).sum::<u64>();
        let sums = UsersAffected {
            failed: sum(|users| users.failed),
            given_up: sum(|users| users.given_up),
            page: sum(|users| users.page),
            slow: sum(|users| users.slow),
        };
        assert_eq!(sums, all, "{dimension:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever breaks and recovers, nothing gets lost and a run can be repeated; and once all is
    /// well and nobody comes any more, everything ends.
    #[test]
    fn nothing_is_lost_under_random_faults(
        edges in prop::collection::vec((1u64..15, conditions()), 1..8),
        seed in 0u64..1_000,
    ) {
        let built = Built { seed, ..busy().quiet_after(60.0) };
        let run = || {
            let (mut site, mut readings) = (built.start(), vec![]);
            site.slow_after(span(1.0));
            site.charge_by(vec![span(0.5), span(1.5)]);
            for (seconds, conditions) in &edges {
                let (from, to) = (site.now(), site.now() + Span::from_secs(*seconds));
                site.apply(conditions);
                site.check_conservation();
                site.run_until(to);
                readings.push(site.scrape(from, to));
                charges_add_up(readings.last().expect("one"), &site.charges(from, to));
            }
            site.apply(&built.quiet());
            site.run_until(at(500.0));
            readings.push(site.scrape(Time::ZERO, at(500.0)));
            charges_add_up(readings.last().expect("one"), &site.charges(Time::ZERO, at(500.0)));
            columns_add_up(&site);
            (site.totals(), readings)
        };
        let (totals, readings) = run();
        prop_assert_eq!(totals.in_flight, 0);
        prop_assert_eq!(run(), (totals, readings.clone()));
        let total: u64 = readings.iter().map(|reading| whole(reading).total()).sum();
        prop_assert_eq!(total, totals.requests.generated - totals.requests.planned);
    }
}
