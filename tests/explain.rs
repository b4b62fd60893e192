//! `sim explain` as a user runs it.

use crate::support;

use assert_cmd::Command;
use sim::decision::Phase;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn with(name: &str, text: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join(name), text).expect("written");
    folder
}

fn example() -> String {
    let path = format!("{}/tests/data/example.yaml", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("there")
}

fn told(text: &str, arguments: &[&str]) -> String {
    let folder = with("day.yaml", text);
    let output = sim(folder.path()).args(["explain", "day.yaml"]).args(arguments).assert().code(0);
    assert!(output.get_output().stderr.is_empty());
    String::from_utf8(output.get_output().stdout.clone()).expect("text")
}

#[test]
fn the_example_as_it_is_told() {
    let told = told(&example(), &[]);
    for line in told.lines() {
        assert!(line.chars().count() <= 80, "wider than 80 columns: {line}");
        assert_eq!(line, line.trim_end());
    }
    insta::assert_snapshot!(told);
}

#[test]
fn defaults_lines_and_sets_are_told_apart() {
    let set = ["--set", "traffic.patience=7s", "--format", "json"];
    let json: serde_json::Value = serde_json::from_str(&told(&example(), &set)).expect("JSON");
    let value = |path: &str| {
        let all = json["resolved"].as_array().expect("a list");
        let found = all.iter().find(|value| value["path"] == path).expect(path);
        let text = |key: &str| found[key].as_str().expect("text").to_string();
        (text("value"), text("from"))
    };
    let is = |path: &str, expected: (&str, &str)| {
        let (found, from) = value(path);
        assert_eq!((found.as_str(), from.as_str()), expected, "{path}");
    };
    is("traffic.patience", ("7s", "--set traffic.patience"));
    is("rules.1.window", ("1m", "default"));
    is("rules.3.window", ("5m", &line_of("window: 5m")));
    is("site.tiers.content.queue", ("128", "default"));
    is("escalation.ops.rounds", ("2", &line_of("ops:   {try:")));
    is("changes.content-fix.takes", ("<5m", &line_of("content-fix: ")));
}

fn line_of(text: &str) -> String {
    let example = example();
    let line = example.lines().position(|line| line.contains(text)).expect(text);
    format!("line {}", line + 1)
}

#[test]
fn paper_and_simulated_minutes_stand_side_by_side() {
    let json: serde_json::Value =
        serde_json::from_str(&told(&example(), &["--format", "json"])).expect("JSON");
    let play = &json["plays"][0];
    let steps = play["steps"].as_array().expect("steps");
    // 1m..4m, on average two minutes and a half.
    assert_eq!(steps[1]["simulated_s"], 150.0);
    assert_eq!(steps[5]["paper"], "3m or 16m");
    // 60% of 3 minutes and 40% of 16.
    assert_eq!(steps[5]["simulated_s"], 492.0);
    let sum: f64 = steps.iter().filter_map(|step| step["simulated_s"].as_f64()).sum();
    assert!((play["simulated_s"].as_f64().expect("a sum") - sum).abs() < 0.5);
    assert!(json["rules"][0]["false_alarm_per_hour"].as_f64().expect("a chance") < 0.01);
}

#[test]
fn hostile_words_stay_words() {
    let text = example().replace("wyatt", "\"\\e[31mw\\u202e\\n::error::\"");
    let told = told(&text, &[]);
    assert!(told.contains("\\u{1b}[31mw"), "{told}");
    assert!(!told.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn wrong_usage_is_exit_2() {
    let folder = with("day.yaml", &example().replace("lasts: 3h", "lasts: 3"));
    let explain = |arguments: &[&str]| {
        let output = sim(folder.path()).arg("explain").args(arguments).assert().code(2);
        let output = output.get_output().clone();
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).expect("text")
    };
    explain(&[]);
    explain(&["day.yaml", "--format", "github"]);
    explain(&["day.yaml", "--set", "nonsense"]);
    assert!(explain(&["day.yaml"]).contains("day.yaml:"));
    assert!(explain(&["gone.yaml"]).contains("file not found"));
}

/// Two people who often do not answer; without an answer the play stalls.
const SILENT: &str = "
scenario: nobody may answer
starts: 2026-03-02T10:00 Europe/Berlin
lasts: 40m
traffic:
  visits: [{at: 0m, rate: 0.5/s}]
  tools: {browse: {requests: 2, think: 10s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 50, takes: 15ms}}
  endpoints: {page: web}
faults: [{at: 5m, failing: page, errors: 80%, until: repair}]
rules: [{alert: Errors, expr: error_rate > 20%, for: 1m}]
people: {kim: {role: ops}, lou: {role: ops}, ana: {role: lead}}
channels: {phone: {answers: 50%, after: 30s}}
escalation: {ops: {try: [kim, lou], by: phone, each: 2m, rounds: 1}}
changes: {repair: 1m}
plays: {fix: {when: Errors, steps: [page ops, change repair]}}
";

#[test]
fn the_chance_that_nobody_answers_is_what_many_runs_give() {
    let shown = told(SILENT, &[]);
    let (before, _) = shown.split_once("% of the time nobody answers").expect("it is told");
    let percent = before.rsplit(['(', ' ']).next().expect("a number");
    let chance = percent.parse::<f64>().expect("a number") / 100.0;
    let plan = support::plan(SILENT, &[]);
    let trials = 200;
    let stalls = |trial: u64| {
        let run = support::play(&plan, trial);
        let incidents = run.story.incidents();
        run.story.phase_timeline(&incidents[0]).spent(Phase::Stalled).is_some()
    };
    let stalled = (0..trials).filter(|trial| stalls(*trial)).count() as f64 / trials as f64;
    let error = (chance * (1.0 - chance) / trials as f64).sqrt();
    assert!((stalled - chance).abs() < 3.5 * error, "{stalled} of runs, {chance} as told");
}

#[test]
fn whoever_a_fault_keeps_from_answering_is_counted_as_silent() {
    let text = SILENT.replace("faults: [", "faults: [{at: 1m, unreachable: kim}, ");
    let shown = told(&text, &[]);
    assert!(shown.contains("25% of the time nobody answers"), "{shown}");
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("50% while kim cannot be reached"), "{shown}");
    let other = SILENT.replace("faults: [", "faults: [{at: 1m, unreachable: ana}, ");
    assert!(!told(&other, &[]).contains("cannot be reached"), "nobody asks her");
}
