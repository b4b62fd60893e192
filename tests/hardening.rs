//! Nothing lost, nothing stuck, nothing overwritten: what the program does on a full disk, beside
//! another run, under signals, and where somebody else's files are.

#![cfg(unix)]

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::{Child, Command as Plain, Stdio};
use std::time::Duration;
use tempfile::TempDir;

fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// A folder with the scenario of the quick start.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    sim(folder.path()).args(["new", "minimal", "-o", "day.yaml"]).assert().code(0);
    folder
}

/// The program in a shell that has set something up before.
fn under(folder: &Path, setup: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let line = format!("{setup}; exec \"$0\" \"$@\"");
    let output = Plain::new("sh")
        .args(["-c", &line])
        .arg(assert_cmd::cargo::cargo_bin("sim"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("there is a shell");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn started(folder: &Path, arguments: &[&str]) -> Child {
    Plain::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started")
}

fn signal(child: &Child, name: &str) {
    let sent = Plain::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.expect("there is a kill").success());
}

/// Waits until something is so; the test framework ends what never comes.
fn until(what: impl Fn() -> bool) {
    while !what() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The names in a folder, unfinished files among them.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn unfinished(folder: &Path) -> Vec<String> {
    names(folder).into_iter().filter(|name| name.starts_with(".sim-")).collect()
}

#[test]
fn what_cannot_be_printed_is_exit_1_for_every_command_and_a_closed_pipe_is_not() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder();
    let made = ["run", "day.yaml", "--out", "done", "--record", "r.jsonl", "--access-log", "a.log"];
    sim(folder.path()).args(made).assert().code(0);
    let commands: [&[&str]; 15] = [
        &["--help"],
        &["--version"],
        &["run", "--help"],
        &["new", "--list"],
        &["new", "minimal", "-o", "other.yaml", "--force"],
        &["check", "day.yaml"],
        &["explain", "day.yaml", "--format", "json"],
        &["schema", "--reference"],
        &["completions", "bash"],
        &["run", "day.yaml", "--out", "done"],
        &["judge", "day.yaml", "--readings", "r.jsonl", "--json"],
        &["capacity", "day.yaml", "--formula", "--out", "capacity"],
        &["pack", "day.yaml", "-o", "papers"],
        &["report", "done"],
        &["baseline", "a.log", "--window", "1s", "--min-requests", "1"],
    ];
    for arguments in commands {
        let (code, _, said) = under(folder.path(), "exec > /dev/full", arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("cannot print everything"), "{arguments:?}: {said}");
        let shell = format!("{{ \"$0\" {} ; echo $? > code; }} | :", arguments.join(" "));
        let piped = Plain::new("sh")
            .args(["-c", &shell])
            .arg(assert_cmd::cargo::cargo_bin("sim"))
            .current_dir(folder.path())
            .output();
        let said = piped.expect("there is a shell").stderr;
        let said = String::from_utf8_lossy(&said);
        let code = fs::read_to_string(folder.path().join("code")).expect("written");
        assert!(["0", "3", "99"].contains(&code.trim()), "{arguments:?}: {code} {said}");
        assert!(!said.contains("cannot print"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_full_disk_is_exit_1_and_leaves_nothing_half_written() {
    let folder = folder();
    sim(folder.path()).args(["run", "day.yaml", "--out", "done"]).assert().code(0);
    let before = fs::read(folder.path().join("done/metrics.csv")).expect("readable");
    let writers: [&[&str]; 9] = [
        &["run", "day.yaml", "--out", "o", "-q"],
        &["run", "day.yaml", "--out", "o", "--trials", "4", "-q"],
        &["run", "day.yaml", "--out", "o", "--trials", "4", "--shard", "1/2", "-q"],
        &["run", "day.yaml", "--out", "o", "-q", "--record", "r.jsonl", "--access-log", "a.log"],
        &["new", "launch-day", "-o", "new.yaml"],
        &["compare", "day.yaml", "--set", "lasts=20m", "--trials", "2", "--out", "o", "-q"],
        &["capacity", "day.yaml", "--formula", "--out", "o", "-q"],
        &["pack", "day.yaml", "-o", "o", "-q"],
        &["report", "done", "-q"],
    ];
    for arguments in writers {
        let (code, _, said) = under(folder.path(), "trap '' XFSZ; ulimit -f 0", arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("error"), "{arguments:?}: {said}");
        assert_eq!(names(&folder.path().join("o")), [""; 0], "{arguments:?}");
        assert_eq!(unfinished(folder.path()), [""; 0], "{arguments:?}");
        assert_eq!(unfinished(&folder.path().join("done")), [""; 0], "{arguments:?}");
        for name in ["new.yaml", "r.jsonl", "a.log"] {
            assert!(!folder.path().join(name).exists(), "{arguments:?}");
        }
    }
    let after = fs::read(folder.path().join("done/metrics.csv")).expect("readable");
    assert!(before == after, "the old tables are as they were");
}

#[test]
fn a_named_device_is_written_to_as_it_is_and_its_error_is_told() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = folder();
    let made = ["run", "day.yaml", "--out", "done", "--access-log", "a.log"];
    sim(folder.path()).args(made).assert().code(0);
    let writers: [&[&str]; 3] = [
        &["run", "day.yaml", "--out", "o", "--record", "/dev/full"],
        &["run", "day.yaml", "--out", "o", "--access-log", "/dev/full"],
        &["baseline", "a.log", "--window", "1s", "--min-requests", "1", "-o", "/dev/full"],
    ];
    for arguments in writers {
        let output = sim(folder.path()).args(arguments).assert().code(1);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains("error"), "{arguments:?}: {said}");
        assert!(!fs::metadata("/dev/full").expect("it is there").is_file());
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = folder();
    let mine = |path: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "my own notes\n").expect("written");
    };
    let still = |path: &str| fs::read_to_string(folder.path().join(path)).expect("readable");
    for (name, arguments) in [
        ("people.csv", &["run", "day.yaml", "-q", "--out", "o"] as &[&str]),
        ("outbrief.html", &["run", "day.yaml", "-q", "--out", "o"]),
        ("trials.csv", &["run", "day.yaml", "--trials", "2", "-q", "--out", "o"]),
        ("capacity.json", &["capacity", "day.yaml", "--formula", "-q", "--out", "o"]),
        (
            "compare.html",
            &["compare", "day.yaml", "--set", "lasts=20m", "--trials", "2", "-q", "--out", "o"],
        ),
    ] {
        let path = format!("o/{name}");
        mine(&path);
        sim(folder.path()).args(arguments).assert();
        assert_eq!(still(&path), "my own notes\n", "{arguments:?}");
        assert!(folder.path().join("o-2").exists(), "{arguments:?}");
        fs::remove_dir_all(folder.path().join("o")).expect("removed");
        fs::remove_dir_all(folder.path().join("o-2")).expect("removed");
    }
    mine("notes");
    for arguments in [
        &["run", "day.yaml", "--record", "notes", "--out", "o"] as &[&str],
        &["run", "day.yaml", "--record", "day.yaml", "--out", "o"],
        &["run", "day.yaml", "--access-log", "notes", "--out", "o"],
        &["run", "day.yaml", "--live", "--players", "notes", "--out", "o"],
        &["baseline", "notes", "-o", "notes"],
        &["rollcall", "--from", "none.csv", "-o", "notes"],
        &["new", "minimal", "-o", "notes"],
    ] {
        let output = sim(folder.path()).args(arguments).assert().code(2);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains("--force") || said.contains("none.csv"), "{arguments:?}: {said}");
        assert_eq!(still("notes"), "my own notes\n", "{arguments:?}");
    }
    let forced = ["run", "day.yaml", "-q", "--out", "o", "--access-log", "notes", "--force"];
    sim(folder.path()).args(forced).assert().code(0);
    assert!(still("notes").contains("HTTP/1.1"));
}

#[test]
fn runs_at_once_get_a_folder_each() {
    let folder = folder();
    let mut runs: Vec<Child> = ["1", "2", "3"]
        .iter()
        .map(|seed| started(folder.path(), &["run", "day.yaml", "--seed", seed, "--out", "o"]))
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
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "300", "--out", "whole", "-q"])
        .assert();
    let again = ["run", "day.yaml", "--trials", "300", "--out", "o", "--resume"];
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
    sim(folder.path()).args(again).assert();
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
        ["compare", "day.yaml", "--set", "lasts=30m", "--trials", "200", "--resume", "--out", out]
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

#[test]
fn a_signal_inside_a_reading_ends_the_run_and_saves_it() {
    let folder = folder();
    let long = ["--set", "telemetry.every=1h", "--set", "lasts=20h"];
    let busy = ["--set", "traffic.visits=[{at: 0m, rate: 2000/s}]"];
    let arguments = [&["run", "day.yaml", "--out", "o"][..], &long, &busy].concat();
    let child = started(folder.path(), &arguments);
    until(|| !unfinished(&folder.path().join("o")).is_empty());
    signal(&child, "-TERM");
    let output = child.wait_with_output().expect("ended");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    let journal = fs::read_to_string(folder.path().join("o/journal.jsonl")).expect("saved");
    assert!(journal.contains("\"interrupted\":true"), "{said}");
    assert_eq!(unfinished(&folder.path().join("o")), [""; 0]);
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
    assert!(matches!(code, Some(0 | 99)), "{code:?}");
    let trials = fs::read_to_string(folder.path().join("o/trials.csv")).expect("saved");
    assert_eq!(trials.lines().count(), 41);
}

#[test]
fn what_a_killed_run_left_is_cleared_by_the_next() {
    let folder = folder();
    let long = ["run", "day.yaml", "--out", "o", "--set", "lasts=20h"];
    let mut child = started(folder.path(), &long);
    until(|| !unfinished(&folder.path().join("o")).is_empty());
    child.kill().expect("it runs");
    child.wait().expect("ended");
    assert!(!unfinished(&folder.path().join("o")).is_empty(), "it had no chance to clean up");
    sim(folder.path()).args(["run", "day.yaml", "--out", "o"]).assert();
    assert_eq!(unfinished(&folder.path().join("o")), [""; 0]);
}

#[test]
fn few_descriptors_are_no_panic_and_twenty_are_enough() {
    let folder = folder();
    for files in 8..24 {
        let setup = format!("ulimit -n {files}");
        for arguments in [
            &["run", "day.yaml", "--out", "o", "-q"] as &[&str],
            &["run", "day.yaml", "--out", "o", "-q", "--trials", "3"],
            &["check", "day.yaml"],
        ] {
            let (code, _, said) = under(folder.path(), &setup, arguments);
            assert!(!said.contains("panicked"), "{files}: {said}");
            let fine = if files < 20 { vec![0, 1, 2, 99] } else { vec![0, 99] };
            assert!(code.is_some_and(|code| fine.contains(&code)), "{files}: {code:?} {said}");
        }
    }
}

#[test]
fn torn_files_beside_a_journal_are_said() {
    let folder = folder();
    let run = ["run", "day.yaml", "--out", "o", "--trials", "5", "-q"];
    sim(folder.path()).args(run).assert();
    let path = folder.path().join("o/trials.jsonl");
    let whole = fs::read(&path).expect("readable");
    sim(folder.path()).args(["report", "o"]).assert().code(0);
    fs::write(&path, &whole[..whole.len() - 40]).expect("torn");
    let output = sim(folder.path()).args(["report", "o"]).assert().code(1);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("trials.jsonl: line"), "{said}");
}

#[test]
fn a_run_that_would_take_too_much_is_refused_until_it_is_asked_for() {
    let folder = folder();
    let huge = ["--set", "lasts=31d", "--set", "telemetry.every=1s"];
    let many = ["--set", "traffic.visits=[{at: 0m, rate: 300/s}]"];
    let arguments = [&["run", "day.yaml", "--out", "o"][..], &huge, &many].concat();
    let output = sim(folder.path()).args(&arguments).assert().code(2);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("would take") && said.contains("--large"), "{said}");
    assert!(!folder.path().join("o").exists(), "nothing was begun");
    let checked = sim(folder.path()).args(["check", "day.yaml"]).assert().code(0);
    let said = String::from_utf8_lossy(&checked.get_output().stdout).into_owned();
    assert!(said.contains("one run takes about"), "{said}");
}
