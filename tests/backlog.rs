//! Rules about what a durable queue holds: `backlog`, `backlog_age`.

use crate::support::{plan, play, replaced, run, warnings};
use sim::journal::{Entry, Event};
use sim::units::{Span, Time};

/// Mails of a shop: two a second come, four a second can be sent, for half an hour none are.
const MAILS: &str = "\
scenario: The mails of a shop wait
starts: 2026-03-02T10:00 UTC
lasts: 3h
traffic:
  visits: [{at: 0m, rate: 2/s}]
  tools: {order: {requests: 1, think: 1s, use: {order: 100%}}}
site:
  tiers:
    web: {instances: 2, threads: 50, takes: 5ms}
    mailer: {instances: 4, threads: 1, takes: 1s, queue: durable}
  endpoints: {order: web > mailer}
telemetry: {every: 60s, delay: 10s}
rules:
  - {alert: MailsWait, expr: 'backlog > 1,200', where: {tier: mailer}, for: 2m}
  - {alert: MailsLate, expr: backlog_age > 10m or backlog > 100000, where: {tier: mailer}}
  - {alert: Errors, expr: error_rate > 1%}
people: {kim: {role: ops}}
channels: {page: {answers: 100%, after: 1m}}
escalation: {ops: {try: [kim], by: [page], each: 5m}}
changes: {restart: 5m}
faults:
  - {at: 20m, outage: mailer, for: 30m}
plays:
  repair:
    when: [MailsLate]
    steps: [page ops, change restart]
";

fn minutes(n: u64) -> Time {
    Time::ZERO + Span::from_secs(60 * n)
}

/// The backlog of the mailer and its age in seconds, by the end of the reading.
fn backlog(entries: &[Entry]) -> Vec<(Time, u64, f64)> {
    let of_reading = entries.iter().filter_map(|entry| match &entry.event {
        Event::Reading { to, scopes, .. } => {
            Some((*to, scopes[2].backlog?, scopes[2].backlog_age?))
        }
        _ => None,
    });
    of_reading.collect()
}

#[test]
fn a_rule_sees_what_waits_and_for_how_long() {
    let day = play(&plan(MAILS, &[]), 0);
    let rows = backlog(&day.entries);
    assert_eq!(rows.len(), 179);
    // 2/s for 30 minutes are 3,600; the oldest came as it went down.
    let (at, most, age) = *rows.iter().max_by_key(|(_, waiting, _)| *waiting).expect("rows");
    assert_eq!(at, minutes(50));
    assert!(most.abs_diff(3_600) < 240 && (age - 1_800.0).abs() < 10.0, "{most} {age}");
    let fired: Vec<(&str, Time)> = day.fired();
    let [(late, late_at), (many, many_at)] = fired[..] else { panic!("{fired:?}") };
    assert_eq!((late, many), ("MailsLate", "MailsWait"), "users meet no error");
    // What was being sent as it went down is older than ten minutes by then; known 10 s later.
    assert_eq!(late_at, minutes(30) + Span::from_secs(10));
    // 1,200 are there after ten minutes, and it must hold for two.
    assert!((minutes(32)..=minutes(34)).contains(&many_at), "{many_at:?}");
    // It drains in 3,600 / (4 - 2): half an hour after the outage nothing waits.
    let empty = rows.iter().find(|(at, waiting, _)| *at > minutes(50) && *waiting < 10);
    let (empty, ..) = *empty.expect("it is worked off");
    assert!((minutes(77)..=minutes(84)).contains(&empty), "{empty:?}");
    // The outage is what it is put down to, and it is over when the backlog is.
    let attempt = day.attempts()[0];
    assert_eq!(attempt.start.fault.as_deref(), Some("outage mailer"));
    assert_eq!(attempt.start.started_at, minutes(20));
    assert!(attempt.ended_at > minutes(65), "{:?}: the queue is drained first", attempt.ended_at);
    assert_eq!(day.story.totals().expect("a whole day").site.affected.total(), 0);
}

#[test]
fn what_is_left_at_the_end_is_said() {
    // It ends ten minutes after the outage: of 3,600, and 2 a second more, 4 a second are sent.
    let cut = replaced(MAILS, &[("lasts: 3h", "lasts: 1h")]);
    let kept = run(&cut, &[]).story.totals().expect("a whole run").site.kept;
    assert!(kept.abs_diff(2_280) < 240, "{kept}");
    let done = run(MAILS, &[]).story.totals().expect("a whole run").site.kept;
    assert_eq!(done, 0, "a mail that came a second ago is nothing left over");
    let folder = tempfile::TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("day.yaml"), cut).expect("it can be written");
    let mut sim = assert_cmd::Command::cargo_bin("sim").expect("it is built");
    let sim =
        sim.current_dir(folder.path()).args(["run", "day.yaml", "--trials", "1", "-o", "out"]);
    let output = sim.output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stdout);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let number = sim::units::grouped(kept);
    for part in [
        format!("{number} requests still wait in a durable queue when the run ends"),
        format!("{number} kept in a durable queue for a minute or more at the end"),
    ] {
        assert!(told.contains(&part), "{part}:\n{told}");
    }
}

#[test]
fn whose_backlog_must_be_said_and_must_be_there() {
    let refused = |from: &str, to: &str| {
        let source = sim::scenario::SourceText::file("day.yaml", replaced(MAILS, &[(from, to)]));
        match sim::scenario::load(&source, &[]) {
            Err(problems) => problems.render(false),
            Ok(_) => panic!("{to} is accepted"),
        }
    };
    let (wait, whose) = ("'backlog > 1,200'", ", where: {tier: mailer}, for: 2m");
    for (from, to, said) in [
        (whose, ", for: 2m", "add `where: {tier: mailer}`"),
        (whose, ", where: {tier: web}", "`web` keeps no work that could wait"),
        (whose, ", where: {tier: mailr}", "unknown tier `mailr`"),
        (whose, ", by: browser", "it does not say whose backlog"),
        ("queue: durable", "queue: 100", "only a tier with `queue: durable` has a backlog"),
        ("queue: durable", "queue: duarble", "write `durable`"),
        ("queue: durable", "queue: -1", "negative"),
        ("queue: durable", "queue: 1.5", "whole number"),
        (wait, "backlog > 10m", "write backlog_age > 10m"),
        (wait, "backlog > 5%", "is not a number"),
        (wait, "backlog > 2x baseline", "there is no baseline of a backlog"),
        (wait, "backlog > 10 over 5m", "a backlog is what it is now"),
        (wait, "backlog_age > 5", "is not a duration"),
        (wait, "queue > 5", "did you mean `backlog > 10000`"),
        (wait, "backlog of good answers > 5", "comparison"),
    ] {
        let text = refused(from, to);
        assert!(text.contains(said), "{to}:\n{text}");
    }
    let said = warnings(MAILS, &[]);
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn explain_and_tables_say_it() {
    use assert_cmd::Command;
    let folder = tempfile::TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("day.yaml"), MAILS).expect("it can be written");
    let sim = |arguments: &[&str]| {
        let mut sim = Command::cargo_bin("sim").expect("it is built");
        let output = sim.current_dir(folder.path()).args(arguments).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = sim(&["explain", "day.yaml"]);
    for part in [
        "mailer: 4 x 1, 1s, 50% busy; keeps its work in a durable queue, and callers do not wait",
        "Fires when more than 1,200 requests of tier mailer are waiting, for 2m.",
        "has waited more than 10m, or more than 100,000 requests of tier mailer are waiting",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    sim(&["run", "day.yaml", "--trials", "1", "--out", "out", "--record", "day.jsonl"]);
    let judged = sim(&["judge", "day.yaml", "--readings", "day.jsonl"]);
    assert!(judged.contains("MailsLate") && judged.contains("MailsWait"), "{judged}");
    let metrics = std::fs::read_to_string(folder.path().join("out/metrics.csv")).expect("a table");
    let header: Vec<&str> = metrics.lines().next().expect("a header").split(',').collect();
    let at = |name: &str| header.iter().position(|one| *one == name).expect(name);
    let row = metrics.lines().find(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[at("scope")] == "mailer" && cells[at("t_s")] == "3000"
    });
    let cells: Vec<&str> = row.expect("minute 50").split(',').collect();
    let waiting: u64 = cells[at("backlog")].parse().expect("a number");
    assert!(waiting.abs_diff(3_600) < 240, "{waiting}");
}

#[test]
fn the_outbrief_draws_what_had_to_wait_where_anything_did() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let page = |name: &str, text: &str| {
        std::fs::write(folder.path().join("day.yaml"), text).expect("it can be written");
        let mut sim = assert_cmd::Command::cargo_bin("sim").expect("it is built");
        let run = ["run", "day.yaml", "--trials", "1", "-o", name];
        sim.current_dir(folder.path()).args(run).output().expect("it runs");
        std::fs::read_to_string(folder.path().join(name).join("outbrief.html")).expect("a page")
    };
    let drawn = page("kept", MAILS);
    for part in [
        "What had to wait",
        "For mailer, at most 3,",
        "the oldest for 30m",
        "drained by 11:",
        "MailsWait: backlog &gt; 1,200",
    ] {
        assert!(drawn.contains(part), "{part}");
    }
    // Nothing ever waits for as many threads as that, and a tier without a queue has none.
    let idle = replaced(MAILS, &[("  - {at: 20m, outage: mailer, for: 30m}\n", "")]);
    let idle = replaced(&idle, &[("faults:\n", ""), ("threads: 1,", "threads: 500,")]);
    assert!(!page("idle", &idle).contains("What had to wait"));
}
