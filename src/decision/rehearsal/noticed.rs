//! What people notice by themselves opens an incident like a rule that fires.

use super::*;

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
