//! Whether what is said makes sense right now, whom it reaches, and what it settles.

use super::command::Command;
use super::room::{Act, AskKind, Room};
use super::talk::Talk;
use crate::decision::{Audience, Message, ToTell};
use crate::gameday::{OpenMessage, OwedMessage};
use crate::names::{ChannelId, Names, PersonId};

/// The text of a message for which nobody gave one.
const WORD: &str = "where the incident stands";

impl Room<'_> {
    /// Messages that somebody in the room has not read, or of which nobody in the room has told
    /// whoever must be told, oldest first.
    pub fn open_messages(&self) -> Vec<OpenMessage> {
        self.gameday.open_messages()
    }

    /// The words behind the ids.
    pub fn names(&self) -> &Names {
        &self.plan.names
    }

    /// What people in the room have to tell by the plan, and have not told yet, oldest first.
    pub fn owed(&self) -> Vec<OwedMessage> {
        self.gameday.owed()
    }

    /// Whether it can be said right now, and what it does.
    pub(super) fn talk(&self, talk: &Talk) -> Result<(Command, Act), String> {
        match talk {
            Talk::Say { to, by, from, expect, text } => {
                self.reaches(*to)?;
                let expect = expect.map(|(told, within)| ToTell {
                    audience: told,
                    within,
                    by: *by,
                    takes: None,
                });
                let (at, from, says) = (self.now, from.clone(), text.clone());
                let message = Message { at, to: *to, by: *by, from, says, expect };
                Ok((Command::Talk(talk.clone()), Act::Say(Box::new(message))))
            }
            Talk::Told { whom, by, text } => self.prepare_tell(*whom, *by, text.clone()),
        }
    }

    /// Whether somebody is there whom a message can be for.
    fn reaches(&self, to: Audience) -> Result<(), String> {
        let name = self.audience(to);
        match to {
            Audience::Person(person) => self.on_duty(person),
            _ if !self.gameday.present(to).is_empty() => Ok(()),
            Audience::Role(role) if self.plan.playbook.roster.holders(role).next().is_none() => {
                Err(format!("{name} is outside the team; `told {name}` says that they were told"))
            }
            _ => Err(format!("nobody in {name} is on duty now")),
        }
    }

    fn prepare_tell(
        &self,
        whom: Audience,
        by: Option<PersonId>,
        text: Option<String>,
    ) -> Result<(Command, Act), String> {
        let open = self.open_messages();
        let settled = open.iter().filter(|open| self.settles(whom, by, open));
        let settled: Vec<&OpenMessage> = settled.collect();
        let reader = settled.first().and_then(|open| open.read_by.or(open.to.first().copied()));
        let responder = self.gameday.newest_open().and_then(|(_, _, responder)| responder);
        let name = self.audience(whom);
        let owed = self.gameday.owed();
        let there = |owed: &&OwedMessage| self.on_duty(owed.from).is_ok();
        let owes =
            |owed: &&OwedMessage| owed.audience == whom && by.is_none_or(|by| owed.from == by);
        let owed = owed.iter().filter(there).find(owes);
        let from = by.or(reader).or(owed.map(|owed| owed.from)).or(responder);
        let from = from.ok_or_else(|| format!("say who tells: `told {name} by PERSON`"))?;
        // What is written down names who tells, and settles the same when it is read again.
        self.on_duty(from)?;
        let mut settled = settled;
        settled.retain(|open| self.settles(whom, Some(from), open));
        if whom == Audience::Person(from) {
            return Err(format!("{name} need not be told by {name}; say who tells"));
        }
        let about = || match (settled.first(), owed) {
            (Some(open), _) => format!("message {}: {}", open.number, open.message.says),
            (None, Some(owed)) => owed.text.clone(),
            (None, None) => WORD.to_string(),
        };
        let said = text.clone().unwrap_or_else(about);
        let messages = settled.iter().map(|open| open.number).collect();
        let act = Act::Told { from, whom, text: said, messages };
        Ok((Command::Talk(Talk::Told { whom, by: Some(from), text }), act))
    }

    /// Whether telling this audience is what had to follow from a message.
    fn settles(&self, whom: Audience, by: Option<PersonId>, open: &OpenMessage) -> bool {
        let Some(expect) = open.message.expect else { return false };
        let roster = &self.plan.playbook.roster;
        let holds = |person, role| roster.holders(role).any(|holder| holder == person);
        let told = match (expect.audience, whom) {
            // People outside the team are not part of `everyone`.
            (Audience::Role(role), Audience::Everyone) => roster.holders(role).next().is_some(),
            (_, Audience::Everyone) => true,
            (Audience::Person(one), Audience::Role(role)) => holds(one, role),
            (Audience::Role(role), Audience::Person(one)) => holds(one, role),
            (expected, whom) => expected == whom,
        };
        told && by.is_none_or(|by| open.to.contains(&by))
    }

    /// Whether an `ack` is for a message: nothing waits for a page of theirs, and a message does.
    pub(super) fn takes(&self, person: Option<PersonId>, channel: Option<ChannelId>) -> bool {
        let paged = self.awaited().iter().any(|open| {
            AskKind::from_question(&open.ask.question) == AskKind::Page
                && person.is_none_or(|person| open.ask.person == person)
                && channel.is_none_or(|channel| open.ask.channel == Some(channel))
        });
        !paged && self.unread(person, channel).is_some()
    }

    /// Somebody takes the oldest message that waits for them.
    pub(super) fn message_taken(
        &self,
        person: Option<PersonId>,
        channel: Option<ChannelId>,
    ) -> Result<(Command, Act), String> {
        let (open, who) = self.unread(person, channel).ok_or("no message waits for that")?;
        let (person, channel) = (Some(who), open.message.by);
        Ok((Command::Ack { person, channel, yes: true }, Act::Read(open.number, who)))
    }

    /// The oldest message that this person, or anybody, may have read just now.
    fn unread(
        &self,
        person: Option<PersonId>,
        channel: Option<ChannelId>,
    ) -> Option<(OpenMessage, PersonId)> {
        let by_channel = |open: &OpenMessage| channel.is_none() || open.message.by == channel;
        let open = self.open_messages().into_iter().filter(|open| open.read_by.is_none());
        open.filter(by_channel).find_map(|open| {
            let who = match person {
                Some(person) => open.to.contains(&person).then_some(person),
                None => open.to.first().copied(),
            };
            who.map(|who| (open, who))
        })
    }

    pub(super) fn audience(&self, audience: Audience) -> String {
        audience.name(&self.plan.names)
    }
}
