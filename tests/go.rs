//! `sim go`: what must be known before a launch, who said what, what is missing, from whom, by
//! when.

use crate::support::plan;
use assert_cmd::Command;
use jiff::Zoned;
use sim::language::value::when::DayOrMoment;
use sim::language::word::ScalarValue;
use sim::readiness::{DecisionStatus, ReadinessBoard, ReadinessRows, RowStatus, read};
use sim::scenario::SourceText;
use std::fs;
use std::path::Path;
use std::process::Output;

const DAY: &str = "\
scenario: A shop moves
starts: 2021-03-05T09:00 Europe/London
lasts: 30m
traffic:
  visits: [{at: 0m, rate: 6/m}]
  mix: {browser: {chrome: 60%, safari: 40%}, tool: {look: 100%}}
  tools: {look: {requests: 2, think: 5s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 20, takes: 50ms}}
  endpoints: {page: web}
people:
  dana: {role: decider}
  \"ravi?\": {role: ops}
  wen: {role: marketing}
  partner: \"?\"
go_no_go:
  - {criterion: 500 users, require: users >= 500, owner: wen, due: 2021-03-03}
  - {criterion: the mix, require: coverage >= 80% of browser, holds: 24h}
  - {criterion: all is moved, attested: [ops, partner]}
decision:
  poll: {ops: \"?\", marketing: \"?\", partner: \"?\"}
  due: 2021-03-05T08:00
";

fn rows() -> ReadinessRows {
    ReadinessRows::from_plan(&plan(DAY, &[]))
}

fn moment(text: &str) -> Zoned {
    DayOrMoment::parse(text).expect("a moment").begins(&rows().zone)
}

/// The status at a moment, after these statements.
fn board(statements: &str, now: &str) -> ReadinessBoard {
    let text = format!("scenario: A shop moves\nstatements:\n{statements}");
    let rows = rows();
    let latest = moment("2021-03-05T12:00");
    let said = read(&SourceText::file("go.yaml", text), &rows, &latest);
    let said = said.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    ReadinessBoard::at(&rows, &said, &moment(now))
}

/// What is wrong with a statement.
fn wrong(statement: &str) -> String {
    let text = format!("scenario: A shop moves\nstatements:\n  - {statement}\n");
    let latest = moment("2021-03-05T12:00");
    let refused = read(&SourceText::file("go.yaml", text), &rows(), &latest).expect_err(statement);
    refused.render(false)
}

const OPS: &str = "criterion: all is moved, of: ops";

#[test]
fn every_row_must_be_known_and_the_owner_is_asked_for_it() {
    let board = board("", "2021-03-01T09:00");
    assert_eq!(board.criteria(), RowStatus::Unknown);
    let missing = board.missing(&rows());
    let told: Vec<String> = missing
        .iter()
        .map(|one| format!("{} <- {}", one.what, one.from.as_deref().unwrap_or("nobody")))
        .collect();
    assert_eq!(
        told,
        [
            "500 users: a measured number (users >= 500) <- wen",
            "the mix: a measured number (coverage >= 80% of browser) <- nobody",
            "all is moved: a statement from ops <- ravi?",
            "all is moved: a statement from partner <- nobody",
            "somebody who answers for: the mix; all is moved <- nobody",
            "the poll: ops <- ravi?",
            "the poll: marketing <- wen",
            "the poll: a person who speaks for partner <- nobody",
            "the go/no-go decision <- dana",
        ]
    );
    assert!(missing.iter().all(|one| !one.late));
    let late = self::board("", "2021-03-04T09:00").missing(&rows());
    assert_eq!(late.iter().map(|one| one.late).collect::<Vec<_>>()[..2], [true, false]);
}

#[test]
fn what_expires_falls_back_by_itself() {
    let said = "  - {criterion: the mix, says: 85%, by: wen, as_of: 2021-03-02T10:00}\n";
    let at = |now| board(said, now).rows[1].clone();
    assert_eq!(at("2021-03-02T09:59").status, RowStatus::Unknown);
    let fresh = at("2021-03-02T10:00");
    assert_eq!((fresh.status, fresh.lines[0].value.as_deref()), (RowStatus::Go, Some("85%")));
    assert_eq!(at("2021-03-03T09:59").status, RowStatus::Go);
    let stale = at("2021-03-03T10:00");
    assert_eq!((stale.status, stale.lines[0].value.clone()), (RowStatus::Unknown, None));
    let note = stale.lines[0].note.clone().expect("why");
    assert!(note.starts_with("too old since Wed 2021-03-03 10:00: wen said 85%"), "{note}");
}

#[test]
fn what_expires_before_the_decision_is_asked_for_again() {
    let counted = |until: &str| {
        format!(
            "  - {{criterion: 500 users, says: 520, by: wen, as_of: 2021-03-03T10:00, \
             expires: {until}}}\n"
        )
    };
    let asked = |statements: &str| {
        let missing = board(statements, "2021-03-03T12:00").missing(&rows());
        missing.into_iter().find(|one| one.what.starts_with("500 users"))
    };
    // It is to be decided on the 5th at eight.
    let again = asked(&counted("2021-03-04T10:00")).expect("it is asked for");
    assert_eq!(
        again.what,
        "500 users: a new measurement; the current one expires Thu 2021-03-04 10:00, before it is \
         decided"
    );
    assert_eq!((again.from.as_deref(), again.by), (Some("wen"), moment("2021-03-05T08:00")));
    assert_eq!(asked(&counted("2021-03-05T08:00")), None, "it counts until then");
    let decided = "  - {decision: go, by: dana, as_of: 2021-03-03T11:00}\n";
    assert_eq!(asked(&(counted("2021-03-04T10:00") + decided)), None, "nobody needs it any more");
}

#[test]
fn whoever_says_no_is_in_the_way_until_it_is_settled() {
    let who = "by: ravi, as_of: 2021-03-02";
    let said = format!(
        "  - {{{OPS}, says: failed, {who}, words: two hosts are left}}\n  \
         - {{poll: marketing, says: no-go, by: wen, as_of: 2021-03-02, words: no banner}}\n"
    );
    let missing = board(&said, "2021-03-04T12:00").missing(&rows());
    let of = |start: &str| {
        let one = missing.iter().find(|one| one.what.starts_with(start)).expect(start);
        (one.what.as_str(), one.from.as_deref())
    };
    let failed = "all is moved: ops says failed (\"two hosts are left\"); to be settled";
    assert_eq!(of("all is moved: ops"), (failed, Some("ravi?")));
    let no = "the poll: marketing says no-go (\"no banner\"); to be settled";
    assert_eq!(of("the poll: marketing"), (no, Some("wen")));
}

#[test]
fn a_condition_opens_again_at_its_time_unless_it_is_met() {
    let until = "if: the cache is warm, until: 2021-03-04T18:00";
    let said = format!("  - {{{OPS}, says: met, by: ravi, as_of: 2021-03-02, {until}}}\n");
    let line = |said: &str, now| board(said, now).rows[2].lines[0].clone();
    let status = line(&said, "2021-03-04T17:59").status;
    assert!(
        matches!(&status, RowStatus::GoIf { condition, .. } if condition == "the cache is warm")
    );
    let open = line(&said, "2021-03-04T18:00");
    assert_eq!(open.status, RowStatus::Unknown);
    assert!(open.note.expect("why").starts_with("open again since"));
    let met = format!("{said}  - {{{OPS}, says: met, by: ravi, as_of: 2021-03-04T12:00}}\n");
    assert_eq!(line(&met, "2021-03-04T18:00").status, RowStatus::Go);
}

#[test]
fn words_that_contradict_count_for_nothing_until_one_is_withdrawn() {
    let met = format!("  - {{{OPS}, says: met, by: ravi, as_of: 2021-03-02}}\n");
    let both = format!("{met}  - {{{OPS}, says: failed, by: dana, as_of: 2021-03-03}}\n");
    let line = |said: &str| board(said, "2021-03-04T12:00").rows[2].lines[0].clone();
    let open = line(&both);
    assert_eq!(open.status, RowStatus::Unknown);
    let note = open.note.expect("both");
    assert!(note.contains("ravi says met") && note.contains("dana says failed"), "{note}");
    let back = format!("{both}  - {{{OPS}, says: withdrawn, by: dana, as_of: 2021-03-04}}\n");
    assert_eq!(line(&back).status, RowStatus::Go);
    let other =
        format!("{both}  - {{{OPS}, says: withdrawn, whose: ravi, by: dana, as_of: 2021-03-04}}\n");
    assert_eq!(line(&other).status, RowStatus::NoGo);
    // Whoever changes their mind does not contradict themselves.
    let again = format!("{met}  - {{{OPS}, says: failed, by: Ravi, as_of: 2021-03-03}}\n");
    assert_eq!(line(&again).status, RowStatus::NoGo);
}

#[test]
fn of_two_counts_the_later_one_tells() {
    let count = |users: u32, by: &str, day: u32| {
        format!("  - {{criterion: 500 users, says: {users}, by: {by}, as_of: 2021-03-0{day}}}\n")
    };
    let status = |said: &str| board(said, "2021-03-04T12:00").rows[0].status.clone();
    assert_eq!(status(&(count(499, "wen", 1) + &count(500, "dana", 2))), RowStatus::Go);
    assert_eq!(status(&(count(500, "wen", 1) + &count(499, "dana", 2))), RowStatus::NoGo);
    assert_eq!(status(&(count(500, "wen", 2) + &count(499, "dana", 2))), RowStatus::Unknown);
}

#[test]
fn the_decision_is_a_persons_and_says_what_was_open() {
    let said = "  - {decision: go, by: dana, as_of: 2021-03-05T07:50, words: we go}\n";
    let board = board(said, "2021-03-05T08:00");
    let DecisionStatus::Decided(decided) = &board.decision else { panic!("{:?}", board.decision) };
    assert_eq!((decided.decision.word(), decided.by.as_str()), ("go", "dana"));
    assert_eq!(decided.words.as_deref(), Some("we go"));
    assert_eq!(decided.in_spite_of.len(), 3);
    let before = self::board(said, "2021-03-05T07:49");
    assert_eq!(before.decision, DecisionStatus::Nothing);
}

#[test]
fn statements_that_cannot_be_meant() {
    let who = "by: wen, as_of: 2021-03-02";
    for (statement, words) in [
        (format!("{{criterion: 500 user, says: 3, {who}}}"), "did you mean `500 users`?"),
        ("{criterion: the mix, says: 90%, as_of: 2021-03-02}".into(), "`by` is missing"),
        ("{criterion: the mix, says: 90%, by: wen}".into(), "`as_of` is missing"),
        ("{criterion: the mix, says: 90%, by: \"?\", as_of: 2021-03-02}".into(), "nobody says"),
        (format!("{{criterion: the mix, says: 0.9, {who}}}"), "write 90%"),
        (format!("{{{OPS}, says: yes, {who}}}"), "`met`, `failed`"),
        (
            format!("{{criterion: all is moved, says: met, {who}}}"),
            "must be confirmed by 2 sources",
        ),
        (format!("{{criterion: all is moved, of: opps, says: met, {who}}}"), "did you mean `ops`"),
        (format!("{{poll: ops, decision: go, {who}}}"), "two statements"),
        (format!("{{{OPS}, says: met, {who}, if: a}}"), "has no deadline"),
        (format!("{{{OPS}, says: met, {who}, expires: 2021-03-01}}"), "expires before"),
        (format!("{{{OPS}, says: met, by: wen, as_of: 2021-02-30}}"), "neither a day nor"),
        (format!("{{{OPS}, says: met, by: wen, as_of: 2021-03-09}}"), "dated after the statement"),
        (format!("{{{OPS}, says: met, {who}, said: 2021-03-01}}"), "dated after the statement"),
        (format!("{{{OPS}, says: met, {who}, said: 2031-03-01}}"), "said in the future"),
        (format!("{{criterion: 500 users, owner: dana, {who}}}"), "names an owner of this too"),
        (format!("{{says: met, {who}}}"), "does not say what it is about"),
        ("{poll: ops, says: go, by: \"w\\u202een\", as_of: 2021-03-02}".into(), "invisible"),
    ] {
        let told = wrong(&statement);
        assert!(told.contains(words), "{statement}: {told}");
    }
}

#[test]
fn a_statement_stands_in_one_place_only() {
    let stated =
        DAY.replace("[ops, partner]", "{ops: {says: met, at: 2021-03-01}, partner: \"?\"}");
    let rows = ReadinessRows::from_plan(&plan(&stated, &[]));
    let line = format!("  - {{{OPS}, says: met, by: ravi, as_of: 2021-03-02}}\n");
    let text = format!("scenario: A shop moves\nstatements:\n{line}");
    let latest = moment("2021-03-05T12:00");
    let refused =
        read(&SourceText::file("go.yaml", text), &rows, &latest).expect_err("given twice");
    assert!(refused.render(false).contains("given in both"));
    let alone = ReadinessBoard::at(&rows, &[], &latest);
    assert_eq!(alone.rows[2].lines[0].status, RowStatus::Go);
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    folder
}

fn sim(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").env_remove("COLUMNS");
    command.args(arguments).output().expect("ended")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A command that is understood.
fn say(folder: &Path, arguments: &[&str]) {
    let said = sim(folder, arguments);
    assert_eq!(said.status.code(), Some(0), "{arguments:?}: {}", text(&said.stderr));
}

#[test]
fn from_empty_to_decided_by_commands() {
    let folder = folder();
    let folder = folder.path();
    let at = |day: u32| format!("2021-03-0{day}T10:00");
    let show = |day: u32| {
        let shown = sim(folder, &["go", "day.yaml", "--now", &at(day)]);
        (shown.status.code(), text(&shown.stdout))
    };
    assert_eq!(show(1).0, Some(3), "nothing is known");
    say(folder, &["go", "set", "day.yaml", "500 users", "499", "--by", "wen", "--now", &at(1)]);
    assert_eq!(show(1).0, Some(99), "too few users");
    say(folder, &["go", "set", "day.yaml", "500 users", "612", "--by", "wen", "--now", &at(2)]);
    say(folder, &["go", "set", "day.yaml", "the mix", "90%", "--by", "wen", "--now", &at(4)]);
    say(folder, &["go", "set", "day.yaml", "OPS", "met", "--by", "ravi", "--now", &at(2)]);
    say(
        folder,
        &["go", "own", "day.yaml", "all is moved", "dana", "--by", "dana", "--now", &at(2)],
    );
    say(folder, &["go", "set", "day.yaml", "partner", "met", "--by", "kim", "--now", &at(4)]);
    let (code, told) = show(4);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("EVERY CRITERION IS GO Not decided: dana decides."), "{told}");
    let words = "not before noon";
    let no = ["go", "poll", "day.yaml", "marketing", "no-go", "--by", "wen", "--words", words];
    say(folder, &[&no[..], &["--now", &at(4)]].concat());
    let go = ["go", "decide", "day.yaml", "go", "--by", "dana", "--words", "we go at one"];
    say(folder, &[&go[..], &["--now", "2021-03-05T07:30"]].concat());
    let (code, told) = show(5);
    assert_eq!(code, Some(0), "{told}");
    for wanted in [
        "DECIDED: GO by dana, Fri 2021-03-05 07:30: \"we go at one\".",
        "Dissent: marketing says no-go (wen): \"not before noon\".",
        "the mix: NOT YET KNOWN",
        "too old since Fri 2021-03-05 10:00",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let page = fs::read_to_string(folder.join("reports/day-go/go.html")).expect("a page");
    assert!(page.contains("DECIDED: GO") && page.contains("not before noon"));
    assert_eq!(crate::support::reaches_outside(&page), None);
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let folder = folder();
    let folder = folder.path();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            scope.spawn(move || {
                let users = format!("{}", 500 + writer);
                say(folder, &["go", "set", "day.yaml", "500 users", &users, "--by", "wen"]);
            });
        }
    });
    let record = fs::read_to_string(folder.join("go.yaml")).expect("a record");
    for writer in 0..4 {
        assert!(record.contains(&format!("says: {}", 500 + writer)), "{record}");
    }
    assert_eq!(fs::read_dir(folder).expect("a folder").count(), 2, "nothing unfinished is left");
}

#[test]
fn a_record_that_is_damaged_or_anothers_is_left_alone() {
    let folder = folder();
    let folder = folder.path();
    for (record, words) in [
        ("scenario: Another shop\n", "this is from another scenario: `Another shop`"),
        ("scenario: A shop moves\nstatements:\n  - {poll: ops", "this is not YAML"),
        ("scenario: A shop moves\nstatments: []\n", "did you mean `statements`?"),
        (
            "scenario: A shop moves\nstatements: [{poll: ops, says: go, by: a, as_of: 2021-03-01}]",
            "has no place for another statement",
        ),
    ] {
        fs::write(folder.join("go.yaml"), record).expect("written");
        let said = sim(folder, &["go", "poll", "day.yaml", "ops", "go", "--by", "ravi"]);
        assert_eq!(said.status.code(), Some(2), "{record}");
        assert!(text(&said.stderr).contains(words), "{record}: {}", text(&said.stderr));
        assert_eq!(fs::read_to_string(folder.join("go.yaml")).expect("there"), record);
    }
}

#[test]
fn what_was_simulated_stands_apart_and_counts_for_nothing() {
    let folder = folder();
    let folder = folder.path();
    say(folder, &["run", "day.yaml", "--trials", "2", "--hinges", "0s", "-q", "--out", "runs/day"]);
    let now = ["--now", "2021-03-04T10:00", "--results", "runs"];
    let shown = sim(folder, &[&["go", "day.yaml"], &now[..]].concat());
    let told = text(&shown.stdout);
    assert_eq!(shown.status.code(), Some(3), "{told}");
    let (above, below) = told.split_once("What was rehearsed").expect("a section");
    assert!(!above.contains("simulated"), "{above}");
    for wanted in ["A shop moves (2 runs, simulated)", "500 users: ", "simulated: a forecast"] {
        assert!(below.contains(wanted), "{wanted}: {below}");
    }
}
