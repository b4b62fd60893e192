//! Incidents that get in each other's way, and fixes that fix nothing.

mod support;

use sim::decision::Outcome;
use sim::units::Span;
use support::run;

/// One tier, one operator, two faults with a play each.
const TWO_INCIDENTS: &str = "
scenario: two incidents and one operator
starts: 2018-11-07T12:00 America/New_York
lasts: 90m
traffic:
  visits: [{at: 0m, rate: 2/s}]
  tools: {browse: {requests: 5, think: 10s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 100, takes: 20ms}}
  endpoints: {page: web}
faults:
  - {at: 10m, failing: web, errors: 50%, until: fix-errors}
  - {at: 20m, slow: web, by: 4s, until: fix-slowness}
rules:
  - {alert: Errors, expr: error_rate > 10%, for: 1m}
  - {alert: Slow, expr: latency > 3s for 20% of traffic, for: 1m}
people: {wyatt: {role: ops}}
channels: {phone: {answers: 100%, after: 30s}}
escalation: {ops: {try: wyatt, each: 2m, rounds: 3}}
changes: {fix-errors: 25m, fix-slowness: 5m}
plays:
  errors: {when: Errors, steps: [page ops, change fix-errors]}
  slowness: {when: Slow, steps: [page ops, change fix-slowness]}
expect: {recovered: < 60m}
";

#[test]
fn a_second_incident_waits_for_a_busy_person() {
    let run = run(TWO_INCIDENTS, &[]);
    let attempts = run.attempts();
    let of = |play: &str| {
        let found = attempts.iter().find(|attempt| attempt.play.as_deref() == Some(play));
        *found.unwrap_or_else(|| panic!("no attempt of {play}"))
    };
    let (errors, slowness) = (of("errors"), of("slowness"));
    assert_eq!(errors.acknowledged_at, errors.alerted_at.map(|at| at + Span::from_secs(30)));
    assert!(slowness.alerted_at < errors.live_at, "the second does not come while he is busy");
    assert_eq!(slowness.acknowledged_at, errors.live_at);
    assert_eq!(slowness.live_at, errors.live_at.map(|at| at + Span::MINUTE * 5));
}

#[test]
fn a_wrong_fix_changes_nothing() {
    let wrong = [("faults.0.until", "fix-slowness"), ("faults.1.at", "89m")];
    let run = run(TWO_INCIDENTS, &wrong);
    let attempts = run.attempts();
    assert_eq!(attempts.len(), 1);
    assert!(attempts[0].live_at.is_some(), "the change was made");
    assert_eq!(attempts[0].outcome, Outcome::Open);
}
