//! Attempts: what is tried after what, and how the times add up.

use super::*;

/// Paged at 120, answered at 180, declared at 240, chosen at 540, decided and ordered at 570.
const ORDERED: u64 = 570;
/// The update takes three minutes.
const LIVE: u64 = ORDERED + 180;

fn until(end: u64) -> impl Fn(u64) -> bool {
    move |second| (100..end).contains(&second)
}

#[test]
fn a_rollback_that_works_recovers_at_the_first_ok_tick() {
    let playbook = playbook();
    let record = Day::new(&playbook, &willing, &until(LIVE)).rehearse();
    assert_eq!(record.outcomes(), [(1, Some(UPDATE), AttemptOutcome::Recovered, LIVE + 10)]);
    let attempt = record.attempts()[0];
    assert_eq!((attempt.start.pending_at, attempt.reached.alerted_at), (at(110), Some(at(120))));
    assert_eq!(
        (attempt.reached.acknowledged_at, attempt.reached.declared_at),
        (Some(at(180)), Some(at(240)))
    );
    assert_eq!(
        (attempt.reached.chosen_at, attempt.reached.decided_at),
        (Some(at(540)), Some(at(570)))
    );
    assert_eq!(
        (attempt.reached.ordered_at, attempt.reached.deploying_at),
        (Some(at(570)), Some(at(570)))
    );
    assert_eq!(
        (attempt.reached.deployed_at, attempt.reached.live_at),
        (Some(at(LIVE)), Some(at(LIVE)))
    );
    assert_eq!((attempt.responder, attempt.decider), (Some(WYATT), Some(CHRIS)));
    assert_eq!((attempt.cause.as_str(), attempt.reached.opened_at), ("ErrorSpike", None));
}

#[test]
fn verify_fails_then_the_next_candidate_then_the_maintenance_page() {
    let playbook = playbook();
    let record = Day::new(&playbook, &willing, &|second| second >= 100).rehearse();
    let failed = LIVE + 360;
    // The second look takes as long as the first.
    let rebuilt = failed + 300 + 30 + 960;
    let expected = [
        (1, Some(UPDATE), AttemptOutcome::NotVerified, failed),
        (2, Some(REBUILD), AttemptOutcome::NotVerified, rebuilt + 360),
        (3, Some(MAINTENANCE), AttemptOutcome::Contained, rebuilt + 360 + 180),
    ];
    assert_eq!(record.outcomes(), expected);
    let causes: Vec<_> = record.attempts().iter().map(|a| a.cause.clone()).collect();
    assert_eq!(causes, ["ErrorSpike", "verify failed", "otherwise"]);
    let second = record.attempts()[1];
    let decided = Some(at(failed + 330));
    assert_eq!(
        (second.reached.chosen_at, second.reached.decided_at),
        (Some(at(failed + 300)), decided)
    );
    assert_eq!(record.attempts()[2].responder, Some(WYATT));
    assert_eq!(record.tells().len(), 3, "each attempt tells OIT");
}

#[test]
fn the_next_look_takes_a_time_of_its_own() {
    let mut playbook = playbook();
    for step in &mut playbook.plays[0].steps {
        if let Step::Diagnose { again, .. } = step {
            *again = Some(Spread::Fixed(minutes(20)));
        }
    }
    let record = Day::new(&playbook, &willing, &|second| second >= 100).rehearse();
    let looks: Vec<(Spread, usize)> = record
        .asks()
        .into_iter()
        .filter_map(|(_, ask)| match &ask.question {
            Question::Diagnose { takes, among } => Some((*takes, among.len())),
            _ => None,
        })
        .collect();
    let first = (Spread::Fixed(minutes(5)), 2);
    assert_eq!(looks, [first, (Spread::Fixed(minutes(20)), 1)], "one candidate is left");
}

#[test]
fn after_the_page_the_rules_resolve_by_themselves() {
    let playbook = playbook();
    let record = Day::new(&playbook, &willing, &until(3000)).rehearse();
    let outcomes = record.outcomes();
    assert_eq!(outcomes[2].2, AttemptOutcome::Contained);
    assert_eq!(outcomes[3], (4, None, AttemptOutcome::Recovered, 3010));
    assert_eq!(record.attempts()[3].play, None);
}

#[test]
fn a_change_that_fails_is_followed_by_the_next_candidate() {
    let playbook = playbook();
    let site = until(LIVE + 30 + 960);
    let day = Day { fails: &[UPDATE], ..Day::new(&playbook, &willing, &site) };
    let record = day.rehearse();
    let expected = [
        (1, Some(UPDATE), AttemptOutcome::ChangeFailed, LIVE),
        (2, Some(REBUILD), AttemptOutcome::Recovered, LIVE + 30 + 960 + 10),
    ];
    assert_eq!(record.outcomes(), expected);
    assert_eq!(record.attempts()[0].reached.live_at, None);
}

#[test]
fn a_no_stops_the_play_or_passes_to_the_next_candidate() {
    let no = |ask: &Ask| match ask.question {
        Question::Decide { .. } => Some((30, Reply::No)),
        _ => willing(ask),
    };
    let mut playbook = playbook();
    let stop = Day::new(&playbook, &no, &until(5000)).rehearse();
    let expected = [
        (1, Some(UPDATE), AttemptOutcome::Refused, 570),
        (2, None, AttemptOutcome::Recovered, 5010),
    ];
    assert_eq!(stop.outcomes(), expected);
    assert_eq!(stop.starts(), []);

    playbook.plays[0].steps[3] = ask_decider(Instead::Next);
    let next = Day::new(&playbook, &no, &until(5000)).rehearse();
    let outcomes: Vec<_> = next.outcomes().into_iter().map(|row| (row.1, row.2)).collect();
    let refused = |change| (Some(change), AttemptOutcome::Refused);
    let contained = (Some(MAINTENANCE), AttemptOutcome::Contained);
    assert_eq!(outcomes[..3], [refused(UPDATE), refused(REBUILD), contained]);
}

#[test]
fn the_responder_may_say_that_it_is_no_incident() {
    let playbook = playbook();
    let script = |ask: &Ask| match ask.question {
        Question::Declare { .. } => Some((60, Reply::No)),
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &script, &until(5000)).rehearse();
    assert_eq!(record.outcomes()[0], (1, None, AttemptOutcome::NotDeclared, 240));
}

#[test]
fn a_recovery_during_the_play_ends_it_but_not_a_change_under_way() {
    let playbook = playbook();
    let early = Day::new(&playbook, &willing, &until(300)).rehearse();
    assert_eq!(early.outcomes(), [(1, None, AttemptOutcome::Recovered, 310)]);
    assert_eq!(early.starts(), [], "nobody chooses a change any more");

    let during = Day::new(&playbook, &willing, &until(600)).rehearse();
    assert_eq!(during.outcomes(), [(1, Some(UPDATE), AttemptOutcome::Recovered, 610)]);
    let attempt = during.attempts()[0];
    assert_eq!((attempt.reached.deploying_at, attempt.reached.live_at), (Some(at(570)), None));
}

#[test]
fn several_changes_are_one_attempt_each() {
    let mut playbook = playbook();
    let change = |change| Step::Change(ChangeChoice::This(change));
    playbook.plays[0].steps = vec![Step::Page(PAGE_OPS), change(UPDATE), change(REBUILD)];
    playbook.plays[0].verify = None;
    let record = Day::new(&playbook, &willing, &until(3000)).rehearse();
    let expected = [
        (1, Some(UPDATE), AttemptOutcome::Live, 360),
        (2, Some(REBUILD), AttemptOutcome::Recovered, 3010),
    ];
    assert_eq!(record.outcomes(), expected);
    assert_eq!(record.attempts()[1].reached.live_at, Some(at(180 + 180 + 960)));
}

#[test]
fn a_play_opens_when_another_has_failed() {
    let mut playbook = playbook();
    playbook.plays[0].otherwise = None;
    playbook.plays[1].when = vec![Trigger::Failed(ROLLBACK)];
    let record = Day::new(&playbook, &willing, &|second| second >= 100).rehearse();
    let last = record.attempts().pop().expect("an attempt");
    assert_eq!((last.play, last.cause.as_str()), (Some(FALLBACK), "rollback failed"));
    assert_eq!(last.outcome, AttemptOutcome::Contained);
}

#[test]
fn a_play_opens_when_a_page_has_stood_long_enough() {
    let mut playbook = playbook();
    playbook.plays[0].steps =
        vec![Step::Page(PAGE_OPS), Step::Change(ChangeChoice::This(MAINTENANCE))];
    playbook.plays[0].otherwise = None;
    let lasts = Trigger::Lasts { change: MAINTENANCE, time: minutes(45), even_running: false };
    let steps = vec![Step::Change(ChangeChoice::This(PAGE_OFF))];
    playbook.plays.push(Play { when: vec![lasts], steps, verify: None, otherwise: None });
    let live = 180 + 180;
    let off = live + 2700 + 180;
    let record = Day::new(&playbook, &willing, &until(off)).rehearse();
    let expected = [
        (1, Some(MAINTENANCE), AttemptOutcome::Contained, live),
        (2, Some(PAGE_OFF), AttemptOutcome::Recovered, off + 10),
    ];
    assert_eq!(record.outcomes(), expected);
    let second = record.attempts()[1];
    assert_eq!(second.reached.opened_at, Some(at(live + 2700)));
    assert_eq!(second.cause, "maintenance-page has lasted 45m");
}

#[test]
fn messages_repeat_until_the_incident_ends() {
    let mut playbook = playbook();
    playbook.plays[0].steps = vec![tell(OIT, Some(minutes(5)))];
    playbook.plays[0].verify = None;
    let record = Day::new(&playbook, &willing, &until(1000)).rehearse();
    let times: Vec<u64> = record.tells().iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [120, 420, 720]);
    assert!(record.tells().iter().all(|(_, tell)| tell.to == [ED]));
}

#[test]
fn what_is_unfinished_at_the_end_stays_open() {
    let playbook = playbook();
    let day = Day { lasts: 400, ..Day::new(&playbook, &willing, &|second| second >= 100) };
    assert_eq!(day.rehearse().outcomes(), [(1, None, AttemptOutcome::Open, 400)]);
}
