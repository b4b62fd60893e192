//! Changes that take instances out while they roll.

use crate::support::{plan, play, replaced, run, warnings};
use sim::journal::Event;
use sim::units::{Span, Time};

/// Eight can be done a second, seven come; a change rolls over the four instances for 40 minutes.
const DEPLOY: &str = "\
scenario: A deploy takes instances out
starts: 2026-03-02T10:00 UTC
lasts: 3h
traffic:
  visits: [{at: 0m, rate: 7/s}]
  tools: {order: {requests: 1, think: 1s, use: {order: 100%}}}
site:
  tiers:
    web: {instances: 2, threads: 50, takes: 5ms}
    worker: {instances: 4, threads: 2, takes: 1s, queue: durable}
  endpoints: {order: web > worker}
telemetry: {every: 60s, delay: 10s}
rules:
  - {alert: Waits, expr: backlog > 100000, where: {tier: worker}}
people: {kim: {role: ops}}
channels: {page: {answers: 100%, after: 1m}}
escalation: {ops: {try: [kim], by: [page], each: 5m}}
changes: {deploy: {takes: 10m, rolls: 40m, takes_out: {worker: 25%}}}
launch:
  - {at: 10m, change: deploy, by: ops}
";

/// What waits for the worker at the end of each minute.
fn backlog(text: &str) -> Vec<u64> {
    let rows = run(text, &[]).entries.into_iter().filter_map(|entry| match entry.event {
        Event::Reading { scopes, .. } => scopes[2].backlog,
        _ => None,
    });
    rows.collect()
}

/// When the change was deployed and when it was live, in minutes.
fn rolled(text: &str) -> (u64, u64) {
    let day = play(&plan(text, &[]), 0);
    let stage = |wanted: &str| {
        let found = day.entries.iter().find_map(|entry| match &entry.event {
            Event::Change { stage, .. } if format!("{stage:?}") == wanted => Some(entry.at),
            _ => None,
        });
        found.expect(wanted).since(Time::ZERO).0 / Span::MINUTE.0
    };
    (stage("Deployed"), stage("Live"))
}

#[test]
fn capacity_is_less_while_it_rolls_and_whole_again_afterwards() {
    let (from, to) = rolled(DEPLOY);
    assert_eq!(to - from, 40);
    let rows = backlog(DEPLOY);
    let at = |minute: u64| rows[minute as usize - 1];
    assert!(at(from) < 60, "{} wait while all are there", at(from));
    // Six of eight threads are left: (7 - 6) a second more for 40 minutes, less what the batches
    // still do as they leave. A standard deviation is sqrt(7 x 2,400) = 130.
    let most = at(to);
    assert!(most.abs_diff(2_400) < 450, "{most} wait at its end");
    // Half of it halfway: no batch is out longer than another.
    assert!(at(from + 20).abs_diff(1_200) < 350, "{}", at(from + 20));
    // Then one a second less: as long again.
    let empty = (to..180).find(|minute| at(*minute) < 60).expect("it is worked off");
    assert!((empty - to).abs_diff(40) < 12, "{empty} after {to}");
    // Without it nothing waits for long.
    let plain = backlog(&replaced(DEPLOY, &[(", takes_out: {worker: 25%}", "")]));
    assert!(plain.iter().all(|waiting| *waiting < 200), "{plain:?}");
    // One of four is 25 %; a number means the same.
    assert_eq!(backlog(&replaced(DEPLOY, &[("worker: 25%", "worker: 1")])), rows);
}

#[test]
fn a_group_that_scales_is_gone_through_as_it_is() {
    // Four serve, of places for eight: one is out at a time, and no other is launched for it.
    let group = ", autoscaling: {metric: ThreadUse, target_value: 60%, min_capacity: 4, \
                 max_capacity: 4, boot: 2m}}";
    let group = format!("queue: durable{group}");
    let text = replaced(DEPLOY, &[("queue: durable}", &group)]);
    let (from, to) = rolled(&text);
    let rows = backlog(&text);
    let at = |minute: u64| rows[minute as usize - 1];
    assert!(at(from) < 60, "{} wait while all are there", at(from));
    assert!(at(to).abs_diff(2_400) < 450, "{} wait at its end", at(to));
    assert!(at(from + 20).abs_diff(1_200) < 350, "{}", at(from + 20));
    let out = replaced(&text, &[("worker: 25%}", "worker: 4}")]);
    let source = sim::scenario::SourceText::file("day.yaml", out);
    let problems = sim::scenario::load(&source, &[]).expect_err("nobody is left").render(false);
    assert!(problems.contains("`worker` has at least 4 instances"), "{problems}");
}

#[test]
fn callers_are_refused_nothing_while_instances_leave() {
    // Web has ample room: one of its two goes, what it has is ended, and nobody meets an error.
    let text = replaced(DEPLOY, &[("{worker: 25%}", "{web: 1}")]);
    let day = run(&text, &[]);
    let totals = day.story.totals().expect("a whole day");
    assert_eq!(
        totals.site.requests.failed
            + totals.site.requests.rejected
            + totals.site.requests.abandoned,
        0,
        "{totals:?}"
    );
}

#[test]
fn what_cannot_be_taken_out_is_said() {
    let out = "rolls: 40m, takes_out: {worker: 25%}";
    for (to, said) in [
        ("takes_out: {worker: 25%}", "say for how long: `rolls: 20m`"),
        ("rollout: 40m, takes_out: {worker: 25%}", "say for how long: `rolls: 20m`"),
        ("rolls: 40m, takes_out: {wroker: 25%}", "did you mean `worker`"),
        ("rolls: 40m, takes_out: {worker: 0}", "this takes nothing out"),
        ("rolls: 40m, takes_out: {worker: 0%}", "this takes nothing out"),
        ("rolls: 40m, takes_out: {worker: 100%}", "none would be left to serve"),
        ("rolls: 40m, takes_out: {worker: 4}", "take out 3 or fewer at a time"),
        ("rolls: 40m, takes_out: {worker: 140%}", "140%"),
        ("rolls: 40m, takes_out: {worker: -1}", "negative"),
        ("rolls: 40m, takes_out: {worker: half}", "half"),
        ("rolls: 40m, takes_out: worker", "takes_out"),
        ("rolls: 40m, takes_out: {worker: 1, worker: 2}", "twice"),
    ] {
        let source = sim::scenario::SourceText::file("day.yaml", replaced(DEPLOY, &[(out, to)]));
        let text = match sim::scenario::load(&source, &[]) {
            Err(problems) => problems.render(false),
            Ok(_) => panic!("{to} is accepted"),
        };
        assert!(text.contains(said), "{to}:\n{text}");
    }
    let said = warnings(DEPLOY, &[]);
    let wanted = "while `deploy` rolls, `worker` is over its capacity: 7.0 calls/s, each holding a \
                  thread for 1s, keep 7.0 of 6 threads busy";
    assert!(said.iter().any(|problem| problem.message == wanted), "{said:?}");
}
