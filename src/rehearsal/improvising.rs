//! Whether an improvised action is possible right now, and what it does.

use super::command::Command;
use super::improvised::{Asker, Improvisation};
use super::room::{Act, AskKind, Room};
use crate::decision::ImprovisedAct;
use crate::journal::RoomKind;
use crate::names::{ChangeId, IncidentId, PersonId, PlayId};

impl Room<'_> {
    /// Whether it can be done right now, and what it does.
    pub(super) fn improvisation(&self, what: &Improvisation) -> Result<(Command, Act), String> {
        let act = match *what {
            Improvisation::Do { change, by, asked_by } => {
                self.change_by_hand(change, by, asked_by)?
            }
            Improvisation::Open(play) => {
                let name = &self.plan.names.plays[play.index()];
                let text = match self.gameday.newest_open() {
                    Some((_, Some(running), _)) if running == play => {
                        return Err(format!("{name} is already running; `close` ends it"));
                    }
                    Some(_) => format!("{name} is opened"),
                    None if self.plan.playbook.rules.is_empty() => {
                        let why = "the scenario has no rules, so nothing is an incident";
                        return Err(format!("{why}; `do CHANGE` needs none"));
                    }
                    None => format!("{name} is opened by hand: this is an incident"),
                };
                Act::Improvise(ImprovisedAct::Open(play), RoomKind::Open, text, None)
            }
            Improvisation::Clear => self.clear_by_hand()?,
            Improvisation::Close => {
                let (_, running, _) = self.incident("so no play is running")?;
                let none = || "no play is running; `open PLAY` opens one".to_string();
                let name = &self.plan.names.plays[running.ok_or_else(none)?.index()];
                let text = format!("{name} is closed");
                Act::Improvise(ImprovisedAct::Close, RoomKind::Close, text, None)
            }
            Improvisation::Assign(who) => self.responder(who, false)?,
            Improvisation::Handoff(who) => self.responder(who, true)?,
            Improvisation::Seat(who) => {
                let name = self.person(who);
                if self.gameday.seats().contains(&who) {
                    return Err(format!("{name} is already in the room"));
                }
                if self.plan.playbook.roster.people[who.index()].unnamed {
                    return Err(format!("nobody is assigned to {name}, so nobody can sit there"));
                }
                Act::Seat(who, true)
            }
            Improvisation::Leave(who) if self.gameday.seats().contains(&who) => {
                Act::Seat(who, false)
            }
            Improvisation::Leave(who) => {
                return Err(format!("{} has no seat in the room", self.person(who)));
            }
        };
        Ok((Command::Improvise(*what), act))
    }

    /// Whether it is asked for an incident, and there is none.
    pub(super) fn is_quiet(&self, asked: AskKind) -> bool {
        asked == AskKind::Declare && self.gameday.newest_open().is_none()
    }

    /// All is clear of what was opened by hand.
    fn clear_by_hand(&self) -> Result<Act, String> {
        let none = || "no incident is open, so there is nothing to clear".to_string();
        let text = match self.gameday.newest_by_hand().ok_or_else(none)? {
            (false, _) => {
                let why = "rules opened this incident, so they give the all clear";
                return Err(format!("{why}; `note` writes down what you see"));
            }
            (true, true) => "the room gives the all clear; a rule is still firing",
            (true, false) => "the room gives the all clear",
        };
        Ok(Act::Improvise(ImprovisedAct::Clear, RoomKind::Clear, text.to_string(), None))
    }

    fn change_by_hand(
        &self,
        change: ChangeId,
        by: Option<PersonId>,
        asked_by: Option<Asker>,
    ) -> Result<Act, String> {
        let name = self.change(change);
        if self.gameday.is_under_way(change) {
            let deploying = self.gameday.deploying();
            let since = deploying.iter().find(|deploy| deploy.change == change);
            return Err(match since {
                Some(deploy) => {
                    let since = self.clock(deploy.started_at);
                    format!("{name} is already being deployed, since {since}; `done` ends it")
                }
                None => format!("{name} is already under way; `status` says what is"),
            });
        }
        let playbook = &self.plan.playbook;
        if playbook.changes.changes[change.index()].maintenance
            && self.gameday.in_effect().contains(&change)
        {
            return Err(format!("{name} is already up"));
        }
        by.map_or(Ok(()), |by| self.on_duty(by))?;
        let mut text = name.to_string();
        let asked_by = asked_by.map(|asker| match asker {
            Asker::Role(role) => self.plan.names.roles[role.index()].clone(),
            Asker::Person(who) => self.person(who).to_string(),
        });
        text += &asked_by.as_ref().map(|who| format!(" for {who}")).unwrap_or_default();
        text += &by.map(|by| format!(", made by {}", self.person(by))).unwrap_or_default();
        let freezes = playbook.changes.freezes.iter();
        let until = freezes.filter(|freeze| freeze.stops(change, None, self.now)).map(|f| f.to);
        if let Some(until) = until.max() {
            text += &format!(", in spite of the freeze until {}", self.clock(until));
        }
        Ok(Act::Improvise(ImprovisedAct::Change { change, by }, RoomKind::Do, text, asked_by))
    }

    /// Somebody responds from now on; `handed`: somebody else did before.
    fn responder(&self, who: PersonId, handed: bool) -> Result<Act, String> {
        let name = self.person(who);
        let (_, _, before) = self.incident("so nobody responds to one")?;
        if before == Some(who) {
            return Err(format!("{name} is already responding"));
        }
        self.on_duty(who)?;
        let text = match (handed, before) {
            (true, None) => {
                return Err(format!("there is no responder to hand over; `assign {name}`"));
            }
            (_, Some(before)) => format!("{name} takes over from {}", self.person(before)),
            (_, None) => format!("{name} responds"),
        };
        Ok(Act::Improvise(ImprovisedAct::Assign(who), RoomKind::Assign, text, None))
    }

    /// The incident that is open; the error says what that means.
    fn incident(&self, so: &str) -> Result<(IncidentId, Option<PlayId>, Option<PersonId>), String> {
        self.gameday.newest_open().ok_or_else(|| format!("no incident is open: {so}"))
    }
}
