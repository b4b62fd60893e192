//! `sim when`: at which hours a step of the launch goes well.

use crate::support::{plan, replaced};
use assert_cmd::Command;
use sim::campaign::{Campaign, CampaignObserver, WorkerPool};
use sim::units::{Span, Time};
use sim::window::{HourSearch, SearchOptions};
use std::fs;
use std::path::Path;
use std::process::Output;

/// Whoever can revert goes home at noon.
const DAY: &str = "\
scenario: A shop moves & opens
starts: 2021-03-05T09:00 Europe/London
lasts: 60m
traffic:
  visits: [{at: 0m, rate: 30/m}]
  mix: {tool: {look: 100%}}
  tools: {look: {requests: 2, think: 5s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 20, takes: 50ms}}
  endpoints: {page: web}
faults:
  - {at: 15m, failing: web, errors: 60%, until: [revert]}
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 1m}
people:
  dana: {role: decider}
  ravi: {role: ops, hours: morning}
hours: {morning: [{daily: 08:00-12:00 Europe/London}]}
channels: {phone: {answers: 100%, after: 1m}}
escalation: {ops: {try: [ravi], by: [phone], each: 2m}}
changes: {switch: 1m, revert: 1m}
launch: [{at: 10m, change: switch}]
freezes: [{from: \"10:00\", to: \"10:20\", changes: [switch]}]
plays:
  back: {when: [Errors], steps: [page ops, change revert], verify: 2m}
expect: {recovered: < 20m}
";

fn sim(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").env_remove("COLUMNS");
    command.args(["when", "day.yaml"]).args(more).output().expect("ended")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn folder(day: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), day).expect("written");
    folder
}

#[test]
fn the_last_safe_start_is_the_last_at_which_somebody_can_revert() {
    let folder = folder(DAY);
    let asked = ["--step", "switch", "--close", "16:00", "--trials", "3"];
    let found = sim(folder.path(), &asked);
    let (told, said) = (text(&found.stdout), text(&found.stderr));
    assert_eq!(found.status.code(), Some(0), "{told}{said}");
    assert!(said.starts_with("11 half hours, 3 runs each: about "), "{said}");
    let joined = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in [
        "switch between 09:10 and 11:40, but not at 10:10 (frozen): service is healthy within \
         50m of the step and by 16:00 in at least 95% of the runs",
        "Last safe start: 11:40.",
        "From 12:10 on it is clearly worse: service is healthy within 50m of the step and by \
         16:00 in 0 of 3 runs only. It hinges on this: nobody answered the page (3 runs).",
        "10:10 2 frozen",
    ] {
        assert!(joined.contains(wanted), "{wanted}: {told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let page = fs::read_to_string(folder.path().join("reports/day-when/when.html"));
    let page = page.expect("a page");
    assert!(page.contains("Last safe start: 11:40.") && page.contains("A shop moves &amp; opens"));
    assert_eq!(crate::support::reaches_outside(&page), None);
    // The same again goes into the same folder.
    assert_eq!(sim(folder.path(), &[&asked[..], &["-q"]].concat()).status.code(), Some(0));
    assert!(!folder.path().join("reports/day-when-2").exists());
}

#[test]
fn an_hour_is_the_scenario_as_if_it_was_written_to_start_then() {
    let long = plan(DAY, &[("lasts", "8h")]);
    let sought = SearchOptions { step: "switch", ..SearchOptions::default() };
    let close = long.calendar.at(Time::ZERO + Span::from_secs(7 * 3600));
    let sought = SearchOptions { close: Some(close), ..sought };
    let search =
        HourSearch::new(&long, Span::from_secs(3600), &sought).expect("it can be looked for");
    let workers = WorkerPool::new(2).expect("two threads");
    let never = || false;
    let watch = CampaignObserver { stop: &never, done: &|_| {} };
    let rows = |plan: &sim::scenario::Plan| {
        let rows = Campaign::new(plan, 7).run(0..3, &workers, &watch);
        rows.into_iter().map(|row| (row.conclusion, row.values)).collect::<Vec<_>>()
    };
    for (hour, starts) in [(5, "11:30"), (6, "12:00"), (9, "13:30")] {
        let start = format!("2021-03-05T{starts}");
        let written = plan(&replaced(DAY, &[("2021-03-05T09:00", &start)]), &[]);
        let moved = search.at(search.hours()[hour]);
        assert_eq!(moved.calendar.starts(), written.calendar.starts());
        assert_eq!(rows(&moved), rows(&written), "begun at {starts}");
    }
}

/// The rows of `windows.csv`, by column.
fn windows(folder: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join("windows.csv")).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn what_it_says_of_an_hour_is_what_the_scenario_says_with_the_step_there() {
    // Now and then the phone is not answered, so that the shares are no round numbers.
    let day = DAY.replace("answers: 100%", "answers: 70%");
    let folder = folder(&day);
    let asked = ["--step", "switch", "--close", "16:00", "--trials", "30", "--out", "w", "-q"];
    let found = sim(folder.path(), &asked);
    assert!([Some(0), Some(99)].contains(&found.status.code()), "{}", text(&found.stderr));
    let rows = windows(&folder.path().join("w"));
    assert_eq!(rows.len(), 12);
    // The last at which somebody may revert, the first at which nobody does, and one between.
    for (row, starts) in [(5, "11:30"), (6, "12:00"), (0, "09:00")] {
        let set = format!("starts=2021-03-05T{starts} Europe/London");
        let mut run = Command::cargo_bin("sim").expect("built");
        run.current_dir(folder.path()).args(["run", "day.yaml", "--trials", "30", "-q"]);
        run.args(["--out", starts, "--set", &set]).output().expect("ended");
        let trials = folder.path().join(starts).join("trials.csv");
        let mut trials = csv::Reader::from_path(trials).expect("a table");
        let well = trials.deserialize::<std::collections::BTreeMap<String, String>>();
        let well = well.filter(|row| {
            let row = row.as_ref().expect("a row");
            ["restored", "quiet"].contains(&row["outcome"].as_str())
        });
        let own = &rows[row];
        let begins = starts.replacen(":0", ":1", 1).replacen(":3", ":4", 1);
        assert!(own["starts_at_local"].ends_with(&format!("{begins}:00")), "{own:?} {starts}");
        assert_eq!(own["well"], well.count().to_string(), "begun at {starts}: {own:?}");
        assert_eq!((own["runs"].as_str(), own["wanted_pct"].as_str()), ("30", "95"));
    }
    let well: Vec<u64> = [5, 6].map(|row: usize| rows[row]["well"].parse().expect("runs")).to_vec();
    assert!(well[0] > well[1] + 10, "it is an edge: {well:?}");
    assert_eq!((rows[2]["stands"].as_str(), rows[2]["runs"].as_str()), ("frozen", ""));
    assert_eq!(rows[6]["lost_by"], "nobody answered the page");
    assert_eq!(rows[0]["closes_at"], "2021-03-05T16:00:00+00:00");
}

#[test]
fn only_the_faults_that_are_named_are_played() {
    let two = "  - {at: 15m, failing: web, errors: 60%, until: [revert]}\n";
    let more = "  - {at: 20m, failing: web, errors: 90%, name: worse}\n";
    let day =
        DAY.replace(two, &format!("{two}{more}")).replace("{at: 15m, f", "{at: 15m, name: bad, f");
    let folder = folder(&day);
    let well = |faults: &[&str], out: &str| {
        let asked = ["--step", "switch", "--to", "09:10", "--trials", "4", "-q", "--out", out];
        let found = sim(folder.path(), &[&asked[..], faults].concat());
        assert!([Some(0), Some(99)].contains(&found.status.code()), "{}", text(&found.stderr));
        windows(&folder.path().join(out))[0]["well"].clone()
    };
    // Nothing ends the second one.
    assert_eq!((well(&[], "a"), well(&["--fault", "worse"], "b")), ("0".into(), "0".into()));
    assert_eq!(well(&["--fault", "bad"], "c"), "4");
    assert_eq!(well(&["--fault", "bad,worse"], "d"), "0");
    let page = fs::read_to_string(folder.path().join("c/when.html")).expect("a page");
    assert!(page.contains("Run with these faults only: bad.") && page.contains("--fault bad"));
    let refused = sim(folder.path(), &["--step", "switch", "--fault", "wors"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(
        said.contains("`wors` is not a fault of the scenario") && said.contains("worse"),
        "{said}"
    );
}

#[test]
fn the_pipeline_of_the_step_and_what_is_built_there_next_are_named() {
    let builds = "changes: {switch: {takes: 1m, pipeline: web}, revert: 1m, \
                  build: {takes: 20m, pipeline: web}}";
    let launch = "launch: [{at: 5m, change: build}, {at: 10m, change: switch}, \
                  {at: 40m, change: build}]";
    let day = DAY.replace("changes: {switch: 1m, revert: 1m}", builds);
    let busy = day.replace("launch: [{at: 10m, change: switch}]", launch);
    let words = |text: &str| {
        let plan = plan(text, &[]);
        let sought = SearchOptions { step: "switch", ..SearchOptions::default() };
        HourSearch::new(&plan, plan.lasts, &sought).expect("it can be looked for").pipeline()
    };
    assert_eq!(
        words(&busy).as_deref(),
        Some(
            "Its pipeline, web, still makes build then; build is next there, 30m later, at every \
              half hour."
        )
    );
    let free = busy.replace("{at: 5m, change: build}, ", "");
    let said =
        "Its pipeline, web, is free then; build is next there, 30m later, at every half hour.";
    assert_eq!(words(&free).as_deref(), Some(said));
    assert_eq!((words(&day), words(DAY)), (None, None));
}

#[test]
fn a_step_without_a_time_is_put_before_the_first_fault() {
    let open = DAY.replace("launch: [{at: 10m", "launch: [{at: \"?\"");
    let open = plan(&open, &[]);
    let distance = Span::from_secs(300);
    let sought = SearchOptions { step: "swi", distance, ..SearchOptions::default() };
    let search = HourSearch::new(&open, open.lasts, &sought).expect("it can be looked for");
    assert!(search.assumed);
    assert_eq!(search.clock(search.hours()[0]).strftime("%H:%M").to_string(), "09:10");
    let far = SearchOptions { distance: Span::from_secs(86_400), ..sought };
    let search = HourSearch::new(&open, open.lasts, &far).expect("it can be looked for");
    assert_eq!(search.hours()[0], Time::ZERO);
}

#[test]
fn what_cannot_be_looked_for_is_said() {
    let folder = folder(DAY);
    for (arguments, words) in [
        (&["--step", "swich"][..], "did you mean `switch`?"),
        (&["--step", ""], "is not a step of the launch"),
        (&["--step", "switch", "--from", "25:00"], "write hours and minutes: 22:00"),
        (&["--step", "switch", "--from", "09:00"], "09:00 is earlier than the plan allows"),
        (&["--step", "switch", "--from", "15:00", "--close", "14:00"], "there is no half hour"),
        (&["--step", "switch", "--to", "09:05"], "there is no half hour"),
        (&["--step", "switch", "--trials", "0"], "1..=100000"),
        (&["--step", "switch", "--distance", "soon"], "--distance"),
        (&["--step", "switch", "--set", "nonsense"], "KEY=VALUE"),
        (&[], "--step"),
    ] {
        let refused = sim(folder.path(), arguments);
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    let nobody = ["--step", "switch", "--set", "people.dana.hours=morning"];
    let late = ["--from", "12:30", "--close", "15:00"];
    let refused = sim(folder.path(), &[nobody, late].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("nobody is on duty at any of these half hours"));
    let without = DAY.replace("launch: [{at: 10m, change: switch}]\n", "");
    let folder = self::folder(&without);
    let refused = sim(folder.path(), &["--step", "switch"]);
    assert!(text(&refused.stderr).contains("the plan has no launch steps"));
}
