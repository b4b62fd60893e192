//! Steps of plays that take time, side by side too, and plays that open while another one runs.

use crate::past::{QUIET, minutes};
use crate::support::{Run, replaced, run};
use sim::decision::{Named, PhaseSpan};
use sim::journal::Event;
use sim::units::Span;

fn phases(day: &Run) -> Vec<PhaseSpan<Named>> {
    day.story.phases(&day.story.incidents()[0])
}

/// A report is written while somebody looks, then the call is opened; the page comes first.
const STEPS: &str = "steps: [page ops, declare 5m, {work: write the report, by: comms, takes: 8m}, \
                     {together: [[{work: look at logs, takes: 30m}], [{work: open a call, by: \
                     comms, takes: 4m}, {tell: comms, to: ops, takes: 6m}]]}, {diagnose: 10m, \
                     again: 25m, among: {revert: 100%}}, change chosen]";

fn with_work(more: &[(&str, &str)]) -> String {
    let steps = QUIET.lines().find(|line| line.contains("steps:")).expect("there are steps");
    let people = "people: {kim: {role: ops}, pat: {role: comms}}";
    let text = replaced(QUIET, &[(steps.trim(), STEPS), ("people: {kim: {role: ops}}", people)]);
    replaced(&text, more)
}

#[test]
fn work_takes_its_time_and_some_of_it_side_by_side() {
    let day = run(&with_work(&[]), &[]);
    let chosen = day.attempts()[0].reached.chosen_at.expect("chosen");
    // Noticed at 69; answered 1, declared 5, written 8, and the longer of 30 and 10, chosen 10.
    assert_eq!(chosen, minutes(69 + 1 + 5 + 8 + 30 + 10));
    let work = phases(&day).into_iter().filter(|span| span.phase == sim::decision::Phase::Work);
    let work: Vec<Span> = work.map(|span| span.until.since(span.from)).collect();
    assert_eq!(work, [Span::from_secs(38 * 60)]);
    let told = day.entries.iter().find_map(|entry| match &entry.event {
        Event::Tell { to, from, .. } => Some((entry.at, from.clone(), to.clone())),
        _ => None,
    });
    assert_eq!(told, Some((minutes(93), Some("pat".to_string()), vec!["kim".to_string()])));
    let done = day.entries.iter().filter(|entry| match &entry.event {
        Event::Answer { reply, late, .. } => reply == "done" && !late,
        _ => false,
    });
    assert_eq!(done.count(), 4);
}

#[test]
fn work_waits_for_somebody_on_duty() {
    let text = with_work(&[
        ("pat: {role: comms}", "pat: {role: comms, hours: late}"),
        ("people:", "hours: {late: [{daily: 12:00-18:00}]}\npeople:"),
    ]);
    let day = run(&text, &[]);
    let chosen = day.attempts()[0].reached.chosen_at.expect("chosen");
    // At 11:15 nobody can write the report, until 12:00 and the reading after it.
    assert!((minutes(120 + 48)..minutes(120 + 51)).contains(&chosen), "{chosen:?}");
    let stalled = phases(&day).into_iter().find(|s| s.phase == sim::decision::Phase::Stalled);
    assert!(stalled.is_some_and(|span| span.from == minutes(75)));
}

/// Two hours behind a page, while engineers work on something that does not help.
fn behind_a_page(even: &str) -> String {
    let steps = QUIET.lines().find(|line| line.contains("steps:")).expect("there are steps");
    let rollback = format!(
        "steps: [page ops, change page, {{work: look, takes: 3h}}]\n  rollback:\n    when: \
         [{{lasts: page, for: 2h{even}}}]\n    steps: [change revert]"
    );
    let text = replaced(QUIET, &[("    confirm: 20m\n", ""), (steps.trim(), &rollback)]);
    replaced(&text, &[("  other: 10m", "  page: {takes: 5m, serves: 503}")])
}

#[test]
fn what_has_lasted_may_interrupt_or_waits_for_the_play_that_runs() {
    let live = |text: &str| {
        let day = run(text, &[]);
        let revert =
            |attempt: &&&sim::journal::AttemptEntry| attempt.change.as_deref() == Some("revert");
        day.attempts().iter().find(revert).and_then(|attempt| attempt.reached.live_at)
    };
    // The page is up at 75; two hours later another ten minutes, or once the work is done.
    assert_eq!(live(&behind_a_page(", even: running")), Some(minutes(75 + 120 + 10)));
    assert_eq!(live(&behind_a_page("")), Some(minutes(75 + 180 + 10)));
}

#[test]
fn a_fault_may_wait_for_what_happens() {
    let blind = "  - {starts_when: error_rate > 10% for 5m, blind: telemetry, for: 30m}\nplays:";
    let loud = replaced(QUIET, &[("errors: 3%", "errors: 15%"), ("0.05/s", "1/s")]);
    let began = |text: &str| {
        let day = run(text, &[]);
        day.entries.iter().find_map(|entry| match &entry.event {
            Event::Fault { fault, begins: true, .. } if fault == "blind telemetry" => {
                Some(entry.at)
            }
            _ => None,
        })
    };
    // True from the first minute with failures on, at 21, and for five minutes then.
    let text = replaced(&loud, &[("plays:", blind)]);
    let at = began(&text).expect("it begins");
    assert!((minutes(26)..=minutes(27)).contains(&at), "{at:?}");
    let never = replaced(&text, &[("error_rate > 10%", "error_rate > 40%")]);
    assert_eq!(began(&never), None);
    // Readings that nobody sees count as well.
    let unseen = replaced(&text, &[("plays:", "  - {at: 10m, blind: telemetry, name: x}\nplays:")]);
    assert_eq!(began(&unseen), Some(at));
}
