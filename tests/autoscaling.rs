//! Autoscaling as a scenario has it: what is said of a group, what the journal shows of it.

use crate::support;

use sim::journal::Event;
use sim::scenario::{self, Problem, ProblemSeverity, SourceText};
use sim::site::ScalingKind;
use support::{plan, play, shipped, shipped_run};

/// 20 requests a second of 0.5 s each: ten busy threads.
const SHOP: &str = r#"
scenario: A ticket shop
starts: 2030-03-01T10:00 Europe/Berlin
lasts: 2h
traffic:
  visits: [{at: 0m, rate: 4/s}]
  tools: {buy: {requests: 5, think: 20s, use: {tickets: 100%}}}
site:
  tiers:
    api:
      {instances: 4, threads: 5, takes: 500ms, zones: [a, b],
       autoscaling: {metric: ALBRequestCountPerTarget, target_value: 350, min_capacity: 2,
                     max_capacity: 8, boot: 2m}}
  endpoints: {tickets: api}
"#;

/// What is said of the shop after some replacements, each of which must find its text.
fn said(replacements: &[(&str, &str)]) -> Vec<Problem> {
    support::warnings(SHOP, replacements)
}

/// The one finding after some replacements; it must say all of these.
fn found(replacements: &[(&str, &str)], parts: &[&str]) {
    let said = said(replacements);
    let [finding] = &said[..] else { panic!("{replacements:?}: {said:#?}") };
    assert_eq!(finding.severity, ProblemSeverity::Finding);
    let text = format!("{} | {}", finding.message, finding.hint.clone().unwrap_or_default());
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
}

#[test]
fn a_group_that_can_follow_has_nothing_to_say() {
    assert_eq!(said(&[]), []);
    let ramp = "{at: 0m, rate: 4/s}, {at: 60m, rate: 8/s}";
    assert_eq!(said(&[("{at: 0m, rate: 4/s}", ramp)]), []);
}

#[test]
fn what_cannot_follow_is_a_finding() {
    found(
        &[("max_capacity: 8", "max_capacity: 4"), ("target_value: 350", "target_value: 250")],
        &["takes 5 instances at the peak", "the maximum is 4", "max_capacity: 5"],
    );
    found(
        &[("target_value: 350", "target_value: 700")],
        &["can do 600 requests in a minute", "its target is 700", "target_value: 420"],
    );
    found(
        &[("boot: 2m", "boot: 7m")],
        &["count after 5m and serve after about 7m", "estimated_instance_warmup: 7m"],
    );
    let health = "health: {every: 10s, replace: 3m}, autoscaling";
    let grace = "boot: 4m, health_check_grace_period: 2m";
    found(
        &[("autoscaling", health), ("boot: 2m", grace)],
        &["boot for about 4m", "after 2m 20s: none ever serves", "health_check_grace_period: 4m"],
    );
}

#[test]
fn a_step_that_outruns_it_is_a_finding_and_a_ramp_is_not() {
    let step = "{at: 0m, rate: 4/s}, {at: 30m, rate: 4/s}, {at: 31m, rate: 12/s}";
    found(
        &[("{at: 0m, rate: 4/s}", step), ("max_capacity: 8", "max_capacity: 12")],
        &["grows 3.0 times", "help comes after about 5m", "4 instances", "raise min_capacity"],
    );
    found(
        &[("site:\n", "faults: [{at: 30m, surge: visits, times: 4, for: 10m}]\nsite:\n")],
        &["grows 4.0 times from 10:30:00"],
    );
}

#[test]
fn explain_tells_every_value_and_its_source() {
    let source = SourceText::file("shop.yaml", SHOP);
    let told = scenario::explain(&source, &[]).expect("sensible");
    let site = told.story.iter().find(|section| section.title == "Site").expect("a section");
    let line = site.lines.iter().find(|line| line.starts_with("api: 4")).expect("its threads");
    assert!(line.contains("2 to 8 by 350 requests per target"), "{line}");
    let of = |key: &str| {
        let path = format!("site.tiers.api.autoscaling.{key}");
        told.resolved.iter().find(|row| row.path == path).expect("a row").clone()
    };
    assert_eq!(of("boot").basis, Some(sim::journal::Basis::Assumed));
    assert_eq!(of("max_capacity").basis, None, "the team's own choice");
    let warm_up = of("estimated_instance_warmup");
    assert_eq!((warm_up.value.as_str(), &*warm_up.from.to_string()), ("5m", "default"));
    assert_eq!(warm_up.basis, Some(sim::journal::Basis::Calibrated));
    assert!(warm_up.note.contains("EC2 Auto Scaling"));
}

#[test]
fn the_journal_shows_how_the_shipped_surge_outruns_its_group() {
    let run = shipped_run("surge-outruns-scaling");
    let minutes = |at: sim::units::Time| at.since(sim::units::Time::ZERO).seconds() / 60.0;
    let scaled: Vec<(f64, ScalingKind, u32, u32)> = run
        .entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Scaling { activity, from, to, tier, .. } => {
                assert_eq!(tier, "vets-api");
                Some((minutes(entry.at), *activity, *from, *to))
            }
            _ => None,
        })
        .collect();
    assert!(run.entries.is_sorted_by_key(|entry| entry.at), "in order");
    let first = scaled.iter().find(|one| one.1 == ScalingKind::ScaleOut).expect("it grows");
    assert!(first.0 >= 33.0 && first.0 <= 35.0, "three minutes above it: {scaled:?}");
    assert!(scaled.iter().any(|one| one.1 == ScalingKind::ScaleOut && one.3 >= 7), "{scaled:?}");
    let service = scaled.iter().find(|one| one.1 == ScalingKind::InService).expect("they serve");
    assert!(service.0 > first.0 + 2.0, "{scaled:?}");
    let shrinks = scaled.iter().find(|one| one.1 == ScalingKind::ScaleIn).expect("it shrinks");
    assert!(shrinks.0 >= 90.0 + 15.0, "{scaled:?}");
    // What is lost is lost before the new instances serve.
    let lost = |from: f64, to: f64| -> u64 {
        let inside = |at| (from..to).contains(&minutes(at));
        let rows = run.entries.iter().filter_map(|entry| match &entry.event {
            Event::Reading { from, scopes, .. } if inside(*from) => scopes.first(),
            _ => None,
        });
        rows.map(|site| site.failed + site.rejected).sum()
    };
    let (before, during, after) = (lost(0.0, 30.0), lost(30.0, 40.0), lost(50.0, 90.0));
    assert!(during > 1_000 && before < 50 && after < during / 10, "{before} {during} {after}");
}

#[test]
fn a_surge_that_comes_slowly_is_followed() {
    let ramp = "[{at: 0m, rate: 2.7/s}, {at: 30m, rate: 2.7/s}, {at: 75m, rate: 21.6/s}]";
    let sets = [("faults", "[]"), ("traffic.visits", ramp)];
    let run = play(&plan(&shipped("surge-outruns-scaling"), &sets), 0);
    let totals = run.story.totals().expect("sums");
    let bad = (totals.site.requests.failed + totals.site.requests.rejected) as f64
        / totals.site.requests.generated as f64;
    assert!(bad < 0.002, "{bad}");
}

#[test]
fn the_capacity_check_takes_a_group_at_its_maximum() {
    let breaks = |text: &str| {
        let plan = plan(text, &[]);
        let check = sim::capacity::CheckSetup::new(&plan).by_formula();
        let normal = &check.cases[0];
        (normal.formula_breaks, normal.formula.tiers[0].instances, check.sizing.is_some())
    };
    let scaling = &SHOP[SHOP.find(",\n       autoscaling").expect("there")..];
    let scaling = &scaling[..scaling.find("}}").expect("its end") + 1];
    let fixed = SHOP.replace(scaling, "").replace("instances: 4", "instances: 8");
    assert!(!fixed.contains("autoscaling"));
    assert_eq!(breaks(SHOP), breaks(&fixed));
    assert_eq!(breaks(SHOP).1, 8);
}
