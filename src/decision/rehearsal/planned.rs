//! Planned steps and freezes.

use super::*;

fn quiet(_: u64) -> bool {
    false
}

fn step(at: Option<LaunchTime>, action: LaunchAction) -> LaunchStep {
    LaunchStep { label: "step".into(), at, action }
}

fn switch(at: Option<LaunchTime>, by: Option<EscalationId>) -> LaunchStep {
    step(at, LaunchAction::Change { change: UPDATE, by })
}

fn announce(at: Option<LaunchTime>) -> LaunchStep {
    let note = Some("we are live".to_string());
    step(at, LaunchAction::Tell { to: Audience::Everyone, from: None, note })
}

fn freeze(except: Vec<PlayId>) -> Freeze {
    Freeze { from: at(60), to: at(5000), changes: vec![UPDATE], except, tell: Some(OIT) }
}

fn said(record: &Record) -> Vec<(u64, u16, String)> {
    let events = record.events().into_iter();
    let said = events.filter_map(|(at, event)| match event {
        PlayEvent::Launch { step, text, .. } => Some((at, step.0, text.clone())),
        _ => None,
    });
    said.collect()
}

fn row(at: u64, step: u16, text: &str) -> (u64, u16, String) {
    (at, step, text.to_string())
}

#[test]
fn steps_walk_their_ladder_and_follow_each_other() {
    let mut playbook = playbook();
    playbook.launch = vec![
        switch(Some(LaunchTime::At(at(300))), Some(PAGE_OPS)),
        announce(Some(LaunchTime::After(StepId(0), minutes(1)))),
        announce(None),
    ];
    let script = |ask: &Ask| if ask.person == WYATT { None } else { willing(ask) };
    let record = Day::new(&playbook, &script, &quiet).rehearse();
    let started = 300 + 240 + 60;
    let live = started + 180;
    let expected = [
        row(0, 2, "untimed: nobody knows when"),
        row(300, 0, "due"),
        row(started, 0, "started"),
        row(live, 0, "done"),
        row(live + 60, 1, "due"),
        row(live + 60, 1, "done"),
    ];
    assert_eq!(said(&record), expected);
    assert_eq!(record.starts(), [(started, UPDATE)]);
    assert!(record.asks().iter().all(|(_, ask)| ask.step == Some(StepId(0))));
    assert_eq!(record.tells()[0].1.to, [CHRIS, WYATT, JAMES, ED]);
}

#[test]
fn a_step_that_nobody_answers_stalls_and_its_followers_do_not_run() {
    let mut playbook = playbook();
    playbook.launch = vec![
        switch(Some(LaunchTime::At(at(300))), Some(PAGE_OPS)),
        announce(Some(LaunchTime::After(StepId(0), Span::ZERO))),
    ];
    let record = Day::new(&playbook, &|_| None, &quiet).rehearse();
    let stalled = row(300 + 8 * 120, 0, "stalled: nobody in ops answered");
    assert_eq!(said(&record), [row(300, 0, "due"), stalled]);
}

#[test]
fn a_step_that_fails_is_not_done() {
    let mut playbook = playbook();
    playbook.launch = vec![switch(Some(LaunchTime::At(at(300))), None)];
    let day = Day { fails: &[UPDATE], ..Day::new(&playbook, &willing, &quiet) };
    let expected = [row(300, 0, "due"), row(300, 0, "started"), row(480, 0, "failed")];
    assert_eq!(said(&day.rehearse()), expected);
}

#[test]
fn a_freeze_is_told_and_stops_a_step() {
    let mut playbook = playbook();
    playbook.changes.freezes = vec![freeze(vec![ROLLBACK])];
    playbook.launch = vec![switch(Some(LaunchTime::At(at(300))), None)];
    let record = Day::new(&playbook, &willing, &quiet).rehearse();
    assert_eq!(record.starts(), []);
    assert_eq!(said(&record)[1], row(300, 0, "stopped: there is a freeze"));
    let told: Vec<_> = record.tells().iter().map(|(at, tell)| (*at, tell.text.clone())).collect();
    let begins = (60, "a freeze begins: update".to_string());
    assert_eq!(told, [begins, (300, "update is stopped: there is a freeze".to_string())]);
}

#[test]
fn a_freeze_from_the_start_is_told_at_the_start() {
    let mut playbook = playbook();
    playbook.changes.freezes = vec![Freeze { from: Time::ZERO, ..freeze(Vec::new()) }];
    let record = Day::new(&playbook, &willing, &quiet).rehearse();
    assert_eq!(record.tells().first().map(|(at, _)| *at), Some(0));
}

#[test]
fn a_frozen_candidate_gives_way_to_the_next_unless_the_play_is_excepted() {
    let mut playbook = playbook();
    playbook.changes.freezes = vec![freeze(Vec::new())];
    let broken = |second| (100..2000).contains(&second);
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(record.outcomes()[0], (1, Some(UPDATE), AttemptOutcome::Frozen, 570));
    assert_eq!(record.starts()[0], (600, REBUILD));
    assert_eq!(record.attempts()[1].cause, "frozen");

    playbook.changes.freezes = vec![freeze(vec![ROLLBACK])];
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(record.starts()[0], (570, UPDATE));
}
