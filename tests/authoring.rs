//! What a person does before a gameday: starts a scenario, looks up keys, tests the rules.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// Exit code, stdout, stderr.
fn said(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output = sim(folder).args(words).assert();
    let output = output.get_output();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn thresholds_are_exact_to_the_last_request() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let (code, out, err) = said(&data, &["test", "thresholds.test.yaml"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.contains("thresholds.test.yaml: 10 passed, 0 failed\n"), "{out}");
}

/// The example, its rule tests, and a change to these.
fn rule_tests(part: &str, instead: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for name in ["example.yaml", "rules.test.yaml"] {
        let text = fs::read_to_string(data.join(name)).expect("readable");
        assert!(name == "example.yaml" || text.contains(part), "{part}");
        let text = if name == "example.yaml" { text } else { text.replacen(part, instead, 1) };
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

#[test]
fn a_new_scenario_is_written_once() {
    let folder = TempDir::new().expect("a folder");
    let (code, out, _) = said(folder.path(), &["new", "minimal", "-o", "day.yaml"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("Wrote   day.yaml") && out.contains("sim run day.yaml"), "{out}");
    assert!(folder.path().join("scenario.schema.json").exists());
    fs::write(folder.path().join("day.yaml"), "mine").expect("written");
    let (code, _, err) = said(folder.path(), &["new", "quiet-day", "-o", "day.yaml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("day.yaml already exists") && err.contains("--force"), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("day.yaml")).expect("readable"), "mine");
    assert_eq!(said(folder.path(), &["new", "quiet-day", "-o", "day.yaml", "--force"]).0, Some(0));
    let (code, _, err) = said(folder.path(), &["new", "quiet", "-o", "no.yaml"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("quiet-day"), "{err}");
    assert_eq!(said(folder.path(), &["new", "-o", "no/folder.yaml"]).0, Some(1));
    let (code, list, _) = said(folder.path(), &["new", "--list"]);
    let named = list.lines().filter(|line| !line.starts_with(' ')).count();
    assert_eq!((code, named), (Some(0), 5));
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
}

#[test]
fn rules_are_tested() {
    let folder = rule_tests("", "");
    let (code, out, err) = said(folder.path(), &["test", "rules.test.yaml"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.ends_with("rules.test.yaml: 6 passed, 0 failed\n"), "{out}");
    assert_eq!(said(folder.path(), &["test", "--quiet", "rules.test.yaml"]).1, "");
}

#[test]
fn a_failed_rule_test_says_where_and_what_happened_instead() {
    let folder = rule_tests(
        "{at: 2m, alert: ErrorSpike, state: pending}",
        "{at: 2m, alert: ErrorSpike, state: firing}",
    );
    let (code, out, _) = said(folder.path(), &["test", "rules.test.yaml"]);
    assert_eq!(code, Some(99));
    assert!(out.contains("FAILED  a spike of errors"), "{out}");
    assert!(out.contains("rules.test.yaml:9\n"), "{out}");
    let expected = "ErrorSpike is pending at 2m, expected firing; it went pending at 1m 10s";
    assert!(out.contains(expected), "{out}");
    assert!(out.ends_with("5 passed, 1 failed\n"), "{out}");
}

#[test]
fn a_wrong_file_of_rule_tests_is_exit_2() {
    for (part, instead, message) in [
        ("scenario: example.yaml", "scenario: exmple.yaml", "there is no scenario `exmple.yaml`"),
        (
            "alert: ErrorSpike, state: inactive",
            "alert: ErorSpike, state: inactive",
            "did you mean `ErrorSpike`?",
        ),
        ("state: inactive", "state: quiet", "`quiet` is not a state of a rule"),
        ("bad: 0x5 50x20 0x13", "bad: 0x5 500x20", "in interval 7, 500 of 100 are bad"),
        ("bad: 0x5 50x20 0x13", "bad: _x5", "a single series cannot be missing"),
        ("requests: 100x40,", "requests: 100*40,", "`100*40` is not part of a series"),
        ("interval: 10s", "interval: 45s", "is not a multiple of this"),
        ("at: 4m", "at: 4h", "the input ends at 6m 50s, before this"),
        ("browser ie11:", "browser ie12:", "did you mean `browser ie11`?"),
        ("scope: browser chrome", "scope: tier evss", "does not watch this scope"),
        ("expect:\n", "expects:\n", "unknown key `expects`"),
    ] {
        let folder = rule_tests(part, instead);
        let (code, _, err) = said(folder.path(), &["test", "rules.test.yaml"]);
        assert_eq!(code, Some(2), "{instead}: {err}");
        assert!(err.contains(message), "{instead}: {err}");
    }
}

#[test]
fn schema_reference_and_completions_are_printed() {
    let folder = TempDir::new().expect("a folder");
    let (code, schema, _) = said(folder.path(), &["schema"]);
    assert_eq!(code, Some(0));
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
    assert_eq!(schema, sim::scenario::schema());
    let (code, reference, _) = said(folder.path(), &["schema", "--reference"]);
    assert_eq!((code, reference), (Some(0), sim::scenario::reference()));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = said(folder.path(), &["completions", shell]);
        assert_eq!(code, Some(0));
        assert!(script.contains("explain"), "{shell} does not know the subcommands");
        let lists_values = ["bash", "zsh"].contains(&shell);
        assert!(script.contains("proxy-outage") || !lists_values, "{shell}: no templates");
    }
    assert_eq!(said(folder.path(), &["completions", "cmd"]).0, Some(2));
}
