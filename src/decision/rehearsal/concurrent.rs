//! Several rules, several incidents, and people who do one thing at a time.

use super::*;

fn broken(second: u64) -> bool {
    second >= 100
}

/// A second play, opened by the rule on the tier.
fn with_second_play(steps: Vec<Step>) -> Playbook {
    let mut playbook = playbook();
    let when = vec![Trigger::Fires(UPSTREAM)];
    playbook.plays.push(Play { when, steps, verify: None, otherwise: None });
    playbook
}

fn incidents(record: &Record) -> Vec<IncidentId> {
    let events = record.events().into_iter();
    let opened = events.filter_map(|(_, event)| match event {
        PlayEvent::IncidentOpened { incident, .. } => Some(*incident),
        _ => None,
    });
    opened.collect()
}

#[test]
fn a_rule_without_a_play_joins_and_holds_the_incident_open() {
    let playbook = playbook();
    let (site, tier) = (|s| (100..750).contains(&s), |s| (200..900).contains(&s));
    let day = Day { tier: &tier, ..Day::new(&playbook, &willing, &site) };
    let record = day.rehearse();
    assert_eq!(incidents(&record).len(), 1);
    assert_eq!(record.outcomes(), [(1, Some(UPDATE), AttemptOutcome::Recovered, 910)]);
}

#[test]
fn a_play_opens_in_the_incident_that_has_none() {
    let playbook = playbook();
    let site = |s| (500..1200).contains(&s);
    let day = Day { tier: &broken, ..Day::new(&playbook, &willing, &site) };
    let record = day.rehearse();
    assert_eq!(incidents(&record).len(), 1);
    let first = record.attempts()[0];
    assert_eq!((first.play, first.reached.alerted_at), (Some(ROLLBACK), Some(at(120))));
    assert_eq!(first.reached.opened_at, Some(at(520)));
}

#[test]
fn a_firing_after_recovery_opens_a_new_incident() {
    let playbook = playbook();
    let site = |s| (100..200).contains(&s) || (1000..1100).contains(&s);
    let record = Day::new(&playbook, &willing, &site).rehearse();
    assert_eq!(incidents(&record), [IncidentId(0), IncidentId(1)]);
    let ends: Vec<_> = record.attempts().iter().map(|attempt| attempt.ended_at).collect();
    assert_eq!(ends, [at(210), at(1110)]);
}

#[test]
fn different_plays_are_different_incidents_and_the_same_change_is_ordered_once() {
    let steps = vec![Step::Change(ChangeChoice::This(UPDATE))];
    let mut playbook = with_second_play(steps.clone());
    (playbook.plays[0].steps, playbook.plays[0].verify) = (steps, None);
    let tier = |s| s >= 150;
    let day = Day { tier: &tier, ..Day::new(&playbook, &willing, &broken) };
    let record = day.rehearse();
    assert_eq!(incidents(&record).len(), 2);
    assert_eq!(record.starts(), [(120, UPDATE)]);
    let second = record.attempts().into_iter().find(|a| a.incident == IncidentId(1));
    let second = second.expect("an attempt of the second incident");
    assert_eq!((second.reached.ordered_at, second.reached.live_at), (Some(at(170)), Some(at(300))));
}

#[test]
fn those_who_are_free_are_asked_first_and_nobody_while_all_are_busy() {
    let people = vec![(WYATT, minutes(1)), (JAMES, minutes(1)), (ED, minutes(1))];
    let ops = asking(Some(OPS), people, vec![PHONE]);
    let mut playbook = with_second_play(vec![Step::Ask(ops)]);
    let tier = |s| s >= 300;
    let day = Day { tier: &tier, ..Day::new(&playbook, &willing, &broken) };
    let asked = |record: &Record| {
        let asks = record.asks().into_iter();
        let mut asks = asks.filter(|(_, ask)| ask.incident == Some(IncidentId(1)));
        asks.next().map(|(at, ask)| (at, ask.person))
    };
    assert_eq!(asked(&day.rehearse()), Some((320, JAMES)), "Wyatt is the responder");

    let people = vec![(WYATT, minutes(1)), (ED, minutes(1))];
    let ops = asking(Some(OPS), people, vec![PHONE]);
    playbook = with_second_play(vec![Step::Ask(ops)]);
    playbook.roster.people[ED.index()].on_duty = Vec::new();
    let site = |s| (100..750).contains(&s);
    let day = Day { tier: &tier, ..Day::new(&playbook, &willing, &site) };
    assert_eq!(asked(&day.rehearse()), Some((770, WYATT)), "free once the first is over");
}

#[test]
fn a_responder_is_busy_until_the_change_ends() {
    let (playbook, names) = (playbook(), names());
    let mut monitor = Monitor::new(&playbook, &names);
    let reading = |second: u64, failed: u64| {
        let scope = ScopeReading { ok: 100, failed, ..ScopeReading::default() };
        let scopes = vec![scope.clone(), ScopeReading { failed: 0, ..scope }];
        Reading::new(at(second - 10), at(second), scopes)
    };
    monitor.observe(at(10), &reading(10, 50));
    monitor.observe(at(20), &reading(20, 50));
    assert_eq!(monitor.busy(WYATT), None);
    let busy = Some(Work::Incident(IncidentId(0)));
    monitor.answered(at(21), AskId(0), Reply::Yes);
    assert_eq!(monitor.busy(WYATT), busy);
    monitor.answered(at(22), AskId(1), Reply::Yes);
    monitor.answered(at(23), AskId(2), Reply::Choice(UPDATE));
    monitor.answered(at(24), AskId(3), Reply::Yes);
    monitor.observe(at(30), &reading(30, 0));
    monitor.observe(at(40), &reading(40, 0));
    assert!(!monitor.is_open(IncidentId(0)));
    assert_eq!(monitor.busy(WYATT), busy, "the change is still under way");
    monitor.change_ended(at(50), UPDATE, ChangeEnd::Propagate);
    assert_eq!(monitor.busy(WYATT), None);
}

#[test]
#[should_panic(expected = "time never goes backwards")]
fn time_never_goes_backwards() {
    let (playbook, names) = (playbook(), names());
    let mut monitor = Monitor::new(&playbook, &names);
    monitor.wake(at(10));
    monitor.wake(at(9));
}
