//! Deciders who say neither yes nor no at once: not yet, yes if not better, something else instead,
//! somebody else decides.

use super::*;

/// Asked for the decision, and answered: paged at 120, answered at 180, declared at 240, chosen at
/// 540.
const ANSWERED: u64 = 570;

/// Every first question for a decision is answered so after 30 s, every further one with a yes.
fn first_says(reply: Reply) -> impl Fn(&Ask) -> Option<(u64, Reply)> {
    move |ask| match ask.question {
        Question::Decide { asking: 0, .. } => Some((30, reply)),
        _ => willing(ask),
    }
}

fn played(playbook: &Playbook, reply: Reply, broken: &dyn Fn(u64) -> bool) -> Record {
    Day::new(playbook, &first_says(reply), broken).rehearse()
}

fn broken(second: u64) -> bool {
    second >= 100
}

/// The steps of the rollback with a question to Chris and then Ed.
fn with_two() -> Playbook {
    let mut playbook = playbook();
    let people = vec![(CHRIS, minutes(5)), (ED, minutes(5))];
    playbook.plays[0].steps[3] = Step::Ask(asking(None, people, vec![PHONE]));
    playbook
}

fn deciders(record: &Record) -> Vec<(u64, PersonId)> {
    let asks = record.asks().into_iter();
    let asks = asks.filter(|(_, ask)| matches!(ask.question, Question::Decide { .. }));
    asks.map(|(at, ask)| (at, ask.person)).collect()
}

#[test]
fn not_yet_is_asked_again_and_is_a_decision_under_way() {
    let record = played(&playbook(), Reply::NotYet(minutes(5)), &broken);
    let again = ANSWERED + 300;
    assert_eq!(deciders(&record)[..2], [(540, CHRIS), (again, CHRIS)]);
    let words = [("reach", ANSWERED), ("decide", again + 30), ("deploy", again + 30 + 180)];
    assert_eq!(record.words()[3..6], words);
    let first = record.attempts()[0];
    assert_eq!((first.decider, first.reached.decided_at), (Some(CHRIS), Some(at(again + 30))));
    record.outcomes();
}

#[test]
fn who_wants_to_be_asked_again_is_asked_first() {
    let playbook = with_two();
    let script = |ask: &Ask| match ask.question {
        Question::Decide { asking: 0, .. } if ask.person == CHRIS => None,
        Question::Decide { asking: 0, .. } => Some((30, Reply::NotYet(minutes(2)))),
        _ => willing(ask),
    };
    let record = Day::new(&playbook, &script, &broken).rehearse();
    assert_eq!(deciders(&record)[..3], [(540, CHRIS), (840, ED), (840 + 30 + 120, ED)]);
}

#[test]
fn yes_if_not_better_waits_and_does_nothing_where_all_is_clear_before() {
    let wait = Reply::YesAfter(minutes(10));
    let record = played(&playbook(), wait, &broken);
    assert_eq!(record.starts()[0], (ANSWERED + 600, UPDATE));
    assert_eq!(record.words()[3..5], [("reach", ANSWERED), ("decide", ANSWERED + 600)]);

    let well_again = |second: u64| (100..800).contains(&second);
    let record = played(&playbook(), wait, &well_again);
    assert_eq!(record.starts(), []);
    assert_eq!(record.outcomes()[0].2, AttemptOutcome::Recovered);
}

#[test]
fn another_change_instead_is_made_at_once_and_no_more_tried_later() {
    let record = played(&playbook(), Reply::Instead(REBUILD), &broken);
    assert_eq!(record.starts()[0], (ANSWERED, REBUILD));
    let outcomes = record.outcomes();
    assert_eq!(outcomes[0], (1, Some(UPDATE), AttemptOutcome::Refused, ANSWERED));
    assert_eq!((outcomes[1].1, outcomes[1].2), (Some(REBUILD), AttemptOutcome::NotVerified));
    assert_eq!(record.attempts()[1].reached.decided_at, Some(at(ANSWERED)));
    assert_eq!(record.starts().iter().filter(|(_, change)| *change == REBUILD).count(), 1);

    // In the place of a change that the play names, and where the play makes none.
    let mut named = playbook();
    named.plays[0].steps[4] = Step::Change(ChangeChoice::This(UPDATE));
    let record = played(&named, Reply::Instead(MAINTENANCE), &broken);
    assert_eq!(record.starts()[0], (ANSWERED, MAINTENANCE));
    let mut none = playbook();
    none.plays[0].steps.truncate(4);
    let record = played(&none, Reply::Instead(REBUILD), &broken);
    assert_eq!(record.starts()[0], (ANSWERED, REBUILD));
}

#[test]
fn it_is_left_to_somebody_else_who_has_to_be_reached() {
    let record = played(&playbook(), Reply::Refer(ED), &broken);
    assert_eq!(deciders(&record)[..2], [(540, CHRIS), (ANSWERED, ED)]);
    assert_eq!(record.words()[3..5], [("reach", ANSWERED + 30), ("deploy", ANSWERED + 210)]);
    assert_eq!(record.attempts()[0].decider, Some(ED));

    let nobody = |ask: &Ask| match ask.question {
        Question::Decide { .. } if ask.person == ED => None,
        _ => first_says(Reply::Refer(ED))(ask),
    };
    let record = Day::new(&playbook(), &nobody, &broken).rehearse();
    assert_eq!(record.words().last(), Some(&("stalled", 7200)));
}

#[test]
fn somebody_may_think_better_of_it_before_the_time_is_over() {
    let names = names();
    let playbook = playbook();
    for (second, expected) in [(Reply::Yes, 1), (Reply::No, 0)] {
        let mut monitor = Monitor::new(&playbook, &names);
        let mut asked: Vec<Ask> = Vec::new();
        let day = Day::new(&playbook, &willing, &broken);
        let mut starts = 0;
        for now in 1..900 {
            if now % 10 == 0 {
                monitor.observe(at(now), &day.reading(now));
            }
            monitor.wake(at(now));
            while let Some(output) = monitor.next_output() {
                match output {
                    Output::Order(Order::Ask(ask)) => asked.push(ask),
                    Output::Order(Order::Start { .. }) => starts += 1,
                    _ => {}
                }
            }
            let Some(ask) = asked.last() else { continue };
            match &ask.question {
                Question::Decide { .. } if now == 600 => {
                    assert!(monitor.answered(at(now), ask.id, Reply::NotYet(minutes(4))));
                    assert!(monitor.awaits(ask.id));
                }
                Question::Decide { .. } if now == 700 => {
                    assert!(monitor.answered(at(now), ask.id, second));
                    assert!(!monitor.awaits(ask.id));
                }
                Question::Decide { .. } => {}
                _ => {
                    let (_, reply) = willing(ask).expect("it is willing");
                    let id = ask.id;
                    monitor.answered(at(now), id, reply);
                }
            }
        }
        assert_eq!(starts, expected, "{second:?}");
    }
}

#[test]
fn nobody_is_asked_for_ever_who_says_neither_yes_nor_no() {
    let always = |reply: fn(PersonId) -> Reply| {
        move |ask: &Ask| match ask.question {
            Question::Decide { .. } => Some((0, reply(ask.person))),
            _ => willing(ask),
        }
    };
    let playbook = with_two();
    // In one second, and over hours.
    let to_the_other = |who| Reply::Refer(if who == CHRIS { ED } else { CHRIS });
    for reply in [to_the_other as fn(PersonId) -> Reply, |_| Reply::NotYet(Span::SECOND)] {
        let record = Day::new(&playbook, &always(reply), &broken).rehearse();
        assert_eq!(deciders(&record).len(), 50);
        assert_eq!(record.outcomes()[0].2, AttemptOutcome::Stalled);
    }
    // Where the step says what to do then, that is done.
    let mut playbook = playbook;
    let Step::Ask(ask) = &mut playbook.plays[0].steps[3] else { panic!("it asks") };
    ask.silent = Some(Instead::Next);
    let record = Day::new(&playbook, &always(to_the_other), &broken).rehearse();
    assert!(deciders(&record).len() > 50, "asked for what else could have been chosen");
    assert_eq!(record.starts(), [(540, MAINTENANCE)]);
}

#[test]
fn what_can_never_be_decided_is_known_beforehand() {
    let accepts = |agrees: f64, others: &[(Reply, f64)]| {
        let mut ask = asking(None, vec![(CHRIS, minutes(5))], vec![PHONE]);
        ask.agrees = Ratio(agrees);
        ask.others = others.iter().map(|(reply, share)| (*reply, Ratio(*share))).collect();
        ask.is_never_decided()
    };
    let wait = Reply::NotYet(minutes(5));
    let [chris, ed] = [CHRIS, ED].map(Reply::Refer);
    assert!(accepts(0.0, &[(wait, 1.0)]) && accepts(0.0, &[(wait, 0.4), (ed, 0.6)]));
    assert!(accepts(0.0, &[(chris, 0.5), (ed, 0.5)]));
    // A yes, the no that is left, a yes by the clock, another change, all left to one.
    let another = Reply::Instead(REBUILD);
    for (agrees, others) in [
        (0.1, vec![(wait, 0.9)]),
        (0.0, vec![(wait, 0.9)]),
        (0.0, vec![(wait, 0.9), (Reply::YesAfter(minutes(5)), 0.1)]),
        (0.0, vec![(wait, 0.9), (another, 0.1)]),
        (0.0, vec![(ed, 1.0)]),
    ] {
        assert!(!accepts(agrees, &others), "{agrees} {others:?}");
    }
}
