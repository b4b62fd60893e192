//! What people do outside the plays, and what they notice by themselves.

use super::*;

fn broken(second: u64) -> bool {
    second >= 100
}

/// Everybody answers but the decider, who says no after 30 s.
fn refused(ask: &Ask) -> Option<(u64, Reply)> {
    match ask.question {
        Question::Decide { .. } => Some((30, Reply::No)),
        _ => willing(ask),
    }
}

fn change(change: ChangeId) -> ImprovisedAct {
    ImprovisedAct::Change { change, by: Some(ED) }
}

fn played(
    playbook: &Playbook,
    script: &Script<'_>,
    site: &dyn Fn(u64) -> bool,
    by_hand: &[(u64, ImprovisedAct)],
) -> Record {
    Day { by_hand, ..Day::new(playbook, script, site) }.rehearse()
}

#[test]
fn after_a_no_a_change_by_hand_is_an_attempt_of_its_own() {
    let mut playbook = playbook();
    playbook.plays[0].steps[3] = ask_decider(Instead::Stop);
    playbook.plays[0].otherwise = None;
    let well_again = |second: u64| (100..1100).contains(&second);
    let record = played(&playbook, &refused, &well_again, &[(800, change(UPDATE))]);
    assert_eq!(record.starts(), [(800, UPDATE)]);
    let outcomes = record.outcomes();
    assert_eq!(outcomes[0], (1, Some(UPDATE), AttemptOutcome::Refused, 570));
    assert_eq!((outcomes[1].1, outcomes[1].2), (Some(UPDATE), AttemptOutcome::Recovered));
    let words = record.words();
    assert_eq!(words[4..7], [("stalled", 800), ("queue", 801), ("deploy", 980)]);
    let second = record.attempts()[1];
    assert_eq!((second.reached.ordered_at, second.reached.live_at), (Some(at(800)), Some(at(980))));
    assert_eq!((second.responder, second.cause.as_str()), (Some(ED), "by hand"));
}

#[test]
fn beside_a_play_that_moves_a_change_by_hand_changes_nothing_of_it() {
    let playbook = playbook();
    let alone = played(&playbook, &willing, &broken, &[]);
    let beside = played(&playbook, &willing, &broken, &[(300, change(PAGE_OFF))]);
    assert_eq!(beside.starts()[0], (300, PAGE_OFF));
    assert_eq!(beside.words(), alone.words());
    assert_eq!(beside.outcomes(), alone.outcomes());
}

#[test]
fn without_an_incident_a_change_is_made_all_the_same() {
    let record = played(&playbook(), &willing, &|_| false, &[(60, change(UPDATE))]);
    assert_eq!(record.starts(), [(60, UPDATE)]);
    assert!(record.attempts().is_empty());
}

#[test]
fn a_play_is_opened_and_closed_by_hand() {
    let playbook = playbook();
    let record = played(&playbook, &willing, &broken, &[(400, ImprovisedAct::Open(FALLBACK))]);
    assert_eq!(record.starts()[0], (400, MAINTENANCE));
    assert_eq!(record.attempts()[1].cause, "opened by hand");

    let closed = [(400, ImprovisedAct::Close), (500, ImprovisedAct::Close)];
    let record = played(&playbook, &willing, &broken, &closed);
    assert_eq!(record.starts(), []);
    assert_eq!(record.words().last(), Some(&("stalled", 7200)));
}

#[test]
fn somebody_takes_over_and_is_asked_what_the_other_was() {
    let playbook = playbook();
    let asked = |second: u64| {
        let record = played(&playbook, &willing, &broken, &[(second, ImprovisedAct::Assign(ED))]);
        let asks = record.asks().into_iter();
        let ed = asks.filter(|(_, ask)| ask.person == ED).map(|(at, _)| at);
        let ed: Vec<u64> = ed.filter(|at| *at < 600).collect();
        (ed, record.attempts()[0].responder)
    };
    // While Wyatt is paged, and while he chooses a change.
    assert_eq!(asked(150), (vec![150, 210], Some(ED)));
    assert_eq!(asked(300), (vec![300], Some(ED)));
}

/// The playbook and the names with somebody who notices things and opens the first play.
fn with_support() -> (Playbook, Names, RuleId) {
    let (mut playbook, mut names) = (playbook(), names());
    names.rules.insert("noticed by support".to_string());
    playbook.rules.push(Rule::noticed_by("support"));
    let rule = RuleId::from(playbook.rules.len() - 1);
    playbook.plays[0].when.push(Trigger::Fires(rule));
    (playbook, names, rule)
}

fn said(monitor: &mut Monitor<'_>) -> Vec<Output> {
    std::iter::from_fn(|| monitor.next_output()).collect()
}

fn opens(said: &[Output]) -> bool {
    said.iter().any(|output| matches!(output, Output::Play(PlayEvent::PlayOpened { .. })))
}

fn recovered(said: &[Output]) -> Option<Time> {
    said.iter().find_map(|output| match output {
        Output::Play(PlayEvent::Recovered { at, .. }) => Some(*at),
        _ => None,
    })
}

#[test]
fn it_opens_its_play_and_is_over_when_nobody_sees_it_any_more() {
    let (playbook, names, rule) = with_support();
    let mut monitor = Monitor::new(&playbook, &names);
    monitor.noticed(at(3000), rule, true);
    let first = said(&mut monitor);
    assert!(opens(&first));
    assert!(first.iter().any(|output| matches!(output, Output::Alert(alert)
        if alert.rule == rule && alert.state == AlertState::Firing && alert.value.is_none())));
    monitor.noticed(at(3100), rule, true);
    assert!(said(&mut monitor).is_empty(), "it is known already");
    monitor.noticed(at(5000), rule, false);
    assert_eq!(recovered(&said(&mut monitor)), Some(at(5000)));
}

#[test]
fn what_nobody_knows_is_passed_over() {
    let (playbook, names, _) = with_support();
    let mut monitor = Monitor::new(&playbook, &names);
    monitor.noticed(at(10), RuleId::from(99_usize), true);
    assert!(said(&mut monitor).is_empty());
}
