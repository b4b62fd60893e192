//! `sim night --log --follow`: rules that fire are lines like those that are typed.

use crate::live::{DAY, sim};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command as Process, Stdio};
use tempfile::TempDir;

/// A folder with a day and the log of its visitors.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    let run = ["run", "day.yaml", "--trials", "1", "--access-log", "access.log", "-q", "-o", "run"];
    sim(folder.path()).args(run).output().expect("it ran");
    folder
}

/// A night beside this log; what it shows, until a line has these words, and then what is typed.
fn beside(folder: &Path, log: &str, words: &str, lines: &str) -> String {
    let mut night = Process::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder)
        .args(["night", "day.yaml", "--now", "2018-11-07T17:11:30", "--out", "n", "--follow"])
        .args(["--log", log])
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut keys = night.stdin.take().expect("a keyboard");
    let mut shown = BufReader::new(night.stdout.take().expect("a terminal"));
    let mut text = String::new();
    // The first board may be shown before everything is read.
    writeln!(keys, "status").expect("typed");
    while !text.contains(words) {
        let mut line = String::new();
        if shown.read_line(&mut line).expect("text") == 0 {
            break;
        }
        if line.contains("REAL") && !text.contains(words) {
            std::thread::sleep(std::time::Duration::from_millis(20));
            writeln!(keys, "status").expect("typed");
        }
        text += &line;
    }
    keys.write_all(lines.as_bytes()).expect("typed");
    drop(keys);
    for line in shown.lines() {
        text += &format!("{}\n", line.expect("text"));
    }
    night.wait().expect("it ended");
    text
}

#[test]
fn a_rule_that_fires_opens_an_incident_by_itself() {
    let folder = folder();
    let typed = "ask wyatt slack\nack wyatt\nstatus\nend\n";
    let text = beside(folder.path(), "access.log", "(seen in access.log)", typed);
    assert!(text.contains("alert Errors (seen in access.log)"), "{text}");
    assert!(text.contains("Incident 1: Errors, open since 17:0"), "{text}");
    assert!(text.contains("requests got no good answer"), "{text}");
    let judged = ["judge", "day.yaml", "--log", "access.log", "--csv"];
    let judged = sim(folder.path()).args(judged).output().expect("judged").stdout;
    let mut moves = csv::Reader::from_reader(&judged[..]);
    let heading = moves.headers().expect("a heading").clone();
    let column = |name: &str| heading.iter().position(|one| one == name).expect(name);
    let (at, state, alert) = (column("at"), column("state"), column("alert"));
    let moves: Vec<csv::StringRecord> = moves.records().map(|row| row.expect("a row")).collect();
    let fired = moves.iter().find(|row| &row[state] == "firing" && &row[alert] == "Errors");
    let fired = &fired.expect("it fires")[at];
    // The same moment as `sim judge` says, to the second.
    let sheet = fs::read_to_string(folder.path().join("n/night.csv")).expect("a sheet");
    let row = sheet.lines().find(|line| line.contains(",alert,")).expect("a row");
    assert!(row.starts_with(&fired[..19]), "{fired}: {row}");
    let record = fs::read_to_string(folder.path().join("n/night.jsonl")).expect("a record");
    assert_eq!(record.matches("(seen in access.log)").count(), 1, "{record}");
    // Nothing of it was played by the night: nobody answered for anybody.
    let people = fs::read_to_string(folder.path().join("n/people.csv")).expect("a table");
    assert_eq!(people.lines().count(), 2, "{people}");
}

#[test]
fn what_the_log_has_told_is_not_told_again_after_a_pause() {
    let folder = folder();
    let words = "(seen in access.log)";
    beside(folder.path(), "access.log", words, "ack wyatt\n");
    let text = beside(folder.path(), "access.log", "log ", "status\n");
    assert!(text.contains("Continuing after 2 lines."), "{text}");
    let record = fs::read_to_string(folder.path().join("n/night.jsonl")).expect("a record");
    assert_eq!(record.matches(words).count(), 1, "{record}");
}

#[test]
fn a_log_of_another_site_is_doubted() {
    let folder = folder();
    let line = |second: u32| {
        format!(
            "10.0.0.1 - - [07/Nov/2018:17:05:{second:02} -0500] \"GET /other/{second} HTTP/1.1\" \
             200 512 \"-\" \"Mozilla/5.0\"\n"
        )
    };
    let other: String = (0..40).map(line).collect();
    fs::write(folder.path().join("other.log"), other).expect("written");
    let text = beside(folder.path(), "other.log", "is this the log", "end\n");
    assert!(text.contains("40 of 40 requests match no endpoint"), "{text}");
    for (arguments, words) in [
        (&["--log", "access.log"][..], "--follow"),
        (&["--follow"], "--log"),
        (&["--log", "nowhere.log", "--follow"], "cannot follow nowhere.log"),
        (&["--log", "run", "--follow"], "cannot follow run"),
    ] {
        let mut night = sim(folder.path());
        night.args(["night", "day.yaml", "--now", "2018-11-07T17:11:30", "--out", "m"]);
        let night = night.args(arguments).write_stdin("").output().expect("it ended");
        let said = String::from_utf8_lossy(&night.stderr).into_owned();
        assert_eq!(night.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && !folder.path().join("m").exists(), "{said}");
    }
}
