//! `sim fill` in a meeting: answers in people's own words.

use super::fill::{answers, fill, sim, text};
use std::fs;

/// A launch with what a meeting has to settle: a yes by e-mail alone, items, full names.
const LAUNCH: &str = "\
scenario: a library opens its catalogue
starts: 2021-03-05T09:00 America/New_York
lasts: 1h
draft: true
traffic:
  visits: [{at: 0m, rate: 20/m}]                     # [a]
  mix: {tool: {look: 100%}}
  tools: {look: {requests: 4, think: 20s, use: {page: 100%}}} # [a]
  patience: 30s
site:
  tiers: {web: {instances: 2, threads: 20, takes: 50ms}}
  endpoints: {page: web}
faults:
  - {at: 5m, failing: web, errors: 40%, until: [revert]}
rules:
  - {alert: Errors, expr: \"error_rate > ?\"}
people:
  # Dana Whitfield; plan: line 2
  dana: {role: decider, hours: day}
  ravi: {role: ops, hours: day} # Ravi Bose; plan: line 3
  partner: \"?\" # plan: line 4
hours: {day: [{daily: \"08:00-18:00\"}]}
escalation: {ops: {try: [ravi]}}
channels: {email: {answers: 40%, after: 2m}, phone: {answers: 90%, after: 1m}}
changes:
  revert: ~4m
  page: {takes: 2m, serves: 503}
launch:
  - {at: \"?\", tell: everyone, note: doors open}
plays:
  back:
    when: [Errors]
    steps:
      - page ops
      - {ask: decider, by: [email]}
      - change revert
  shut: {steps: [change page]}
templates: {news: \"?\"}
checklist:
  - {item: count the shelves, owner: \"?\", due: 2021-03-01}
  - {item: wake the printer, owner: \"?\", due: 2021-03-01}
  - {item: find the keys, owner: \"?\", due: 2021-03-01}
  - item: pick a room
    owner: dana whitfield
    due: 2021-03-02
";

/// What the file says after these answers, each told by words of its question, and what was told.
fn filled(known: &[(&str, &str)]) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), LAUNCH).expect("written");
    let typed = answers(folder.path(), known);
    let told = fill(folder.path(), &typed);
    (fs::read_to_string(folder.path().join("day.yaml")).expect("the day"), told)
}

#[test]
fn what_a_meeting_knows_is_answered_in_its_own_words() {
    let (day, told) = filled(&[
        ("how soon", "45 minutes at best"),
        ("answers by email", "phone; hold 5m"),
        ("At what time", "9:30 AM ET"),
        ("the message `news`", "{{at}}: the doors are {{status}}"),
        ("`Errors` fire", "3 percent for 2 minutes"),
        ("Who is partner", "Ravi Bose"),
        ("who else can be", "Pat Roe"),
        ("Nobody owns these 3", "1-2 Dana Whitfield, Mar 2; 3 done"),
        ("pick a room", "keep"),
    ]);
    let squeezed = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed.contains("1 count the shelves 2 wake the printer 3 find the keys"), "{told}");
    for line in [
        "expect: {recovered: < 45m} # [o] Ann, 2021-03-01",
        "- {ask: decider, by: [email, phone], silent: hold 5m}",
        "- {at: \"09:30\", tell: everyone, note: doors open} # [o] Ann, 2021-03-01",
        "templates: {news: \"{{at}}: the doors are {{status}}\"}",
        "expr: error_rate > 3% for 2m",
        "  pat roe: {name: Pat Roe, role: decider, hours: day} # [o] Ann, 2021-03-01",
        "  ravi: {roles: [ops, partner], hours: day} # Ravi Bose; plan: line 3; [o] partner (plan: \
         line 4): Ann, 2021-03-01",
        "{item: count the shelves, owner: dana, due: 2021-03-02} # [o] Ann, 2021-03-01",
        "{item: wake the printer, owner: dana, due: 2021-03-02} # [o] Ann, 2021-03-01",
        "{item: find the keys, done: 2021-03-01, owner: \"?\", due: 2021-03-01} # [o] Ann",
        "  - item: pick a room # [o] Ann, 2021-03-01",
    ] {
        let plain = day.replace("\"error_rate > 3% for 2m\"", "error_rate > 3% for 2m");
        let plain = plain.replace("\"< 45m\"", "< 45m").replace("\"hold 5m\"", "hold 5m");
        assert!(plain.contains(line), "{line}\n{day}\n{told}");
    }
}

#[test]
fn what_names_nobody_closes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), LAUNCH).expect("written");
    let nobody =
        ["don't know yet", "nobody yet", "same as above", "Dave, phone 304-555-0100", "me"];
    let person = format!("{}\nskip", nobody.join("\n"));
    let items = "yes\nwe ask Larry?\n4 bo\nskip";
    let typed = answers(
        folder.path(),
        &[("Who is partner", person.as_str()), ("Nobody owns", items), ("answers by", "tea\nskip")],
    );
    let told = fill(folder.path(), &typed);
    assert_eq!(told.matches("Not accepted").count(), 9, "{told}");
    assert_eq!(fs::read_to_string(folder.path().join("day.yaml")).expect("the day"), LAUNCH);
}

#[test]
fn an_answer_can_be_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), LAUNCH).expect("written");
    let told = fill(folder.path(), "1h\nback\nhelp\nskip\nback\nback\n1h in 90%\nstop\n");
    assert!(told.contains("Taken back") && told.contains("takes the last answer back"), "{told}");
    assert!(told.contains("this is the first question"), "{told}");
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    assert_eq!(day.matches("expect:").count(), 1, "{day}");
    assert!(day.contains("on: 90%"), "{day}");
}

#[test]
fn a_number_that_was_answered_or_parked_is_not_asked_again() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("day.yaml"), LAUNCH).expect("written");
    let all = ["fill", "day.yaml", "--first", "9", "--by", "Ann", "--on", "2021-03-01"];
    let first = text(
        &sim(folder.path(), &all, "skip\nskip\n25 per minute\n25/m\npark bo Friday\nstop\n").stdout,
    );
    assert!(first.contains("Parked with bo until 2021-03-05"), "{first}");
    let again = text(&sim(folder.path(), &[&all[..], &["--list"]].concat(), "").stdout);
    let squeezed = again.split_whitespace().collect::<Vec<_>>().join(" ");
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("the day");
    for path in ["visits.0.rate", "tools.look.requests", "tools.look.think"] {
        let asked = squeezed.contains(path);
        let settled = day.contains("[o] rate") && path.ends_with("rate")
            || day.contains(&format!("; {}: by Ann", path.rsplit('.').next().expect("a key")));
        assert!(!(asked && settled), "{path}\n{again}\n{day}");
    }
}
