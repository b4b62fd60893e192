//! How long it takes to reach somebody, by formula.

use crate::decision::AskStep;
use crate::people::Channel;
use crate::scenario::plan::Plan;
use crate::units::{Span, Time};

/// What a walk along contacts comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// The mean time to the first answer, if there is one.
    pub mean: Option<Span>,
    /// The chance that nobody answers.
    pub silent: f64,
}

/// Whom an `ask` reaches at a moment, in order, and for how long each is tried.
pub fn contacts(plan: &Plan, ask: &AskStep, at: Time) -> Vec<(Channel, Span)> {
    let roster = &plan.playbook.roster;
    let on_duty = ask.people.iter().filter(|(person, _)| roster.on_duty(*person, at));
    let round: Vec<(Channel, Span)> = on_duty
        .flat_map(|(person, each)| ask.by.iter().map(|by| (roster.channel(*person, *by), *each)))
        .collect();
    round.repeat(ask.rounds as usize)
}

/// Pieces in which the time of a walk is added up; fewer for the longest of ladders.
const PIECES: usize = 1_000;

/// Contacts tried one after another, each for its time; an earlier one may still answer, until
/// `within` is over or everybody was tried. The time to the first answer is later than t if nobody
/// tried by then has answered.
pub fn reach(contacts: &[(Channel, Span)], within: Option<Span>) -> Reach {
    let mut begins = Vec::new();
    let mut end = Span::ZERO;
    for (_, each) in contacts {
        begins.push(end);
        end = Span(end.0.saturating_add(each.0));
    }
    let end = within.map_or(end, |within| end.min(within));
    let later = |at: Span| -> f64 {
        let tried = contacts.iter().zip(&begins).map(|((contact, _), begin)| {
            let since = Span(at.0.saturating_sub(begin.0));
            let begun = at >= *begin;
            if begun { 1.0 - contact.answers.0 * contact.after.chance_within(since) } else { 1.0 }
        });
        tried.product()
    };
    let silent = if contacts.is_empty() { 1.0 } else { later(end) };
    if silent > 1.0 - 1e-9 {
        return Reach { mean: None, silent };
    }
    let pieces = (2_000_000 / contacts.len()).clamp(50, PIECES);
    let piece = end.seconds() / pieces as f64;
    let middle = |n: usize| Span::from_seconds((n as f64 + 0.5) * piece);
    let area: f64 = (0..pieces).map(|n| (later(middle(n)) - silent).max(0.0) * piece).sum();
    Reach { mean: Some(Span::from_seconds(area / (1.0 - silent))), silent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Ratio, Spread};

    fn channel(answers: f64, after: Spread) -> Channel {
        Channel { answers: Ratio(answers), after }
    }

    #[test]
    fn one_contact_answers_as_its_channel_says() {
        let m = |n: u64| Span::from_secs(60 * n);
        let sure = channel(1.0, Spread::Between(m(1), m(3)));
        let reached = reach(&[(sure, m(4))], None);
        let mean = reached.mean.expect("answered").seconds();
        assert!((mean - 120.0).abs() < 1.0 && reached.silent < 1e-9, "{reached:?}");
        // Half of the answers come in time: their mean is between one minute and two.
        let reached = reach(&[(sure, m(2))], None);
        let mean = reached.mean.expect("answered").seconds();
        assert!((mean - 90.0).abs() < 1.0 && (reached.silent - 0.5).abs() < 1e-9, "{reached:?}");
    }

    #[test]
    fn the_second_is_tried_when_the_first_is_silent() {
        let at_once = |answers| channel(answers, Spread::Fixed(Span::ZERO));
        let each = Span::from_secs(100);
        let reached = reach(&[(at_once(0.5), each), (at_once(0.5), each)], None);
        // A quarter of all, a third of those answered, waits 100 s for the second.
        let mean = reached.mean.expect("answered").seconds();
        assert!((mean - 100.0 / 3.0).abs() < 0.2, "{mean}");
        assert!((reached.silent - 0.25).abs() < 1e-9);
    }

    #[test]
    fn nobody_is_waited_for_beyond_the_time_in_all() {
        let slow = channel(1.0, Spread::Between(Span::ZERO, Span::from_secs(100)));
        let reached = reach(&[(slow, Span::from_secs(100))], Some(Span::from_secs(25)));
        assert!((reached.silent - 0.75).abs() < 1e-9, "{reached:?}");
    }

    #[test]
    fn nobody_to_try() {
        assert_eq!(reach(&[], None), Reach { mean: None, silent: 1.0 });
        let mute = channel(0.0, Spread::Fixed(Span::ZERO));
        assert_eq!(reach(&[(mute, Span::MINUTE)], None).mean, None);
    }
}
