//! Thresholds tried out: a missed fault is worse than any late detection.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

#[test]
fn a_rule_that_misses_the_spike_is_not_taken_for_being_quicker() {
    let folder = day();
    let words = ["tune", "day.yaml", "--days", "20", "--trials", "20", "--out", "tuned"];
    let (code, told, _) = said(folder.path(), &words, None);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("take  error_rate > 2%"), "{told}");
    assert!(told.contains("It finds 40 of 40 faults"), "{told}");
    assert!(told.contains("0 of 20 quiet days have a false alarm: at most"), "{told}");
    let table = fs::read_to_string(folder.path().join("tuned/tune.csv")).expect("written");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| rows[0].iter().position(|head| *head == name).expect(name);
    let row = |rule: &str| {
        let all = |row: &&Vec<&str>| row[column("rule")] == rule && row[column("fault")].is_empty();
        rows.iter().find(all).unwrap_or_else(|| panic!("{rule}: {table}"))
    };
    let missed = |rule: &str| (row(rule)[column("faults")], row(rule)[column("missed")]);
    assert_eq!(missed("error_rate > 2%"), ("40", "0"));
    assert_eq!(missed("error_rate > 4%"), ("40", "20"));
}

/// A folder with a day whose rule is to be tuned.
fn day() -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().expect("a folder");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tune.yaml");
    fs::copy(scenario, folder.path().join("day.yaml")).expect("copied");
    folder
}

/// Runs it; its exit code, and what it says on stdout and stderr.
fn said(folder: &Path, arguments: &[&str], index: Option<&str>) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments);
    command.envs(index.map(|index| ("JOB_COMPLETION_INDEX", index)));
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn the_same(folder: &Path, one: &str, other: &str) {
    for name in ["tune.csv", "tune.html", "run.json"] {
        let read = |out: &str| fs::read_to_string(folder.join(out).join(name)).expect("written");
        assert_eq!(read(one), read(other), "{name}");
    }
}

const FEW: [&str; 7] = ["tune", "day.yaml", "--days", "6", "--trials", "3", "--false-alarms=2"];

#[test]
fn days_in_shards_merge_to_the_bytes_of_one_machine() {
    let folder = day();
    let folder = folder.path();
    assert_eq!(said(folder, &[&FEW[..], &["--out", "whole"]].concat(), None).0, Some(0));
    // Of six quiet days and three with each of two faults, the second has some of both.
    for index in ["0", "1", "2"] {
        let auto = ["--shard", "auto", "--of", "3", "--out", "parts", "--jobs", "2"];
        let (code, out, error) = said(folder, &[&FEW[..], &auto].concat(), Some(index));
        assert_eq!(code, Some(0), "{error}");
        assert!(out.contains("4 of 12 days: played"), "{out}");
    }
    let part = |shard: u32| format!("parts/day-tune-shard-{shard}-of-3.jsonl");
    let parts = [part(3), part(1), part(2)];
    let parts = parts.each_ref().map(String::as_str);
    let (code, out, error) =
        said(folder, &[&["merge"][..], &parts, &["--out", "merged"]].concat(), None);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("take  error_rate > 2%"), "{out}");
    the_same(folder, "whole", "merged");

    let again = [&FEW[..], &["--shard", "2/3", "--out", "parts"]].concat();
    let (code, out, _) = said(folder, &again, None);
    assert_eq!(code, Some(0));
    assert!(out.contains("it already exists"), "{out}");
    let merge = |parts: &[&str]| said(folder, &[&["merge"][..], parts].concat(), None);
    let (code, _, error) = merge(&parts[..2]);
    assert_eq!(code, Some(2));
    assert!(error.contains("missing: shard 2/3"), "{error}");
    assert!(error.contains("--days 6 --trials 3 --shard 2/3"), "{error}");
    assert!(error.contains("--array=2"), "{error}");
    let (code, _, error) = merge(&[parts[0], parts[1], parts[1]]);
    assert_eq!(code, Some(2));
    assert!(error.contains("are both shard 1/3"), "{error}");
}

#[test]
fn shards_of_another_tuning_are_refused() {
    let folder = day();
    let folder = folder.path();
    let play = |shard: &str, more: &[&str]| {
        let shard = ["--shard", shard, "--out", "parts", "-q"];
        let (code, _, error) = said(folder, &[&FEW[..], &shard, more].concat(), None);
        assert_eq!(code, Some(0), "{error}");
    };
    play("1/2", &[]);
    let first = "parts/day-tune-shard-1-of-2.jsonl";
    let second = "parts/day-tune-shard-2-of-2.jsonl";
    for more in [&["--seed", "9"][..], &["--try", "Errors.value=3%,4%"], &["--set", "lasts=50m"]] {
        play("2/2", more);
        let (code, _, error) = said(folder, &["merge", first, second], None);
        assert_eq!(code, Some(2), "{more:?}");
        assert!(error.contains("differ in "), "{more:?}: {error}");
        fs::remove_file(folder.join(second)).expect("there");
    }
    play("2/2", &[]);
    // A day that was cut off, one that is not of this tuning, and another command's shard.
    let whole = fs::read_to_string(folder.join(second)).expect("readable");
    let lines: Vec<&str> = whole.lines().collect();
    let fewer = lines[..lines.len() - 1].join("\n") + "\n";
    let foreign = whole.replace("\"tallies\":[{", "\"tallies\":[{\"alarms\":0},{");
    for (text, words) in [
        (&whole[..whole.len() - 9], "cut off"),
        (&fewer, "has 5 of the 6 days of its block"),
        (&foreign, "not what this campaign asks of a trial"),
        (
            &whole.replace("\"command\":\"tune\"", "\"command\":\"run\""),
            "of sim run, not of sim tune",
        ),
    ] {
        fs::write(folder.join(second), text).expect("written");
        let (code, _, error) = said(folder, &["merge", first, second], None);
        assert_eq!(code, Some(2), "{words}");
        assert!(error.contains(words), "{error}");
    }
    for (more, words) in [
        (&["--shard", "1/13"][..], "12 days cannot be split into 13 shards"),
        (&["--shard", "auto"], "--shard auto needs --of"),
        (&["--shard", "auto", "--of", "4"], "JOB_COMPLETION_INDEX"),
        (&["--of", "4"], "--shard"),
        (&["--shard", "5/4"], "there is no shard 5 of 4"),
    ] {
        let (code, _, error) = said(folder, &[&FEW[..], more].concat(), None);
        assert_eq!(code, Some(2), "{more:?}");
        assert!(error.contains(words), "{more:?}: {error}");
    }
}

#[test]
fn a_quiet_log_is_read_by_the_first_shard_alone() {
    let folder = day();
    let folder = folder.path();
    let quiet = [
        "run",
        "day.yaml",
        "--trials",
        "1",
        "--set",
        "faults=[]",
        "--set",
        "rules.Errors.expr=error_rate > 9%",
    ];
    let (code, _, error) =
        said(folder, &[&quiet[..], &["--access-log", "q.log", "-q"]].concat(), None);
    assert_eq!(code, Some(0), "{error}");
    let tune = ["tune", "day.yaml", "--log", "q.log", "--trials", "2", "-q"];
    let on = |more: &[&str]| said(folder, &[&tune[..], more].concat(), None);
    let (code, _, error) = on(&["--out", "whole"]);
    assert_eq!(code, Some(0), "{error}");
    assert_eq!(on(&["--shard", "1/2", "--out", "parts"]).0, Some(0));
    fs::remove_file(folder.join("q.log")).expect("there");
    assert_eq!(on(&["--shard", "2/2", "--out", "parts"]).0, Some(0));
    let parts = ["parts/day-tune-shard-1-of-2.jsonl", "parts/day-tune-shard-2-of-2.jsonl"];
    let merge = [&["merge", "-q", "--out", "merged"], &parts[..]].concat();
    let (code, _, error) = said(folder, &merge, None);
    assert_eq!(code, Some(0), "{error}");
    the_same(folder, "whole", "merged");
}
