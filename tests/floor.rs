//! From the floor of the room: what if, and what is kept of it.

use crate::live::{ANSWERS, DAY, LIVE, lines, prepared, sim};
use std::fs;
use std::path::Path;
use std::process::Output;

const SCRIPT: [&str; 7] =
    ["run", "day.yaml", "--script", "asked.txt", "--seats", "wyatt,chris", "--out"];

/// The answers of the morning with more lines before the decision.
fn asked(more: &str) -> String {
    let (before, after) = ANSWERS.split_once("+20s      decide").expect("a decision");
    format!("{before}{more}+20s      decide{after}")
}

/// A room by script in which this is asked; few runs, for the sake of whoever waits.
fn room(folder: &Path, out: &str, more: &str) -> (Output, String, String) {
    fs::write(folder.join("asked.txt"), asked(more)).expect("written");
    let output = sim(folder).args(SCRIPT).args([out, "--what-if-runs", "24"]).output();
    let output = output.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    (output, said, complained)
}

#[test]
fn what_if_is_answered_with_n_and_disturbs_nothing() {
    let folder = prepared();
    fs::write(folder.path().join("answers.txt"), asked("")).expect("written");
    let script = SCRIPT.map(|word| if word == "asked.txt" { "answers.txt" } else { word });
    sim(folder.path()).args(script).arg("plain").assert().code(0);
    // It takes no time: the questions are asked at the moment of the line above.
    let more = "+0s what if plays.rollback.ask.within=1m\n\
                +0s what if changes.proxy-update=20s; changes.proxy-rebuild=20s\n\
                +0s what if vars.no=3\n";
    let (output, said, complained) = room(folder.path(), "asked", more);
    assert_eq!(output.status.code(), Some(2), "{complained}");
    assert!(complained.contains("what if vars.no=3` is not accepted: there is no"), "{complained}");
    let ends: Vec<&str> = said.lines().filter(|line| line.contains(" of 24, typical ")).collect();
    assert_eq!(ends.len(), 2, "{said}");
    assert!(ends[1].contains("typical −"), "faster changes help: {said}");
    assert!(said.contains("Simulated, the same luck with it and without."), "{said}");
    let (plain, with) = (folder.path().join("plain"), folder.path().join("asked"));
    assert!(lines(&plain) == lines(&with), "a question changes what happens");
    assert_eq!(fs::read_to_string(folder.path().join("day.yaml")).expect("there"), DAY);
    assert!(!with.join("improvement-plan.csv").exists());
    let (_, again, _) = room(folder.path(), "again", more);
    let told = |said: &str| said.split("EXERCISE:").next().map(str::to_string);
    assert_eq!(told(&said), told(&again), "the same script gives the same answers");
}

#[test]
fn what_is_kept_is_written_with_its_comments_and_tested_again() {
    let folder = prepared();
    let day = DAY.replace("within: 4m}", "within: 4m} # as on paper");
    fs::write(folder.path().join("day.yaml"), &day).expect("written");
    let more = "+0s keep, owner chris\n\
                +0s what if plays.rollback.ask.within=1m\n\
                +0s keep, owner chris, due Nov 6\n\
                +0s keep\n\
                +0s what if changes.proxy-update.takes=20s\n\
                +0s keep, due Nov 31\n\
                +0s keep, owner wyatt\n";
    let (_, said, complained) = room(folder.path(), "o", more);
    assert_eq!(complained.matches("is not accepted").count(), 3, "{complained}");
    for why in ["nothing was asked yet", "that is already kept", "`Nov 31` is not a date"] {
        assert!(complained.contains(why), "{why}: {complained}");
    }
    let now = fs::read_to_string(folder.path().join("day.yaml")).expect("there");
    let changed = day
        .replace(
            "within: 4m} # as on paper",
            "within: 1m} # as on paper; [o] within: owner chris, due 2018-11-06",
        )
        .replace("update: {takes: 1m}", "update: {takes: 20s} # [o] owner wyatt");
    assert_eq!(now, changed);
    let plan = fs::read_to_string(folder.path().join("o/improvement-plan.csv")).expect("a plan");
    let row = plan.lines().find(|line| line.contains("within=1m")).expect("a row");
    assert!(
        row.contains(",4m,chris,2018-11-06,") && row.contains("\"day.yaml, line 38\""),
        "{row}"
    );
    let test = row.rsplit_once(",,").expect("a command").1;
    let words = shlex::split(test).expect("words");
    sim(folder.path()).args(&words[1..]).arg("-q").assert().code(0);
    assert!(words.contains(&"plays.rollback.ask.within=4m".to_string()), "{test}");
    assert!(said.contains("Improvement plan") && said.contains("wyatt"), "{said}");
}

#[test]
fn an_included_part_is_left_alone_and_its_change_still_has_a_row() {
    let folder = prepared();
    let (before, rest) = DAY.split_once("channels:\n").expect("channels");
    let (channels, after) = rest.split_once("escalation:").expect("escalation");
    let part = format!("channels:\n{channels}");
    fs::write(folder.path().join("part.yaml"), &part).expect("written");
    let day = format!("include: part.yaml\n{before}escalation:{after}");
    fs::write(folder.path().join("day.yaml"), &day).expect("written");
    let more = "+0s what if channels.slack.answers=95%\n+0s keep, owner chris\n";
    let (_, said, complained) = room(folder.path(), "o", more);
    assert!(said.contains("it is in an included file"), "{said}{complained}");
    for (name, text) in [("day.yaml", &day), ("part.yaml", &part)] {
        assert_eq!(&fs::read_to_string(folder.path().join(name)).expect("there"), text);
    }
    let plan = fs::read_to_string(folder.path().join("o/improvement-plan.csv")).expect("a plan");
    assert!(plan.contains("sim compare day.yaml --set 'channels.slack.answers=95%'"), "{plan}");
}

#[test]
fn a_question_while_the_clock_runs_waits_for_a_pause_and_what_is_kept_survives_leaving() {
    let folder = prepared();
    let live = |more: &[&str], typed: &str| {
        let output = sim(folder.path())
            .args(LIVE)
            .args(["1x", "--out", "live", "--what-if-runs", "8"])
            .args(more)
            .write_stdin(typed.to_string())
            .timeout(std::time::Duration::from_secs(300))
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let asked = "what if plays.rollback.ask.within=1m\n\
                 pause\nwhat if plays.rollback.ask.within=1m\nwhat if now\n\
                 keep, owner chris, due Nov 6\nabort enough\n";
    let said = live(&[], asked);
    assert!(said.contains("is not accepted: people are at work: `pause` first"), "{said}");
    assert!(said.contains("`now` is not a change"), "{said}");
    assert!(said.contains(" of 8, typical "), "{said}");
    let record = fs::read_to_string(folder.path().join("live/room.jsonl")).expect("a record");
    let kept = record.lines().find(|line| line.contains("aside")).expect("it is in the record");
    assert!(kept.contains("due 2018-11-06") && kept.contains("of 8, typical"), "{kept}");
    let plan = fs::read_to_string(folder.path().join("live/improvement-plan.csv")).expect("a plan");
    assert!(plan.contains(",chris,2018-11-06,"), "{plan}");
    assert!(
        fs::read_to_string(folder.path().join("day.yaml")).expect("there").contains("within: 1m")
    );
}

#[test]
fn a_scenario_that_somebody_else_changes_is_left_as_it_is() {
    let folder = prepared();
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .args(LIVE)
        .args(["1x", "--out", "live", "--what-if-runs", "4"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    let mut typed = process.stdin.take().expect("a pipe");
    let mut type_in = |line: &str| {
        use std::io::Write;
        typed.write_all(line.as_bytes()).expect("typed");
    };
    type_in("pause\nwhat if changes.proxy-update.takes=20s\nkeep, owner chris\n");
    let record = folder.path().join("live/room.jsonl");
    let begun = std::time::Instant::now();
    let kept = || fs::read_to_string(&record).unwrap_or_default().contains("aside");
    while !kept() && begun.elapsed().as_secs() < 240 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // Nothing is written while people still play by it.
    assert_eq!(fs::read_to_string(folder.path().join("day.yaml")).expect("there"), DAY);
    let other = format!("{DAY}# somebody else was here\n");
    fs::write(folder.path().join("day.yaml"), &other).expect("written");
    type_in("abort\n");
    drop(typed);
    let output = process.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("not written: the file was changed meanwhile"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("day.yaml")).expect("there"), other);
}

#[test]
fn guesses_are_sealed_before_the_start_and_opened_at_the_end() {
    let folder = prepared();
    fs::write(folder.path().join("plain.txt"), asked("")).expect("written");
    let script = SCRIPT.map(|word| if word == "asked.txt" { "plain.txt" } else { word });
    sim(folder.path()).args(script).arg("plain").assert().code(0);
    let guesses = "0 guess wyatt back 4m longest diagnose\n\
                   0 guess chris back 9m longest deploy missing \"the partner's number\"\n\
                   0 guess wyatt back never longest reach\n\
                   0 guess bob back 4m\n";
    let text = format!("{guesses}{}+1s guess chris back 5m\n", asked(""));
    fs::write(folder.path().join("asked.txt"), text).expect("written");
    let mut told = Vec::new();
    for out in ["a", "b"] {
        let room = sim(folder.path()).args(SCRIPT).args([out, "--what-if-runs", "24"]).assert();
        let output = room.code(2).get_output().clone();
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(complained.contains("`bob` is not a known name"), "{complained}");
        assert!(complained.contains("guesses are sealed before the start"), "{complained}");
        told.push(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let (plain, with) = (folder.path().join("plain"), folder.path().join("a"));
    assert!(lines(&plain) == lines(&with), "a guess changes what happens");
    assert!(!plain.join("guesses.csv").exists());
    let screen = told[0].split("Guessed before the start").nth(1).expect("a screen");
    for words in ["never", "9m", "the room", "median of 24 runs", "the partner's number"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    assert!(screen.contains("What surprised most") && screen.contains(" of 24 runs"), "{screen}");
    let table = |out: &str| fs::read_to_string(folder.path().join(out).join("guesses.csv"));
    assert_eq!(table("a").ok(), table("b").ok());
    let table = table("a").expect("a table");
    assert_eq!(table.matches(",guess,").count(), 2, "the last guess of each counts: {table}");
    assert!(table.contains(",guess,wyatt,,,yes,reach,,"), "{table}");
    assert!(table.contains(",room,,,") && table.contains(",runs,,24,"), "{table}");
}

#[test]
fn the_clock_stands_until_everybody_has_guessed_and_a_guess_survives_leaving() {
    let folder = prepared();
    let typed = "guess wyatt back 4m longest diagnose\nguess chris longest coffee\n\
                 resume\nnote and so it begins\nguess chris back 5m\nabort enough\n";
    let output = sim(folder.path())
        .args(LIVE)
        .args(["1x", "--guesses", "--what-if-runs", "8", "--out", "live"])
        .write_stdin(typed)
        .timeout(std::time::Duration::from_secs(300))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("The clock is stopped") && said.contains("wyatt's guess is sealed"),
        "{said}"
    );
    assert!(said.contains("`coffee` is not a step of a response"), "{said}");
    assert!(said.contains("Guessed before the start"), "{said}");
    let record = fs::read_to_string(folder.path().join("live/room.jsonl")).expect("a record");
    assert!(record.contains("guess wyatt back 4m longest diagnose"), "{record}");
    let wrong = sim(folder.path()).args(["run", "day.yaml", "--guesses"]).output();
    assert_eq!(wrong.expect("it runs").status.code(), Some(2));
}
