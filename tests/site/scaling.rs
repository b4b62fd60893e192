//! Groups of instances that follow their load, as EC2 Auto Scaling makes them.

use crate::site::build::{Built, at, exponential, fixed, site, span, tier};
use proptest::prelude::*;
use sim::names::{TierId, ZoneId};
use sim::site::{Autoscaling, Balance, Health, InstanceState, ScalingKind, ScalingTarget, Site};
use sim::traffic::CurvePoint;
use sim::units::{Rate, Ratio, Time};

const API: TierId = TierId(0);

/// A target of 300 requests a minute, two to twelve instances that boot for 90 seconds.
fn scaling() -> Autoscaling {
    Autoscaling {
        target: ScalingTarget::RequestsPerTarget(300.0),
        min_capacity: 2,
        max_capacity: 12,
        boot: fixed(90.0),
        estimated_instance_warmup: span(120.0),
        health_check_grace_period: span(300.0),
        scale_in_cooldown: span(300.0),
        disable_scale_in: false,
        deregistration_delay: span(300.0),
    }
}

/// Four instances of ten threads that work for a second: 600 requests a minute each at most.
fn group(rate: f64, scaling: Autoscaling) -> Built {
    let mut built = site(rate, vec![tier(4, 10, fixed(1.0))]);
    built.plan.tiers[0].autoscaling = Some(scaling);
    built.plan.tiers[0].queue = 20;
    built
}

/// The rate from these moments on, with jumps of a second.
fn steps(mut built: Built, steps: &[(f64, f64)]) -> Built {
    let points = &mut built.traffic.curve.points;
    for (seconds, rate) in steps {
        let before = points[points.len() - 1].rate;
        points.push(CurvePoint { at: at(*seconds), rate: before });
        points.push(CurvePoint { at: at(seconds + 1.0), rate: Rate(*rate) });
    }
    built
}

/// What the group did: minutes, kind, from, to.
fn activities(site: &mut Site) -> Vec<(f64, ScalingKind, u32, u32)> {
    let activities = site.take_activities();
    let minutes = |time: Time| time.since(Time::ZERO).seconds() / 60.0;
    activities.iter().map(|one| (minutes(one.at), one.kind, one.from, one.to)).collect()
}

fn desired(activities: &[(f64, ScalingKind, u32, u32)]) -> Vec<(f64, u32)> {
    let scaled = |kind| matches!(kind, ScalingKind::ScaleOut | ScalingKind::ScaleIn);
    activities.iter().filter(|one| scaled(one.1)).map(|one| (one.0, one.3)).collect()
}

#[test]
fn a_load_at_its_target_leaves_the_group_alone() {
    // 19/s over four: 285 a minute each, within 10 % below the target.
    let mut site = group(19.0, scaling()).run(3_600.0);
    assert_eq!(activities(&mut site), []);
    assert_eq!((site.desired(API), site.in_rotation(API)), (4, 4));
}

#[test]
fn a_step_is_answered_after_three_periods_and_served_after_the_boot() {
    // From the start 37.5/s: 2,250 a minute, for which the target takes eight.
    let mut built = group(37.5, scaling());
    built.plan.tiers[0].takes = fixed(0.5);
    let mut site = built.run(600.0);
    let seen = activities(&mut site);
    let expected = [(3.0, ScalingKind::ScaleOut, 4), (4.5, ScalingKind::InService, 4)];
    for ((at, kind, from, to), (moment, what, before)) in seen.iter().zip(expected) {
        assert_eq!((*at, *kind, *from), (moment, what, before));
        assert_eq!(*to, 8, "{seen:?}");
    }
    assert_eq!(seen.len(), 2, "instances that warm up are not asked for twice: {seen:?}");
}

#[test]
fn a_surge_outruns_the_group_until_its_instances_have_booted() {
    // 15/s become 45/s at once: four instances can do 40/s.
    let built = steps(group(15.0, scaling()), &[(600.0, 45.0)]);
    let mut site = built.start();
    let mut refused = |until: f64| {
        let before = site.totals().requests.rejected;
        site.run_until(at(until));
        (site.totals().requests.rejected - before, site.desired(API), site.in_rotation(API))
    };
    assert_eq!(refused(600.0), (0, 4, 4));
    let (lost, wanted, there) = refused(870.0);
    assert!(lost > 500 && wanted >= 9 && there == 4, "{lost} {wanted} {there}");
    let (_, _, there) = refused(900.0);
    assert_eq!(there, wanted);
    assert_eq!(refused(1_800.0).0, 0, "all is well once they serve");
    site.check_conservation();
}

#[test]
fn a_slow_ramp_is_followed_without_a_loss() {
    let mut built = group(15.0, scaling());
    let ramp = CurvePoint { at: at(3_600.0), rate: Rate(45.0) };
    built.traffic.curve.points.push(ramp);
    let mut site = built.run(4_200.0);
    assert_eq!(site.totals().requests.rejected, 0);
    let grown = desired(&activities(&mut site));
    assert!(grown.len() >= 3 && grown.is_sorted_by_key(|(_, to)| *to), "{grown:?}");
    assert!(site.desired(API) >= 9);
}

#[test]
fn quiet_takes_instances_away_after_fifteen_periods_and_loses_nothing() {
    let built = steps(group(19.0, scaling()), &[(600.0, 6.0)]);
    let mut site = built.run(7_200.0);
    let totals = site.totals();
    assert_eq!((totals.requests.failed, totals.requests.rejected), (0, 0), "what they had may end");
    // 360 a minute: two are enough, and no fewer are allowed.
    assert_eq!(desired(&activities(&mut site)), [(25.0, 2)]);
    assert_eq!(site.in_rotation(API), 2);
}

#[test]
fn work_that_outlasts_the_deregistration_delay_is_cut_off() {
    let short = Autoscaling { deregistration_delay: span(30.0), ..scaling() };
    let mut built = steps(group(19.0, short), &[(600.0, 2.0)]);
    built.plan.tiers[0].threads = 2_000;
    built.plan.tiers[0].takes = fixed(100.0);
    let failed = |delay: f64| {
        let mut built = built.clone();
        let scaling = built.plan.tiers[0].autoscaling.as_mut().expect("a group");
        scaling.deregistration_delay = span(delay);
        built.run(3_600.0).totals().requests.failed
    };
    assert!(failed(30.0) > 20);
    assert_eq!(failed(300.0), 0);
}

#[test]
fn minimum_maximum_and_no_scale_in_are_kept() {
    let built = steps(group(200.0, scaling()), &[(1_800.0, 0.1)]);
    let mut site = built.start();
    for minute in 1..=120 {
        site.run_until(at(f64::from(minute) * 60.0 + 1.0));
        assert!((2..=12).contains(&site.desired(API)) && site.in_rotation(API) <= 12);
    }
    let seen = activities(&mut site);
    assert!(seen.iter().any(|one| one.1 == ScalingKind::AtMax), "{seen:?}");
    assert_eq!((desired(&seen).first().unwrap().1, site.desired(API)), (12, 2));
    let stays = Autoscaling { disable_scale_in: true, ..scaling() };
    let built = steps(group(200.0, stays), &[(1_800.0, 0.1)]);
    assert_eq!(built.run(7_200.0).desired(API), 12);
}

#[test]
fn the_use_of_threads_is_tracked_as_well() {
    // 23/s of one second each are 23 of 40 threads, and 38 % of 60; chance is asked for some more.
    let target = ScalingTarget::ThreadUse(Ratio(0.4));
    let mut site = group(23.0, Autoscaling { target, ..scaling() }).run(3_600.0);
    let seen = desired(&activities(&mut site));
    assert!(seen[0].0 == 3.0 && seen.iter().all(|(_, to)| (6..=8).contains(to)), "{seen:?}");
}

#[test]
fn zones_stay_balanced() {
    let mut built = steps(group(60.0, scaling()), &[(1_800.0, 10.0)]);
    built.plan.tiers[0].zones = [0, 1, 2].map(ZoneId::from).to_vec();
    for balance in [Balance::RoundRobin, Balance::LeastBusy] {
        built.plan.tiers[0].balance = balance;
        let mut site = built.start();
        for (until, least) in [(1_500.0, 12), (7_200.0, 3)] {
            site.run_until(at(until));
            assert!(site.in_rotation(API) >= least, "{balance:?}: {}", site.in_rotation(API));
            let zones = site.rotation_by_zone(API);
            let most = zones.iter().max().unwrap();
            assert!(most - zones.iter().min().unwrap() <= 1, "{balance:?}: {zones:?}");
        }
    }
}

/// Zone 0 of two is lost from ten minutes on, for twenty.
fn without_a_zone(built: &Built) -> Site {
    let mut lost = built.quiet();
    for state in lost.tiers[0].instances.iter_mut().step_by(2) {
        *state = InstanceState::Gone;
    }
    let mut site = built.start();
    site.run_until(at(610.0));
    site.apply(&lost);
    site.run_until(at(1_810.0));
    site.apply(&built.quiet());
    site
}

#[test]
fn what_a_lost_zone_took_is_launched_in_the_other_and_given_back() {
    let mut built = group(18.5, scaling());
    built.plan.tiers[0].zones = [0, 1].map(ZoneId::from).to_vec();
    let mut site = without_a_zone(&built);
    let seen = activities(&mut site);
    assert_eq!(seen[0], (11.0, ScalingKind::Replace, 2, 4), "{seen:?}");
    assert_eq!(seen[1], (12.5, ScalingKind::InService, 2, 4), "{seen:?}");
    site.run_until(at(3_600.0));
    let seen = activities(&mut site);
    assert_eq!(seen[0], (31.0, ScalingKind::Surplus, 6, 4), "{seen:?}");
    assert_eq!(site.rotation_by_zone(API), [2, 2]);
    site.check_conservation();
}

fn checked(mut built: Built) -> Built {
    let health = Health { every: span(10.0), timeout: span(2.0), fails: 2, replace: span(60.0) };
    built.plan.tiers[0].health = Some(health);
    built
}

#[test]
fn a_new_instance_serves_after_its_first_health_check() {
    let mut built = checked(group(37.5, scaling()));
    built.plan.tiers[0].takes = fixed(0.5);
    let mut site = built.run(600.0);
    let seen = activities(&mut site);
    let served: Vec<_> = seen.iter().filter(|one| one.1 == ScalingKind::InService).collect();
    assert!(served.len() > 1, "each at its own check: {seen:?}");
    for one in &served {
        assert!(one.0 > 4.5 && one.0 <= 4.5 + 10.0 / 60.0, "{seen:?}");
    }
}

#[test]
fn a_boot_longer_than_the_grace_period_never_ends() {
    let short =
        Autoscaling { health_check_grace_period: span(30.0), boot: fixed(120.0), ..scaling() };
    let mut site = checked(group(30.0, short)).run(1_800.0);
    let seen = activities(&mut site);
    let failed = seen.iter().filter(|one| one.1 == ScalingKind::FailedBoot).count();
    assert!(failed > 50, "{seen:?}");
    assert_eq!((site.in_rotation(API), site.desired(API) > 4), (4, true));
    let long = Autoscaling { health_check_grace_period: span(120.0), ..short };
    let mut site = checked(group(30.0, long)).run(1_800.0);
    assert!(activities(&mut site).iter().all(|one| one.1 != ScalingKind::FailedBoot));
    assert!(site.in_rotation(API) > 4);
}

#[test]
fn an_instance_that_health_checks_replace_is_new_and_nothing_scales() {
    let built = checked(group(18.5, scaling()));
    let mut hanging = built.quiet();
    hanging.tiers[0].instances[0] = InstanceState::Hanging;
    let mut site = built.start();
    site.run_until(at(600.0));
    site.apply(&hanging);
    site.run_until(at(640.0));
    assert_eq!((site.tier_totals(API).cycles, site.in_rotation(API)), (1, 3));
    site.apply(&built.quiet());
    site.run_until(at(1_800.0));
    assert_eq!(site.in_rotation(API), 4);
    assert_eq!(desired(&activities(&mut site)), []);
}

#[test]
fn a_tier_without_a_group_draws_and_runs_as_before() {
    let plain = site(19.0, vec![tier(4, 10, exponential(1.0))]);
    // A group that has nothing to do spreads its requests over the same instances.
    let mut grouped = plain.clone();
    grouped.plan.tiers[0].autoscaling = Some(scaling());
    let (plain, grouped) = (plain.run(600.0).totals(), grouped.run(600.0).totals());
    let [plain, grouped] = [plain.requests, grouped.requests];
    assert_eq!((plain.generated, plain.ok), (grouped.generated, grouped.ok));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Whatever the load does and whatever breaks, nothing is lost, bounds are kept, a run can be
    /// repeated, and once nobody comes any more everything ends.
    #[test]
    fn nothing_is_lost_while_it_scales(
        rates in prop::collection::vec((30u64..400, 0.0f64..60.0), 1..6),
        broken in prop::collection::vec((0usize..24, 0u8..4), 0..12),
        boot in 1.0f64..200.0,
        warm in 1.0f64..200.0,
        delay in 0.0f64..100.0,
        by_threads in any::<bool>(),
        least_busy in any::<bool>(),
        checks in any::<bool>(),
        seed in 0u64..1_000,
    ) {
        let by_requests = ScalingTarget::RequestsPerTarget(200.0);
        let target = if by_threads { ScalingTarget::ThreadUse(Ratio(0.5)) } else { by_requests };
        let scaling = Autoscaling {
            target,
            boot: exponential(boot),
            estimated_instance_warmup: span(warm),
            health_check_grace_period: span(warm),
            deregistration_delay: span(delay),
            ..scaling()
        };
        let mut built = Built { seed, ..group(10.0, scaling) };
        if checks {
            built = checked(built);
        }
        if least_busy {
            built.plan.tiers[0].balance = Balance::LeastBusy;
        }
        built.plan.tiers[0].zones = [0, 1].map(ZoneId::from).to_vec();
        built.plan.tiers[0].takes = exponential(0.7);
        let mut now = 0.0;
        let mut changes = vec![];
        for (seconds, rate) in &rates {
            now += *seconds as f64 + 2.0;
            changes.push((now, *rate));
        }
        built = steps(built, &changes);
        built = steps(built, &[(now + 300.0, 0.0)]);
        let mut conditions = built.quiet();
        for (place, state) in &broken {
            use InstanceState::{Gone, Hanging, Refusing, Up};
            conditions.tiers[0].instances[*place] = [Up, Gone, Hanging, Refusing][*state as usize];
        }
        let run = || {
            let mut site = built.start();
            for minute in 1..60 {
                site.run_until(at(f64::from(minute) * 30.0));
                match minute % 20 {
                    5 => site.apply(&conditions),
                    15 => site.apply(&built.quiet()),
                    _ => {}
                }
                site.check_conservation();
                assert!((2..=12).contains(&site.desired(API)));
                assert!(site.in_rotation(API) <= 24);
            }
            site.apply(&built.quiet());
            site.run_until(at(now + 300.0 + 3_600.0));
            let reading = site.scrape(Time::ZERO, site.now());
            (site.totals(), site.take_activities(), reading)
        };
        let first = run();
        prop_assert_eq!(first.0.in_flight, 0, "{:?}", first.1);
        prop_assert_eq!(&run(), &first);
        let all = &first.2.scopes[1];
        prop_assert_eq!(all.total(), first.0.requests.generated);
    }
}
