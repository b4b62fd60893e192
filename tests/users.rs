//! What users are reported to have met: errors, waits without an answer, pages, late answers.

use crate::support;

use sim::decision::AlertState;
use sim::journal::{Event, ScopeRow};
use sim::units::{Span, Time};
use support::{Run, replaced, run};

/// From ten minutes on, the database answers nothing; visitors wait for half a minute.
const HANGS: &str = "
scenario: a database that hangs
starts: 2018-11-07T17:00 America/New_York
lasts: 40m
traffic:
  visits: [{at: 0m, rate: 1/s}]
  tools: {use: {requests: 4, think: 30s, use: {app: 100%}}}
site:
  tiers: {web: {instances: 4, threads: 2000, takes: 50ms}, db: {threads: 5000, takes: 5ms}}
  endpoints: {app: web > db}
telemetry: {every: 30s, delay: 30s}
faults: [{at: 10m, outage: db, mode: hang}]
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 2m}
  - {alert: GivenUp, expr: given_up > 5%, for: 2m}
people: {ann: {role: ops}}
";

/// The rows of the whole site, with the ends of their intervals.
fn rows(run: &Run) -> Vec<(Time, &ScopeRow)> {
    run.entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Reading { to, missing: false, scopes, .. } => Some((*to, &scopes[0])),
            _ => None,
        })
        .collect()
}

/// When a rule fired first, by the end of the reading that made it fire.
fn fired(run: &Run, alert: &str) -> Option<Time> {
    run.entries.iter().find_map(|entry| match &entry.event {
        Event::Alert(fired) if fired.rule == alert && fired.state == AlertState::Firing => {
            Some(fired.at)
        }
        _ => None,
    })
}

fn minutes(minutes: u64) -> Time {
    Time::ZERO + Span::MINUTE * minutes
}

#[test]
fn waiting_in_vain_is_neither_an_answer_nor_unseen() {
    let run = run(HANGS, &[]);
    let totals = run.story.totals().expect("a whole run has sums");
    assert!(
        totals.site.requests.abandoned > 1_000 && totals.site.affected.total() > 1_000,
        "{totals:?}"
    );
    let seen = fired(&run, "GivenUp").expect("it fires");
    assert!(seen > minutes(12) && seen <= minutes(15), "{seen:?}");
    // Nobody got an answer, and the wait is what percentiles tell.
    let late = rows(&run).into_iter().filter(|(to, _)| *to > minutes(12));
    for (to, row) in late {
        assert_eq!(row.ok, 0, "{to:?}");
        assert!(row.p50.is_some_and(|p50| p50 > 29.0), "{to:?}: {row:?}");
    }
}

#[test]
fn the_team_says_whether_giving_up_is_an_error() {
    assert!(fired(&run(HANGS, &[]), "Errors").is_none_or(|at| at > minutes(15)));
    let telemetry = [("telemetry.errors", "[5xx, given-up]")];
    let seen = fired(&run(HANGS, &telemetry), "Errors").expect("it fires");
    assert!(seen > minutes(12) && seen <= minutes(15), "{seen:?}");
}

#[test]
fn users_with_late_answers_are_affected() {
    let slow = [("outage: db, mode: hang", "slow: app, by: 20s")];
    let text = replaced(HANGS, &slow);
    let affected = |sets: &[(&str, &str)]| {
        let run = run(&text, sets);
        let totals = run.story.totals().expect("a whole run has sums");
        assert_eq!((totals.site.requests.failed, totals.site.requests.abandoned), (0, 0));
        (totals.site.affected.total(), totals.site.users)
    };
    let (hurt, users) = affected(&[]);
    // Thirty of forty minutes, and those who were there already; a visit lasts for two minutes.
    assert!(hurt * 100 > users * 70, "{hurt} of {users}");
    assert_eq!(affected(&[("telemetry.slow_after", "25s")]).0, 0);
    let errors = [("telemetry.errors", "[5xx, slow]"), ("telemetry.slow_after", "15s")];
    assert!(fired(&run(&text, &errors), "Errors").is_some());
    assert!(fired(&run(&text, &errors[1..]), "Errors").is_none());
}
