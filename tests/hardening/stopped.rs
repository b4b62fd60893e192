//! Every command that waits for what it reads ends at once when it is told to, and says so.

use super::{folder, signal, started, until};
use std::fs;
use std::path::Path;
use std::process::Command as Plain;

/// What reads a file that somebody names, from a pipe into which nobody writes.
const READERS: [&[&str]; 14] = [
    &["logs", "pipe"],
    &["baseline", "pipe"],
    &["baseline", "merge", "pipe"],
    &["crew", "pipe"],
    &["rollcall", "--from", "pipe"],
    &["rollcall", "--channel", "slack", "--who", "ann"],
    &["judge", "day.yaml", "--log", "pipe"],
    &["judge", "day.yaml", "--readings", "pipe"],
    &["judge", "day.yaml", "--log", "-"],
    &["judge", "day.yaml", "--log", "day.yaml", "--nginx-conf", "pipe"],
    &["tune", "day.yaml", "--try", "Errors.value=2,5", "--log", "pipe"],
    &["merge", "pipe"],
    &["run", "day.yaml", "--trials", "1", "--script", "pipe"],
    &["fill", "day.yaml", "--first", "0"],
];

#[cfg(unix)]
#[test]
fn whoever_waits_for_input_ends_when_told_to() {
    let folder = folder();
    let made = Plain::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(made.expect("there is mkfifo").success());
    for (number, reader) in READERS.iter().enumerate() {
        let name = ["-INT", "-TERM", "-HUP"][number % 3];
        let mut child = started(folder.path(), reader);
        // It is inside of its command once it has loaded what comes before; a signal that comes
        // before that ends it as well.
        until(|| sleeps(child.id()) || child.try_wait().expect("known").is_some());
        assert!(child.try_wait().expect("known").is_none(), "{reader:?} did not wait");
        signal(&child, name);
        until(|| child.try_wait().expect("known").is_some());
        let output = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{reader:?}, {name}: {said}");
        assert!(said.contains("interrupted"), "{reader:?}, {name}: {said}");
        assert!(!said.contains("panicked"), "{reader:?}, {name}: {said}");
    }
}

/// Whether a program waits, and listens to signals; where the system does not say, it is taken to.
fn sleeps(id: u32) -> bool {
    let Ok(status) = fs::read_to_string(format!("/proc/{id}/status")) else { return true };
    let of = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        line.map(str::trim).unwrap_or_default().to_string()
    };
    let caught = u64::from_str_radix(&of("SigCgt:"), 16).unwrap_or(0);
    let listens = [1, 2, 15].iter().all(|number| caught >> (number - 1) & 1 == 1);
    listens && of("State:").starts_with('S')
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_refused_where_one_must_be() {
    let folder = folder();
    let made = Plain::new("mkfifo").arg(folder.path().join("pipe")).status();
    assert!(made.expect("there is mkfifo").success());
    fs::create_dir(folder.path().join("folder")).expect("made");
    let commands: [&[&str]; 9] = [
        &["check", "IN"],
        &["explain", "IN"],
        &["run", "IN"],
        &["fill", "IN"],
        &["test", "IN"],
        &["new", "--from", "IN"],
        &["check", "day.yaml", "--plan", "IN"],
        &["check", "day.yaml", "--set", "baseline={from: IN}"],
        &["check", "day.yaml", "--set", "traffic={from: IN}"],
    ];
    for place in ["pipe", "folder", "/dev/zero"] {
        for command in commands {
            let words: Vec<String> = command.iter().map(|word| word.replace("IN", place)).collect();
            let output = super::sim(folder.path()).args(&words).output().expect("it ran");
            let said = [&output.stdout[..], &output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
            assert!(said.contains("error"), "{words:?}: {said}");
        }
    }
}

#[test]
fn what_is_no_scenario_is_said_beside_a_plan_too() {
    let folder = folder();
    fs::write(folder.path().join("plan.md"), "# Relaunch\n\n## Team\n- Dana: Owner\n")
        .expect("written");
    for text in ["", "# nothing\n", "- a\n", "word\n", "12\n", "a: [", "~\n", "run_id,mode\n1,2\n"]
    {
        fs::write(folder.path().join("bad.yaml"), text).expect("written");
        for command in [&["check", "bad.yaml"][..], &["check", "bad.yaml", "--plan", "plan.md"]] {
            let output = super::sim(folder.path()).args(command).output().expect("it ran");
            let said = [&output.stdout[..], &output.stderr].concat();
            let said = String::from_utf8_lossy(&said).into_owned();
            assert_eq!(output.status.code(), Some(2), "{text:?} {command:?}: {said}");
            assert!(said.contains("error: "), "{text:?} {command:?}: {said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_device_without_an_end_is_refused_and_does_not_fill_the_memory() {
    if !Path::new("/dev/zero").exists() {
        return;
    }
    let folder = folder();
    let readers: [&[&str]; 6] = [
        &["crew", "/dev/zero"],
        &["rollcall", "--from", "/dev/zero"],
        &["run", "day.yaml", "--trials", "1", "--script", "/dev/zero"],
        &["judge", "day.yaml", "--log", "day.yaml", "--nginx-conf", "/dev/zero"],
        &["merge", "/dev/zero"],
        &["judge", "day.yaml", "--readings", "/dev/zero"],
    ];
    for arguments in readers {
        let (code, _, said) = super::under(folder.path(), "ulimit -v 1500000", arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains("error"), "{arguments:?}: {said}");
    }
}
