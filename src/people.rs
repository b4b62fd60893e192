//! The roster: when people are on duty, how they are reached, and who is tried after whom.

use crate::names::{ChannelId, EscalationId, PersonId, RoleId};
use crate::units::{Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// Everybody who can be asked, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Roster {
    /// In file order, without those written `"?"`.
    pub people: Vec<Person>,
    pub channels: Vec<Channel>,
    pub escalations: Vec<Escalation>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The full name, for papers, where the scenario gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The roles the person holds; one is usual.
    pub roles: Vec<RoleId>,
    /// When the person is on duty, as `[from, to)` in simulated time, sorted and disjoint.
    /// Hours that began before the scenario are cut at its start.
    pub on_duty: Vec<(Time, Time)>,
    /// How this person answers on a channel where it differs from the channel's own figures.
    pub channels: Vec<(ChannelId, Channel)>,
    /// Written `"?"`: nobody is named yet, so nobody ever answers.
    pub unnamed: bool,
}

/// How people answer on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// The chance that a person on duty answers at all.
    pub answers: Ratio,
    /// How long an answer takes.
    pub after: Spread,
}

/// A ladder of people and channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// First to last.
    pub people: Vec<PersonId>,
    /// Tried in this order for each person.
    pub by: Vec<ChannelId>,
    /// How long one person is tried on one channel.
    pub each: Span,
    /// How many times the whole list is gone through before the ladder stalls.
    pub rounds: u32,
}

impl Roster {
    /// Whether the person is on duty at this moment.
    pub fn on_duty(&self, person: PersonId, at: Time) -> bool {
        let person = &self.people[person.index()];
        !person.unnamed && person.on_duty.iter().any(|(from, to)| *from <= at && at < *to)
    }

    /// When the person next comes on duty after this moment; `None`: not any more.
    pub fn next_on_duty(&self, person: PersonId, at: Time) -> Option<Time> {
        let person = &self.people[person.index()];
        let comes = person.on_duty.iter().map(|(from, _)| *from).filter(|from| *from > at);
        comes.min().filter(|_| !person.unnamed)
    }

    /// Those who hold a role, in file order.
    pub fn holders(&self, role: RoleId) -> impl Iterator<Item = PersonId> + '_ {
        let holds = move |(_, person): &(usize, &Person)| person.roles.contains(&role);
        self.people.iter().enumerate().filter(holds).map(|(i, _)| PersonId::from(i))
    }

    /// How a person answers on a channel.
    pub fn channel(&self, person: PersonId, channel: ChannelId) -> Channel {
        let own = &self.people[person.index()].channels;
        let own = own.iter().find(|(id, _)| *id == channel).map(|(_, channel)| *channel);
        own.unwrap_or(self.channels[channel.index()])
    }

    /// The ladder behind an id.
    pub fn escalation(&self, escalation: EscalationId) -> &Escalation {
        &self.escalations[escalation.index()]
    }
}
