//! What a line means as rows of an observer's sheet, with whoever was left out.

use super::incident::{NightAsk, NightIncident, Situation};
use super::typed::{EntryKind, NightEntry};
use super::{minutes, steps};
use crate::decision::{Audience, Phase, Step};
use crate::names::{ChangeId, ChannelId, Names, PersonId};
use crate::observed::RowAction;
use crate::rehearsal::{Answer, Asker, Command, FutureMoment, GoAheadAnswer, Improvisation, meant};
use crate::scenario::Plan;
use crate::units::{Calendar, Time};

/// A row of the sheet, with the moment that it tells of.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct NightRow {
    pub at: Time,
    pub actor: Option<PersonId>,
    /// Whom somebody told.
    pub whom: String,
    pub channel: Option<ChannelId>,
    pub action: RowAction,
    pub incident: Option<u32>,
    pub note: String,
}

/// Something that somebody said would be revisited.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reminder {
    /// When it was said, and when it is to be revisited.
    pub said: Time,
    pub at: Time,
    pub incident: Option<u32>,
    pub text: String,
}

/// What a line comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct ParsedLine {
    pub rows: Vec<NightRow>,
    pub reminder: Option<Reminder>,
    /// Who responds to which incident from then on.
    pub responder: Option<(Option<u32>, PersonId)>,
    /// Work of a play that is done, as the play calls it.
    pub worked: Option<String>,
}

/// Turns a line into rows, at the moment that it tells of.
pub(super) struct RowReader<'a> {
    pub plan: &'a Plan,
    pub calendar: &'a Calendar,
    pub situation: &'a Situation,
    pub at: Time,
    pub entry: &'a NightEntry,
}

impl RowReader<'_> {
    /// The rows of the line. The error says what it does not say.
    pub(super) fn meaning(&self) -> Result<ParsedLine, String> {
        let rows = match &self.entry.what {
            EntryKind::Alert(text) => vec![self.row(RowAction::Alert, None, text)],
            EntryKind::Ask { person, channel, text } => {
                let row = self.row(RowAction::Ask, Some(*person), text);
                vec![NightRow { channel: *channel, ..row }]
            }
            EntryKind::Told { whom, by, text } => {
                let row = self.row(RowAction::Tell, *by, text);
                vec![NightRow { whom: whom.clone(), ..row }]
            }
            EntryKind::Live(change) => vec![self.row(RowAction::Live, None, self.name(*change))],
            EntryKind::NoEffect => vec![self.row(RowAction::NoEffect, None, "")],
            EntryKind::Recovered => vec![self.row(RowAction::Recovered, None, "")],
            EntryKind::Worked(text) => return self.worked(text),
            EntryKind::Spoken(command) => return self.spoken(command),
        };
        Ok(ParsedLine { rows, ..ParsedLine::default() })
    }

    fn spoken(&self, command: &Command) -> Result<ParsedLine, String> {
        let rows = match command {
            Command::Ack { person, channel, yes } => vec![self.ack(*person, *channel, *yes)?],
            Command::Declare { person, yes } => {
                vec![self.row(
                    if *yes { RowAction::Declare } else { RowAction::NoIncident },
                    *person,
                    "",
                )]
            }
            Command::Choose { change, person } => {
                vec![self.row(RowAction::Choose, *person, self.name(Some(*change)))]
            }
            Command::Decide(said) => return self.decide(said),
            Command::Answer(said) => return self.answer(said),
            Command::Start(change) => vec![self.row(RowAction::Start, None, self.name(*change))],
            Command::Done(None) if self.is_at_work() => return self.worked(""),
            Command::Done(change) => vec![self.row(RowAction::Done, None, self.name(*change))],
            Command::Failed(change) => vec![self.row(RowAction::Failed, None, self.name(*change))],
            Command::Improvise(what) => return self.improvise(*what),
            Command::Note(text) => vec![self.row(RowAction::Note, None, text)],
            _ => return Err("that is not used on a real night; `help` lists what is".to_string()),
        };
        Ok(ParsedLine { rows, ..ParsedLine::default() })
    }

    fn row(&self, action: RowAction, actor: Option<PersonId>, note: &str) -> NightRow {
        let (at, incident) = (self.at, self.entry.incident);
        NightRow { at, actor, action, incident, note: note.to_string(), ..NightRow::default() }
    }

    /// Work of the running play is done: the part of this name, or the only one that is left.
    fn worked(&self, text: &str) -> Result<ParsedLine, String> {
        let all_changes = || self.names().changes.iter().map(String::as_str).collect::<Vec<_>>();
        let incident = self.incident().ok_or_else(|| {
            let changes = all_changes().join(", ");
            format!("no incident is open, so no play has work; of a change: one of {changes}")
        })?;
        let left = steps::work_left(self.plan, incident, self.situation);
        let names: Vec<&str> = left.iter().map(|work| work.what.as_str()).collect();
        let found = match (text, &names[..]) {
            ("", [_]) => Some(0),
            ("", _) => None,
            (text, names) => meant(text, names)?,
        };
        let Some(found) = found else {
            let changes = minutes::under_way(self.plan, self.situation);
            let changes = changes.iter().map(|(change, _)| self.name(Some(*change)));
            let all: Vec<&str> = names.into_iter().chain(changes).collect();
            if all.is_empty() {
                let changes = all_changes().join(", ");
                return Err(format!(
                    "no work of a play is left and no change is under way; `start` comes before \
                     `done`, with one of {changes}"
                ));
            }
            let all = all.join(", ");
            let what = if text.is_empty() {
                "say what is done".to_string()
            } else {
                format!("`{text}` is neither work of this play nor a change")
            };
            return Err(format!("{what}; still to do or under way: {all}"));
        };
        let work = left[found];
        let by = match work.by {
            Some(Audience::Person(person)) => Some(person),
            _ => None,
        };
        let rows = vec![self.row(RowAction::Note, by, &format!("done: {}", work.what))];
        Ok(ParsedLine { rows, worked: Some(work.what.clone()), ..ParsedLine::default() })
    }

    /// Whether `done` alone means work: that is what comes now, and no change is being made.
    fn is_at_work(&self) -> bool {
        let current = self.incident().and_then(|it| steps::current(self.plan, it, self.situation));
        let work = current.is_some_and(|current| matches!(current.step, Step::Work(_)));
        work && minutes::under_way(self.plan, self.situation).is_empty()
    }

    /// The incident that the line belongs to, as far as it is open.
    fn incident(&self) -> Option<&NightIncident> {
        self.situation.incident(self.entry.incident)
    }

    fn ack(
        &self,
        person: Option<PersonId>,
        channel: Option<ChannelId>,
        yes: bool,
    ) -> Result<NightRow, String> {
        let asked = self.asked(person);
        let person = person.or(asked.map(|ask| ask.person));
        let person = person.ok_or("say who answers: `ack wyatt`")?;
        let channel = channel.or(asked.and_then(|ask| ask.channel));
        let row = match yes {
            true => self.row(RowAction::Acknowledge, Some(person), ""),
            false => {
                let name = self.person(person);
                self.row(RowAction::Note, Some(person), &format!("{name} does not take it"))
            }
        };
        Ok(NightRow { channel, ..row })
    }

    /// The last who was asked and has not answered: of this person, if one is named.
    fn asked(&self, person: Option<PersonId>) -> Option<&NightAsk> {
        let asks = self.situation.open_asks.iter().rev();
        let number = self.incident().map(|incident| incident.number);
        let mut asks = asks.filter(|ask| ask.incident.is_none() || ask.incident == number);
        asks.find(|ask| person.is_none_or(|person| ask.person == person))
    }

    /// Who decides, if only one can be meant: who was asked last, or the only one of the play.
    fn decider(&self, said: &Answer) -> Result<PersonId, String> {
        let asked = || self.asked(None).map(|ask| ask.person);
        let alone = || {
            let play = self.incident()?.play?;
            let steps = self.plan.playbook.plays[play.index()].steps.iter();
            let people = steps.flat_map(|step| match step {
                Step::Ask(ask) => ask.people.iter().map(|(person, _)| *person).collect(),
                _ => Vec::new(),
            });
            let mut people: Vec<PersonId> = people.collect();
            people.dedup();
            <[PersonId; 1]>::try_from(people).ok().map(|[person]| person)
        };
        let person = said.person.or_else(asked).or_else(alone);
        person.ok_or_else(|| "say who decides: `decide yes chris`".to_string())
    }

    fn decide(&self, said: &Answer) -> Result<ParsedLine, String> {
        let who = self.decider(said)?;
        let (name, channel) = (self.person(who), said.channel);
        let channel = channel.or(self.asked(Some(who)).and_then(|ask| ask.channel));
        let wants = said.wants.as_deref().unwrap_or_default();
        let row = |action, note: &str| NightRow { channel, ..self.row(action, Some(who), note) };
        let later = |when: FutureMoment, what: &str| {
            let at = match when {
                FutureMoment::In(span) => self.at + span,
                FutureMoment::By(time) => {
                    self.calendar.next_after(self.at, time).unwrap_or(self.at)
                }
            };
            let text = format!("{name}: {what} {}", self.calendar.clock(at));
            let text = if wants.is_empty() { text } else { format!("{text}, wants {wants}") };
            let said = self.at;
            let reminder = Reminder { said, at, incident: self.entry.incident, text: text.clone() };
            (vec![row(RowAction::Note, &text)], Some(reminder))
        };
        let (rows, reminder) = match said.decision {
            GoAheadAnswer::Yes => (vec![row(RowAction::Decide, wants)], None),
            GoAheadAnswer::No => (vec![row(RowAction::Refuse, wants)], None),
            GoAheadAnswer::Instead(change) => {
                let change = self.name(Some(change));
                (vec![row(RowAction::Choose, change), row(RowAction::Decide, wants)], None)
            }
            GoAheadAnswer::NotYet(when) => later(when, "not yet, ask again at"),
            GoAheadAnswer::IfNotBetter(when) => later(when, "yes, if not better by"),
            GoAheadAnswer::Refer(other) => {
                let note = format!("{name} says that {} decides", self.person(other));
                (
                    vec![row(RowAction::Note, &note), self.row(RowAction::Ask, Some(other), wants)],
                    None,
                )
            }
        };
        Ok(ParsedLine { rows, reminder, ..ParsedLine::default() })
    }

    /// A yes or no without `decide` is of what the incident waits for.
    fn answer(&self, said: &Answer) -> Result<ParsedLine, String> {
        let plainly = match said.decision {
            GoAheadAnswer::Yes => Some(true),
            GoAheadAnswer::No => Some(false),
            _ => None,
        };
        let phase = self.incident().and_then(|incident| incident.phase);
        let row = match (phase, plainly) {
            (Some(Phase::Acknowledge), Some(yes)) => self.ack(said.person, said.channel, yes)?,
            (Some(Phase::Declare), Some(yes)) if self.is_responder(said.person) => self.row(
                if yes { RowAction::Declare } else { RowAction::NoIncident },
                said.person,
                "",
            ),
            _ => return self.decide(said),
        };
        Ok(ParsedLine { rows: vec![row], ..ParsedLine::default() })
    }

    fn is_responder(&self, person: Option<PersonId>) -> bool {
        let responder = self.incident().and_then(|incident| incident.responder);
        person.is_none() || person == responder
    }

    fn improvise(&self, what: Improvisation) -> Result<ParsedLine, String> {
        let mut responder = None;
        let rows = match what {
            Improvisation::Do { change, by, asked_by } => self.by_hand(change, by, asked_by),
            Improvisation::Open(play) => {
                let name = &self.plan.names.plays[play.index()];
                if self.incident().is_some_and(|incident| incident.play == Some(play)) {
                    return Err(format!("{name} is already open; `close` ends it"));
                }
                vec![self.row(RowAction::Play, None, name)]
            }
            Improvisation::Close => vec![self.row(RowAction::Close, None, "")],
            Improvisation::Assign(who) | Improvisation::Handoff(who) => {
                responder = Some((self.incident().map(|incident| incident.number), who));
                let phase = self.incident().and_then(|incident| incident.phase);
                match phase {
                    Some(Phase::Acknowledge) => {
                        vec![self.row(RowAction::Acknowledge, Some(who), "")]
                    }
                    _ => {
                        let note = format!("{} responds from now on", self.person(who));
                        vec![self.row(RowAction::Note, Some(who), &note)]
                    }
                }
            }
            Improvisation::Clear => return Err("write `recovered`".to_string()),
            Improvisation::Seat(_) | Improvisation::Leave(_) => {
                return Err("everybody answers for themselves".to_string());
            }
        };
        Ok(ParsedLine { rows, responder, ..ParsedLine::default() })
    }

    /// A change that is made whatever the plan says: that of the incident, if it has none yet.
    fn by_hand(
        &self,
        change: ChangeId,
        by: Option<PersonId>,
        asked: Option<Asker>,
    ) -> Vec<NightRow> {
        let name = self.name(Some(change));
        let mut rows = Vec::new();
        if let Some(asked) = asked {
            let who = match asked {
                Asker::Person(person) => self.person(person),
                Asker::Role(role) => &self.plan.names.roles[role.index()],
            };
            rows.push(self.row(RowAction::Note, by, &format!("{name} is made for {who}")));
        }
        if let Some(incident) = self.incident()
            && incident.change != Some(change)
            && incident.under_way().is_none()
        {
            rows.push(self.row(RowAction::Choose, by, name));
        }
        rows.push(self.row(RowAction::Start, by, name));
        rows
    }

    fn name(&self, change: Option<ChangeId>) -> &str {
        change.map_or("", |change| &self.names().changes[change.index()])
    }

    fn person(&self, person: PersonId) -> &str {
        &self.names().people[person.index()]
    }

    fn names(&self) -> &Names {
        &self.plan.names
    }
}
