//! The plan as papers need it, out of the header, and one exercise among several of a session.

use crate::decision::{Audience, EVERYONE, Message, Playbook, Step, TellStep};
use crate::fault::Fault;
use crate::journal::{Expectation, Header};
use crate::names::{ChangeId, Names, PersonId, RoleId};
use crate::report::untrusted::for_terminal;
use crate::units::{Span, Time};
use serde::de::DeserializeOwned;
use std::io;

/// What is to be written in by hand.
pub(super) const BLANK: &str = "________";

/// The longest that words from a scenario become, in columns.
const LONGEST: usize = 400;

/// What papers are made from.
pub(super) struct Planned<'a> {
    pub header: &'a Header,
    pub names: Names,
    pub playbook: Playbook,
    pub faults: Vec<Fault>,
    pub messages: Vec<Message>,
    pub expect: Vec<Expectation>,
}

impl<'a> Planned<'a> {
    /// The plan as the header of a journal carries it; an error if it does not.
    pub fn from_header(header: &'a Header) -> io::Result<Planned<'a>> {
        Ok(Planned {
            header,
            names: part(header, "names")?,
            playbook: part(header, "playbook")?,
            faults: part(header, "faults")?,
            messages: optional_list(header, "messages")?,
            expect: part(header, "expect")?,
        })
    }

    /// `17:05`, or with seconds where there are any.
    pub fn clock(&self, time: Time) -> String {
        self.header.calendar.short(time)
    }

    /// `7 November 2018`.
    pub fn day(&self) -> String {
        self.header.calendar.starts().strftime("%-d %B %Y").to_string()
    }

    /// `17:00 to 20:00 America/New_York`.
    pub fn hours(&self) -> String {
        let (from, to) = (Time::ZERO, Time::ZERO + self.header.lasts);
        let day = |time| self.header.calendar.at(time).date();
        let zone = self.header.calendar.zone().iana_name().unwrap_or_default();
        let until = match day(from) == day(to) {
            true => self.clock(to),
            false => format!("{} {}", day(to), self.clock(to)),
        };
        format!("{} to {until} {zone}", self.clock(from))
    }

    /// The name of a change.
    pub fn change(&self, change: ChangeId) -> String {
        shown(&self.names.changes[change.index()])
    }

    /// The name of a person.
    pub fn person(&self, person: PersonId) -> String {
        shown(&self.names.people[person.index()])
    }

    /// The full name of a person, and what the plan calls them where that is something else.
    pub fn full_name(&self, person: PersonId) -> String {
        let short = self.person(person);
        match &self.playbook.roster.people[person.index()].name {
            Some(full) if full.to_lowercase() == short.trim_end_matches('?').to_lowercase() => {
                let doubt = if short.ends_with('?') { "?" } else { "" };
                format!("{}{doubt}", shown(full))
            }
            Some(full) => format!("{} ({short})", shown(full)),
            None => short,
        }
    }

    /// The name of a role.
    pub fn role(&self, role: RoleId) -> String {
        shown(&self.names.roles[role.index()])
    }

    /// `the comms`, `rachael`, `everyone`; a line to write on where nobody has said who.
    pub fn audience(&self, audience: Audience) -> String {
        match audience {
            Audience::Role(role) if self.names.roles[role.index()] == "?" => BLANK.to_string(),
            Audience::Role(role) => self.role(role),
            Audience::Person(person) => self.person(person),
            Audience::Everyone => EVERYONE.to_string(),
        }
    }

    /// Those who hold a role, the first to be asked first.
    pub fn holders(&self, role: RoleId) -> Vec<PersonId> {
        self.playbook.roster.holders(role).collect()
    }

    /// When a person is on duty while the gameday lasts: `17:00 to 20:00`, `not on duty`.
    pub fn duty(&self, person: PersonId) -> String {
        let end = Time::ZERO + self.header.lasts;
        let person = &self.playbook.roster.people[person.index()];
        if person.unnamed {
            return "nobody is named yet".to_string();
        }
        let hours = person.on_duty.iter().filter(|(from, to)| *from < end && *to > *from);
        let hours: Vec<String> = hours
            .map(|(from, to)| match (*from == Time::ZERO, *to >= end) {
                (true, true) => "all the time".to_string(),
                (_, true) => format!("from {}", self.clock(*from)),
                _ => format!("{} to {}", self.clock(*from), self.clock(*to)),
            })
            .collect();
        if hours.is_empty() { "not on duty".to_string() } else { hours.join(", ") }
    }

    /// Every step of every play, with the play's name.
    pub fn steps(&self) -> impl Iterator<Item = (&str, &Step)> {
        let plays = self.playbook.plays.iter().zip(&self.names.plays);
        plays.flat_map(|(play, name)| play.steps.iter().map(move |step| (name.as_str(), step)))
    }

    /// Everything that plays tell somebody, with the play's name.
    pub fn tells(&self) -> impl Iterator<Item = (&str, &TellStep)> {
        self.steps().flat_map(|(name, step)| step.tells().into_iter().map(move |tell| (name, tell)))
    }
}

/// What a plan has only where there is some of it.
fn optional_list<T: DeserializeOwned>(header: &Header, key: &str) -> io::Result<Vec<T>> {
    if header.plan.get(key).is_some() { part(header, key) } else { Ok(Vec::new()) }
}

fn part<T: DeserializeOwned>(header: &Header, key: &str) -> io::Result<T> {
    let value = header.plan.get(key).cloned().unwrap_or_default();
    serde_json::from_value(value).map_err(|error| {
        let problem = format!("the header holds no whole plan: `{key}`: {error}");
        io::Error::new(io::ErrorKind::InvalidData, problem)
    })
}

/// A string from outside: control and direction-changing characters written out. Markup is escaped
/// where it is put into the page.
pub(super) fn shown(text: &str) -> String {
    for_terminal(text, LONGEST)
}

/// `T+1h 5m`.
pub(super) fn after(time: Time) -> String {
    format!("T+{}", Span(time.0))
}

/// One of a session, ready to be told of.
pub(super) struct SessionPart<'a> {
    pub plan: Planned<'a>,
    pub file: &'a str,
    /// How players know it: `Exercise 1`.
    pub name: String,
    pub room: Span,
}

/// What an exercise is to show, in words that give no fault away.
pub(super) fn wanted(plan: &Planned) -> Vec<String> {
    let words = plan.expect.iter().map(|expectation| match expectation {
        Expectation::Detected { within, .. } => format!("It is noticed within {within}"),
        Expectation::Recovered { within, all_clear: true, .. } => {
            format!("The all clear is given within {within}")
        }
        Expectation::Recovered { within, .. } => {
            format!("Service is restored within {within}")
        }
        Expectation::Contained { within, .. } => {
            format!("A maintenance page is up within {within}")
        }
        Expectation::Play { play } => format!("The play {} is followed", shown(play)),
        Expectation::NoAlerts => "Nobody is paged needlessly".to_string(),
        Expectation::Alerts { alerts } => format!("The right rules fire: {}", names(alerts)),
        Expectation::Told { whom, within: Some(within), .. } => {
            format!("{} is first told within {within}", shown(whom))
        }
        Expectation::Told { whom, within: None, .. } => {
            format!("{} is first told before a change is made", shown(whom))
        }
        Expectation::Updates { whom, every } => {
            format!("{} is updated every {every}", shown(whom))
        }
        Expectation::MessageTold { told, within, .. } => {
            format!("{} hears within {within} what was reported", shown(told))
        }
        Expectation::Silent { alerts } => format!("These rules stay silent: {}", names(alerts)),
    });
    let mut wanted: Vec<String> = words.collect();
    wanted.dedup();
    if wanted.is_empty() {
        wanted.push("The scenario sets no limit: agree on one beforehand".to_string());
    }
    wanted
}

fn names(alerts: &[String]) -> String {
    alerts.iter().map(|alert| shown(alert)).collect::<Vec<_>>().join(", ")
}
