//! The program as a user runs it: output, files, exit codes, bad input.

use crate::support;

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use support::shipped;
use tempfile::TempDir;

fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// A folder with one scenario in it.
fn with(name: &str, text: impl AsRef<[u8]>) -> TempDir {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join(name), text).expect("written");
    folder
}

const FILES: [&str; 17] = [
    "alerts.csv",
    "causes.csv",
    "change_times.csv",
    "findings.csv",
    "go_no_go.csv",
    "journal.jsonl",
    "messages.csv",
    "metrics.csv",
    "outbrief.html",
    "outbrief.md",
    "people.csv",
    "responses.csv",
    "rules.csv",
    "run.json",
    "segments.csv",
    "timeline.csv",
    "told.csv",
];

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("readable"))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn a_run_writes_its_files_and_again_the_same_bytes() {
    let folder = with("day.yaml", shipped("proxy-outage"));
    sim(folder.path()).args(["run", "day.yaml", "--trials", "1"]).assert().code(0);
    let first = files(&folder.path().join("reports/day"));
    assert_eq!(first.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), FILES);
    sim(folder.path()).args(["run", "day.yaml", "--trials", "1"]).assert().code(0);
    assert!(first == files(&folder.path().join("reports/day")), "the bytes differ");
    sim(folder.path()).args(["run", "day.yaml", "--trial", "1", "--quiet"]).assert().stdout("");
    assert!(first == files(&folder.path().join("reports/day")), "another run was overwritten");
    assert_eq!(files(&folder.path().join("reports/day-2")).len(), FILES.len());
}

#[test]
fn a_final_slash_names_the_same_folder() {
    let folder = with("day.yaml", shipped("quiet-day"));
    for lasts in ["lasts=5m", "lasts=6m"] {
        let arguments =
            ["run", "day.yaml", "--trials", "1", "--quiet", "--out", "here/", "--set", lasts];
        sim(folder.path()).args(arguments).assert().code(0);
    }
    assert_eq!(files(&folder.path().join("here")).len(), FILES.len());
    assert_eq!(files(&folder.path().join("here-2")).len(), FILES.len());
}

#[test]
fn a_missed_expectation_is_exit_99() {
    let folder = with("day.yaml", shipped("quiet-day"));
    let fault = "expect.alerts=[ErrorSpike]";
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--set", "lasts=30m", "--set", fault])
        .assert()
        .code(99);
}

#[test]
fn a_scenario_with_errors_is_exit_2_and_says_them_all() {
    let broken = shipped("proxy-outage")
        .replace("outage: reverse-proxy", "outage: revers-proxy")
        .replace("\ntraffic:\n", "\ntraffic:\n  patience: 30\n  mix: {browser: {chrome: 38%}}\n");
    let folder = with("day.yaml", broken);
    let output = sim(folder.path()).args(["run", "day.yaml", "--trials", "1"]).assert().code(2);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    for part in ["revers-proxy", "`reverse-proxy`", "30s", "99%", "day.yaml:"] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    assert!(!folder.path().join("reports").exists(), "nothing was run");
}

#[test]
fn files_that_are_no_scenario_are_exit_2() {
    let cases: [(&str, Vec<u8>); 8] = [
        ("empty", Vec::new()),
        ("only a comment", b"# nothing\n".to_vec()),
        ("not UTF-8", b"scenario: \xff\xfe\n".to_vec()),
        ("large", vec![b'#'; 50 << 20]),
        ("deep", "[".repeat(200_000).into_bytes()),
        ("an alias bomb", alias_bomb().into_bytes()),
        ("a list", b"- a\n- b\n".to_vec()),
        ("NUL", b"scenario: \0\n".to_vec()),
    ];
    for (what, bytes) in cases {
        let folder = with("day.yaml", bytes);
        let output = sim(folder.path()).args(["run", "day.yaml", "--trials", "1"]).assert().code(2);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains("day.yaml"), "{what} does not name the file:\n{said}");
        assert!(said.len() < 8_000, "{what} says {} bytes", said.len());
        assert!(!said.contains("panicked"), "{what}:\n{said}");
    }
}

fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_string();
    for i in 1..12 {
        let alias = format!("*a{}, ", i - 1).repeat(9);
        text.push_str(&format!("a{i}: &a{i} [{}]\n", alias.trim_end_matches(", ")));
    }
    text
}

#[test]
fn missing_files_and_folders_are_said_plainly() {
    let folder = with("day.yaml", shipped("quiet-day"));
    sim(folder.path()).args(["run", "nowhere.yaml", "--trials", "1"]).assert().code(2);
    sim(folder.path()).args(["run", "."]).assert().code(2);
    sim(folder.path()).args(["run"]).assert().code(2);
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--set", "nonsense"])
        .assert()
        .code(2);
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--set", "lasts=-5m"])
        .assert()
        .code(2);
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--set", "site.tiers.ghost.x=1"])
        .assert()
        .code(2);
    fs::write(folder.path().join("file"), "in the way").expect("written");
    let out = ["run", "day.yaml", "--trials", "1", "--set", "lasts=5m", "--out", "file/below"];
    sim(folder.path()).args(out).assert().code(1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command as Plain, Stdio};
    let folder = with("day.yaml", shipped("quiet-day"));
    let mut child = Plain::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--set", "lasts=10m"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_done() {
    use std::process::{Command as Plain, Stdio};
    let text = shipped("quiet-day");
    let folder = with("day.yaml", text);
    let sets = ["lasts=20d", "starts=2018-10-20T11:00 America/New_York"];
    let child = Plain::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "--set", sets[0], "--set", sets[1]])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    // The run's folder appears before its first step.
    while !folder.path().join("reports/day").exists() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // A little of the run: the reports of days of it would take longer than stopping may.
    std::thread::sleep(std::time::Duration::from_millis(30));
    let pid = child.id().to_string();
    assert!(Plain::new("kill").args(["-INT", &pid]).status().expect("kill").success());
    let output = child.wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    let found = files(&folder.path().join("reports/day"));
    assert_eq!(found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), FILES);
    let journal = &found.iter().find(|(name, _)| name == "journal.jsonl").expect("there").1;
    let last = String::from_utf8_lossy(journal).lines().last().expect("a line").to_string();
    assert!(last.contains("\"interrupted\":true"), "{last}");
}

#[test]
fn a_list_of_gamedays_ends_in_a_table_and_the_worst_exit_code() {
    let folder = with("quiet.yaml", shipped("quiet-day"));
    fs::write(folder.path().join("broken.yaml"), "scenario: nothing\n").expect("written");
    let run = |names: &[&str]| {
        let list =
            [&["run", "--trials", "1", "--set", "lasts=20m", "--out", "day"], names].concat();
        let output = sim(folder.path()).args(list).assert();
        let output = output.get_output();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said)
    };
    let missed =
        shipped("quiet-day").replace("expect: {alerts: none}", "expect: {alerts: [NoTraffic]}");
    fs::write(folder.path().join("missed.yaml"), missed).expect("written");
    let (code, said) = run(&["missed.yaml", "quiet.yaml"]);
    assert_eq!(code, Some(99));
    let table: Vec<&str> = said.lines().skip_while(|line| !line.starts_with("Gamedays")).collect();
    assert_eq!(table[0], "Gamedays: 1 of 2 met what was expected");
    let words: Vec<&str> = table[2].split_whitespace().collect();
    assert_eq!(words, ["missed", "missed", "1", "of", "1", "-", "-", "99"]);
    assert_eq!(files(&folder.path().join("day/quiet")).len(), FILES.len());
    let (code, said) = run(&["broken.yaml", "missed.yaml", "quiet.yaml"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("broken    has errors"), "{said}");
    assert!(said.contains("1 of 3 met"), "{said}");
}

#[test]
fn where_files_go_is_said_alike_everywhere() {
    let folder = TempDir::new().expect("a folder");
    let commands = [
        "baseline",
        "capacity",
        "compare",
        "crew",
        "go",
        "hinges",
        "judge",
        "merge",
        "new",
        "night",
        "pack",
        "plan-shards",
        "report",
        "rollcall",
        "room",
        "run",
        "tune",
        "when",
    ];
    for command in commands {
        for option in ["--out", "--output", "-o"] {
            // Whatever else is missing, the option is known.
            let output = sim(folder.path()).args([command, option, "there"]).output();
            let output = output.expect("it runs");
            let wrong = String::from_utf8_lossy(&output.stderr);
            assert!(!wrong.contains("unexpected argument"), "{command} {option}: {wrong}");
        }
    }
}
