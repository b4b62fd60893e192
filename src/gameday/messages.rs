//! Messages that no play sends: they arrive, somebody reads them, and tells those who must be told.

use super::message_queue::{MessageStep, OpenMessage, QueuedMessage};
use super::{Control, Event, Gameday};
use crate::decision::{Audience, Message};
use crate::journal::{Evidence, MessageEntry, MessageStage};
use crate::names::{ChannelId, PersonId};
use crate::units::{Span, Time};

impl Gameday<'_> {
    /// Every message of the plan comes at its time.
    pub(super) fn expect_messages(&mut self) {
        for number in 0..self.messages.mail.len() {
            let at = self.messages.mail[number].message.at;
            self.agenda_enter(at, Control::Message(number, MessageStep::Comes));
        }
    }

    /// Somebody who is in no play says something now.
    pub fn say(&mut self, at: Time, message: Message) {
        let number = self.messages.add(message, true);
        self.arrive_at_reader(at, number);
        self.settle(at);
    }

    /// What messages wait for, as its time has come.
    pub(super) fn message_turn(&mut self, now: Time, number: usize, turn: MessageStep) {
        let person = match turn {
            MessageStep::Comes => return self.arrive_at_reader(now, number),
            MessageStep::Read(person) => Some(person),
            MessageStep::PassOn(person) => Some(person),
            MessageStep::Hears { who, .. } => who,
        };
        let seated = person.is_some_and(|person| self.seats.is_taken(person));
        match turn {
            MessageStep::Read(_) | MessageStep::PassOn(_) if seated => {}
            MessageStep::PassOn(person) => self.pass_on(now, number, person),
            _ if self.is_kept_from(number, turn, person) => {
                let who = person.expect("only people are busy");
                if !self.conditions.unreachable[who.index()] {
                    self.messages.deferred.push((number, who, turn));
                }
            }
            MessageStep::Read(person) => self.read(now, number, person, Evidence::Simulated),
            MessageStep::Hears { by, who } => {
                self.record_told(now, number, Some(by), who, Evidence::Simulated);
            }
            MessageStep::Comes => {}
        }
    }

    /// Whether somebody simulated is busy with something else, or cannot be reached. What is said
    /// face to face is always heard.
    fn is_kept_from(&self, number: usize, turn: MessageStep, person: Option<PersonId>) -> bool {
        let Some(person) = person.filter(|person| !self.seats.is_taken(*person)) else {
            return false;
        };
        let message = &self.messages.mail[number].message;
        let by = match turn {
            MessageStep::Hears { .. } => message.expect.and_then(|expect| expect.by),
            _ => message.by,
        };
        let gone = self.conditions.unreachable[person.index()];
        by.is_some() && (gone || self.monitor.is_busy(person))
    }

    /// Lets people who have become free go on; false if there is none.
    pub(super) fn deferred_messages(&mut self, now: Time) -> bool {
        let free = |(_, person, _): &(usize, PersonId, MessageStep)| !self.monitor.is_busy(*person);
        let Some(position) = self.messages.deferred.iter().position(free) else { return false };
        let (number, _, turn) = self.messages.deferred.remove(position);
        self.message_turn(now, number, turn);
        true
    }

    fn arrive_at_reader(&mut self, now: Time, number: usize) {
        let to = self.monitor.present(now, self.messages.mail[number].message.to);
        let mail = &mut self.messages.mail[number];
        (mail.at, mail.to) = (Some(now), to.clone());
        let (by, evidence) = (mail.message.by, mail.evidence);
        self.note_message(now, number, MessageStage::Sent, by, evidence, (None, None));
        for person in to {
            if !self.seats.is_taken(person) {
                self.draw_a_reading(now, number, person);
            }
        }
    }

    /// Draws when somebody simulated reads a message, if ever.
    fn draw_a_reading(&mut self, now: Time, number: usize, person: PersonId) {
        let by = self.messages.mail[number].message.by;
        if let Some(after) = self.reached_after(number, "reads", person, by) {
            self.agenda_enter(now + after, Control::Message(number, MessageStep::Read(person)));
        }
    }

    /// How long it takes until somebody is reached; `None`: not at all.
    fn reached_after(
        &mut self,
        number: usize,
        what: &str,
        person: PersonId,
        by: Option<ChannelId>,
    ) -> Option<Span> {
        let Some(by) = by else { return Some(Span::ZERO) };
        if self.conditions.unreachable[person.index()] {
            return None;
        }
        let messages = &mut self.messages;
        let channel = self.plan.playbook.roster.channel(person, by);
        let name = &self.plan.names.people[person.index()];
        let key = messages.mail[number].key.named(what).named(name);
        messages.draws.answers(person, by, key.child(0).unit());
        key.child(0).chance(channel.answers).then(|| key.child(1).spread(channel.after))
    }

    /// Somebody whom it is for has read it; the first who does tells whoever must be told.
    fn read(&mut self, now: Time, number: usize, person: PersonId, evidence: Evidence) {
        if self.messages.mail[number].read_by.is_some() {
            return;
        }
        self.messages.mail[number].read_by = Some(person);
        let by = self.messages.mail[number].message.by;
        let (read, who) = (MessageStage::Read, (Some(person), None));
        self.note_message(now, number, read, by, evidence, who);
        if !self.seats.is_taken(person) {
            self.begin_to_tell(now, number, person);
        }
    }

    fn begin_to_tell(&mut self, now: Time, number: usize, person: PersonId) {
        let mail = &self.messages.mail[number];
        let Some(expect) = mail.message.expect else { return };
        let takes = expect.takes.map(|takes| mail.key.named("takes").spread(takes));
        let at = now + takes.unwrap_or(Span::ZERO);
        self.agenda_enter(at, Control::Message(number, MessageStep::PassOn(person)));
    }

    /// Whoever has read it tries to reach those who must be told.
    fn pass_on(&mut self, now: Time, number: usize, person: PersonId) {
        let mail = &self.messages.mail[number];
        let Some(expect) = mail.message.expect.filter(|_| !mail.told) else { return };
        let roster = &self.plan.playbook.roster;
        let holds = |role| roster.holders(role).next().is_some();
        if matches!(expect.audience, Audience::Role(role) if !holds(role)) {
            return self.record_told(now, number, Some(person), None, Evidence::Simulated);
        }
        let targets = self.monitor.present(now, expect.audience);
        if targets.contains(&person) {
            return self.record_told(now, number, Some(person), Some(person), Evidence::Simulated);
        }
        for who in targets {
            let after = match self.seats.is_taken(who) {
                true => Some(Span::ZERO),
                false => self.reached_after(number, "hears", who, expect.by),
            };
            if let Some(after) = after {
                let turn = MessageStep::Hears { by: person, who: Some(who) };
                self.agenda_enter(now + after, Control::Message(number, turn));
            }
        }
    }

    fn record_told(
        &mut self,
        now: Time,
        number: usize,
        by: Option<PersonId>,
        who: Option<PersonId>,
        evidence: Evidence,
    ) {
        if std::mem::replace(&mut self.messages.mail[number].told, true) {
            return;
        }
        let channel = self.messages.mail[number].message.expect.and_then(|expect| expect.by);
        let channel = channel.filter(|_| by != who && evidence.is_simulated());
        self.note_message(now, number, MessageStage::Told, channel, evidence, (by, who));
    }

    fn note_message(
        &mut self,
        now: Time,
        number: usize,
        stage: MessageStage,
        channel: Option<ChannelId>,
        evidence: Evidence,
        (by, person): (Option<PersonId>, Option<PersonId>),
    ) {
        let words = &self.ledger.words;
        let QueuedMessage { message, at, to, .. } = &self.messages.mail[number];
        let person_of = |person: PersonId| words.person(person);
        let within = message.expect.and_then(|expect| expect.within);
        let entry = MessageEntry {
            message: number as u32 + 1,
            stage,
            incident: self.monitor.newest_open().map(|(incident, _, _)| incident.number()),
            from: message.from.clone(),
            audience: words.audience(message.to),
            to: to.iter().copied().map(person_of).collect(),
            channel: channel.map(|channel| words.channel(channel)),
            text: self.seats.message(message.says.clone()),
            must_tell: message.expect.map(|expect| words.audience(expect.audience)),
            due: at.zip(within).map(|(at, within)| at + within),
            by: by.map(person_of),
            person: person.map(person_of),
            evidence,
        };
        self.ledger.write(now, Event::Message(Box::new(entry)));
    }

    /// Messages that somebody in the room has not read, or of which nobody in the room has told
    /// whoever must be told, oldest first.
    pub fn open_messages(&self) -> Vec<OpenMessage> {
        let open = self.messages.mail.iter().enumerate().filter_map(|(number, mail)| {
            let seated = mail.to.iter().copied().filter(|person| self.seats.is_taken(*person));
            let to: Vec<PersonId> = seated.collect();
            let reader = mail.read_by.is_none_or(|reader| to.contains(&reader));
            let waits = mail.read_by.is_none() || (mail.message.expect.is_some() && !mail.told);
            let open = !to.is_empty() && reader && waits;
            open.then_some(OpenMessage {
                number: number as u32 + 1,
                message: mail.message.clone(),
                at: mail.at?,
                to,
                read_by: mail.read_by,
            })
        });
        open.collect()
    }

    /// Messages that have not come yet, with when they do.
    pub fn coming_messages(&self) -> Vec<(Time, &Message)> {
        let ahead = self.messages.mail.iter().filter(|mail| mail.at.is_none());
        ahead.map(|mail| (mail.message.at, &mail.message)).collect()
    }

    /// Those of an audience who are on duty now.
    pub fn present(&self, audience: Audience) -> Vec<PersonId> {
        self.monitor.present(self.site.now(), audience)
    }

    /// Somebody in the room has read a message.
    pub fn message_read(&mut self, at: Time, number: u32, person: PersonId) {
        let number = number as usize - 1;
        self.read(at, number, person, Evidence::Measured);
        let told = self.messages.mail[number].message.expect.map(|expect| expect.audience);
        if told.is_some_and(|told| self.monitor.present(at, told).contains(&person)) {
            self.record_told(at, number, Some(person), Some(person), Evidence::Measured);
        }
    }

    /// Somebody tells somebody something in the room; that deals with these messages. Who was not
    /// known to have read them has.
    pub fn told_in_room(
        &mut self,
        at: Time,
        from: Option<PersonId>,
        audience: Audience,
        text: String,
        messages: &[u32],
    ) {
        let to = self.monitor.present(at, audience);
        let words = &self.ledger.words;
        let others = to.iter().copied().filter(|person| Some(*person) != from);
        let event = Event::Tell {
            incident: self.monitor.newest_open().map(|(incident, _, _)| incident.number()),
            from: from.map(|person| words.person(person)),
            audience: words.audience(audience),
            to: others.map(|person| words.person(person)).collect(),
            text: self.seats.message(text),
            evidence: Evidence::Measured,
        };
        self.ledger.write(at, event);
        self.mark_told(audience, &to);
        for number in messages.iter().map(|number| *number as usize - 1) {
            let mail = &self.messages.mail[number];
            let told = mail.message.expect.map(|expect| self.monitor.present(at, expect.audience));
            let who = told.and_then(|told| told.into_iter().find(|person| to.contains(person)));
            if let Some(from) = from.filter(|from| mail.to.contains(from)) {
                self.read(at, number, from, Evidence::Measured);
            }
            self.record_told(at, number, from, who, Evidence::Measured);
        }
        self.settle(at);
    }

    /// Somebody is simulated from now on, and may have messages waiting.
    pub(super) fn leave_messages(&mut self, now: Time, person: PersonId) {
        for number in 0..self.messages.mail.len() {
            let mail = &self.messages.mail[number];
            match mail.read_by {
                None if mail.at.is_some() && mail.to.contains(&person) => {
                    self.draw_a_reading(now, number, person);
                }
                Some(reader) if reader == person && !mail.told => {
                    self.begin_to_tell(now, number, person);
                }
                _ => {}
            }
        }
    }
}
