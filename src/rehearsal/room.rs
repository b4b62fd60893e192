//! The room: a gameday with people in it, and what their words do to it.

use super::command::{Command, TypedCommand, fault, is_written};
use super::find::people;
use super::improvised::{NO_INCIDENT, STATUS};
use crate::decision::{AskId, Audience, ImprovisedAct, Message, Question, Reply};
use crate::gameday::{Finished, Gameday, OngoingDeploy, OpenAsk, Trial};
use crate::journal::{Entry, Event, Header, RoomKind};
use crate::names::{ChangeId, ChannelId, PersonId};
use crate::scenario::Plan;
use crate::units::Time;

/// A gameday with people in it.
pub struct Room<'p> {
    pub(super) plan: &'p Plan,
    pub(super) header: &'p Header,
    pub(super) gameday: Gameday<'p>,
    pub(super) now: Time,
}

/// A command that makes sense right now, with everything found that was left out.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedCommand {
    /// In full, as it is written to disk.
    pub written: String,
    /// What it does.
    pub command: Command,
    act: Act,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    Reply(AskId, Reply, Option<String>),
    Start(OngoingDeploy),
    End(OngoingDeploy, bool),
    /// What nobody planned, how it is written down, and who asked for it.
    Improvise(ImprovisedAct, RoomKind, String, Option<String>),
    /// A message comes.
    Say(Box<Message>),
    /// Somebody tells somebody something, which settles these messages.
    Told {
        from: PersonId,
        whom: Audience,
        text: String,
        messages: Vec<u32>,
    },
    /// Somebody has read a message.
    Read(u32, PersonId),
    /// Somebody takes a seat, or leaves it.
    Seat(PersonId, bool),
    /// Only written down.
    Enter(RoomKind, String),
    Nothing,
}

/// Which kind of question a command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskKind {
    Page,
    Declare,
    Diagnose,
    Decide,
}

impl AskKind {
    pub(super) fn from_question(question: &Question) -> AskKind {
        match question {
            Question::Page { .. } | Question::Work { .. } => AskKind::Page,
            Question::Declare { .. } => AskKind::Declare,
            Question::Diagnose { .. } => AskKind::Diagnose,
            Question::Decide { .. } => AskKind::Decide,
        }
    }

    fn word(self) -> &'static str {
        match self {
            AskKind::Page => "paged",
            AskKind::Declare => "asked whether this is an incident",
            AskKind::Diagnose => "asked which change",
            AskKind::Decide => "asked to decide",
        }
    }
}

impl<'p> Room<'p> {
    /// A room at the start of its gameday.
    pub fn new(plan: &'p Plan, header: &'p Header, trial: Trial, seats: &[PersonId]) -> Self {
        let gameday = Gameday::new(plan, header, trial).with_seats(seats);
        Room { plan, header, gameday, now: Time::ZERO }
    }

    /// The moment reached.
    pub fn now(&self) -> Time {
        self.now
    }

    /// When the scenario is over.
    pub fn end(&self) -> Time {
        Time::ZERO + self.plan.lasts
    }

    /// The moment of the next thing that happens by itself.
    pub fn next_at(&self) -> Time {
        self.gameday.next_at()
    }

    /// Plays on up to a moment; one that is past is harmless.
    pub fn run_to(&mut self, at: Time) {
        self.now = self.now.max(at.min(self.end()));
        self.gameday.run_to(self.now);
    }

    /// The entries since the last call, in order.
    pub fn drain(&mut self) -> Vec<Entry> {
        self.gameday.drain()
    }

    /// What people in the room were asked and something still waits for, oldest first.
    pub fn awaited(&self) -> Vec<&OpenAsk> {
        let open = self.gameday.open_asks().iter();
        open.filter(|open| self.gameday.awaits(open.ask.id)).collect()
    }

    /// Closes the books at the moment reached.
    pub fn finish(mut self) -> Finished {
        if self.now == self.end() {
            while self.gameday.step().is_some() {}
        }
        self.gameday.finish()
    }

    /// Whether the command makes sense right now, and what exactly it means. The error says why
    /// not, and what to type instead.
    pub fn prepare(&self, command: &Command) -> Result<PreparedCommand, String> {
        let (command, act) = match command {
            Command::Ack { person, channel, yes: true } if self.takes(*person, *channel) => {
                self.message_taken(*person, *channel)?
            }
            Command::Ack { person, channel, yes } => {
                let open = self.pick(AskKind::Page, *person, *channel)?;
                let (person, channel) = (Some(open.ask.person), open.ask.channel);
                let act = Act::Reply(open.ask.id, yes_or_no(*yes), None);
                (Command::Ack { person, channel, yes: *yes }, act)
            }
            Command::Declare { person, yes } => {
                let open = self.pick(AskKind::Declare, *person, None)?;
                let person = Some(open.ask.person);
                let act = Act::Reply(open.ask.id, yes_or_no(*yes), None);
                (Command::Declare { person, yes: *yes }, act)
            }
            Command::Choose { change, person } => {
                let open = self.pick(AskKind::Diagnose, *person, None)?;
                self.may_choose(open, *change)?;
                let person = Some(open.ask.person);
                let act = Act::Reply(open.ask.id, Reply::Choice(*change), None);
                (Command::Choose { change: *change, person }, act)
            }
            Command::Decide(said) => self.decision(said)?,
            Command::Answer(said) => return self.prepare(&self.answer(said)?),
            Command::Start(change) => {
                let deploy = self.deploy(*change)?;
                if deploy.by_hand {
                    let name = self.change(deploy.change);
                    return Err(format!("{name} is already being made by hand; `done` ends it"));
                }
                (Command::Start(Some(deploy.change)), Act::Start(deploy))
            }
            Command::Done(change) => {
                let deploy = self.deploy(*change)?;
                (Command::Done(Some(deploy.change)), Act::End(deploy, false))
            }
            Command::Failed(change) => {
                let deploy = self.deploy(*change)?;
                (Command::Failed(Some(deploy.change)), Act::End(deploy, true))
            }
            Command::Inject(text) => self.injection(text)?,
            Command::Improvise(what) => self.improvisation(what)?,
            Command::Talk(what) => self.talk(what)?,
            other => (other.clone(), recorded_act(other)),
        };
        Ok(PreparedCommand { written: command.written(&self.plan.names), command, act })
    }

    /// Does what was prepared, at the moment reached.
    pub fn act(&mut self, prepared: PreparedCommand) {
        let now = self.now;
        match prepared.act {
            Act::Reply(ask, reply, wants) => {
                let said = self.gameday.reply(now, ask, reply, wants);
                said.expect("the ask was open a moment ago");
            }
            Act::Start(deploy) => {
                let text = format!("{} is made by hand", self.change(deploy.change));
                self.gameday.enter(now, RoomKind::Start, text);
                self.gameday.take_in_hand(deploy);
            }
            Act::End(deploy, failed) => {
                let how = if failed { "has failed" } else { "is done" };
                let text = format!("{} {how}, says the room", self.change(deploy.change));
                self.gameday.enter(
                    now,
                    if failed { RoomKind::Failed } else { RoomKind::Done },
                    text,
                );
                self.gameday.end_deploy(now, deploy, failed);
            }
            Act::Improvise(what, kind, text, whom) => {
                self.gameday.enter_for(now, kind, text, whom);
                self.gameday.improvise(now, what);
            }
            Act::Seat(person, true) => {
                let text = format!("{} takes a seat", self.person(person));
                self.gameday.enter(now, RoomKind::Seat, text);
                self.gameday.take_seat(person);
            }
            Act::Seat(person, false) => {
                let text = format!("{} leaves, and is simulated", self.person(person));
                self.gameday.enter(now, RoomKind::Leave, text);
                self.gameday.leave_seat(now, person);
            }
            Act::Say(message) => self.gameday.say(now, *message),
            Act::Told { from, whom, text, messages } => {
                self.gameday.told_in_room(now, Some(from), whom, text, &messages);
            }
            Act::Read(message, person) => self.gameday.message_read(now, message, person),
            Act::Enter(kind, text) => self.gameday.enter(now, kind, text),
            Act::Nothing => {}
        }
    }

    /// Reads, prepares and does what was once typed at a moment.
    pub fn replay(&mut self, input: &TypedCommand) -> Result<(), String> {
        self.run_to(input.at);
        let command = Command::parse(&input.text, &self.plan.names)?;
        let prepared = self.prepare(&command)?;
        self.act(prepared);
        Ok(())
    }

    /// The open ask that an answer of this kind is for: one that something waits for, else the
    /// latest, which will be late.
    pub(super) fn pick(
        &self,
        asked: AskKind,
        person: Option<PersonId>,
        channel: Option<ChannelId>,
    ) -> Result<&OpenAsk, String> {
        let fits = |open: &&OpenAsk| AskKind::from_question(&open.ask.question) == asked;
        let of_person = |open: &&OpenAsk| person.is_none_or(|person| open.ask.person == person);
        let by_channel =
            |open: &&OpenAsk| channel.is_none_or(|channel| open.ask.channel == Some(channel));
        let open = self.gameday.open_asks().iter().filter(fits).filter(of_person);
        let open: Vec<&OpenAsk> = open.collect();
        let mut awaited = self.awaited().into_iter().filter(fits).map(|open| open.ask.person);
        if let (None, Some(first)) = (person, awaited.next())
            && awaited.any(|other| other != first)
        {
            return Err("several people are asked; say who answers".to_string());
        }
        let chosen = open.iter().copied().filter(by_channel);
        let chosen = chosen.max_by_key(|open| (self.gameday.awaits(open.ask.id), open.ask.id));
        match chosen {
            Some(open) if open.ask.channel.is_some() => self.reachable(open),
            Some(open) => Ok(open),
            None => Err(self.why_not(asked, person, &open)),
        }
    }

    fn reachable<'a>(&self, open: &'a OpenAsk) -> Result<&'a OpenAsk, String> {
        if self.gameday.is_unreachable(open.ask.person) {
            let name = self.person(open.ask.person);
            return Err(format!("the scenario says that {name} answers nobody now"));
        }
        Ok(open)
    }

    /// Why no open ask fits. `others`: those of the person by another channel.
    fn why_not(&self, asked: AskKind, person: Option<PersonId>, others: &[&OpenAsk]) -> String {
        let what = asked.word();
        if let Some(open) = others.last() {
            let name = self.person(open.ask.person);
            let by =
                open.ask.channel.map_or("", |channel| &self.plan.names.channels[channel.index()]);
            let at = self.clock(open.asked_at);
            return format!("{name} was {what} by {by} at {at}, not by that channel");
        }
        let Some(person) = person else {
            let says = if self.is_quiet(asked) { NO_INCIDENT } else { STATUS };
            return format!("nobody in the room is {what} now; {says}");
        };
        let name = self.person(person);
        if !self.gameday.seats().contains(&person) {
            let seats = people(self.gameday.seats(), &self.plan.names);
            let seats = if seats.is_empty() { "nobody" } else { &seats };
            return format!(
                "{name} is simulated, the scenario answers; in the room: {seats} (`seat {name}`)"
            );
        }
        let mut said = self.gameday.story().entries().iter().rev();
        let answered = said.find_map(|entry| match &entry.event {
            Event::Answer { person, reply, question, .. } if person == name => {
                let at = self.clock(entry.at);
                Some(format!("; the last answer of {name} was `{reply}` to `{question}` at {at}"))
            }
            _ => None,
        });
        let after_all = match asked {
            AskKind::Decide => "; `do CHANGE` makes a change all the same",
            _ => "",
        };
        format!("{name} is not {what} now{}{after_all}", answered.unwrap_or_default())
    }

    fn may_choose(&self, open: &OpenAsk, change: ChangeId) -> Result<(), String> {
        let Question::Diagnose { among, .. } = &open.ask.question else { return Ok(()) };
        if among.iter().any(|(candidate, _)| *candidate == change) {
            return Ok(());
        }
        let among: Vec<&str> = among.iter().map(|(candidate, _)| self.change(*candidate)).collect();
        let name = self.change(change);
        Err(format!("{name} is not among the play's changes: {}", among.join(", ")))
    }

    fn deploy(&self, change: Option<ChangeId>) -> Result<OngoingDeploy, String> {
        let deploys = self.gameday.deploying();
        let names: Vec<&str> = deploys.iter().map(|deploy| self.change(deploy.change)).collect();
        let under_way = names.join(", ");
        match (change, &deploys[..]) {
            (_, []) => Err("nothing is being deployed now".to_string()),
            (None, [deploy]) => Ok(*deploy),
            (None, _) => Err(format!("say which change: {under_way}")),
            (Some(change), _) => {
                let found = deploys.iter().find(|deploy| deploy.change == change);
                let name = self.change(change);
                let message = || format!("{name} is not being deployed; under way: {under_way}");
                found.copied().ok_or_else(message)
            }
        }
    }

    /// A fault is named, or written as in a scenario.
    fn injection(&self, text: &str) -> Result<(Command, Act), String> {
        if is_written(text, &self.plan.names) {
            let act = Act::Enter(RoomKind::Inject, text.to_string());
            return Ok((Command::Inject(text.to_string()), act));
        }
        let fault = fault(text, &self.plan.names)?;
        let name = &self.plan.names.faults[fault];
        let faults = self.gameday.story().faults();
        if let Some(span) = faults.iter().find(|span| span.fault == name && span.from < self.now) {
            let began = self.clock(span.from);
            return Err(format!("{name} has already begun, at {began}; write it out to repeat it"));
        }
        Ok((Command::Inject(name.clone()), Act::Enter(RoomKind::Inject, name.clone())))
    }

    pub(super) fn person(&self, person: PersonId) -> &'p str {
        &self.plan.names.people[person.index()]
    }

    pub(super) fn change(&self, change: ChangeId) -> &'p str {
        &self.plan.names.changes[change.index()]
    }

    pub(super) fn clock(&self, time: Time) -> String {
        self.plan.calendar.clock(time)
    }
}

fn yes_or_no(yes: bool) -> Reply {
    if yes { Reply::Yes } else { Reply::No }
}

/// What is only written down, and how.
fn recorded_act(command: &Command) -> Act {
    match command {
        Command::Note(text) => Act::Enter(RoomKind::Note, text.clone()),
        Command::Park(text) => Act::Enter(RoomKind::Park, text.clone()),
        Command::Discuss(what) => Act::Enter(
            RoomKind::Discuss,
            match what.as_str() {
                "" => "the clock is stopped while people talk".to_string(),
                what => what.to_string(),
            },
        ),
        Command::Next => {
            Act::Enter(RoomKind::Skip, "the clock runs ahead to the next question".to_string())
        }
        Command::Pause => Act::Enter(RoomKind::Pause, "the clock is stopped".to_string()),
        Command::Resume => Act::Enter(RoomKind::Resume, "the clock is running".to_string()),
        Command::Skip(span) => {
            Act::Enter(RoomKind::Skip, format!("the clock runs ahead, at most {span}"))
        }
        Command::Speed(speed) => Act::Enter(RoomKind::Speed, format!("{speed}x real time")),
        Command::Abort(why) => Act::Enter(RoomKind::Abort, why.clone()),
        _ => Act::Nothing,
    }
}
