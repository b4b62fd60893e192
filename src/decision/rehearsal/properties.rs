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
        (3, Question::Triage { .. }) => Reply::Yes,
        (4, Question::Triage { .. }) => Reply::Choice(REBUILD),
        (_, Question::Triage { .. }) => Reply::Choice(UPDATE),
        _ => Reply::Yes,
    };
    Some((u64::from(number / 8 % 400), reply))
}

/// Everything at once: two plays that share people and changes, a page that stands too long, a
/// freeze, and a planned step.
fn crowded(refused: Refused) -> Playbook {
    let mut playbook = playbook();
    playbook.plays[0].steps[3] = ask_decider(refused);
    let ops = AskStep {
        role: OPS,
        by: vec![PHONE],
        each: minutes(1),
        agrees: Ratio(1.0),
        refused: Refused::Next,
    };
    let page_off = Step::Change(Chosen::This(PAGE_OFF));
    let update = Step::Change(Chosen::This(UPDATE));
    let second = vec![Step::Ask(ops), update, tell(OIT, Some(minutes(3))), Step::Page(PAGE_OPS)];
    let lasts = Trigger::Lasts { change: MAINTENANCE, time: minutes(10) };
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

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Attempts follow each other without a gap, waking early changes nothing, and every incident
    /// whose rules resolved has one last attempt that recovered.
    #[test]
    fn the_books_balance(
        numbers in proptest::collection::vec(any::<u32>(), 1..40),
        edges in proptest::collection::vec(50u64..900, 1..8),
        fails in any::<[bool; 4]>(),
        stop in any::<bool>(),
    ) {
        let playbook = crowded(if stop { Refused::Stop } else { Refused::Next });
        let script = |ask: &Ask| scripted(&numbers, ask);
        let broken = |second: u64, skip: usize| {
            let mut edge = 0;
            let past = edges.iter().cycle().skip(skip).take(9);
            past.filter(|length| { edge += **length; edge <= second }).count() % 2 == 1
        };
        let (site, tier) = (|second| broken(second, 0), |second| broken(second, 1));
        let fails: Vec<ChangeId> = (0..4).filter(|i| fails[*i]).map(ChangeId::from).collect();
        let day = Day { tier: &tier, fails: &fails, ..Day::new(&playbook, &script, &site) };
        let record = day.rehearse();
        record.outcomes();
        let lazy = Day { eager: false, ..day };
        prop_assert_eq!(&record, &lazy.rehearse());
        for (_, event) in record.events() {
            let PlayEvent::Recovered { incident, .. } = event else { continue };
            let attempts = record.attempts().into_iter();
            let rows: Vec<_> = attempts.filter(|row| row.incident == *incident).collect();
            let recovered = rows.iter().filter(|row| row.outcome == Outcome::Recovered).count();
            prop_assert_eq!(recovered, 1);
            prop_assert_eq!(rows.last().expect("a row").outcome, Outcome::Recovered);
        }
    }
}
