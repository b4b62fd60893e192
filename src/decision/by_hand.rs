//! What people do of their own accord, with an incident or without one.

use super::desk::AskContext;
use super::effects::Work;
use super::incident::{BY_HAND, Incident, OPENED_BY_HAND};
use super::{Improvised, Monitor, Trigger};
use crate::names::{IncidentId, PersonId, PlayId, RuleId};
use crate::units::Time;

impl Monitor<'_> {
    /// People do something of their own accord, in the newest incident that is open. Without one a
    /// change is made all the same, and a play that is opened is an incident; all else has nothing
    /// to be done to.
    pub fn improvise(&mut self, at: Time, what: Improvised) {
        self.catch_up(at);
        let desk = &mut self.desk;
        match (self.incidents.iter_mut().rfind(|incident| incident.is_open()), what) {
            (Some(incident), what) => incident.improvise(at, what, desk),
            (None, Improvised::Change { change, by }) => {
                desk.start(change, by, AskContext { work: Work::ByHand, play: None });
            }
            (None, Improvised::Open(play)) => self.open_by_hand(at, play),
            (None, _) => {}
        }
        self.settle(at);
    }

    /// An incident that no rule has opened; without any rule there is nothing to speak of.
    fn open_by_hand(&mut self, at: Time, play: PlayId) {
        let fires =
            self.desk.playbook.plays[play.index()].when.iter().find_map(|when| match when {
                Trigger::Fires(rule) => Some(*rule),
                _ => None,
            });
        let any = (!self.desk.playbook.rules.is_empty()).then(|| RuleId::from(0));
        let Some(rule) = fires.or(any) else { return };
        let id = self.incidents.len().into();
        let mut incident = Incident::open(id, at, rule, BY_HAND, at, &mut self.desk);
        incident.fired(at, play, OPENED_BY_HAND.to_string(), &mut self.desk);
        self.incidents.push(incident);
    }

    /// Of the newest incident that is open: whether people opened it by hand, and whether rules of
    /// it are firing.
    pub fn newest_by_hand(&self) -> Option<(bool, bool)> {
        let incident = self.incidents.iter().rfind(|incident| incident.is_open())?;
        Some((incident.is_by_hand(), incident.has_firing_rules()))
    }

    /// The newest incident that is open, the play that is running in it and who responds.
    pub fn newest_open(&self) -> Option<(IncidentId, Option<PlayId>, Option<PersonId>)> {
        let incident = self.incidents.iter().rfind(|incident| incident.is_open())?;
        let responder = incident.responder.map(|(person, _)| person);
        Some((incident.id, incident.run.as_ref().map(|run| run.play), responder))
    }
}
