//! Who is asked, by which channel, since when, and who is next.

use super::incident::{Incident, OpenAsk};
use crate::decision::Step;
use crate::names::{ChannelId, PersonId};
use crate::scenario::Plan;
use crate::units::{Span, Time};

/// Where a chain stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chain {
    /// Who was asked last, and for how long one is tried.
    pub last: Option<(OpenAsk, Option<Span>)>,
    /// Who is next, of those who are on duty: `None` if nobody is left.
    pub next: Option<(PersonId, ChannelId)>,
}

/// Who is asked in a step, in order: whom, by what, for how long.
type Contacts = Vec<(PersonId, ChannelId, Span)>;

/// Where the chain of a step stands; `None`: nobody is asked in it.
pub(super) fn chain(plan: &Plan, incident: &Incident, step: &Step, now: Time) -> Option<Chain> {
    let contacts = contacts(plan, step)?;
    let of_step = |ask: &&OpenAsk| {
        ask.at >= incident.play_since && contacts.iter().any(|(who, ..)| *who == ask.person)
    };
    let (mut next, mut last) = (0, None);
    for ask in incident.asks.iter().filter(of_step) {
        let fits = |(who, by, _): &(PersonId, ChannelId, Span)| {
            *who == ask.person && ask.channel.is_none_or(|channel| channel == *by)
        };
        let found = contacts[next..].iter().position(fits).map(|skipped| next + skipped);
        next = found.map_or(next, |position| position + 1);
        last = Some((ask.clone(), found.map(|position| contacts[position].2)));
    }
    let roster = &plan.playbook.roster;
    let next = contacts[next..].iter().find(|(who, ..)| roster.on_duty(*who, now));
    Some(Chain { last, next: next.map(|(who, by, _)| (*who, *by)) })
}

fn contacts(plan: &Plan, step: &Step) -> Option<Contacts> {
    let (people, by, rounds) = match step {
        Step::Page(escalation) => {
            let ladder = plan.playbook.roster.escalation(*escalation);
            let people: Vec<(PersonId, Span)> =
                ladder.people.iter().map(|person| (*person, ladder.each)).collect();
            (people, &ladder.by, ladder.rounds)
        }
        Step::Ask(ask) => (ask.people.clone(), &ask.by, ask.rounds),
        _ => return None,
    };
    let mut contacts = Vec::new();
    for _ in 0..rounds.min(100) {
        for (person, each) in &people {
            contacts.extend(by.iter().map(|channel| (*person, *channel, *each)));
        }
    }
    Some(contacts)
}
