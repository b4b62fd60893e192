//! Messages: names resolved to ids.

use super::written::{WrittenMessage, WrittenToTell};
use crate::decision::{Audience, EVERYONE, Message, ToTell};
use crate::journal::{Expectation, FindingKind, Severity};
use crate::language::problem::{Problem, quoted};
use crate::language::value::calendar::MomentSpec;
use crate::language::written::{OneOrMany, Placed, check_length};
use crate::people::Roster;
use crate::scenario::document::{Document, Expect, ToldBound};
use crate::scenario::intern::NOBODY_YET;
use crate::scenario::people::written::WrittenPerson;
use crate::scenario::resolver::Resolver;
use crate::units::{Span, Time};

/// The most characters of a message.
const LONGEST: usize = 2_000;
/// The most messages of a scenario.
const MOST: usize = 1_000;

impl Resolver<'_> {
    /// The messages, in file order, without those of which nobody knows when they come.
    pub fn messages(&mut self, document: &Document, roster: &Roster) -> Vec<Message> {
        let written = document.messages.as_deref().unwrap_or_default();
        if let Some(one_too_many) = written.get(MOST) {
            let message = format!("there are {} messages, the maximum is {MOST}", written.len());
            self.error(one_too_many.place, message, "");
        }
        written.iter().filter_map(|message| self.message_of(message, roster)).collect()
    }

    fn message_of(&mut self, written: &WrittenMessage, roster: &Roster) -> Option<Message> {
        let (at, to) = (written.at.as_ref(), written.to.as_ref());
        let says = written.says.as_ref().filter(|says| self.is_said(says));
        if let Some(from) = &written.from {
            check_length("the sender", &from.value, from.place, self.problems);
        }
        let to = to.and_then(|to| self.reader(to, roster));
        let by = self.by_channel(written.by.as_ref())?;
        let expect = match &written.expect {
            Some(expect) => Some(self.resolve_to_tell(expect, by)?),
            None => None,
        };
        let at = self.sent_at(at?)?;
        let from = written.from.as_ref().map(|from| from.value.clone());
        let from = from.filter(|from| !from.trim().is_empty() && from != NOBODY_YET);
        Some(Message { at, to: to?, by, from, says: says?.value.clone(), expect })
    }

    fn is_said(&mut self, says: &Placed<String>) -> bool {
        let length = says.value.chars().count();
        if length > LONGEST {
            let message = format!("the message has {length} characters");
            self.error(says.place, message, &format!("write {LONGEST} at most"));
        }
        length <= LONGEST
    }

    fn sent_at(&mut self, at: &Placed<MomentSpec>) -> Option<Time> {
        if at.value == MomentSpec::Open {
            let text = "nobody knows when this message comes: it is left out".to_string();
            self.finding(FindingKind::Untimed, Severity::Medium, text, at.place);
            return None;
        }
        let time = self.moment(at)?;
        if time >= Time::ZERO + self.lasts && self.lasts > Span::ZERO {
            let message = "this message comes after the scenario has ended";
            self.problems.push(Problem::warning(at.place, message));
        }
        Some(time)
    }

    /// Whom a message is for: somebody of the team.
    fn reader(&mut self, to: &Placed<String>, roster: &Roster) -> Option<Audience> {
        if to.value == NOBODY_YET {
            let text = "nobody has said whom this message is for: it is left out".to_string();
            self.finding(FindingKind::Unnamed, Severity::Medium, text, to.place);
            return None;
        }
        let audience = self.audience(to)?;
        if let Audience::Role(role) = audience
            && !self.problems.any_error()
        {
            let mut holders = roster.holders(role);
            if holders.by_ref().next().is_none() {
                let message = format!("{} is outside the team", quoted(&to.value));
                let hint = "a message is for a role or a person of `people`; who is outside may \
                            be its `from`";
                self.error(to.place, message, hint);
                return None;
            }
            self.role_if_role(to, roster);
        }
        Some(audience)
    }

    fn by_channel(
        &mut self,
        by: Option<&Placed<String>>,
    ) -> Option<Option<crate::names::ChannelId>> {
        let names = self.names;
        match by {
            None => Some(None),
            Some(by) => self.find(&names.channels, by, "channel").map(Some),
        }
    }

    /// Somebody who can be told as one: not everyone.
    fn single_audience(&mut self, name: &Placed<String>) -> Option<Audience> {
        let audience = self.audience(name)?;
        if audience == Audience::Everyone {
            let message = "`everyone` is never told as a whole";
            self.error(name.place, message, "name the role or the person that must be told");
            return None;
        }
        Some(audience)
    }

    fn resolve_to_tell(
        &mut self,
        written: &WrittenToTell,
        by: Option<crate::names::ChannelId>,
    ) -> Option<ToTell> {
        let told = written.told.as_ref()?;
        let audience = self.single_audience(told)?;
        if let Some(within) = &written.within {
            self.positive(within, "within");
        }
        let own = self.by_channel(written.by.as_ref())?;
        Some(ToTell {
            audience,
            within: written.within.map(|within| within.value),
            by: own.or(by),
            takes: written.takes.map(|takes| takes.value),
        })
    }

    /// What messages expect, each of them numbered as the journal counts it.
    pub fn told_of_messages(&self, messages: &[Message]) -> Vec<Expectation> {
        let names = self.names;
        let expected = messages.iter().enumerate().filter_map(|(index, message)| {
            let expect = message.expect?;
            let told = expect.audience.name(names);
            let (message, from) = (index as u32 + 1, message.from.clone());
            Some(Expectation::MessageTold { message, from, told, within: expect.within? })
        });
        expected.collect()
    }

    /// Who must have word of an incident by when.
    pub fn told_of_incidents(&mut self, expect: &Expect) -> Vec<Expectation> {
        let mut all = Vec::new();
        for (name, bound) in expect.told.iter().flat_map(|told| &told.0) {
            let (Some(_), Some(bound)) = (self.single_audience(name), bound) else { continue };
            let whom = name.value.clone();
            let ToldBound { within, before_change, every } = bound.value;
            if within.is_none() && !before_change && every.is_none() {
                let text = format!("nobody has said by when {whom} must be told");
                self.finding(FindingKind::Unfilled, Severity::Medium, text, bound.place);
            }
            if within.is_some() || before_change {
                all.push(Expectation::Told { whom: whom.clone(), within, before_change });
            }
            all.extend(every.map(|every| Expectation::Updates { whom, every }));
        }
        all
    }

    /// People outside the team must not share a name with somebody on it.
    pub fn outside(&mut self, document: &Document) {
        let mut known: Vec<&str> = Vec::new();
        for name in document.outside.iter().flat_map(|OneOrMany(names)| names) {
            check_length("the name", &name.value, name.place, self.problems);
            let shown = quoted(&name.value);
            let inside =
                document.people.iter().flat_map(|people| &people.0).any(|(who, person)| {
                    let holds = |role: &Placed<String>| role.value == name.value;
                    let roles = match person {
                        Some(WrittenPerson::Named(person)) => {
                            person.role.iter().any(holds)
                                || person.roles.iter().flatten().any(holds)
                        }
                        _ => false,
                    };
                    who.value == name.value || roles
                });
            let message = match name.value.as_str() {
                word if word.trim().is_empty() => "this name is empty".to_string(),
                NOBODY_YET | EVERYONE => format!("{shown} is not a name"),
                _ if inside => format!("{shown} is of the team: `people` has this name"),
                word if known.contains(&word) => format!("{shown} is given twice"),
                word => {
                    known.push(word);
                    continue;
                }
            };
            self.error(name.place, message, "outside: [public, partner]");
        }
    }
}
