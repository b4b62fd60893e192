//! `sim night`: what a scribe types is what is written, to the second; nothing in it was played.

use crate::live::{DAY, sim};
use crate::support::plan;
use sim::night::Scribe;
use sim::units::{Span, Time};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command as Process, Stdio};
use tempfile::TempDir;

const NOW: [&str; 3] = ["--now", "2018-11-07T17:11:30", "--out"];

const TYPED: &str = "\
at 17:02:11 alert Errors
at 17:02:20 ask wyatt slack
at 17:03:05 ack wyatt
at 17:03:40 declare
at 17:05:02 choose proxy-update
at 17:05:10 ask chris phone
at 17:06:31 decide yes chris
at 17:06:50 start
at 17:07:58 done
told public the pages are back
at 17:10:13 recovered
";

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    folder
}

/// Types these lines into a night; what it said, and its exit code.
fn typed(folder: &Path, out: &str, lines: &str) -> (String, Option<i32>) {
    let night =
        sim(folder).args(["night", "day.yaml"]).args(NOW).arg(out).write_stdin(lines).output();
    let night = night.expect("it ended");
    let said = [night.stdout, night.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), night.status.code())
}

/// The rows of a table, by column.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn what_was_typed_is_what_is_written_to_the_second() {
    let folder = folder();
    let (said, code) = typed(folder.path(), "n", TYPED);
    assert_eq!(code, Some(0), "{said}");
    let rows = table(&folder.path().join("n/responses.csv"));
    assert_eq!(rows.len(), 1, "{rows:?}");
    for (column, value) in [
        ("mode", "real"),
        ("play", "rollback"),
        ("change", "proxy-update"),
        ("opened_by", "Errors"),
        ("alerted_local", "2018-11-07 17:02:11"),
        ("acknowledged_local", "2018-11-07 17:03:05"),
        ("declared_local", "2018-11-07 17:03:40"),
        ("chosen_local", "2018-11-07 17:05:02"),
        ("decided_local", "2018-11-07 17:06:31"),
        ("deploying_local", "2018-11-07 17:06:50"),
        ("deployed_local", "2018-11-07 17:07:58"),
        ("in_effect_local", "2018-11-07 17:07:58"),
        ("all_clear_local", "2018-11-07 17:10:13"),
        ("acknowledge_s", "54"),
        ("declare_s", "35"),
        ("diagnose_s", "82"),
        ("reach_s", "89"),
        ("queue_s", "19"),
        ("deploy_s", "68"),
        ("confirm_s", "135"),
        ("total_s", "482"),
        ("over_table_s", "8"),
        ("responder", "wyatt"),
        ("channel", "slack"),
        ("decider", "chris"),
        ("outcome", "recovered"),
        ("evidence", "measured"),
    ] {
        assert_eq!(rows[0][column], value, "{column}");
    }
}

#[test]
fn its_reports_made_again_are_real_too() {
    let folder = folder();
    typed(folder.path(), "n", TYPED);
    let read = |name: &str| fs::read_to_string(folder.path().join("n").join(name)).expect("text");
    let before = [read("responses.csv"), read("outbrief.html")];
    let again = sim(folder.path()).args(["report", "n"]).output().expect("it ended");
    assert_eq!(again.status.code(), Some(0), "{again:?}");
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(said.contains("REAL: A small day") && !said.contains("EXERCISE"), "{said}");
    let after = [read("responses.csv"), read("outbrief.html")];
    assert!(before == after);
    // The sheet is one that `sim report --observed` reads.
    sim(folder.path())
        .args(["run", "day.yaml", "--trials", "1", "-q", "-o", "run"])
        .output()
        .expect("ran");
    let sheet = ["report", "run", "--observed", "n/night.csv", "--out", "o", "-q"];
    let read_back = sim(folder.path()).args(sheet).output().expect("it ended");
    assert_eq!(read_back.status.code(), Some(0), "{read_back:?}");
    let (one, other) = (
        table(&folder.path().join("o/responses.csv")),
        table(&folder.path().join("n/responses.csv")),
    );
    for column in ["acknowledged_at", "chosen_at", "decided_at", "in_effect_at", "all_clear_at"] {
        assert_eq!(one[0][column], other[0][column], "{column}");
    }
}

#[test]
fn what_is_typed_now_has_the_second_of_the_clock() {
    let plan = plan(DAY, &[]);
    let mut scribe = Scribe::new(&plan, plan.calendar.clone());
    let mut typed: Vec<(u64, &str)> = Vec::new();
    for (second, line) in [(131, "alert Errors"), (185, "ack wyatt"), (217, "declare")] {
        scribe.replay(Time::ZERO + Span::from_secs(second), line).expect(line);
        typed.push((second, line));
    }
    scribe.settle(Time::ZERO + Span::from_secs(300));
    let incidents = scribe.story().incidents();
    let attempt = incidents[0].first();
    let seconds = |time: Option<Time>| time.map(|time| time.seconds());
    assert_eq!(seconds(attempt.reached.alerted_at), Some(131.0));
    assert_eq!(seconds(attempt.reached.acknowledged_at), Some(185.0));
    assert_eq!(seconds(attempt.reached.declared_at), Some(217.0));
    assert_eq!(attempt.reached.chosen_at, None);
}

#[test]
fn nothing_in_it_was_played() {
    let folder = folder();
    let help = "help\nstatus\npause\nskip 5m\ninject slow: web, by: 8s\nabort\nno-efect\n";
    // The first change does not help, and for half a minute nobody does anything.
    let second = "at 17:08:30 no-effect\nat 17:09:00 choose proxy-rebuild\n\
                  at 17:09:10 decide yes chris\nat 17:09:15 start\nat 17:09:50 done\n";
    let lines = TYPED.replace("17:07:58 done\n", &format!("17:07:58 done\n{second}"));
    let (mut all, code) = typed(folder.path(), "n", &format!("{help}{lines}undo\nend\n"));
    assert_eq!(code, Some(0), "{all}");
    for entry in fs::read_dir(folder.path().join("n")).expect("a folder") {
        let path = entry.expect("an entry").path();
        all += &format!("\n{}\n", path.display());
        all += &fs::read_to_string(&path).expect("text");
    }
    assert!(all.contains("REAL") && all.contains("\"mode\":\"real\""));
    assert!(all.contains("nobody did anything"), "it is in the page: {all}");
    for word in ["simulat", "exercise", "rehears", "--trials", "false alarm", "without a fault"] {
        let lower = all.to_lowercase();
        // How a rehearsal is named on the command line is in no output.
        let around = lower.find(word).map(|at| {
            let (from, to) = (at.saturating_sub(80), (at + 80).min(lower.len()));
            String::from_utf8_lossy(&lower.as_bytes()[from..to]).into_owned()
        });
        assert_eq!(around, None, "{word}");
    }
    // The faults of the plan are none of the night's business.
    let journal = fs::read_to_string(folder.path().join("n/journal.jsonl")).expect("a journal");
    assert!(journal.contains("\"faults\":[]") && !journal.contains("outage"), "{journal}");
}

#[test]
fn lines_that_cannot_be_are_not_taken_and_say_why() {
    let folder = folder();
    let (said, code) = typed(
        folder.path(),
        "n",
        "start\ndone write the report\n#7 declare\n\
         at 17:11:45 alert Errors\nat 16:30 note early\nalert Errors\n\
         close\nclose\nopen rollback\nopen rollback\ndone\nchoose proxi-update\nsart\nundo\n\
         no, instead pony\n",
    );
    assert_eq!(code, Some(0), "{said}");
    for words in [
        "`start` is not accepted: `start` does not say which change",
        "`at 17:11:45 alert Errors` is not accepted: 17:11:45 is not between 17:00:00 and now",
        "`done write the report` is not accepted: no incident is open, so no play has work",
        "16:30:00 is not between",
        "`close` is not accepted: `close`, and no play is open",
        "`open rollback` is not accepted: rollback is already open",
        "there is no command `sart`; did you mean `start`?",
        "taken back: choose proxy-update",
        "`no, instead pony` is not accepted",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
}

#[test]
fn undo_leaves_no_trace_in_what_is_written() {
    let folder = folder();
    typed(folder.path(), "a", TYPED);
    let slip = TYPED.replace("at 17:05:10", "at 17:04 ack chris\nundo\nat 17:05:10");
    typed(folder.path(), "b", &slip);
    let read = |name: &str| fs::read(folder.path().join(name)).expect("written");
    assert!(read("a/night.csv") == read("b/night.csv"));
    let record = fs::read_to_string(folder.path().join("b/night.jsonl")).expect("a record");
    assert!(record.contains("ack chris") && record.contains("\"undo\""), "{record}");
}

#[test]
fn what_it_took_is_a_past_incident_of_the_next_scenario() {
    let folder = folder();
    typed(folder.path(), "n", TYPED);
    let block = fs::read_to_string(folder.path().join("n/actual.yaml")).expect("written");
    let next = plan(&format!("{DAY}{block}"), &[]);
    let actual = next.actual.expect("it says what it took");
    let parts: Vec<String> =
        actual.parts.iter().map(|(part, took)| format!("{part} {took}")).collect();
    assert_eq!(
        parts,
        [
            "declare 1m 29s",
            "diagnose 1m 22s",
            "decide 1m 29s",
            "deploy 1m 27s",
            "repair 4m 18s",
            "respond 5m 47s",
            "recover 2m 15s"
        ]
    );
    assert_eq!(actual.source, "what was typed on the night of 2018-11-07");
}

/// A night with somebody at its keyboard.
fn started(folder: &Path) -> std::process::Child {
    Process::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder)
        .args(["night", "day.yaml"])
        .args(NOW)
        .arg("n")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

#[test]
fn killed_it_goes_on_where_it_was_and_a_second_scribe_is_refused() {
    let folder = folder();
    let mut night = started(folder.path());
    let mut keys = night.stdin.take().expect("a keyboard");
    let mut shown = BufReader::new(night.stdout.take().expect("a terminal")).lines();
    let all: Vec<&str> = TYPED.lines().collect();
    for line in &all[..6] {
        writeln!(keys, "{line}").expect("typed");
    }
    // It shows after it is on disk; so what was shown survives.
    let sixth =
        shown.find(|line| line.as_ref().is_ok_and(|line| line.contains("ask chris by phone")));
    assert!(sixth.is_some());
    let (said, code) = typed(folder.path(), "n", "alert Errors\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("somebody else is writing to the board of n right now"), "{said}");
    assert!(said.contains("one scribe at a time"), "{said}");
    night.kill().expect("it was running");
    night.wait().expect("it is dead");
    // A line that was being written when it was killed.
    let record = folder.path().join("n/night.jsonl");
    let mut torn = fs::OpenOptions::new().append(true).open(&record).expect("a record");
    torn.write_all(b"{\"at\":999,\"clo").expect("written");
    drop(torn);
    let (said, code) = typed(folder.path(), "n", &format!("{}\n", all[6..].join("\n")));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Continuing after 6 lines."), "{said}");
    typed(folder.path(), "whole", TYPED);
    let sheet = |out: &str| {
        let text = fs::read_to_string(folder.path().join(out).join("night.csv")).expect("a sheet");
        // What was typed without a time was typed at another one.
        text.lines().filter(|line| !line.contains("public")).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(sheet("n"), sheet("whole"));
    // Once it is over, another night begins beside it.
    typed(folder.path(), "n", "end\n");
    let (said, _) = typed(folder.path(), "n", "alert Errors\n");
    assert!(said.contains("n-2") && !said.contains("It goes on"), "{said}");
}

#[test]
fn a_machine_whose_clock_is_behind_the_last_line_is_told() {
    let folder = folder();
    typed(folder.path(), "n", "alert Errors\n");
    let earlier = ["--now", "2018-11-07T17:05:00", "--out", "n"];
    let mut night = sim(folder.path());
    night.args(["night", "day.yaml"]).args(earlier).write_stdin("ack wyatt\n");
    let said = String::from_utf8(night.output().expect("ended").stdout);
    let said = said.expect("text");
    assert!(said.contains("behind the last line. The board stays at 17:11:3"), "{said}");
    assert!(said.contains("17:11:3") && said.contains("ack wyatt"), "{said}");
}

#[test]
fn what_cannot_be_a_night_says_what_to_do() {
    let folder = folder();
    let fails = |arguments: &[&str], words: &str| {
        let mut night = sim(folder.path());
        night.args(["night", "day.yaml", "--out", "n"]).args(arguments).write_stdin("");
        let night = night.output().expect("it ended");
        let said = String::from_utf8_lossy(&night.stderr).into_owned();
        assert_eq!(night.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!folder.path().join("n").exists(), "{arguments:?}");
    };
    fails(&["--now", "2018-11-07T16:00"], "the plan begins on 7 November 2018, 17:00");
    fails(&["--now", "yesterday"], "write date and time of day");
    fails(&["--close", "25:00"], "write hours and minutes");
    fails(&["--rehearsal", "nowhere"], "there is no journal of a rehearsal in nowhere");
    let run = ["run", "day.yaml", "--trials", "1", "--out", "run", "-q"];
    sim(folder.path()).args(run).output().expect("it ran");
    fails(&["--rehearsal", "run"], "nobody was measured in run");
    fs::write(folder.path().join("taken"), "mine").expect("written");
    let night = sim(folder.path()).args(["night", "day.yaml"]).args(NOW).arg("taken").output();
    assert_eq!(night.expect("it ended").status.code(), Some(1));
    fs::create_dir(folder.path().join("mine")).expect("made");
    fs::write(folder.path().join("mine/night.csv"), "my own notes\n").expect("written");
    typed(folder.path(), "mine", TYPED);
    let mine = fs::read_to_string(folder.path().join("mine/night.csv")).expect("readable");
    assert_eq!(mine, "my own notes\n");
    assert!(folder.path().join("mine-2/night.csv").exists());
}
