//! Thresholds tried out: a missed fault is worse than any late detection.

use assert_cmd::Command;
use std::fs;
use std::path::Path;

#[test]
fn a_rule_that_misses_the_spike_is_not_taken_for_being_quicker() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tune.yaml");
    fs::copy(scenario, folder.path().join("day.yaml")).expect("copied");
    let mut command = Command::cargo_bin("sim").expect("built");
    let words = ["tune", "day.yaml", "--days", "20", "--trials", "20", "--out", "tuned"];
    let output = command.current_dir(folder.path()).env("NO_COLOR", "1").args(words).output();
    let output = output.expect("it runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
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
