//! The capacity check at its edges: overload, deep queues, ample sites, groups that start small.

use crate::capacity::{PAIR, QUEUE};
use crate::support::{self, plan};
use sim::capacity::{
    CapacityCheck, CheckSetup, LoadOutcome, LoadStatus, LoadTest, cases, ramp, search,
};
use sim::units::Rate;

/// Panics unless every figure of every case is a number that can be.
pub fn sane(check: &CapacityCheck, what: &str) {
    for case in &check.cases {
        sane_outcome(&case.formula, &format!("{what}, {}", case.title));
    }
}

/// Panics unless every figure is a number that can be.
pub fn sane_outcome(formula: &LoadOutcome, what: &str) {
    let time = |time: Option<f64>| time.is_none_or(|time| time.is_finite() && time > 0.0);
    let share = |share: f64| (0.0..=1.0).contains(&share);
    let whole = time(formula.latency) && time(formula.p95) && share(formula.errors);
    assert!(whole, "{what}: {formula:?}");
    for tier in &formula.tiers {
        let wait = tier.wait.is_none_or(|wait| wait.is_finite() && wait >= 0.0);
        let known = [tier.calls, tier.busy, tier.hold].iter().all(|n| n.is_finite());
        assert!(wait && known && time(tier.p95) && share(tier.errors), "{what}: {tier:?}");
    }
}

#[test]
fn every_figure_of_every_formula_is_a_number() {
    let deep = [
        ("site.tiers.desk.queue", "10000000"),
        ("site.tiers.desk.threads", "4"),
        ("site.tiers.desk.takes", "{median: 80ms, p99: 3s}"),
    ];
    let mut plans =
        vec![("deep".to_string(), plan(QUEUE, &deep)), ("queue".into(), plan(QUEUE, &[]))];
    plans.push(("pair".into(), plan(PAIR, &[])));
    // All shipped scenarios stand on one site; this one scales as well.
    for name in ["launch-day", "surge-outruns-scaling"] {
        plans.push((name.to_string(), plan(&support::shipped(name), &[])));
    }
    for (name, plan) in &plans {
        let own = CheckSetup::new(plan).peak.visits;
        for times in [0.001, 0.1, 0.9, 1.0, 1.3, 2.0, 3.125, 5.0, 30.0, 1e3, 1e6, 1e9] {
            let mut setup = CheckSetup::new(plan);
            setup.peak.visits = own * times;
            sane(&setup.by_formula(), &format!("{name} at {times}x"));
        }
    }
}

#[test]
fn an_overloaded_tier_waits_for_its_whole_queue() {
    // Eight threads of 100 ms carry 80 a second; 250 come, and find 2,000 in front of them.
    let sets = [("site.tiers.desk.queue", "2000"), ("traffic.visits.0.rate", "250/s")];
    let plan = plan(QUEUE, &sets);
    let check = CheckSetup::new(&plan).by_formula();
    let formula = &check.cases[0].formula;
    assert!(!formula.steady && check.verdict() == LoadStatus::Missed);
    let wait = formula.tiers[0].wait.expect("it waits");
    // The queue is full but for a few: ρ = 3.125, so about 1 / (ρ − 1) places are free.
    assert!((wait - (2_000.0 - 1.0 / 2.125) / 80.0).abs() < 0.02, "{wait}");
    assert!((formula.errors - (1.0 - 80.0 / 250.0)).abs() < 1e-6, "{}", formula.errors);
    assert!(formula.latency.expect("some are served") > wait, "{:?}", formula.latency);
}

#[test]
fn what_carries_a_hundred_times_the_peak_is_not_played_beyond() {
    let sets = [
        ("site.tiers.desk.threads", "5000"),
        ("traffic.visits.0.rate", "2/s"),
        ("site.tiers.desk.takes", "{exponential: 10ms}"),
    ];
    let plan = plan(QUEUE, &sets);
    let setup = CheckSetup::new(&plan);
    let all = cases(&plan, &setup.objectives, Rate(2.0), None);
    let load_test = LoadTest {
        plan: &plan,
        objectives: &setup.objectives,
        case: &all.cases[0],
        peak: setup.peak.visits,
        judged: None,
    };
    let known = vec![load_test.play(1.0, &|| false).expect("not stopped")];
    let found = search(&load_test, 250_000.0, 0.03, known, &|| false).expect("not stopped");
    assert_eq!((found.at, found.low, found.high), (None, Some(100.0), None));
    assert!(found.points.iter().all(|point| point.multiple <= 100.0));
}

#[test]
fn percentiles_are_those_of_good_answers() {
    // Half of the instances refuse at once: that must not look like quick answers.
    let sets = [
        ("site.tiers.desk.queue", "0"),
        ("site.tiers.desk.takes", "100ms"),
        ("traffic.visits.0.rate", "400/s"),
    ];
    let plan = plan(QUEUE, &sets);
    let setup = CheckSetup::new(&plan);
    let all = cases(&plan, &setup.objectives, Rate(400.0), None);
    let (objectives, case) = (&setup.objectives, &all.cases[0]);
    let load_test = LoadTest { plan: &plan, objectives, case, peak: 400.0, judged: None };
    let played = load_test.play(1.0, &|| false).expect("not stopped").outcome;
    assert_eq!(played.status, LoadStatus::Missed);
    assert!((played.errors - 0.8).abs() < 0.03, "{}", played.errors);
    for percentile in [played.latency, played.p95, played.tiers[0].p95] {
        assert!((percentile.expect("some are served") - 0.1).abs() < 1e-3, "{percentile:?}");
    }
}

#[test]
fn a_group_is_judged_as_it_starts_and_ramps() {
    // Four instances carry 16 visits a second, 16 of them carry all; the peak comes at once.
    let group = "{metric: ThreadUse, target_value: 50%, min_capacity: 4, max_capacity: 16, \
                 boot: 2m, estimated_instance_warmup: 1m}";
    let text = QUEUE.replace("patience: 10m", "patience: 5s");
    let grows = |min: &str| {
        let sets = [
            ("site.tiers.desk.threads", "4"),
            ("site.tiers.desk.queue", "50"),
            ("site.tiers.desk.instances", min),
            ("site.tiers.desk.takes", "{exponential: 1s}"),
            ("site.tiers.desk.autoscaling", group),
            ("capacity.latency", "p95 < 5s"),
        ];
        let plan = plan(&text, &[&sets[..], &[("traffic.visits.0.rate", "30/s")]].concat());
        let objectives = CheckSetup::new(&plan).objectives;
        ramp(&plan, &objectives, 1.0, &|| false).expect("not stopped").expect("it scales")
    };
    let cold = grows("4");
    let desk = &cold.groups[0];
    assert_eq!((desk.starts, desk.reaches), (4, 16), "{cold:?}");
    assert!((180.0..900.0).contains(&desk.after), "{cold:?}");
    let (from, to) = cold.missed.expect("it is overrun meanwhile");
    assert!(from < 120.0 && to > 180.0 && to < desk.after + 240.0, "{cold:?}");
    assert!(cold.status == LoadStatus::Missed && cold.share() > 0.02, "{cold:?}");
    let warm = grows("16");
    assert_eq!((warm.missed, warm.status), (None, LoadStatus::Met), "{warm:?}");
}
