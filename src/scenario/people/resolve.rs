//! People, channels, escalations.

use crate::decision::{Audience, EVERYONE};
use crate::journal::{FindingKind, OpenPoint, Severity};
use crate::language::problem::quoted;
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::names::{ChannelId, PersonId, RoleId};
use crate::people::{Channel, Escalation, Person, Roster};
use crate::scenario::document::Document;
use crate::scenario::intern::NOBODY_YET;
use crate::scenario::people::written::{WrittenChannel, WrittenEscalation, WrittenPerson};
use crate::scenario::resolver::Resolver;
use crate::units::{Span, Time};

/// The longest full name: it has to fit into a cell of a contact sheet.
const LONGEST_NAME: usize = 80;

impl Resolver<'_> {
    /// The channels, in file order.
    pub fn channels(&mut self, document: &Document) -> Vec<Channel> {
        let channels = document.channels.iter().flat_map(|channels| &channels.0);
        channels.filter_map(|(_, channel)| resolved(channel.as_ref()?)).collect()
    }

    /// The people, in file order, unnamed ones included.
    pub fn people(&mut self, document: &Document) -> Vec<Person> {
        let people = document.people.iter().flat_map(|people| &people.0);
        people.filter_map(|(name, person)| self.person(name, person.as_ref()?, document)).collect()
    }

    fn person(
        &mut self,
        name: &Placed<String>,
        person: &WrittenPerson,
        document: &Document,
    ) -> Option<Person> {
        let names = self.names;
        let named = match person {
            WrittenPerson::Named(named) => named,
            WrittenPerson::Unnamed(_) => {
                let point = OpenPoint::Vacant { role: name.value.clone() };
                self.finding(FindingKind::Unnamed, Severity::High, point, name.place);
                let roles = vec![self.find(&names.roles, name, "role")?];
                let (on_duty, channels) = (vec![], vec![]);
                return Some(Person { name: None, roles, on_duty, channels, unnamed: true });
            }
        };
        if named.role.is_some() && named.roles.is_some() {
            self.error(named.place, "give `role` or `roles`, not both", "");
        }
        let roles: Vec<_> =
            named.role.iter().chain(named.roles.iter().flatten()).cloned().collect();
        let roles: Vec<RoleId> = self.find_all(&names.roles, &roles, "role");
        let on_duty = match &named.hours {
            Some(OneOrMany(hours)) => self.on_duty(hours, document),
            None => vec![(Time::ZERO, Time::ZERO + self.lasts)],
        };
        let channels = named.channels.iter().flat_map(|channels| &channels.0);
        let own = |(name, channel): &(Placed<String>, Option<WrittenChannel>)| {
            let id: ChannelId = self.find(&names.channels, name, "channel")?;
            Some((id, resolved(channel.as_ref()?)?))
        };
        let channels = channels.filter_map(own).collect();
        let full = named.name.as_ref().map(|full| self.full_name(full));
        Some(Person { name: full, roles, on_duty, channels, unnamed: false })
    }

    /// A name as papers show it.
    fn full_name(&mut self, name: &Placed<String>) -> String {
        let words = name.value.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() || words == "?" {
            self.error(
                name.place,
                "this is not a name",
                "write the full name, or leave `name` out",
            );
        }
        if words.chars().count() > LONGEST_NAME {
            let message = format!("a name has at most {LONGEST_NAME} letters");
            self.error(name.place, message, "write the name alone");
        }
        words
    }

    /// The ladders, in file order.
    pub fn escalations(&mut self, document: &Document, roster: &Roster) -> Vec<Escalation> {
        let escalations = document.escalation.iter().flat_map(|Entries(entries)| entries);
        escalations
            .filter_map(|(name, written)| self.escalation(name, written.as_ref()?, roster))
            .collect()
    }

    fn escalation(
        &mut self,
        name: &Placed<String>,
        written: &WrittenEscalation,
        roster: &Roster,
    ) -> Option<Escalation> {
        let names = self.names;
        let OneOrMany(tried) = written.people.as_ref()?;
        let mut people: Vec<PersonId> = Vec::new();
        for word in tried {
            let found = match names.roles.get_index_of(&word.value) {
                Some(role) if !names.people.contains(&word.value) => {
                    roster.holders(RoleId::from(role)).collect()
                }
                _ => Vec::from_iter(self.find(&names.people, word, "person")),
            };
            for person in found {
                if roster.people.get(person.index()).is_some_and(|person| person.unnamed) {
                    let gap = &names.people[person.index()];
                    let text = format!(
                        "escalation {} needs {gap}, which nobody is assigned to",
                        name.value
                    );
                    self.finding(FindingKind::Unnamed, Severity::High, text, word.place);
                }
                if people.contains(&person) {
                    let message = format!("{} is tried twice", quoted(&word.value));
                    self.error(word.place, message, "use `rounds` to go through the list again");
                } else {
                    people.push(person);
                }
            }
        }
        if tried.is_empty() {
            self.error(written.place, "this escalation tries nobody", "");
        }
        let by = self.channels_or_all(written.by.as_ref(), name);
        if let Some(each) = &written.each {
            self.at_least(each, Span::SECOND, "nobody answers within less than a second");
        }
        let each = written.each.map_or(Span::MINUTE * 2, |each| each.value);
        let rounds = written.rounds.as_ref().map_or(1, |rounds| self.between(rounds, 1..=100));
        Some(Escalation { people, by, each, rounds })
    }

    /// The channels named, or all of them in file order.
    pub fn channels_or_all(
        &mut self,
        by: Option<&OneOrMany<Placed<String>>>,
        user: &Placed<String>,
    ) -> Vec<ChannelId> {
        let names = self.names;
        if names.channels.is_empty() && !self.problems.any_error() {
            let hint = "channels: {phone: {answers: 85%, after: ~1m}}";
            self.error(user.place, "there are no channels to reach people by", hint);
        }
        match by {
            Some(OneOrMany(by)) => self.find_all(&names.channels, by, "channel"),
            None => (0..names.channels.len()).map(ChannelId::from).collect(),
        }
    }

    /// A role that somebody holds; a finding if only those hold it who are not named yet.
    pub fn role(&mut self, role: &Placed<String>, roster: &Roster) -> Option<RoleId> {
        let names = self.names;
        let id: RoleId = self.find(&names.roles, role, "role")?;
        let named = |person: PersonId| {
            roster.people.get(person.index()).is_some_and(|person| !person.unnamed)
        };
        if !roster.holders(id).any(named) && !self.problems.any_error() {
            let text = match role.value.as_str() {
                NOBODY_YET => "nobody has said who is to be asked: it will stall".to_string(),
                role => format!("{role} is asked, but nobody is assigned to it: it will stall"),
            };
            self.finding(FindingKind::Unnamed, Severity::High, text, role.place);
        }
        Some(id)
    }

    /// A role, a person, or everyone.
    pub fn audience(&mut self, name: &Placed<String>) -> Option<Audience> {
        let names = self.names;
        if name.value == EVERYONE {
            return Some(Audience::Everyone);
        }
        if let Some(role) = names.roles.get_index_of(&name.value) {
            if name.value == NOBODY_YET {
                let text = "nobody has said who is to be told".to_string();
                self.finding(FindingKind::Unnamed, Severity::Medium, text, name.place);
            }
            return Some(Audience::Role(role.into()));
        }
        if let Some(person) = names.people.get_index_of(&name.value) {
            return Some(Audience::Person(person.into()));
        }
        let mut known =
            names.roles.union(&names.people).cloned().collect::<indexmap::IndexSet<_>>();
        known.insert(EVERYONE.to_string());
        self.find::<usize>(&known, name, "role or person");
        None
    }
}

fn resolved(channel: &WrittenChannel) -> Option<Channel> {
    Some(Channel { answers: channel.answers?, after: channel.after? })
}
