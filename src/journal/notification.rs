//! Who was told of an incident when: the first message, and how regularly updates followed.

use super::{Entry, Event, Evidence, Header, Incident, MessageStage, Story};
use crate::change::ChangeStage;
use crate::names::{HeldRoles, worded};
use crate::units::{Span, Time};

/// Somebody was told of an incident, or was heard to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// When.
    pub at: Time,
    /// The number of its line in the journal.
    pub seq: u64,
    /// Who told; `None`: the program, or it is not known.
    pub by: Option<String>,
    pub how: HeardBy,
    /// What the moment rests on.
    pub evidence: Evidence,
}

worded! {
    /// How somebody heard of an incident.
    pub enum HeardBy {
        /// A play, a person or a launch step told them.
        Told = "told",
        /// A message was passed on to them.
        Message = "message",
        /// They were asked, and answered.
        Asked = "asked",
    }
}

/// An incident from the point of view of those who must be told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceTimeline {
    /// As the journal counts them.
    pub incident: u32,
    /// When what is behind it took effect.
    pub from: Time,
    /// When all was clear; the end of the run where it never was.
    pub until: Time,
    /// All was clear in the end.
    pub over: bool,
    /// When the first change began to be made, with its line of the journal.
    pub change: Option<(Time, u64)>,
    /// Everything that this audience was told, in order.
    pub words: Vec<Notification>,
}

impl AudienceTimeline {
    /// From the start of the incident to the first word.
    pub fn first(&self) -> Option<Span> {
        self.words.first().map(|word| word.at.since(self.from))
    }

    /// Whether the first word came within this time; `None`: it has not, and is not due yet.
    pub fn in_time(&self, within: Span) -> Option<bool> {
        match self.first() {
            Some(first) => Some(first < within),
            None => (self.until.since(self.from) >= within).then_some(false),
        }
    }

    /// Whether the first word came before a change began to be made; `None`: none was.
    pub fn before_change(&self) -> Option<bool> {
        let (_, change) = self.change?;
        Some(self.words.first().is_some_and(|word| word.seq < change))
    }

    /// How many updates were due, one after each such time since the last word, and how many of
    /// them did not come; `None` without a first word.
    pub fn updates(&self, every: Span) -> Option<(u64, u64)> {
        let first = self.words.first()?.at;
        let ends = self.words.iter().skip(1).map(|word| word.at).filter(|at| *at <= self.until);
        let mut last = first;
        let (mut due, mut missed) = (0, 0);
        for at in ends.chain([self.until.max(first)]) {
            // What comes at that very moment is in time.
            let late = (at.since(last).0.saturating_sub(1)) / every.0.max(1);
            (missed, last) = (missed + late, at);
            due += late;
        }
        due += self.words.iter().skip(1).filter(|word| word.at <= self.until).count() as u64;
        Some((due, missed))
    }
}

impl Story {
    /// What this role, person or audience outside the team was told of an incident.
    pub fn informed(
        &self,
        header: &Header,
        incident: &Incident<'_>,
        whom: &str,
    ) -> AudienceTimeline {
        let from = incident.first().start.started_at;
        let waves = self.waves().remove(&incident.number).unwrap_or_default();
        let opened = waves.first().map_or(Time::ZERO, |(opened, _)| *opened);
        // The last wave's end is when all was clear for good.
        let cleared = waves.last().and_then(|(_, cleared)| *cleared);
        let until = cleared.unwrap_or(self.last());
        let audience = People::new(header, whom);
        let words = self.entries().iter().filter(|entry| entry.at <= until);
        let words = words.filter_map(|entry| {
            let before = (from..opened).contains(&entry.at);
            audience.notification_from(entry, incident.number, before)
        });
        let change = self.entries().iter().find_map(|entry| match &entry.event {
            Event::Change { incident: Some(of), stage: ChangeStage::Deploying, .. }
                if *of == incident.number =>
            {
                Some((entry.at, entry.seq))
            }
            _ => None,
        });
        let words = words.collect();
        let (incident, over) = (incident.number, cleared.is_some());
        AudienceTimeline { incident, from, until, over, change, words }
    }

    /// Everybody who was told something of an incident, in the order in which they first were.
    pub fn audiences(&self, incident: u32) -> Vec<&str> {
        let mut audiences: Vec<&str> = Vec::new();
        for entry in self.entries() {
            let audience = match &entry.event {
                Event::Tell { incident: Some(of), audience, .. } if *of == incident => audience,
                _ => continue,
            };
            if !audiences.contains(&audience.as_str()) {
                audiences.push(audience);
            }
        }
        audiences
    }
}

/// Who an audience is.
struct People<'a> {
    whom: &'a str,
    /// Those who hold the role; the person.
    names: Vec<&'a str>,
    /// Nobody of the team: what is said to them has reached them.
    outside: bool,
    /// Written by hand: who is named has been told, and nothing says whom that reached.
    by_hand: bool,
}

impl<'a> People<'a> {
    fn new(header: &'a Header, whom: &'a str) -> People<'a> {
        let is = |(name, roles): &&(String, HeldRoles)| name == whom || roles.has(whom);
        let names: Vec<&str> =
            header.people.iter().filter(is).map(|(name, _)| name.as_str()).collect();
        let outside = names.is_empty();
        People { whom, names, outside, by_hand: header.mode.by_hand() }
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// What an entry says about this audience knowing of the incident. `before`: it is after the
    /// start of the incident, and before anybody called it one.
    fn notification_from(&self, entry: &Entry, of: u32, before: bool) -> Option<Notification> {
        let word = |how, by: &Option<String>, evidence| {
            Some(Notification { at: entry.at, seq: entry.seq, by: by.clone(), how, evidence })
        };
        match &entry.event {
            Event::Tell { incident: Some(incident), audience, to, from, evidence, .. }
                if *incident == of =>
            {
                let called = *audience == self.whom && (self.outside || self.by_hand);
                let reached = to.iter().any(|name| self.has(name));
                let tells = from.as_deref().is_some_and(|from| self.has(from));
                (called || reached || tells).then(|| word(HeardBy::Told, from, *evidence)).flatten()
            }
            Event::Message(message) if message.stage == MessageStage::Told => {
                let its = message.incident == Some(of) || (message.incident.is_none() && before);
                let whom = message.must_tell.as_deref() == Some(self.whom);
                let person = message.person.as_deref().is_some_and(|person| self.has(person));
                (its && (whom || person))
                    .then(|| word(HeardBy::Message, &message.by, message.evidence))
                    .flatten()
            }
            Event::Answer { incident: Some(incident), person, evidence, .. }
                if *incident == of && self.has(person) =>
            {
                word(HeardBy::Asked, &None, *evidence)
            }
            _ => None,
        }
    }
}
