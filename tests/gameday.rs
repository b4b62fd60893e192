//! Whole gamedays: what must hold between a scenario and its journal.

use crate::support;

use proptest::prelude::*;
use sim::decision::{AlertState, AttemptOutcome};
use sim::journal::Event;
use sim::units::{Span, Time};
use support::{plan, play, run, shipped, shipped_run};

const SHIPPED: [&str; 5] =
    ["quiet-day", "proxy-outage", "latency-spike", "bad-release", "rollback-fails"];

#[test]
fn the_same_run_twice_is_the_same_journal() {
    for name in ["proxy-outage", "bad-release"] {
        let plan = plan(&shipped(name), &[]);
        assert_eq!(play(&plan, 3).lines(), play(&plan, 3).lines(), "{name}");
    }
    let plan = plan(&shipped("proxy-outage"), &[]);
    assert_ne!(shipped_run("proxy-outage").lines(), play(&plan, 1).lines());
}

/// Adds one line of YAML after the line that contains `after`.
fn added(text: &str, after: &str, line: &str) -> String {
    assert!(text.contains(after), "no line with {after:?}");
    let mut found = false;
    let lines = text.lines().flat_map(|old| {
        let here = !found && old.contains(after);
        found |= here;
        [Some(old), here.then_some(line)]
    });
    lines.flatten().collect::<Vec<_>>().join("\n")
}

/// The starting point that is whole in one file, so that a line can be added anywhere.
const WHOLE: &str = include_str!("../src/cli/commands/templates/proxy-outage.yaml");

#[test]
fn unused_parts_change_nothing_but_the_header() {
    let text = WHOLE;
    let before = run(text, &[]);
    let additions = [
        ("a tier", "  tiers:", "    ghost: {instances: 2, threads: 8, takes: ~10ms}"),
        ("a fault", "faults:", "  - {at: 100h, outage: content}"),
        ("a rule", "rules:", "  - {alert: Never, expr: error_rate > 100%, for: 1h}"),
        ("a person", "people:", "  zoe: {role: archivist, hours: launch}"),
    ];
    for (what, after, line) in additions {
        let after = run(&added(text, after, line), &[]);
        assert_eq!(after.scopes_listed(), after.header.scopes.len(), "{what}");
        assert_ne!(after.header.run_id, before.header.run_id, "{what}");
        assert_eq!(after.header.scopes, before.header.scopes, "{what}");
        let (mut after, mut before) = (after.lines(), before.lines());
        if what == "a rule" {
            // How it fared is the one thing that is told of a rule that never fires.
            (after, before) = (without_ticks(&after), without_ticks(&before));
        }
        let differ = after.lines().zip(before.lines()).find(|(new, old)| new != old);
        assert_eq!(differ, None, "{what}");
        assert_eq!(after.len(), before.len(), "{what}");
    }
}

/// The lines of a journal without how every rule fared.
fn without_ticks(lines: &str) -> String {
    let from = lines.rfind(",\"rules\":[").expect("the last line says how rules fared");
    let to = from + lines[from..].find(']').expect("its end");
    format!("{}{}", &lines[..from], &lines[to + 1..])
}

#[test]
fn without_the_fault_the_rules_are_quiet() {
    for name in ["proxy-outage", "latency-spike", "bad-release"] {
        let text = shipped(name);
        let mut lines: Vec<&str> = text.lines().collect();
        let at = lines.iter().position(|line| line.starts_with("faults:")).expect("has faults");
        lines.drain(at..at + 2);
        assert_eq!(run(&lines.join("\n"), &[]).fired(), [], "{name}");
    }
}

#[test]
fn doubling_a_deploy_moves_the_recovery_by_it() {
    let recovered = |takes: &str| {
        let sets = [
            ("changes.reverse-proxy-update.takes", takes),
            ("changes.reverse-proxy-rebuild.takes", takes),
            ("changes.reverse-proxy-rebuild.fails", "0%"),
            ("plays.rollback.verify", "30m"),
        ];
        let run = run(&shipped("proxy-outage"), &sets);
        let attempts = run.attempts();
        let last = attempts.last().expect("an attempt");
        assert_eq!(last.outcome, AttemptOutcome::Recovered);
        last.ended_at
    };
    let (once, twice) = (recovered("3m"), recovered("6m"));
    let moved = twice - once;
    let slack = Span::from_secs(10 + 20);
    assert!(moved.0.abs_diff(Span::from_secs(180).0) <= slack.0, "moved by {moved}");
}

#[test]
fn the_second_of_a_ladder_is_tried_after_all_channels_of_the_first() {
    let text = added(&shipped("proxy-outage"), "faults:", "  - {at: 0m, unreachable: wyatt}");
    let run = run(&text, &[]);
    let fired = run.fired()[0].1;
    let asked = run.asked();
    let first = |person| {
        let found = asked.iter().find(|(who, _, at)| *who == person && *at >= fired);
        found.unwrap_or_else(|| panic!("{person} was never asked")).2
    };
    assert_eq!(first("wyatt"), fired);
    assert_eq!(first("james") - first("wyatt"), Span::MINUTE * 2 * 3);
}

const SMALL: &str = "
scenario: a small one
starts: 2018-11-07T17:00 America/New_York
lasts: 30m
traffic:
  visits: [{at: 0m, rate: 1/s}]
  tools: {browse: {requests: 3, think: 5s, use: {page: 100%}}}
site:
  tiers: {web: {threads: 9, takes: 20ms}}
  endpoints: {page: web}
faults: [{at: 10m, blind: telemetry, for: 8m}]
rules: [{alert: Errors, expr: error_rate > 5%}]
people: {josh: {role: oit}}
changes: {content-fix: 3m}
launch: [{at: \"?\", tell: everyone, note: doc}]
freezes: [{from: 5m, to: 20m, changes: [content-fix], tell: oit}]
";

#[test]
fn freezes_untimed_steps_and_faults_are_told_in_words() {
    let run = run(SMALL, &[]);
    let told = run.entries.iter().filter_map(|entry| match &entry.event {
        Event::Freeze { text } => Some((entry.at, text.as_str())),
        Event::Launch { state, step, .. } if *state == sim::decision::LaunchState::Untimed => {
            Some((entry.at, step.as_str()))
        }
        Event::Fault { fault, text, .. } if fault.starts_with("blind") => {
            Some((entry.at, text.as_str()))
        }
        _ => None,
    });
    let at = |minutes| Time::ZERO + Span::MINUTE * minutes;
    let expected = [
        (at(0), "tell everyone: doc"),
        (at(5), "a freeze begins: content-fix"),
        (at(10), "the monitoring sees nothing"),
        (at(18), "the monitoring sees nothing"),
        (at(20), "a freeze ends: content-fix"),
    ];
    assert_eq!(told.filter(|(time, _)| *time <= at(20)).collect::<Vec<_>>(), expected);
    let blind = run.entries.iter().find_map(|entry| match &entry.event {
        Event::Alert(alert) if alert.state == AlertState::NoData => Some(alert),
        _ => None,
    });
    let blind = blind.expect("an alert about missing data");
    let cause = blind.attribution.cause.as_ref().map(|cause| cause.name());
    assert_eq!(
        (cause.as_deref(), blind.attribution.cause_at),
        (Some("blind telemetry"), Some(at(10)))
    );
}

#[test]
fn the_intervals_hang_together() {
    let mut attempts = 0;
    for name in SHIPPED {
        let plan = plan(&shipped(name), &[]);
        for trial in 0..3 {
            let run = play(&plan, trial);
            let mut previous: Option<(u32, Time)> = None;
            for attempt in run.attempts() {
                attempts += 1;
                if let Some((incident, ended)) = previous
                    && incident == attempt.incident
                {
                    assert_eq!(attempt.start.started_at, ended, "{name} {trial}: {attempt:?}");
                }
                assert!(
                    attempt.ended_at >= attempt.start.started_at,
                    "{name} {trial}: {attempt:?}"
                );
                let stretches = attempt.stretches();
                let sum = stretches.iter().fold(Span::ZERO, |sum, one| sum + one.length());
                assert_eq!(sum, attempt.ended_at - attempt.start.started_at, "{name} {trial}");
                previous = Some((attempt.incident, attempt.ended_at));
            }
        }
    }
    assert!(attempts > 12, "only {attempts} attempts");
}

#[test]
fn nobody_is_asked_off_duty_and_one_change_runs_at_a_time() {
    let plan = plan(
        &shipped("rollback-fails"),
        &[("hours.launch.2.daily", "06:00-18:30 America/New_York")],
    );
    for trial in 0..5 {
        let run = play(&plan, trial);
        let off = Time::ZERO + Span::MINUTE * 90;
        let late: Vec<_> =
            run.asked().into_iter().filter(|(_, by, at)| !by.is_empty() && *at >= off).collect();
        assert_eq!(late, [], "trial {trial}");
        let mut running = std::collections::BTreeMap::new();
        for entry in &run.entries {
            if let Event::Change { change, stage, pipeline: Some(pipeline), .. } = &entry.event {
                match stage.word() {
                    "deploying" => {
                        assert_eq!(running.insert(pipeline.clone(), change.clone()), None);
                    }
                    "deployed" | "failed" => {
                        assert_eq!(running.remove(pipeline).as_ref(), Some(change));
                    }
                    _ => {}
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_trial_finishes_in_order(trial in 0u64..1_000_000, name in 0..SHIPPED.len()) {
        let run = run_trial(SHIPPED[name], trial);
        let mut last = (0, Time::ZERO);
        for entry in &run.entries {
            prop_assert_eq!(entry.seq, last.0 + 1);
            prop_assert!(entry.at >= last.1, "entry {} is in the past", entry.seq);
            last = (entry.seq, entry.at);
        }
        let ended = matches!(run.entries.last().map(|e| &e.event), Some(Event::End(_)));
        prop_assert!(ended, "the last line is the end");
    }
}

fn run_trial(name: &str, trial: u64) -> support::Run {
    play(&plan(&shipped(name), &[]), trial)
}
