//! `sim rollcall`: who answers, and what the next run makes of it.

use super::support::{folder_with_parts, shipped};
use super::{said, sim};
use std::fs;
use tempfile::TempDir;

const RECORD: &str = "\
channel,person,asked,answered,after
slack,james,17:42:00,17:42:50,
slack,wyatt,17:42:00,17:45:00,
slack,ed,17:42:00,17:43:30,
slack,josh,17:42:00,,
phone,james,,,20s
phone,wyatt,,,
";

#[test]
fn a_record_becomes_channels_of_the_next_run() {
    let folder = folder_with_parts();
    fs::write(folder.path().join("rollcall.csv"), RECORD).expect("written");
    let args = ["rollcall", "--from", "rollcall.csv", "-o", "parts/rollcall.yaml"];
    let (_, complained) = said(&sim(folder.path()).args(args).assert().code(0));
    assert!(complained.contains("phone: 1 of 2 answered; at least 3"), "{complained}");
    let part = fs::read_to_string(folder.path().join("parts/rollcall.yaml")).expect("written");
    assert!(part.contains("slack: {answers: 75%, after: {median: 1m33s, p99:"), "{part}");
    assert!(part.contains("# [c] measured in a roll call: 3 of 4 answered"), "{part}");
    let text = shipped("proxy-outage");
    let with =
        text.replacen("parts/rollback.yaml]", "parts/rollback.yaml, parts/rollcall.yaml]", 1);
    assert_ne!(with, text);
    fs::write(folder.path().join("day.yaml"), with).expect("written");
    let run = ["run", "day.yaml", "--trials", "1", "--set", "lasts=90m", "--quiet", "--out", "run"];
    sim(folder.path()).args(run).output().expect("ended");
    let journal = fs::read_to_string(folder.path().join("run/journal.jsonl")).expect("a run");
    let header = journal.lines().next().expect("a header");
    let header: serde_json::Value = serde_json::from_str(header).expect("JSON");
    let inputs = header["inputs"].as_array().expect("inputs");
    let answers = inputs.iter().find(|input| input["path"] == "channels.slack.answers");
    let answers = answers.unwrap_or_else(|| panic!("no input for slack"));
    assert_eq!(answers["value"], "75%");
    assert_eq!(answers["basis"], "calibrated");
    assert!(answers["note"].as_str().expect("a note").starts_with("measured in a roll call"));
    let channels = &header["plan"]["playbook"]["roster"]["channels"];
    assert_eq!(channels[1]["answers"], 0.75, "{channels}");
}

#[test]
fn names_are_typed_as_people_answer() {
    let folder = TempDir::new().expect("a folder");
    let args = ["rollcall", "--channel", "slack", "--who", "james,wyatt,ed,josh"];
    let typed = "\nJames\nwy\nnobody\nwyatt\ned\nundo\ned\nend\n";
    let (told, complained) =
        said(&sim(folder.path()).args(args).write_stdin(typed).assert().code(0));
    for expected in [
        "Send: EXERCISE",
        "james after",
        "Nobody with that name was called: nobody",
        "wyatt already answered",
        "ed has not answered",
        "3 of 4 answered",
    ] {
        assert!(complained.contains(expected), "no `{expected}` in\n{complained}");
    }
    assert!(told.contains("slack: {answers: 75%"), "{told}");
    let record = fs::read_to_string(folder.path().join("rollcall.csv")).expect("a record");
    assert_eq!(record.lines().count(), 5, "{record}");
    assert!(record.lines().any(|line| line.starts_with("slack,josh,") && line.ends_with(",,")));
    // A second roll call goes into the same record.
    let args = ["rollcall", "--channel", "phone", "--who", "james"];
    let again = sim(folder.path()).args(args).write_stdin("\njames\n").assert().code(0);
    assert!(said(&again).1.contains("phone: 1 of 1 answered"));
    let record = fs::read_to_string(folder.path().join("rollcall.csv")).expect("a record");
    assert_eq!(record.lines().count(), 6, "{record}");
}

#[test]
fn too_little_is_not_made_into_figures() {
    let folder = TempDir::new().expect("a folder");
    let write = |text: &str| fs::write(folder.path().join("r.csv"), text).expect("written");
    let run = |code| {
        let args = ["rollcall", "--from", "r.csv"];
        said(&sim(folder.path()).args(args).assert().code(code))
    };
    write("channel,person,asked,answered,after\nslack,james,,,20\nslack,wyatt,,,30\n");
    let (told, complained) = run(3);
    assert!(told.is_empty() && complained.contains("no channel has enough answers"));
    write("");
    assert!(run(2).1.contains("the sheet is empty"));
    write("channel,person,asked,answered\nslack,james,17:42,soon\n");
    assert!(run(2).1.contains("r.csv, row 2, column answered"));
    write("who,how\njames,slack\n");
    assert!(run(2).1.contains("there is no column `who`"));
    fs::remove_file(folder.path().join("r.csv")).expect("removed");
    assert!(run(2).1.contains("cannot read r.csv"));
    let args = ["rollcall", "--channel", "slack", "--who", "james"];
    let silent = sim(folder.path()).args(args).write_stdin("").assert().code(2);
    assert!(said(&silent).1.contains("nobody was called"));
    assert!(!folder.path().join("rollcall.csv").exists());
}
