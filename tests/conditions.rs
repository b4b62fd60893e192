//! Rules that people ask for: against the baseline, of several conditions, in hours, over good
//! answers, with readings that are missing.

use assert_cmd::Command;
use sim::scenario::{self, Problem, SourceText};
use std::fs;
use tempfile::TempDir;

fn day(rules: &str, more: &str) -> String {
    format!(
        "scenario: A relaunch\nstarts: 2018-11-07T17:00 America/New_York\nlasts: 70m\n\
         traffic:\n  visits: [{{at: 0m, rate: 0.1/s}}]\n  tools: {{browse: {{requests: 5, think: \
         5s, use: {{page: 100%}}}}}}\nsite: {{tiers: {{web: {{threads: 100, takes: ~50ms}}}}, \
         endpoints: {{page: web}}}}\nlogs: {{routes: {{\"/*\": page}}}}\n{more}\nrules:\n{rules}\n"
    )
}

fn problems(text: &str) -> Vec<Problem> {
    match scenario::load(&SourceText::file("day.yaml", text), &[]) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().cloned().collect(),
    }
}

/// Runs a file of rule tests beside a scenario; it must pass.
fn tested(scenario: &str, tests: &str) {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), scenario).expect("written");
    fs::write(folder.path().join("day.test.yaml"), format!("scenario: day.yaml\n{tests}"))
        .expect("written");
    let mut sim = Command::cargo_bin("sim").expect("built");
    let ran = sim.current_dir(folder.path()).args(["test", "day.test.yaml"]).output().expect("ran");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn every_other_reading_is_missing_and_the_rule_fires_all_the_same() {
    let rules = "  - {alert: Errors, expr: error_rate > 5%, for: 2m}";
    let (requests, bad) = ("100 _ ".repeat(60), "50 _ ".repeat(60));
    tested(
        &day(rules, ""),
        &format!(
            "interval: 10s\ntests:\n  - name: every other\n    input: {{requests: 100x5 \
            {requests}, \
             bad: 0x5 {bad}}}\n    expect:\n      - {{at: 1m10s, alert: Errors, state: \
             pending}}\n      \
             - {{at: 5m, alert: Errors, state: pending}}\n      \
             - {{at: 5m10s, alert: Errors, state: firing}}\n"
        ),
    );
}

#[test]
fn a_burn_rate_needs_the_long_window_and_the_short_one() {
    let rules = "  - {alert: Burn, expr: error_rate > 10% over 10m and error_rate > 10% over 1m}";
    // Half of ten minutes fails; afterwards the long window is still full of it, the short is not.
    tested(
        &day(rules, ""),
        "interval: 10s\ntests:\n  - name: burn\n    input: {requests: 100x119, bad: 0x11 50x35 \
        0x71}\n    \
         expect:\n      - {at: 2m10s, alert: Burn, state: inactive}\n      \
         - {at: 4m40s, alert: Burn, state: firing}\n      \
         - {at: 10m, alert: Burn, state: inactive}\n",
    );
}

#[test]
fn either_of_two_conditions_is_enough() {
    let rules = "  - {alert: Either, expr: errors > 60/m or latency p95 > 2s}";
    tested(
        &day(rules, ""),
        "interval: 10s\ntests:\n  - name: errors\n    input: {requests: 100x20, bad: 20x20}\n    \
         expect: \
         [{at: 1m, alert: Either, state: firing}]\n  - name: slow\n    input: {requests: \
         100x20, slow: \
         {limit: 3s, share: 10x20}}\n    expect: [{at: 1m, alert: Either, state: firing}]\n  - \
         name: \
         quiet\n    input: {requests: 100x20}\n    expect: [{at: 1m, alert: Either, state: \
         inactive}]\n",
    );
}

#[test]
fn fewer_requests_than_half_of_the_baseline() {
    let rules = "  - {alert: Quiet, expr: requests < 50% of baseline, for: 1m}";
    let baseline = "baseline: {requests: 60/m}";
    tested(
        &day(rules, baseline),
        "interval: 10s\ntests:\n  - name: drops\n    input: {requests: 10x12 4x20}\n    \
        expect:\n      \
         - {at: 2m, alert: Quiet, state: inactive}\n      - {at: 5m, alert: Quiet, state: \
         firing}\n",
    );
}

#[test]
fn a_percentile_against_the_baseline() {
    let rules = "  - {alert: Slow, expr: latency p95 > 2x baseline}";
    let baseline = "baseline: {latency: {p50: 140ms, p95: 1s}}";
    tested(
        &day(rules, baseline),
        "interval: 10s\ntests:\n  - name: below\n    input: {requests: 100x9, slow: {limit: \
        1900ms, \
         share: 10x9}}\n    expect: [{at: 1m, alert: Slow, state: inactive}]\n  - name: \
         beyond\n    input: \
         {requests: 100x9, slow: {limit: 2100ms, share: 10x9}}\n    expect: [{at: 1m, alert: Slow, \
         state: firing}]\n",
    );
}

#[test]
fn outside_its_hours_a_rule_is_at_rest() {
    let rules = "  - {alert: Errors, expr: error_rate > 5%, hours: launch}";
    let hours = "hours: {launch: [{daily: 17:02-17:05}]}";
    tested(
        &day(rules, hours),
        "interval: 10s\ntests:\n  - name: hours\n    input: {requests: 100x60, bad: 50x60}\n    \
        expect:\n      \
         - {at: 2m, alert: Errors, state: inactive}\n      \
         - {at: 2m10s, alert: Errors, state: firing}\n      \
         - {at: 5m, alert: Errors, state: firing}\n      \
         - {at: 6m10s, alert: Errors, state: inactive}\n  - name: blind at night\n    input: \
         {requests: \
         100 _x60}\n    expect: [{at: 1m50s, alert: Errors, state: inactive}]\n",
    );
}

#[test]
fn what_is_wrong_with_a_rule_is_said() {
    for (rule, more, message, hint) in [
        ("requests < 50%", "", "`50%` of what?", "requests < 50% of baseline"),
        (
            "requests < 50% of baseline",
            "",
            "the baseline does not say how many requests are normal",
            "baseline: {requests: 30/m}",
        ),
        (
            "latency p95 > 2x baseline",
            "baseline: {latency: {p50: 1s}}",
            "the baseline does not say what p95 is normal",
            "latency: {p95: 400ms}",
        ),
        (
            "error_rate > 3x baseline",
            "baseline: {requests: 30/m}",
            "a multiple of the baseline needs a baseline",
            "error_rate: 0.013%",
        ),
        ("error_rate > 5% over 15s", "", "the window is not a multiple of the interval", "10s"),
        ("error_rate > 5% over 2d", "", "is not between a reading and a day", "over 5m"),
        ("error_rate > 5% && errors > 1/m", "", "`&&` is not understood here", "write and"),
        ("(error_rate > 5%)", "", "there are no brackets here", "binds closer"),
        ("error_rate > 5% and", "", "a condition is missing after `and`", "error_rate > 5%"),
        ("error_rate > 5% of good answers", "", "only response times are", "p95 of good answers"),
    ] {
        let rules = format!("  - {{alert: A, expr: \"{rule}\"}}");
        let problems = problems(&day(&rules, more));
        let first = problems.first().unwrap_or_else(|| panic!("{rule} is taken"));
        assert!(first.message.contains(message), "{rule}: {}", first.message);
        let told = first.hint.as_deref().unwrap_or_default();
        assert!(told.contains(hint), "{rule}: {told}");
    }
    let rules = "  - {alert: A, expr: error_rate > 5%, hours: night}";
    assert!(problems(&day(rules, ""))[0].message.contains("unknown hours `night`"));
    let rules = "  - {alert: A, expr: error_rate > 5% or errors > 9/m, resolve: error_rate < 1%}";
    assert!(problems(&day(rules, ""))[0].message.contains("several conditions has no `resolve`"));
    let rules = "  - {alert: A, expr: error_rate > 5% or errors > 9/m}";
    let tune = problems(&day(rules, "tune: {A: {value: 1%..5%}}"));
    assert!(tune[0].message.contains("the numbers of `A` cannot be tried"), "{tune:?}");
}

/// Seventy minutes of thirty requests a minute: fast failures beside slow answers, and 404s.
fn log() -> String {
    let mut text = String::new();
    for second in (0..4_200).step_by(2) {
        let (minute, troubled) = (second / 60, (20..40).contains(&(second / 60)));
        let (status, took) = match second % 12 {
            0 | 2 if troubled => (200, "4.000"),
            _ if troubled => (404, "0.001"),
            _ => (200, "0.130"),
        };
        let (hour, minute) = (22 + minute / 60, minute % 60);
        text += &format!(
            "192.0.2.1 - - [07/Nov/2018:{hour:02}:{minute:02}:{:02} +0000] \"GET /a HTTP/1.1\" \
             {status} 512 \"-\" \"Mozilla/5.0\" rt={took}\n",
            second % 60
        );
    }
    text
}

#[test]
fn a_log_is_judged_by_what_the_team_counts_as_errors() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("a.log"), log()).expect("written");
    let judged = |rules: &str, more: &str| {
        fs::write(folder.path().join("day.yaml"), day(rules, more)).expect("written");
        let mut sim = Command::cargo_bin("sim").expect("built");
        let sim = sim.current_dir(folder.path()).env("NO_COLOR", "1");
        let ran = sim.args(["judge", "day.yaml", "--log", "a.log"]).output().expect("ran");
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        (ran.status.code(), said + &String::from_utf8_lossy(&ran.stderr))
    };
    let errors = "  - {alert: NotFound, expr: error_rate > 50%, for: 2m}";
    assert_eq!(judged(errors, "").0, Some(0), "a 404 is no error unless said");
    let (code, said) = judged(errors, "telemetry: {errors: [404, 5xx]}");
    assert_eq!(code, Some(99), "{said}");
    assert!(said.contains("NotFound"), "{said}");
    let slow = "  - {alert: Slow, expr: latency > 3s for 50% of traffic, for: 1m}";
    assert_eq!(judged(slow, "telemetry: {errors: 4xx}").0, Some(0), "failures hide the slow ones");
    let slow = "  - {alert: Slow, expr: latency > 3s for 50% of good answers, for: 1m, \
                min_requests: 5}";
    let (code, said) = judged(slow, "telemetry: {errors: 4xx}");
    assert_eq!(code, Some(99), "{said}");
}
