//! Runs beside each other, runs that are told to stop, and runs that go on.

use super::{folder, names, signal, sim, started, unfinished, until};
use std::fs;
use std::path::Path;
use std::process::{Child, Command as Plain, Stdio};

#[test]
fn runs_at_once_get_a_folder_each() {
    let folder = folder();
    let mut runs: Vec<Child> = ["1", "2", "3"]
        .iter()
        .map(|seed| {
            started(
                folder.path(),
                &["run", "day.yaml", "--trials", "1", "--seed", seed, "--out", "o"],
            )
        })
        .collect();
    for run in &mut runs {
        run.wait().expect("ended");
    }
    let mut seeds = Vec::new();
    for name in names(folder.path()).into_iter().filter(|name| name.starts_with('o')) {
        let folder = folder.path().join(name);
        let first = |name: &str, line: usize| {
            let text = fs::read_to_string(folder.join(name)).expect("readable");
            text.lines().nth(line).expect("a line").to_string()
        };
        let journal: serde_json::Value =
            serde_json::from_str(&first("journal.jsonl", 0)).expect("JSON");
        let id = journal["run_id"].as_str().expect("an id");
        assert!(first("metrics.csv", 1).starts_with(id), "tables of another run");
        seeds.push(journal["seed"].as_u64().expect("a seed"));
    }
    seeds.sort();
    assert_eq!(seeds, [1, 2, 3]);
}

#[test]
fn a_rehearsal_that_is_running_is_not_resumed_beside_itself() {
    let folder = folder();
    let live = ["run", "day.yaml", "--live", "--seats", "all", "--out", "o"];
    let mut room = started(folder.path(), &live);
    use std::io::Write;
    let mut typed = room.stdin.take().expect("piped");
    typed.write_all(b"note first\n").expect("typed");
    let record = folder.path().join("o/room.jsonl");
    let has = |text: &str| fs::read_to_string(&record).is_ok_and(|record| record.contains(text));
    until(|| has("note first"));
    let resume = ["run", "day.yaml", "--live", "--resume", "--out", "o"];
    let output = sim(folder.path()).args(resume).write_stdin("note second\n").assert().code(2);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("still running"), "{said}");
    typed.write_all(b"note third\n").expect("typed");
    until(|| has("note third"));
    assert!(!has("note second"));
    signal(&room, "-TERM");
    let output = room.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("o/journal.jsonl").exists(), "what is done is saved");
}

#[test]
fn every_signal_saves_and_a_campaign_goes_on_with_the_same_bytes() {
    let folder = folder();
    // On a busy machine what it hinges on takes longer than it usually may.
    let run = ["run", "day.yaml", "--set", "lasts=90m", "--trials", "200", "--hinges", "1h"];
    sim(folder.path())
        .args([&run[..], &["--out", "whole", "-q"]].concat())
        .output()
        .expect("it ran");
    let again = [&run[..], &["--out", "o", "--resume"]].concat();
    let so_far = folder.path().join("o/trials.resume.jsonl");
    let lines = || fs::read_to_string(&so_far).map_or(0, |text| text.lines().count());
    for name in ["-INT", "-TERM", "-HUP", "-KILL"] {
        let before = lines();
        let mut child = started(folder.path(), &again);
        until(|| lines() > before + 3 || child.try_wait().expect("known").is_some());
        if child.try_wait().expect("known").is_some() {
            break;
        }
        signal(&child, name);
        let output = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr);
        if name != "-KILL" {
            assert!(matches!(output.status.code(), Some(130 | 0)), "{name}: {said}");
            assert_eq!(unfinished(&folder.path().join("o")), [""; 0], "{name}");
        }
    }
    sim(folder.path()).args(&again).output().expect("it ran");
    for name in names(&folder.path().join("whole")) {
        let read = |folder_name: &str| fs::read(folder.path().join(folder_name).join(&name));
        assert!(read("whole").expect("there") == read("o").expect("there"), "{name} differs");
    }
    assert_eq!(names(&folder.path().join("whole")), names(&folder.path().join("o")));
}

#[test]
fn a_comparison_goes_on_with_the_same_bytes() {
    let folder = folder();
    let compare = |out: &'static str| {
        ["compare", "day.yaml", "--set", "lasts=30m", "--trials", "100", "--resume", "--out", out]
    };
    sim(folder.path()).args(compare("whole")).assert().code(0);
    let mut child = started(folder.path(), &compare("o"));
    let so_far = folder.path().join("o/compare.resume.jsonl");
    let lines = || fs::read_to_string(&so_far).map_or(0, |text| text.lines().count());
    until(|| lines() > 5 || child.try_wait().expect("known").is_some());
    signal(&child, "-TERM");
    child.wait().expect("ended");
    sim(folder.path()).args(compare("o")).assert().code(0);
    for name in ["compare.csv", "compare.html"] {
        let read = |folder_name: &str| fs::read(folder.path().join(folder_name).join(name));
        assert!(read("whole").expect("there") == read("o").expect("there"), "{name} differs");
    }
}

/// Interrupts a command once its file of results so far has lines, and plays the rest: these files
/// are the same as those of a run that nobody interrupted, and nothing else stays.
fn goes_on(command: &[&str], so_far: &str, files: &[&str]) {
    let folder = folder();
    let into = |out: &'static str| [command, &["--resume", "--out", out]].concat();
    let whole = sim(folder.path()).args(into("whole")).output().expect("it ran");
    for name in ["-TERM", "-KILL"] {
        let lines = || {
            let text = fs::read_to_string(folder.path().join("o").join(so_far));
            text.map_or(0, |text| text.lines().count())
        };
        let before = lines();
        let mut child = started(folder.path(), &into("o"));
        until(|| lines() > before + 1 || child.try_wait().expect("known").is_some());
        signal(&child, name);
        let output = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr);
        if name == "-TERM" {
            assert_eq!(output.status.code(), Some(130), "{said}");
            assert!(lines() > 1, "{said}");
        }
    }
    let again = sim(folder.path()).args(into("o")).output().expect("it ran");
    assert_eq!(again.status.code(), whole.status.code());
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(said.contains(" already "), "{said}");
    for name in files {
        let read = |out: &str| fs::read(folder.path().join(out).join(name)).expect("there");
        assert!(read("whole") == read("o"), "{name} differs");
    }
    assert_eq!(names(&folder.path().join("whole")), names(&folder.path().join("o")));
}

#[test]
fn tuning_goes_on_with_the_same_bytes() {
    let tries =
        ["--try", "Errors.value=2,5", "--days", "16", "--trials", "6", "--set", "lasts=40m"];
    let command = [&["tune", "day.yaml"][..], &tries].concat();
    goes_on(&command, "tune.resume.jsonl", &["tune.csv", "tune.html"]);
}

#[test]
fn a_capacity_check_goes_on_with_the_same_bytes() {
    let small =
        ["--set", "site.tiers.database.instances=1", "--set", "site.tiers.database.threads=1"];
    let command = [&["capacity", "day.yaml"][..], &small].concat();
    goes_on(&command, "capacity.resume.jsonl", &["capacity.json", "capacity.csv"]);
}

#[test]
fn a_signal_inside_a_reading_ends_the_run_and_saves_it() {
    let folder = folder();
    let arguments =
        ["run", "day.yaml", "--trials", "1", "--out", "o", "--large", "--set", "lasts=20h"];
    // The rule is without `for`, which would have to be longer than a reading.
    let sets =
        ["telemetry.every=1h", "rules.Errors.for=0s", "traffic.visits=[{at: 0m, rate: 2000/s}]"];
    let sets = sets.iter().flat_map(|set| ["--set", *set]);
    let arguments: Vec<&str> = arguments.into_iter().chain(sets).collect();
    for name in ["-INT", "-TERM", "-HUP"] {
        let mut child = started(folder.path(), &arguments);
        let open = || !unfinished(&folder.path().join("o")).is_empty();
        until(|| open() || child.try_wait().expect("known").is_some());
        signal(&child, name);
        let output = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{name}: {said}");
        let journal = fs::read_to_string(folder.path().join("o/journal.jsonl")).expect("saved");
        assert!(journal.contains("\"interrupted\":true"), "{name}: {said}");
        assert!(!journal.contains("\"reading\""), "{name}: not inside the first reading");
        assert_eq!(unfinished(&folder.path().join("o")), [""; 0], "{name}");
        assert!(!folder.path().join("o-2").exists(), "{name}");
    }
}

#[test]
fn a_signal_that_was_ignored_from_the_start_stays_ignored() {
    if !Path::new("/proc/self/status").exists() {
        return;
    }
    let folder = folder();
    let line = "trap '' HUP; exec \"$0\" run day.yaml --out o --trials 40";
    let mut child = Plain::new("sh")
        .args(["-c", line])
        .arg(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("there is a shell");
    until(|| folder.path().join("o").exists());
    signal(&child, "-HUP");
    let code = child.wait().expect("ended").code();
    assert!(matches!(code, Some(0 | 3 | 99)), "{code:?}");
    let trials = fs::read_to_string(folder.path().join("o/trials.csv")).expect("saved");
    assert_eq!(trials.lines().count(), 41);
}

#[test]
fn what_a_killed_run_left_is_cleared_by_the_next() {
    let folder = folder();
    let long = ["run", "day.yaml", "--trials", "1", "--out", "o", "--set", "lasts=20h"];
    let mut child = started(folder.path(), &long);
    until(|| !unfinished(&folder.path().join("o")).is_empty());
    child.kill().expect("it runs");
    child.wait().expect("ended");
    assert!(!unfinished(&folder.path().join("o")).is_empty(), "it had no chance to clean up");
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--out", "o"])
        .output()
        .expect("it ran");
    assert_eq!(unfinished(&folder.path().join("o")), [""; 0]);
}
