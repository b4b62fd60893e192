//! The shipped scenarios: Little's law on every tier, and life after the fault.

use crate::site::build::at;
use crate::support::{plan, shipped, shipped_names};
use sim::fault;
use sim::kernel::DrawKey;
use sim::names::{FaultId, TierId};
use sim::scenario::Plan;
use sim::site::{Site, SiteConditions};
use sim::traffic::CurvePoint;
use sim::units::{Rate, Span, Time};

/// Seeds per scenario.
const SEEDS: u64 = 10;

/// The scenario that is about not converging.
const STAYS_DOWN: &str = "retry-storm";

/// The scenario with a surge of eight times the traffic.
const LARGEST_SURGE: &str = "surge-outruns-scaling";

/// The moments of a run in minutes: the faults begin and end, and what follows is looked at.
const BROKEN: f64 = 10.0;
const MENDED: f64 = 25.0;
const SETTLED: f64 = 40.0;
const END: f64 = 55.0;

/// Every scenario in `scenarios/`, by name.
fn all() -> Vec<(String, Plan)> {
    let names = shipped_names();
    names.into_iter().map(|name| (name.clone(), plan(&shipped(&name), &[]))).collect()
}

fn start(plan: &Plan, seed: u64) -> Site {
    Site::new(&plan.site, &plan.traffic, &plan.names, DrawKey::new(seed, 0, "site"))
}

/// Everything broken at once that the scenario ever breaks at the site.
fn broken(plan: &Plan) -> SiteConditions {
    let faults =
        plan.faults.iter().enumerate().map(|(number, fault)| (FaultId::from(number), fault));
    let of_site = faults.filter(|(_, fault)| fault.kind.hits_site());
    fault::Conditions::new(&plan.site, &plan.names, &plan.playbook.changes, &[], of_site).site
}

fn minute(minutes: f64) -> Time {
    at(minutes * 60.0)
}

#[test]
fn littles_law_holds_on_every_tier() {
    // Nobody gives up and no instance is replaced, so that whoever sent a request sees its whole
    // time; visitors stop coming, so that all of them leave.
    for (name, mut plan) in all() {
        plan.traffic.patience = Span::from_secs(1_000_000);
        plan.site.calls.iter_mut().flatten().for_each(|call| call.timeout = plan.traffic.patience);
        plan.site.tiers.iter_mut().for_each(|tier| tier.health = None);
        let curve = &mut plan.traffic.curve.points;
        let rate = curve[0].rate;
        curve.retain(|point| point.at < minute(MENDED));
        let last = curve.last().map_or(rate, |point| point.rate);
        let point = |rate| CurvePoint { at: minute(END), rate };
        curve.extend([point(last), point(Rate(0.0))]);

        let mut site = start(&plan, 1);
        site.run_until(minute(BROKEN));
        site.apply(&broken(&plan));
        site.run_until(minute(MENDED));
        site.apply(&SiteConditions::quiet(&plan.site));
        site.run_until(minute(100_000.0));
        let reading = site.scrape(Time::ZERO, site.now());
        assert_eq!(site.totals().in_flight, 0, "{name}");
        let mut busy = 0;
        for number in 0..plan.site.tiers.len() {
            let (tier, word) = (TierId::from(number), &plan.names.tiers[number]);
            let totals = site.tier_totals(tier);
            assert_eq!(totals.arrivals, totals.departures, "{name}, {word}");
            let calls = &reading.scopes[1 + number];
            let times: f64 = calls.latency.iter().map(|(t, n)| t.seconds() * f64::from(n)).sum();
            if totals.arrivals > 0 {
                busy += 1;
                // The histogram knows its values to 0.4 %.
                let ratio = totals.request_seconds / times;
                assert!((ratio - 1.0).abs() < 0.005, "{name}, {word}: {ratio}");
            }
        }
        assert!(busy >= 5, "{name}: only {busy} tiers were called");
    }
}

/// What the last quarter of an hour of a run was like.
#[derive(Debug)]
struct After {
    requests: u64,
    hurt_share: f64,
    p95: f64,
}

/// A run with or without the faults in its middle.
fn run(plan: &Plan, seed: u64, faults: bool) -> (After, u64) {
    let mut site = start(plan, seed);
    site.run_until(minute(BROKEN));
    if faults {
        site.apply(&broken(plan));
    }
    site.run_until(minute(MENDED));
    let hurt = site.totals().affected.total();
    site.apply(&SiteConditions::quiet(&plan.site));
    site.run_until(minute(SETTLED));
    site.scrape(Time::ZERO, minute(SETTLED));
    site.run_until(minute(END));
    let reading = site.scrape(minute(SETTLED), minute(END));
    let whole = &reading.scopes[0];
    let requests = whole.total();
    let p95 = whole.latency.quantile(0.95).expect("there are requests").seconds();
    let hurt_share = (whole.bad() + whole.abandoned) as f64 / requests as f64;
    (After { requests, hurt_share, p95 }, hurt)
}

#[test]
fn the_fault_phase_ends_and_the_site_converges() {
    let (mut hurtful, mut apart) = (0, Vec::new());
    for (name, plan) in all() {
        if name == STAYS_DOWN {
            continue;
        }
        for seed in 1..=SEEDS {
            let (control, before) = run(&plan, seed, false);
            let (after, hurt) = run(&plan, seed, true);
            let what = format!("{name}, seed {seed}: {after:?} and without faults {control:?}");
            hurtful += u64::from(hurt > before + 10);
            // Visits that came with a surge may still be going on, more of them after one of eight
            // times the traffic.
            let parts = if name == LARGEST_SURGE { 4 } else { 5 };
            let settled = after.requests.abs_diff(control.requests) * parts < control.requests
                && after.hurt_share < control.hurt_share + 0.002
                && (after.p95 / control.p95 - 1.0).abs() < 0.1;
            apart.extend((!settled).then_some(what));
        }
    }
    assert!(apart.is_empty(), "not back to normal:\n{}", apart.join("\n"));
    assert!(hurtful > 12 * SEEDS, "the faults of most scenarios hurt people: {hurtful}");
}
