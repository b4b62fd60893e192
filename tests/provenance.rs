//! `run.json`: by which command and from which files results were made, whatever they were called
//! and wherever they were put.

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const SITE: &str = "\
traffic:
  visits: [{at: 0m, rate: 1/s}]
  tools: {buy: {requests: 2, think: 20s, use: {home: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 20, takes: 20ms}}
  endpoints: {home: web}
";

const DAY: &str = "\
scenario: A day in two files
seed: 7
starts: 2030-03-01T10:00 Europe/Berlin
lasts: 20m
include: [parts/site.yaml]
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 1m}
faults:
  - {at: 5m, failing: web, errors: 50%, for: 5m}
";

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir_all(folder.path().join("days/parts")).expect("a folder");
    fs::write(folder.path().join("days/day.yaml"), DAY).expect("written");
    fs::write(folder.path().join("days/parts/site.yaml"), SITE).expect("written");
    folder
}

fn sim(folder: &Path, arguments: &[&str]) {
    let mut command = Command::cargo_bin("sim").expect("built");
    let output = command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output();
    let output = output.expect("ended");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
}

fn made_by(folder: &Path) -> Value {
    let text = fs::read(folder.join("run.json")).expect("a run says how it was made");
    serde_json::from_slice(&text).expect("one document")
}

#[test]
fn the_kept_command_gives_the_same_bytes_where_the_scenario_is() {
    let folder = folder();
    let sets = ["--set", "lasts=15m", "--set", "scenario=it's a day"];
    let more = ["--trial", "3", "--quiet", "--out", "first"];
    sim(folder.path(), &[&["run", "days/day.yaml"][..], &sets, &more].concat());
    let first = folder.path().join("first");
    let kept = made_by(&first);
    let command = kept["command"].as_str().expect("a command");
    for hidden in ["--out", "first", "days/", "--quiet"] {
        assert!(!command.contains(hidden), "{command}");
    }
    assert!(command.contains("--seed 7 --trial 3 --set 'lasts=15m'"), "{command}");
    let words = shlex::split(command).expect("words of a shell");
    let again: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    sim(&folder.path().join("days"), &[&again[..], &["--quiet", "--out", "second"]].concat());
    let second = folder.path().join("days/second");
    for file in ["journal.jsonl", "run.json", "rules.csv", "segments.csv", "outbrief.html"] {
        let [first, second] = [&first, &second].map(|of| fs::read(of.join(file)).expect(file));
        assert!(first == second, "{file} differs");
    }
}

#[test]
fn every_file_that_was_read_is_there_with_its_hash() {
    let folder = folder();
    sim(folder.path(), &["run", "days/day.yaml", "--trials", "1", "--quiet", "--out", "run"]);
    let kept = made_by(&folder.path().join("run"));
    assert_eq!(kept["program"], env!("CARGO_PKG_VERSION"));
    let files = kept["files"].as_array().expect("a list");
    let names: Vec<&str> = files.iter().filter_map(|file| file["file"].as_str()).collect();
    assert_eq!(names, ["day.yaml", "parts/site.yaml"]);
    assert_eq!(files[0]["bytes"], DAY.len());
    let hash = files[1]["sha256"].as_str().expect("a hash").to_string();
    assert_eq!(hash.len(), 64);
    fs::write(folder.path().join("days/parts/site.yaml"), SITE.to_string() + "# more\n")
        .expect("written");
    sim(folder.path(), &["run", "days/day.yaml", "--trials", "1", "--quiet", "--out", "run"]);
    let changed = made_by(&folder.path().join("run"));
    assert_ne!(changed["files"][1]["sha256"], hash, "the file is another one now");
    assert_eq!(changed["files"][0], kept["files"][0]);
}

#[test]
fn merged_shards_say_the_same_as_one_run_of_all_trials() {
    let folder = folder();
    let trials = ["run", "days/day.yaml", "--trials", "4", "--jobs", "1", "--quiet"];
    sim(folder.path(), &[&trials[..], &["--out", "all"]].concat());
    for shard in ["1/2", "2/2"] {
        sim(folder.path(), &[&trials[..], &["--out", "parts", "--shard", shard]].concat());
    }
    let parts = ["parts/day-shard-1-of-2.jsonl", "parts/day-shard-2-of-2.jsonl"];
    sim(folder.path(), &[&["merge"][..], &parts, &["--quiet", "--out", "merged"]].concat());
    let (all, merged) = (folder.path().join("all"), folder.path().join("merged"));
    assert_eq!(made_by(&all), made_by(&merged));
    let expected = "sim run day.yaml --seed 7 --trials 4";
    assert_eq!(made_by(&all)["command"], expected);
    let read = |folder: &Path| fs::read(folder.join("campaign.csv")).expect("a table");
    assert!(read(&all) == read(&merged));
}

#[test]
fn a_comparison_says_both_sides() {
    let folder = folder();
    let sides = ["compare", "days/day.yaml", "--set", "faults.0.for=7m", "--trials", "2"];
    sim(folder.path(), &[&sides[..], &["--quiet", "--out", "compared"]].concat());
    let kept = made_by(&folder.path().join("compared"));
    let expected = "sim compare day.yaml --vs --set 'faults.0.for=7m' --trials 2 --seed 7";
    assert_eq!(kept["command"], expected);
}

#[test]
fn what_is_added_to_a_folder_does_not_change_how_it_was_made() {
    let folder = folder();
    let many = ["--trials", "3", "--names", "people", "--quiet", "--out", "run"];
    sim(folder.path(), &[&["run", "days/day.yaml"][..], &many].concat());
    let first = made_by(&folder.path().join("run"));
    let command = first["command"].as_str().expect("a command");
    assert!(command.contains("--trials 3") && command.ends_with("--names people"), "{command}");
    let one = ["--trials", "1", "--names", "people", "--quiet", "--out", "run"];
    sim(folder.path(), &[&["run", "days/day.yaml"][..], &one].concat());
    assert_eq!(made_by(&folder.path().join("run")), first, "its trials are still there");
}

#[test]
fn what_was_observed_says_from_which_sheet_and_beside_which_run() {
    let folder = folder();
    sim(folder.path(), &["run", "days/day.yaml", "--trials", "1", "--quiet", "--out", "run"]);
    let sheet = "at,actor,action,note\n10:06,,alert,Errors\n10:10,,recovered,\n";
    fs::write(folder.path().join("sheet.csv"), sheet).expect("written");
    sim(folder.path(), &["report", "run", "--observed", "sheet.csv", "--quiet"]);
    let kept = made_by(&folder.path().join("run-observed"));
    assert_eq!(kept["command"], "sim report run --observed sheet.csv");
    let files = kept["files"].as_array().expect("files");
    let names: Vec<&str> = files.iter().filter_map(|file| file["file"].as_str()).collect();
    assert_eq!(names, ["sheet.csv", "run/journal.jsonl"]);
}

#[test]
fn a_judgement_says_from_which_logs() {
    let folder = folder();
    let run = ["run", "days/day.yaml", "--quiet", "--out", "run"];
    let written = ["--access-log", "days/access.log", "--record", "days/day.jsonl"];
    sim(folder.path(), &[&run[..], &written].concat());
    let judged = |with: &[&str], out: &str| {
        let mut command = Command::cargo_bin("sim").expect("built");
        let all = [&["judge", "days/day.yaml", "--quiet", "--out", out], with].concat();
        let code = command.current_dir(folder.path()).args(all).output().expect("ended").status;
        assert!(matches!(code.code(), Some(0 | 99)), "{code:?}");
        made_by(&folder.path().join(out))
    };
    let names = |kept: &Value| -> Vec<String> {
        let files = kept["files"].as_array().expect("files").iter();
        files.filter_map(|file| file["file"].as_str().map(String::from)).collect()
    };
    let log = ["--set", "lasts=20m", "--log", "days/access.log", "--since", "2026-03-02T10:01"];
    let kept = judged(&log, "logs");
    assert_eq!(names(&kept), ["day.yaml", "parts/site.yaml", "access.log"]);
    let command = kept["command"].as_str().expect("a command");
    let expected = "sim judge day.yaml --log access.log --max-bad '1%' --since 2026-03-02T10:01 \
                    --set 'lasts=20m'";
    assert_eq!(command, expected);
    let kept = judged(&["--readings", "days/day.jsonl"], "readings");
    assert_eq!(names(&kept), ["day.yaml", "parts/site.yaml", "day.jsonl"]);
}
