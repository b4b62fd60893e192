//! Incidents that get in each other's way, and fixes that fix nothing.

use crate::support;

use sim::decision::AttemptOutcome;
use sim::journal::Event;
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
    assert_eq!(
        errors.reached.acknowledged_at,
        errors.reached.alerted_at.map(|at| at + Span::from_secs(30))
    );
    assert!(
        slowness.reached.alerted_at < errors.reached.live_at,
        "the second does not come while he is busy"
    );
    assert_eq!(slowness.reached.acknowledged_at, errors.reached.live_at);
    assert_eq!(slowness.reached.live_at, errors.reached.live_at.map(|at| at + Span::MINUTE * 5));
    // The first fault is there all along, but it is not what the second incident is about.
    assert_eq!(errors.start.fault.as_deref(), Some("failing web"));
    assert_eq!(slowness.start.fault.as_deref(), Some("slow web"));
    assert_eq!(slowness.start.started_at.seconds(), 20.0 * 60.0);
}

/// Two tiers behind one, with a fault each; the only rule looks at one of them.
const TWO_TIERS: &str = "
scenario: two unrelated faults overlap
starts: 2018-11-07T12:00 America/New_York
lasts: 60m
traffic:
  visits: [{at: 0m, rate: 3/s}]
  mix: {tool: {browse: 50%, buy: 50%}}
  tools:
    browse: {requests: 5, think: 20s, use: {page: 100%}}
    buy: {requests: 5, think: 20s, use: {order: 100%}}
site:
  tiers:
    web: {threads: 400, takes: 10ms}
    a: {threads: 200, takes: 10ms}
    b: {instances: 2, threads: 100, takes: 10ms}
  endpoints: {page: web > a, order: web > b}
faults:
  - {at: 5m, slow: a, by: 500ms, for: 50m}
  - {at: 30m, outage: b, share: 50%, until: fix}
rules: [{alert: OrderErrors, expr: error_rate > 5%, where: {endpoint: order}, for: 2m}]
people: {kim: {role: ops}}
channels: {phone: {answers: 100%, after: 1m}}
escalation: {ops: {try: kim}}
changes: {fix: 3m}
plays: {p: {when: OrderErrors, steps: [page ops, change fix], verify: 5m}}
expect: {detected: < 5m, recovered: < 20m}
";

#[test]
fn an_alert_is_put_down_to_a_fault_that_its_rule_can_see() {
    let run = run(TWO_TIERS, &[]);
    assert_eq!(run.missed(), Vec::<String>::new());
    assert_eq!(run.attempts()[0].start.fault.as_deref(), Some("outage b"));
    let unnoticed = sim::journal::episodes::undetected(&run.story);
    let unnoticed: Vec<&str> = unnoticed.iter().map(|fault| fault.fault).collect();
    assert_eq!(unnoticed, Vec::<&str>::new(), "half a second harms nobody");
}

#[test]
fn a_page_that_is_up_is_not_put_up_again() {
    let sets = [
        ("faults.0.until", "never-made"),
        ("+changes.never-made", "1m"),
        ("+changes.page", "{takes: 3m, serves: 503}"),
        ("plays.slowness.verify", "2m"),
        ("plays.errors.verify", "2m"),
        ("plays.errors.otherwise", "close"),
        ("plays.slowness.otherwise", "close"),
        ("+plays.close", "{steps: [change page]}"),
        ("changes.fix-errors", "2m"),
        ("faults.1.until", "never-made"),
        ("faults.1.at", "11m"),
    ];
    let run = run(TWO_INCIDENTS, &sets);
    let deploys = run.entries.iter().filter(|entry| {
        let change = |change: &str, stage: &str| change == "page" && stage == "deploying";
        let Event::Change { change: name, stage, .. } = &entry.event else { return false };
        change(name, stage.word())
    });
    assert_eq!(deploys.count(), 1, "both incidents end behind the page, which is put up once");
    let contained = run.attempts().into_iter().filter(|a| a.outcome == AttemptOutcome::Contained);
    assert_eq!(contained.count(), 2);
    let why = run.entries.iter().find_map(|entry| match &entry.event {
        Event::Play { step, text, .. } if *step == sim::journal::PlayStep::NotVerified => {
            Some(text.clone())
        }
        _ => None,
    });
    assert_eq!(why.as_deref(), Some("Errors still firing"));
}

#[test]
fn a_wrong_fix_changes_nothing() {
    let wrong = [("faults.0.until", "fix-slowness"), ("faults.1.at", "89m")];
    let run = run(TWO_INCIDENTS, &wrong);
    let attempts = run.attempts();
    assert_eq!(attempts.len(), 1);
    assert!(attempts[0].reached.live_at.is_some(), "the change was made");
    assert_eq!(attempts[0].outcome, AttemptOutcome::Open);
}
