//! Incidents that are opened again, and plays that open again.

use super::*;

/// The update is ordered at 570 and in effect at 750.
const IN_EFFECT: u64 = 750;

fn incidents(record: &Record) -> Vec<(u64, u16)> {
    let events = record.events().into_iter();
    let opened = events.filter_map(|(at, event)| match event {
        PlayEvent::IncidentOpened { incident, .. } => Some((at, incident.0)),
        _ => None,
    });
    opened.collect()
}

#[test]
fn what_fires_again_soon_is_the_same_incident_and_the_next_is_tried() {
    let mut playbook = playbook();
    playbook.closes_after = minutes(10);
    let site = |s: u64| (100..IN_EFFECT).contains(&s) || (1000..2600).contains(&s);
    let record = Day::new(&playbook, &willing, &site).rehearse();
    assert_eq!(incidents(&record), [(120, 0)]);
    assert_eq!(record.pages().len(), 1, "nobody is paged again");
    let asked = |question: fn(&Question) -> bool| {
        record.asks().iter().filter(|(_, ask)| question(&ask.question)).count()
    };
    assert_eq!(asked(|question| matches!(question, Question::Declare { .. })), 1);
    // All clear at 770, again true at 1010 and firing at 1020; it is looked again for five
    // minutes, and the rebuild is decided 30 s later.
    let rebuilt = 1020 + 300 + 30 + 960;
    assert_eq!(record.starts(), [(570, UPDATE), (1350, REBUILD)]);
    let words = [("confirm", 770), ("clear", 1020), ("diagnose", 1320)];
    assert_eq!(record.words()[5..8], words);
    assert!(record.words().contains(&("deploy", rebuilt)), "{:?}", record.words());
    let outcomes: Vec<AttemptOutcome> = record.outcomes().into_iter().map(|row| row.2).collect();
    assert_eq!(outcomes, [AttemptOutcome::Recovered, AttemptOutcome::Recovered]);
    assert_eq!(record.attempts()[1].cause, "fired again");
}

#[test]
fn what_fires_again_later_is_a_new_incident() {
    let mut playbook = playbook();
    playbook.closes_after = minutes(3);
    let site = |s: u64| (100..IN_EFFECT).contains(&s) || (1000..1100).contains(&s);
    let record = Day::new(&playbook, &willing, &site).rehearse();
    assert_eq!(incidents(&record), [(120, 0), (1020, 1)]);
    assert_eq!(record.pages().len(), 2);
}

#[test]
fn with_nothing_left_it_is_stalled() {
    let mut playbook = playbook();
    playbook.closes_after = minutes(10);
    playbook.plays[0].steps = vec![Step::Change(ChangeChoice::This(UPDATE))];
    playbook.plays[0].otherwise = None;
    let site = |s: u64| (100..300).contains(&s) || s >= 600;
    let record = Day::new(&playbook, &willing, &site).rehearse();
    assert_eq!(record.starts(), [(120, UPDATE)]);
    let words =
        [("queue", 121), ("deploy", 300), ("confirm", 320), ("clear", 620), ("stalled", 7200)];
    assert_eq!(record.words(), words);
}

#[test]
fn what_was_interrupted_goes_on() {
    let mut playbook = playbook();
    playbook.closes_after = minutes(10);
    let site = |s: u64| (100..300).contains(&s) || (500..1400).contains(&s);
    let record = Day::new(&playbook, &willing, &site).rehearse();
    // All clear at 320, while a change was being chosen; firing again at 520.
    assert_eq!((incidents(&record).len(), record.pages().len()), (1, 1));
    let words = [("diagnose", 320), ("clear", 520), ("diagnose", 820), ("reach", 850)];
    assert_eq!(record.words()[2..6], words);
}

#[test]
fn a_play_that_has_ended_opens_again_but_one_that_another_opened_does_not() {
    // The tier keeps the incident open, while the site's rule resolves and fires again.
    let mut playbook = playbook();
    let no = |ask: &Ask| match ask.question {
        Question::Decide { .. } => Some((30, Reply::No)),
        _ => willing(ask),
    };
    let site = |s: u64| (100..700).contains(&s) || s >= 900;
    let tier = |s: u64| s >= 150;
    let day = Day { tier: &tier, ..Day::new(&playbook, &no, &site) };
    let record = day.rehearse();
    assert_eq!(incidents(&record).len(), 1);
    let pages: Vec<u64> = record.pages().into_iter().map(|(at, _, _)| at).collect();
    assert_eq!(pages, [120, 920]);

    playbook.plays[1].when = vec![Trigger::Refused(ROLLBACK)];
    let day = Day { tier: &tier, ..Day::new(&playbook, &no, &site) };
    assert_eq!(day.rehearse().starts(), [(570, MAINTENANCE)]);
}
