//! Ladders: who is tried when, late answers, refusals, and silence.

use super::*;

fn broken(second: u64) -> bool {
    second >= 100
}

/// The site breaks at 100 s: ticks at 110 and 120 are breaches, so the page goes out at 120 s.
const PAGED: u64 = 120;

fn stalls(record: &Record) -> Vec<(u64, String)> {
    let events = record.events().into_iter();
    let stalls = events.filter_map(|(at, event)| match event {
        PlayEvent::Stalled { text, .. } => Some((at, text.clone())),
        _ => None,
    });
    stalls.collect()
}

#[test]
fn the_second_person_is_tried_after_channels_times_each() {
    let playbook = playbook();
    let script = |ask: &Ask| if ask.person == WYATT { None } else { willing(ask) };
    let record = Day::new(&playbook, &script, &broken).rehearse();
    let expected = [(PAGED, WYATT, EMAIL), (240, WYATT, PHONE), (PAGED + 2 * 120, JAMES, EMAIL)];
    assert_eq!(record.pages(), expected);
    let first = record.attempts()[0];
    assert_eq!((first.responder, first.channel), (Some(JAMES), Some(EMAIL)));
    assert_eq!(first.reached.acknowledged_at, Some(at(PAGED + 240 + 60)));
}

#[test]
fn an_answer_on_an_earlier_channel_still_wins_and_later_ones_are_ignored() {
    let playbook = playbook();
    let script = |ask: &Ask| match (&ask.question, ask.person, ask.channel) {
        (Question::Page { .. }, WYATT, Some(EMAIL)) => Some((200, Reply::Yes)),
        (Question::Page { .. }, ..) => Some((100, Reply::Yes)),
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &script, &broken).rehearse();
    let events = record.events().into_iter();
    let answers = events.filter(|(_, event)| matches!(event, PlayEvent::Acknowledged { .. }));
    assert_eq!(answers.count(), 1);
    let first = record.attempts()[0];
    assert_eq!(
        (first.reached.acknowledged_at, first.channel),
        (Some(at(PAGED + 200)), Some(EMAIL))
    );
}

#[test]
fn silence_stalls_after_every_round_and_a_late_answer_resumes() {
    let playbook = playbook();
    let silent = |_: &Ask| None;
    let record = Day::new(&playbook, &silent, &broken).rehearse();
    assert_eq!(record.pages().len(), 8, "two people, two channels, two rounds");
    assert_eq!(stalls(&record), [(PAGED + 8 * 120, "nobody in ops answered".to_string())]);
    assert_eq!(record.outcomes(), [(1, None, AttemptOutcome::Stalled, 7200)]);

    let late = |ask: &Ask| match ask.question {
        Question::Page { .. } if ask.person == JAMES => Some((2000, Reply::Yes)),
        Question::Page { .. } => None,
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &late, &|s| broken(s) && s < 4000).rehearse();
    assert_eq!(
        record.outcomes(),
        [
            (1, Some(UPDATE), AttemptOutcome::NotVerified, 3290),
            (2, Some(REBUILD), AttemptOutcome::Recovered, 4010)
        ]
    );
}

#[test]
fn a_stalled_incident_that_recovers_did_so_by_itself() {
    let playbook = playbook();
    let silent = |_: &Ask| None;
    let record = Day::new(&playbook, &silent, &|s| broken(s) && s < 3000).rehearse();
    let stalled = (1, None, AttemptOutcome::Stalled, PAGED + 960);
    assert_eq!(record.outcomes(), [stalled, (2, None, AttemptOutcome::Recovered, 3010)]);
    assert_eq!(record.attempts()[1].cause, "recovered by itself");
}

#[test]
fn a_no_and_a_known_silence_go_on_at_once() {
    let playbook = playbook();
    let script = |ask: &Ask| match (&ask.question, ask.person, ask.channel) {
        (Question::Page { .. }, WYATT, _) => Some((30, Reply::No)),
        (Question::Page { .. }, _, Some(EMAIL)) => Some((10, Reply::Silent)),
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &script, &broken).rehearse();
    let expected = [(PAGED, WYATT, EMAIL), (150, JAMES, EMAIL), (160, JAMES, PHONE)];
    assert_eq!(record.pages(), expected);
}

#[test]
fn people_off_duty_are_skipped_and_the_first_who_comes_on_duty_is_asked() {
    let mut playbook = playbook();
    playbook.roster.people[WYATT.index()].on_duty = vec![(at(1000), at(2000))];
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(record.pages(), [(PAGED, JAMES, EMAIL)]);

    playbook.roster.people[JAMES.index()].on_duty = Vec::new();
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(stalls(&record), [(PAGED, "nobody in ops is on duty".to_string())]);
    assert_eq!(record.pages(), [(1000, WYATT, EMAIL)], "asked when he comes on duty");
    assert_eq!(record.words()[..2], [("stalled", 1000), ("acknowledge", 1060)]);

    playbook.roster.people[WYATT.index()].unnamed = true;
    playbook.roster.people[JAMES.index()].unnamed = true;
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(stalls(&record), [(PAGED, "nobody in ops is named".to_string())]);
}

#[test]
fn the_decider_is_tried_on_each_channel_and_then_the_play_stalls() {
    let playbook = playbook();
    let script = |ask: &Ask| if ask.person == CHRIS { None } else { willing(ask) };
    let record = Day::new(&playbook, &script, &broken).rehearse();
    let asked = record.asks().into_iter().filter(|(_, ask)| ask.person == CHRIS);
    let asked: Vec<_> = asked.map(|(at, ask)| (at, ask.channel)).collect();
    let chosen = PAGED + 60 + 60 + 300;
    assert_eq!(asked, [(chosen, Some(EMAIL)), (chosen + 60, Some(PHONE))]);
    assert_eq!(stalls(&record), [(chosen + 120, "no decider answered".to_string())]);
}

#[test]
fn a_role_that_nobody_holds_stalls() {
    let mut playbook = playbook();
    playbook.roster.people[CHRIS.index()].unnamed = true;
    let record = Day::new(&playbook, &willing, &broken).rehearse();
    assert_eq!(stalls(&record), [(540, "no decider is named".to_string())]);
    assert_eq!(record.starts(), []);
}
