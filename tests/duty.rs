//! Who is asked after whom, and what happens when nobody answers.

use crate::support::{Run, run};
use sim::journal::{Entry, Event};
use sim::scenario::{self, SourceText};
use sim::units::Time;

/// A site that fails at 30m until `fix` is made; people answer the phone after a minute.
const OUTAGE: &str = "
scenario: somebody has to decide
starts: 2026-03-02T10:00 Europe/Berlin
lasts: 90m
traffic:
  visits: [{at: 0m, rate: 2/s}]
  tools: {browse: {requests: 5, think: 20s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 4, threads: 200, takes: 15ms}}
  endpoints: {page: web}
faults:
  - {at: 10m, unreachable: kim}
  - {at: 30m, failing: web, errors: 40%, until: fix}
rules: [{alert: Errors, expr: error_rate > 5%, for: 2m}]
people: {alex: {role: ops}, kim: {role: decider}, lou: {role: decider}}
channels: {phone: {answers: 100%, after: 1m}}
escalation: {ops: {try: [alex], by: phone}}
changes: {fix: 1m}
plays:
  repair:
    when: Errors
    steps: [page ops, declare 1m, {ask: decider, by: phone, within: 5m}, change fix]
";

/// Who was asked, and when, in minutes since the first time that anybody was.
fn asked(run: &Run) -> Vec<(&str, f64)> {
    let asked = run.asked();
    let first = asked.first().expect("somebody is asked").2;
    let minutes = |at: Time| at.since(first).seconds() / 60.0;
    asked.iter().map(|(person, _, at)| (*person, minutes(*at))).collect()
}

#[test]
fn a_deputy_is_asked_after_the_first_had_their_time() {
    let run = run(OUTAGE, &[]);
    // Alex is paged, answers after a minute and declares a minute later.
    let expected = [("alex", 0.0), ("alex", 1.0), ("kim", 2.0), ("lou", 7.0)];
    assert_eq!(asked(&run), expected);
    assert!(run.attempts().iter().any(|attempt| attempt.decider.as_deref() == Some("lou")));
}

#[test]
fn the_same_people_by_name_and_with_their_times() {
    let text = OUTAGE.replace(
        "{ask: decider, by: phone, within: 5m}",
        "{ask: [kim 2m, lou 3m], by: phone, rounds: 2, within: 9m}",
    );
    let text = text.replace("answers: 100%", "answers: 0%");
    let text = text.replace(
        "alex: {role: ops}",
        "alex: {role: ops, channels: {phone: {answers: \
                             100%, after: 1m}}}",
    );
    let run = run(&text, &[]);
    let deciders: Vec<_> = asked(&run).into_iter().filter(|(who, _)| *who != "alex").collect();
    assert_eq!(deciders, [("kim", 2.0), ("lou", 4.0), ("kim", 7.0), ("lou", 9.0)]);
    assert!(run.lines().contains("none of kim, lou answered"));
}

#[test]
fn the_time_of_a_list_of_people_is_in_all() {
    let text = OUTAGE
        .replace("ask: decider, by: phone, within: 5m", "ask: [kim, lou], by: phone, within: 10m")
        .replace(
            "{at: 10m, unreachable: kim}",
            "{at: 10m, unreachable: kim}, {at: 10m, unreachable: lou}",
        )
        .replace("  - {at: 10m, unreachable: kim}, {", "  - {at: 10m, unreachable: kim}\n  - {");
    let run = run(&text, &[]);
    let expected = [("alex", 0.0), ("alex", 1.0), ("kim", 2.0), ("lou", 7.0)];
    assert_eq!(asked(&run), expected);
    let stalled = run.entries.iter().find_map(|entry| match &entry.event {
        Event::Phase(span) if span.phase == sim::decision::Phase::Stalled => Some(span.from),
        _ => None,
    });
    let asked = run.asked();
    let first = asked.iter().find(|(who, ..)| *who == "kim").expect("kim is asked").2;
    assert_eq!(stalled.map(|at| at.since(first).seconds()), Some(600.0));
}

#[test]
fn a_ladder_with_nobody_on_duty_asks_the_first_who_comes() {
    let text = OUTAGE.replace("alex: {role: ops}", "alex: {role: ops, hours: late}");
    let text =
        text.replace("channels:", "hours: {late: [{daily: 11:00-18:00 Europe/Berlin}]}\nchannels:");
    let run = run(&text, &[]);
    let (who, _, at) = run.asked()[0];
    assert_eq!((who, at.since(Time::ZERO).seconds()), ("alex", 3600.0));
    assert!(run.lines().contains("nobody in ops is on duty"));
}

#[test]
fn plays_open_for_silence_and_none_leads_back_to_itself() {
    let text = OUTAGE.replace("lou: {role: decider}", "lou: {role: comms}");
    let text = format!("{text}  alone:\n    when: {{stalled: repair}}\n    steps: [change fix]\n");
    let run = run(&text, &[]);
    let opened = |entry: &Entry| match &entry.event {
        Event::Attempt(attempt) => attempt.play.as_deref() == Some("alone"),
        _ => false,
    };
    assert!(run.entries.iter().any(opened), "{}", run.lines());

    let circle = text.replace("when: Errors", "when: [Errors, {failed: alone}]");
    let circle = circle.replace("steps: [change fix]\n", "steps: [change fix]\n    verify: 5m\n");
    let refused = scenario::load(&SourceText::file("circle.yaml", circle), &[]);
    let said = refused.expect_err("a circle is refused").render(false);
    assert!(said.contains("leads back to itself"), "{said}");
}
