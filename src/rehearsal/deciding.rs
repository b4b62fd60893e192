//! What there is to decide, and what a decider's answer means: to whom, until when, and whether it
//! makes sense.

use super::answer::{Answer, FutureMoment, GoAheadAnswer};
use super::command::Command;
use super::room::{Act, AskKind, Room};
use crate::decision::{Question, Reply};
use crate::gameday::{Gameday, Intervention};
use crate::journal::{Header, vacant};
use crate::names::{ChangeId, PersonId};
use crate::scenario::Plan;
use crate::units::Span;

impl Room<'_> {
    /// A decider's answer: yes, no, or something between.
    pub(super) fn decision(&self, said: &Answer) -> Result<(Command, Act), String> {
        let open = self.pick(AskKind::Decide, said.person, said.channel)?;
        let person = open.ask.person;
        let name = self.person(person);
        let until = |when: FutureMoment| when.until(self.now, &self.plan.calendar);
        let reply = match said.decision {
            GoAheadAnswer::Yes => Reply::Yes,
            GoAheadAnswer::No => Reply::No,
            GoAheadAnswer::Instead(change) => {
                let asked = &open.ask.question;
                if matches!(asked, Question::Decide { change: Some(it), .. } if *it == change) {
                    let what = self.change(change);
                    return Err(format!("{what} is what {name} is asked about; say `decide yes`"));
                }
                Reply::Instead(change)
            }
            GoAheadAnswer::NotYet(when) => Reply::NotYet(until(when)?.max(Span::SECOND)),
            GoAheadAnswer::IfNotBetter(when) => Reply::YesAfter(until(when)?.max(Span::SECOND)),
            GoAheadAnswer::Refer(other) if other == person => {
                return Err(format!("{name} has already been asked; say who else decides"));
            }
            GoAheadAnswer::Refer(other) => {
                self.on_duty(other)?;
                Reply::Refer(other)
            }
        };
        let said = Answer { person: Some(person), channel: open.ask.channel, ..said.clone() };
        let act = Act::Reply(open.ask.id, reply, said.wants.clone());
        Ok((Command::Decide(said), act))
    }

    /// What an answer without `decide` is an answer to.
    pub(super) fn answer(&self, said: &Answer) -> Result<Command, String> {
        let Answer { person, channel, .. } = *said;
        let awaited = self.awaited().into_iter();
        let asked = awaited.filter(|open| person.is_none_or(|person| open.ask.person == person));
        let mut asked: Vec<AskKind> =
            asked.map(|open| AskKind::from_question(&open.ask.question)).collect();
        asked.dedup();
        let yes = match said.decision {
            GoAheadAnswer::Yes => true,
            GoAheadAnswer::No => false,
            _ => return Ok(Command::Decide(said.clone())),
        };
        match asked[..] {
            [AskKind::Page] => Ok(Command::Ack { person, channel, yes }),
            [AskKind::Declare] => Ok(Command::Declare { person, yes }),
            [AskKind::Diagnose] => Err("say which change: `choose CHANGE`".to_string()),
            _ => Ok(Command::Decide(said.clone())),
        }
    }

    /// Whether somebody is there; the error says until when not.
    pub(super) fn on_duty(&self, person: PersonId) -> Result<(), String> {
        let roster = &self.plan.playbook.roster;
        let name = self.person(person);
        if roster.on_duty(person, self.now) {
            return Ok(());
        }
        Err(match roster.next_on_duty(person, self.now) {
            _ if roster.people[person.index()].unnamed => vacant(name),
            Some(at) => format!("{name} is off duty until {}", self.clock(at)),
            None => format!("{name} is off duty, for the rest of the exercise"),
        })
    }
}

impl<'p> Room<'p> {
    /// What is played in it, as far as it has come, and from what.
    pub fn played(&self) -> (&Gameday<'p>, &'p Plan, &'p Header) {
        (&self.gameday, self.plan, self.header)
    }

    /// What could be done now or later: the yes that is waited for, or this change; with its
    /// change, if that is known. The error says why there is no choice.
    pub fn choice(
        &self,
        change: Option<ChangeId>,
    ) -> Result<(Intervention, Option<ChangeId>), String> {
        let Some(change) = change else {
            let Some(open) = self.gameday.decision() else {
                return Err(
                    "nobody in the room is asked to decide now; `odds CHANGE` says what it \
                            is worth to make a change now or later"
                        .to_string(),
                );
            };
            let asked = match open.ask.question {
                Question::Decide { change, .. } => change,
                _ => None,
            };
            return Ok((Intervention::Yes, asked));
        };
        let name = self.change(change);
        if self.gameday.newest_open().is_none() {
            return Err("no incident is open: there is nothing to wait for".to_string());
        }
        if self.gameday.is_under_way(change) {
            return Err(format!("{name} is already under way"));
        }
        Ok((Intervention::Make(change), Some(change)))
    }
}
