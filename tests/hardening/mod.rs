//! Nothing lost, nothing stuck, nothing overwritten: what the program does on a full disk, beside
//! another run, under signals, and where somebody else's files are.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::{Child, Command as Plain, Stdio};
use std::time::Duration;
use tempfile::TempDir;

mod figures;
mod runs;
mod seeds;
mod stopped;
mod tables;
mod writers;

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

/// Waits until something is so, and fails where it has not come after minutes, so that a test never
/// hangs: this is no measurement.
fn until(mut what: impl FnMut() -> bool) {
    for _ in 0..12_000 {
        if what() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("what the test waits for has not come");
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
        &["run", "day.yaml", "--trials", "1", "--out", "done"],
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
    sim(folder.path()).args(["run", "day.yaml", "--trials", "1", "--out", "done"]).assert().code(0);
    let before = fs::read(folder.path().join("done/metrics.csv")).expect("readable");
    let writers: [&[&str]; 9] = [
        &["run", "day.yaml", "--trials", "1", "--out", "o", "-q"],
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
        ("people.csv", &["run", "day.yaml", "--trials", "1", "-q", "--out", "o"] as &[&str]),
        ("outbrief.html", &["run", "day.yaml", "--trials", "1", "-q", "--out", "o"]),
        ("trials.csv", &["run", "day.yaml", "--trials", "2", "-q", "--out", "o"]),
        ("capacity.json", &["capacity", "day.yaml", "--formula", "-q", "--out", "o"]),
        (
            "compare.html",
            &["compare", "day.yaml", "--set", "lasts=20m", "--trials", "2", "-q", "--out", "o"],
        ),
    ] {
        let path = format!("o/{name}");
        mine(&path);
        sim(folder.path()).args(arguments).output().expect("it ran");
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
fn few_descriptors_are_no_panic_and_twenty_are_enough() {
    let folder = folder();
    for files in 8..24 {
        let setup = format!("ulimit -n {files}");
        for arguments in [
            &["run", "day.yaml", "--set", "lasts=10m", "--trials", "1", "--out", "o", "-q"]
                as &[&str],
            &["run", "day.yaml", "--set", "lasts=10m", "--out", "o", "-q", "--trials", "3"],
            &["check", "day.yaml"],
        ] {
            let (code, _, said) = under(folder.path(), &setup, arguments);
            assert!(!said.contains("panicked"), "{files}: {said}");
            let fine = if files < 20 { vec![0, 1, 2, 3, 99] } else { vec![0, 3, 99] };
            assert!(code.is_some_and(|code| fine.contains(&code)), "{files}: {code:?} {said}");
        }
    }
}

#[test]
fn torn_files_beside_a_journal_are_said() {
    let folder = folder();
    let run = ["run", "day.yaml", "--out", "o", "--trials", "5", "-q"];
    sim(folder.path()).args(run).output().expect("it ran");
    let path = folder.path().join("o/trials.jsonl");
    let whole = fs::read(&path).expect("readable");
    sim(folder.path()).args(["report", "o"]).assert().code(0);
    fs::write(&path, &whole[..whole.len() - 40]).expect("torn");
    let output = sim(folder.path()).args(["report", "o"]).assert().code(1);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("trials.jsonl: the file of trials is cut off in line"), "{said}");
}

#[test]
fn names_titles_and_texts_have_a_length_and_intervals_a_floor() {
    let folder = folder();
    let long = |characters: usize| "ö".repeat(characters);
    let title = |characters| format!("scenario={}", long(characters));
    let note = format!("plays.rollback.steps.0={{tell: ops, note: {}}}", long(4_001));
    let ask = |keys: &str| format!("plays.rollback.steps.2={{ask: decider, {keys}}}");
    for (set, what) in [
        (title(201), "write 200 at most"),
        (format!("people.alex.role={}", long(201)), "write 200 at most"),
        (note, "write 4000 at most"),
        ("telemetry.every=1ns".to_string(), "write 1s or more"),
        ("site.tiers.web.health={every: 1ns, replace: 1m}".to_string(), "write 10ms or more"),
        (ask("within: 1ns"), "write 1s or more"),
        (ask("within: 1s, silent: hold 1ns"), "write 1s or more"),
        ("escalation.ops.each=1ns".to_string(), "write 1s or more"),
        ("plays.rollback.steps.0={tell: ops, every: 1ns}".to_string(), "write 1s or more"),
    ] {
        let checked =
            sim(folder.path()).args(["check", "day.yaml", "--set", &set]).assert().code(2);
        let output = checked.get_output();
        let said = [&output.stdout[..], &output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.contains(what), "{set}: {said}");
    }
    sim(folder.path()).args(["check", "day.yaml", "--set", &title(200)]).assert().code(0);
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
