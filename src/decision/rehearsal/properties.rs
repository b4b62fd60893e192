//! Whatever people answer and however the site behaves, the books balance.

use super::*;
use proptest::prelude::*;

/// A reply that depends on the script's numbers and on the ask, and may make no sense.
fn scripted(numbers: &[u32], ask: &Ask) -> Option<(u64, Reply)> {
    let number = numbers[ask.id.0 as usize % numbers.len()];
    let reply = match (number % 8, &ask.question) {
        (0, _) => return None,
        (1, _) => Reply::Silent,
        (2, _) => Reply::No,
        (3, Question::Diagnose { .. }) => Reply::Yes,
        (4, Question::Diagnose { .. }) => Reply::Choice(REBUILD),
        (4, Question::Decide { .. }) => Reply::Instead(REBUILD),
        (5, Question::Decide { .. }) => Reply::NotYet(minutes(3)),
        (6, Question::Decide { .. }) => Reply::YesAfter(minutes(3)),
        (7, Question::Decide { .. }) => Reply::Refer(ED),
        (_, Question::Diagnose { .. }) => Reply::Choice(UPDATE),
        _ => Reply::Yes,
    };
    Some((u64::from(number / 8 % 400), reply))
}

/// Everything at once: two plays that share people and changes, a page that is up too long, a
/// freeze, and a planned step.
fn crowded(refused: Instead) -> Playbook {
    let mut playbook = playbook();
    playbook.plays[0].steps[3] = ask_decider(refused);
    let people = vec![(WYATT, minutes(1)), (JAMES, minutes(1))];
    let ops = AskStep { refused: Instead::Next, ..asking(Some(OPS), people, vec![PHONE]) };
    let page_off = Step::Change(ChangeChoice::This(PAGE_OFF));
    let update = Step::Change(ChangeChoice::This(UPDATE));
    let second = vec![Step::Ask(ops), update, tell(OIT, Some(minutes(3))), Step::Page(PAGE_OPS)];
    let lasts = Trigger::Lasts { change: MAINTENANCE, time: minutes(10), even_running: false };
    let play = |when, steps, verify| Play { when, steps, verify, otherwise: None };
    playbook.plays.push(play(vec![Trigger::Fires(UPSTREAM)], second, Some(minutes(2))));
    playbook.plays.push(play(vec![lasts], vec![Step::Page(PAGE_OPS), page_off], None));
    let (from, to) = (at(1000), at(1500));
    let changes = vec![UPDATE];
    playbook.changes.freezes = vec![Freeze { from, to, changes, except: vec![], tell: Some(OIT) }];
    let action = LaunchAction::Change { change: UPDATE, by: Some(PAGE_OPS) };
    let due = Some(LaunchTime::At(at(300)));
    playbook.launch = vec![LaunchStep { label: "switch".into(), at: due, action }];
    playbook
}

/// What somebody does by hand, by three numbers.
fn improvised((at, which, what): (u64, u16, u8)) -> (u64, ImprovisedAct) {
    let done = match what {
        0 => ImprovisedAct::Close,
        1 => ImprovisedAct::Open(PlayId::from(usize::from(which))),
        2 => ImprovisedAct::Assign(PersonId::from(usize::from(which))),
        by => ImprovisedAct::Change {
            change: ChangeId::from(usize::from(which)),
            by: (by < 6).then_some(ED),
        },
    };
    (at, done)
}

/// Attempts follow each other without a gap, and so does what is under way; waking early changes
/// nothing; every all clear of an incident is an attempt that recovered.
fn balance(
    numbers: &[u32],
    edges: &[u64],
    fails: [bool; 4],
    stop: bool,
    closes_after: u64,
    by_hand: Vec<(u64, u16, u8)>,
) -> Result<(), TestCaseError> {
    let mut playbook = crowded(if stop { Instead::Stop } else { Instead::Next });
    playbook.closes_after = minutes(closes_after);
    let script = |ask: &Ask| scripted(numbers, ask);
    let broken = |second: u64, skip: usize| {
        let mut edge = 0;
        let past = edges.iter().cycle().skip(skip).take(9);
        past.filter(|length| {
            edge += **length;
            edge <= second
        })
        .count()
            % 2
            == 1
    };
    let (site, tier) = (|second| broken(second, 0), |second| broken(second, 1));
    let fails: Vec<ChangeId> = (0..4).filter(|i| fails[*i]).map(ChangeId::from).collect();
    let by_hand: Vec<(u64, ImprovisedAct)> = by_hand.into_iter().map(improvised).collect();
    let by_hand = &by_hand[..];
    let day = Day { tier: &tier, fails: &fails, ..Day::new(&playbook, &script, &site) };
    let day = Day { by_hand, ..day };
    let record = day.rehearse();
    record.outcomes();
    let lazy = Day { eager: false, ..day };
    prop_assert_eq!(&record, &lazy.rehearse());
    let day = lazy;
    for (told, event) in record.events() {
        let PlayEvent::IncidentOpened { incident, .. } = event else { continue };
        let of_incident = |(at, event): &(u64, &PlayEvent)| match event {
            PlayEvent::Recovered { incident: of, .. } => (of == incident).then_some(*at),
            _ => None,
        };
        let cleared: Vec<u64> = record.events().iter().filter_map(of_incident).collect();
        let attempts = record.attempts().into_iter();
        let rows: Vec<_> = attempts.filter(|row| row.incident == *incident).collect();
        let recovered = rows.iter().filter(|row| row.outcome == AttemptOutcome::Recovered).count();
        prop_assert_eq!(recovered, cleared.len());
        let mut reached = at(told);
        for span in record.phases(*incident) {
            prop_assert_eq!(span.from, reached, "{:?}", span);
            prop_assert!(span.until > span.from && span.phase != Phase::Detect);
            reached = span.until;
        }
        let over = rows.last().is_some_and(|row| row.outcome == AttemptOutcome::Recovered);
        // A wave behind a maintenance page that is still up at the end is not an attempt.
        let cleared = cleared.last().filter(|_| over).map(|cleared| at(*cleared));
        prop_assert!(reached == at(day.lasts) || Some(reached) == cleared, "{reached:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_books_balance(
        numbers in proptest::collection::vec(any::<u32>(), 1..40),
        edges in proptest::collection::vec(50u64..900, 1..8),
        fails in any::<[bool; 4]>(),
        stop in any::<bool>(),
        closes_after in 0u64..20,
        by_hand in proptest::collection::vec((0u64..7200, 0u16..4, 0u8..8), 0..6),
    ) {
        balance(&numbers, &edges, fails, stop, closes_after, by_hand)?;
    }
}

/// Found by the property above: while one answer is taken in, something is found to have been due
/// before, and a second answer comes at that very moment.
#[test]
fn what_was_due_before_is_done_before_the_next_answer_of_the_same_moment() {
    let numbers = [1257841558, 347064, 198532272, 1611399331, 878740970, 958388230, 113375157];
    let fails = [false, true, true, true];
    balance(&numbers, &[481, 253], fails, false, 16, Vec::new()).expect("it balances");
}
