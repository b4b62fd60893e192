//! `sim fill`: what is open in a plan, asked and answered by script.

use assert_cmd::Command;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Output, Stdio};

const DAY: &str = "\
scenario: a shop opens      # in our own words
starts: 2021-03-05T09:00 Europe/London
lasts: 30m
draft: true
traffic:                    # [a]
  visits: [{at: 0m, rate: 30/m}]
  mix: {tool: {look: 100%}}
  tools: {look: {requests: 2, think: 5s, use: {page: 100%}}}
  patience: 30s             # [a] nobody has looked
site:
  tiers: {web: {instances: 2, threads: 20, takes: 50ms}}    # [a]
  endpoints: {page: web}
faults:
  - {at: 5m, failing: web, errors: 40%, until: [revert]}    # [a]
baseline: {error_rate: \"?\"}
rules:
  - {alert: Slow, expr: \"latency > ? for ? of traffic\"}     # plan: line 9
people:
  dana: {role: decider}
  \"ravi?\": {role: ops}
  partner: \"?\"
escalation: {ops: {try: [\"ravi?\"]}}
channels: {phone: {answers: 90%, after: 1m}}                # [a]
changes:
  revert: \"?\"               # plan: line 20
plays:
  back: {when: [Slow], steps: [page ops, {ask: decider}, change revert]}
checklist:
  - {item: try the status page, owner: \"?\"}
";

pub fn sim(folder: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).args(arguments).write_stdin(typed).output().expect("run")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with the day in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    folder
}

pub fn fill(folder: &Path, typed: &str) -> String {
    let quick = ["fill", "day.yaml", "--first", "0", "--by", "Ann", "--on", "2021-03-01"];
    let filled = sim(folder, &quick, typed);
    assert_eq!(filled.status.code(), Some(0), "{}", text(&filled.stderr));
    text(&filled.stdout)
}

/// The answer for each question, told by words of the question; the rest is skipped.
pub fn answers(folder: &Path, known: &[(&str, &str)]) -> String {
    answers_to(folder, &[], known)
}

/// The same with more arguments.
fn answers_to(folder: &Path, more: &[&str], known: &[(&str, &str)]) -> String {
    let list = [&["fill", "day.yaml", "--first", "0", "--list"], more].concat();
    let list = sim(folder, &list, "");
    let list = text(&list.stdout);
    let mut questions: Vec<String> = Vec::new();
    for line in list.lines().skip(1) {
        match line.starts_with("          ") {
            true => *questions.last_mut().expect("a question") += &format!(" {}", line.trim()),
            false => questions.push(line.trim().to_string()),
        }
    }
    let answer = |question: &String| {
        let found = known.iter().find(|(words, _)| question.contains(words));
        format!("{}\n", found.map_or("skip", |(_, answer)| *answer))
    };
    questions.iter().map(answer).collect()
}

#[test]
fn answers_go_into_the_file_with_who_said_so() {
    let folder = folder();
    let typed = answers(
        folder.path(),
        &[
            ("revert", "~4m"),
            ("Who is partner", "Pat Roe"),
            ("The plan has ravi", "yes"),
            ("measured what is normal", "0.1%"),
            ("`Slow` fire", "2s 10%"),
            ("status page", "dana, 2021-03-04"),
            ("decider", "Ravi"),
        ],
    );
    let told = fill(folder.path(), &typed);
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    for line in [
        "scenario: a shop opens      # in our own words",
        "baseline: {error_rate: 0.1%} # [o] Ann, 2021-03-01",
        "expr: latency > 2s for 10% of traffic}     # plan: line 9; [o] expr: Ann, 2021-03-01",
        "  pat roe: {name: Pat Roe, role: partner} # [o] Ann, 2021-03-01",
        "escalation: {ops: {try: [ravi]}}",
        "  revert: ~4m               # plan: line 20; [o] Ann, 2021-03-01",
        "{item: try the status page, due: 2021-03-04, owner: dana}",
    ] {
        let found = day.contains(line)
            || day
                .replace("\"latency > 2s for 10% of traffic\"", "latency > 2s for 10% of traffic")
                .contains(line);
        assert!(found, "{line}\n{day}\n{told}");
    }
    assert!(!day.contains("ravi?"), "{day}");
    let check = sim(folder.path(), &["check", "day.yaml"], "");
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stdout));
}

#[test]
fn what_is_parked_or_answered_is_not_asked_again() {
    let folder = folder();
    let first = fill(folder.path(), &answers(folder.path(), &[("revert", "park bo 2021-03-02")]));
    assert!(first.contains("parked 1"), "{first}");
    let again = fill(folder.path(), "stop\n");
    assert!(again.contains("1 parked"), "{again}");
    let run = sim(folder.path(), &["run", "day.yaml", "--trials", "1", "--out", "out"], "");
    assert!(run.status.code().is_some(), "{}", text(&run.stderr));
    let findings = fs::read_to_string(folder.path().join("out/findings.csv")).expect("findings");
    assert!(findings.contains("bo") && findings.contains("2021-03-02"), "{findings}");
}

#[test]
fn what_cannot_be_taken_is_asked_again() {
    let folder = folder();
    let before = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    let told = fill(folder.path(), "park\nok\nsome time soon\npark bo 2021-13-01\nstop\n");
    assert_eq!(told.matches("Not accepted").count(), 4, "{told}");
    let after = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    assert_eq!(before, after, "nothing was written");
}

#[test]
fn what_leaves_a_value_open_closes_nothing() {
    let folder = folder();
    let path = folder.path().join("day.yaml");
    let day = DAY.replace("checklist:", "launch:\n  - {at: \"?\", change: revert}\nchecklist:");
    fs::write(&path, &day).expect("written");
    let unsure = ["don't know yet", "not sure", "TBD"];
    for words in unsure {
        let known = [("revert take", words), ("usual day", words), ("soon", words)];
        let told = fill(folder.path(), &answers(folder.path(), &known));
        assert!(told.contains(&format!("`{words}` leaves it open: `park OWNER DATE`")), "{told}");
    }
    // The day begins at nine: half past eight without its half is asked for again.
    let told = fill(folder.path(), &answers(folder.path(), &[("At what time", "8:30")]));
    let said = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("not between 09:00 and 09:30, the plan's day: write 8:30 AM"), "{said}");
    assert_eq!(fs::read_to_string(&path).expect("the day"), day, "nothing was written");
    fill(folder.path(), &answers(folder.path(), &[("At what time", "9:10")]));
    let after = fs::read_to_string(&path).expect("the day");
    assert!(after.contains("at: \"09:10\""), "{after}");
}

#[test]
fn assumed_numbers_that_move_the_day_come_first() {
    let folder = folder();
    let arguments = ["fill", "day.yaml", "--first", "2", "--by", "Ann", "--on", "2021-03-01"];
    let told = text(&sim(folder.path(), &arguments, "skip\nskip\nok\nstop\n").stdout);
    assert!(told.contains("2 of them about assumed numbers"), "{told}");
    assert!(told.contains("users would lose"), "{told}");
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    assert!(day.contains("[o]"), "{day}");
    let run =
        text(&sim(folder.path(), &["run", "day.yaml", "--trials", "1", "--out", "out"], "").stdout);
    assert!(run.starts_with("DRAFT: 1 of "), "{run}");
}

#[test]
fn a_scenario_that_cannot_be_read_is_not_touched() {
    let folder = folder();
    fs::write(folder.path().join("bad.yaml"), "scenario: [\n").expect("written");
    for arguments in [
        &["fill", "bad.yaml"][..],
        &["fill", "nowhere.yaml"],
        &["fill", "."],
        &["fill", "day.yaml", "--on", "soon"],
    ] {
        let refused = sim(folder.path(), arguments, "");
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn what_was_measured_is_proposed_and_taken_with_ok() {
    let folder = folder();
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("written");
    };
    let mut record = "channel,person,asked,answered,after\n".to_string();
    for (person, after) in [("dana", "40s"), ("ravi", "90s"), ("pat", "2m"), ("lee", "")] {
        record += &format!("phone,{person},,,{after}\n");
    }
    write("calls.csv", &record);
    write(
        "tune.csv",
        "run_id,alert,rule,fault,recommended,false_per_week,faults,missed,detect_min\n\
                       1,Slow,latency > 2s for 5% of traffic,,yes,0.25,6,1,3.5\n\
                       1,Slow,latency > 9s for 5% of traffic,,no,0,6,6,\n",
    );
    write("part.yaml", "changes:\n  revert: ~6m # a stopwatch in March\n");
    let files = ["calls.csv", "tune.csv", "part.yaml"];
    let measured: Vec<&str> = files.iter().flat_map(|file| ["--measured", *file]).collect();
    // What is proposed for nobody is asked once more.
    let known = [
        ("channels.phone", "ok"),
        ("`Slow` fire", "ok"),
        ("revert", "ok"),
        ("partner", "ok\nskip"),
    ];
    let typed = answers_to(folder.path(), &measured, &known);
    let arguments = ["fill", "day.yaml", "--first", "0", "--on", "2021-03-01"];
    let told = text(&sim(folder.path(), &[&arguments[..], &measured].concat(), &typed).stdout);
    for words in ["calls.csv", "3 of 4 answered", "0.2 false alarms", "a stopwatch in March"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    // Who should be named is never proposed, and what nobody has measured neither.
    assert!(told.contains("no value is proposed here"), "{told}");
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    for words in
        ["answers: 75%", "after: {median: ", "latency > 2s for 5% of traffic", "revert: ~6m"]
    {
        assert!(day.contains(words), "{words}\n{day}");
    }
    assert!(day.contains("partner: \"?\""), "{day}");
    write("notes.txt", "nothing was measured yet\n");
    fs::create_dir(folder.path().join("empty")).expect("made");
    for wrong in ["nowhere.csv", "notes.txt", "empty"] {
        let refused = sim(folder.path(), &["fill", "day.yaml", "--measured", wrong], "");
        assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    }
}

#[test]
fn what_the_answer_hinges_on_comes_first() {
    let folder = folder();
    let hinge = |path: &str, from: &str| {
        serde_json::json!({
            "input": "somebody answers", "path": path, "from": from, "to": "60%", "value": "60%",
            "may_differ": 9, "replayed": 9, "now": 180, "then": 168, "of": 200,
            "difference": null, "effect": -0.06,
        })
    };
    let best = [hinge("channels.phone.answers", "90%"), hinge("people.lee.agrees", "95%")];
    let found = serde_json::json!({
        "program": "0", "scenario_hash": "0", "seed": 1, "trials": 200, "remedies": null,
        "hinges": {
            "best": best, "tried": [], "left_out": [], "fixed": [], "kept": 180, "of": 200,
            "replayed": 18,
        },
    });
    fs::create_dir(folder.path().join("run")).expect("made");
    fs::write(folder.path().join("run/hinges.json"), found.to_string()).expect("written");
    let arguments = ["fill", "day.yaml", "--first", "1", "--measured", "run"];
    let told = text(&sim(folder.path(), &arguments, "skip\nskip\nstop\n").stdout);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Of the numbers that matter, 1 is in an included file",
        "How often does somebody answer who is tried by phone? (channels.phone.answers is \
         assumed to be 90%)",
        "With 60% instead, 168 of 200 runs would meet expectations instead of 180.",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn a_file_that_somebody_else_changes_meanwhile_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("day.yaml");
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .args(["fill", "day.yaml", "--first", "0", "--on", "2021-03-01"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    // The question is there, and now it waits.
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains(" left ")));
    let theirs = format!("# somebody else was here\n{DAY}");
    fs::write(&path, &theirs).expect("written");
    let mut typed = child.stdin.take().expect("piped");
    typed.write_all(b"park bo 2021-03-02\nstop\n").expect("typed");
    drop(typed);
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    let ended = child.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(1), "{rest:?}");
    assert!(text(&ended.stderr).contains("was changed meanwhile"), "{}", text(&ended.stderr));
    assert_eq!(fs::read_to_string(&path).expect("the day"), theirs);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("the folder").collect();
    assert_eq!(left.len(), 1, "no half-written file stays: {left:?}");
}
