//! Asking one after another, and what is done when nobody answers or somebody says no.

use super::*;

/// Asked for the decision: paged at 120, answered at 180, declared at 240, chosen at 540.
const ASKED: u64 = 540;

fn broken(second: u64) -> bool {
    second >= 100
}

/// Chris and Ed are asked to decide; `change` makes the rest of the question.
fn with_deputy(change: impl Fn(&mut AskStep)) -> Playbook {
    let mut playbook = playbook();
    let people = vec![(CHRIS, minutes(5)), (ED, minutes(5))];
    let mut step = asking(None, people, vec![PHONE]);
    change(&mut step);
    playbook.plays[0].steps[3] = Step::Ask(step);
    playbook
}

fn deciders(record: &Record) -> Vec<(u64, PersonId)> {
    let asks = record.asks().into_iter();
    let asks = asks.filter(|(_, ask)| matches!(ask.question, Question::Decide { .. }));
    asks.map(|(at, ask)| (at, ask.person)).collect()
}

fn silent_chris(ask: &Ask) -> Option<(u64, Reply)> {
    if ask.person == CHRIS { None } else { willing(ask) }
}

fn nobody_decides(ask: &Ask) -> Option<(u64, Reply)> {
    if matches!(ask.question, Question::Decide { .. }) { None } else { willing(ask) }
}

#[test]
fn a_deputy_is_asked_when_the_first_has_had_their_time() {
    let playbook = with_deputy(|_| {});
    let record = Day::new(&playbook, &silent_chris, &broken).rehearse();
    assert_eq!(deciders(&record)[..2], [(ASKED, CHRIS), (ASKED + 300, ED)]);
    let first = record.attempts()[0];
    assert_eq!((first.decider, first.reached.decided_at), (Some(ED), Some(at(ASKED + 330))));
    let expected = [
        ("acknowledge", 180),
        ("declare", 240),
        ("diagnose", ASKED),
        ("reach", ASKED + 330),
        ("deploy", ASKED + 330 + 180),
        ("confirm", ASKED + 330 + 180 + 360),
    ];
    assert_eq!(record.words()[..6], expected);
}

#[test]
fn rounds_go_through_everybody_and_the_time_in_all_ends_them() {
    let playbook = with_deputy(|step| {
        (step.rounds, step.within) = (3, Some(minutes(12)));
    });
    let record = Day::new(&playbook, &nobody_decides, &broken).rehearse();
    assert_eq!(deciders(&record), [(ASKED, CHRIS), (ASKED + 300, ED), (ASKED + 600, CHRIS)]);
    assert_eq!(record.words()[3..], [("reach", ASKED + 720), ("stalled", 7200)]);
    assert_eq!(record.outcomes(), [(1, Some(UPDATE), AttemptOutcome::Stalled, 7200)]);
}

#[test]
fn a_late_yes_revives_what_has_stalled_unless_something_else_was_done() {
    let late = |ask: &Ask| match ask.question {
        Question::Decide { .. } if ask.person == CHRIS => Some((1000, Reply::Yes)),
        Question::Decide { .. } => None,
        _ => willing(ask),
    };
    let playbook = with_deputy(|_| {});
    let record = Day::new(&playbook, &late, &broken).rehearse();
    let words = [("reach", ASKED + 600), ("stalled", ASKED + 1000), ("deploy", ASKED + 1180)];
    assert_eq!(record.words()[3..6], words);

    let playbook = with_deputy(|step| step.silent = Some(Instead::Stop));
    let record = Day::new(&playbook, &late, &broken).rehearse();
    assert_eq!(record.starts(), []);
    assert_eq!(record.words()[3..], [("reach", ASKED + 600), ("stalled", 7200)]);
}

#[test]
fn silence_may_lead_to_the_next_to_another_play_or_to_asking_again() {
    let next = with_deputy(|step| step.silent = Some(Instead::Next));
    let record = Day::new(&next, &nobody_decides, &broken).rehearse();
    let outcomes: Vec<_> = record.outcomes().into_iter().map(|row| (row.1, row.2)).collect();
    let stalled = |change| (Some(change), AttemptOutcome::Stalled);
    let contained = (Some(MAINTENANCE), AttemptOutcome::Contained);
    assert_eq!(outcomes[..3], [stalled(UPDATE), stalled(REBUILD), contained]);

    let play = with_deputy(|step| step.silent = Some(Instead::Play(FALLBACK)));
    let record = Day::new(&play, &nobody_decides, &broken).rehearse();
    assert_eq!(record.starts(), [(ASKED + 600, MAINTENANCE)]);

    let hold = with_deputy(|step| {
        (step.silent, step.within) = (Some(Instead::Hold(minutes(20))), Some(minutes(4)));
    });
    let second = |ask: &Ask| match ask.question {
        Question::Decide { asking: 0, .. } => None,
        _ => willing(ask),
    };
    let record = Day::new(&hold, &second, &broken).rehearse();
    let again = ASKED + 240 + 1200;
    assert_eq!(deciders(&record)[..2], [(ASKED, CHRIS), (again, CHRIS)]);
    let words = [("reach", ASKED + 240), ("hold", again), ("reach", again + 30)];
    assert_eq!(record.words()[3..6], words);
}

#[test]
fn a_no_may_lead_to_another_play_or_to_asking_again() {
    let no = |ask: &Ask| match ask.question {
        Question::Decide { asking: 0, .. } => Some((30, Reply::No)),
        _ => willing(ask),
    };
    let play = with_deputy(|step| step.refused = Instead::Play(FALLBACK));
    let record = Day::new(&play, &no, &broken).rehearse();
    assert_eq!(record.starts(), [(ASKED + 30, MAINTENANCE)]);

    let hold = with_deputy(|step| step.refused = Instead::Hold(minutes(5)));
    let record = Day::new(&hold, &no, &broken).rehearse();
    assert_eq!(record.starts()[0], (ASKED + 30 + 300 + 30, UPDATE));
}

#[test]
fn a_play_opens_when_another_has_stalled_or_was_refused() {
    let mut playbook = with_deputy(|_| {});
    playbook.plays[0].otherwise = None;
    playbook.plays[1].when = vec![Trigger::Stalled(ROLLBACK)];
    let record = Day::new(&playbook, &nobody_decides, &broken).rehearse();
    assert_eq!(record.starts(), [(ASKED + 600, MAINTENANCE)]);
    assert_eq!(record.attempts()[1].cause, "rollback stalled");

    playbook.plays[1].when = vec![Trigger::Refused(ROLLBACK)];
    let no = |ask: &Ask| match ask.question {
        Question::Decide { .. } => Some((30, Reply::No)),
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &no, &broken).rehearse();
    assert_eq!(record.starts(), [(ASKED + 30, MAINTENANCE)]);
}

#[test]
fn nobody_on_duty_is_silence_once_there_was_time_to_answer() {
    let mut playbook = with_deputy(|step| step.silent = Some(Instead::Play(FALLBACK)));
    for person in [CHRIS, ED] {
        playbook.roster.people[person.index()].on_duty = vec![(at(3000), at(4000))];
    }
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(record.starts(), [(ASKED + 600, MAINTENANCE)]);
    assert_eq!(record.words()[3], ("stalled", ASKED + 600));

    playbook.roster.people[ED.index()].on_duty = vec![(at(ASKED + 60), at(4000))];
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(deciders(&record)[0], (ASKED + 60, ED));
}

#[test]
fn whoever_was_reached_may_take_time_to_decide() {
    let playbook = with_deputy(|step| step.takes = Some(Spread::Fixed(minutes(3))));
    let script = |ask: &Ask| match (&ask.question, ask.channel) {
        (Question::Decide { .. }, Some(_)) => Some((30, Reply::Reached)),
        (Question::Decide { .. }, None) => Some((180, Reply::Yes)),
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &script, &broken).rehearse();
    let words = [("reach", ASKED + 30), ("decide", ASKED + 210), ("deploy", ASKED + 390)];
    assert_eq!(record.words()[3..6], words);
    assert_eq!(record.attempts()[0].decider, Some(CHRIS));
}

#[test]
fn a_frozen_change_waits_for_the_end_of_the_freeze_where_nothing_else_is_left() {
    let mut playbook = playbook();
    playbook.plays[0].steps = vec![Step::Change(ChangeChoice::This(UPDATE))];
    playbook.plays[0].otherwise = None;
    let (from, to) = (at(0), at(2000));
    let freeze = Freeze { from, to, changes: vec![UPDATE], except: vec![], tell: None };
    playbook.changes.freezes = vec![freeze];
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(record.starts(), [(2000, UPDATE)]);
    assert_eq!(record.words()[..2], [("hold", 2000), ("queue", 2001)]);
}
