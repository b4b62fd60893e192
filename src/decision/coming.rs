//! What comes next by itself, as far as the plays say.

use super::desk::Desk;
use super::incident::Incident;
use super::run::{NextAction, Then};
use crate::names::{ChannelId, PersonId};
use crate::units::Time;

/// Something that comes at its time unless somebody is quicker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// This person is asked, by this channel if it is known.
    Asked(PersonId, Option<ChannelId>),
    /// Nobody is left to be asked.
    NobodyLeft,
    /// Everybody is asked again, or the change is tried again.
    Again,
    /// This person's yes counts.
    Agrees(PersonId),
    /// It is said whether the change has helped.
    Confirmed,
}

impl Incident {
    /// What the play that is running does next, unless it is answered before.
    pub fn coming(&self, desk: &Desk<'_>) -> Option<(Time, Coming)> {
        let run = self.run.as_ref()?;
        match &run.doing {
            NextAction::Walk(ladder) => {
                let at = ladder.wake_at()?;
                let next = ladder.next_contact(at, desk);
                let asked = |next: (PersonId, ChannelId)| Coming::Asked(next.0, Some(next.1));
                Some((at, next.map_or(Coming::NobodyLeft, asked)))
            }
            NextAction::Hold(until) => Some((*until, Coming::Again)),
            NextAction::PutOff { until, then: Then::AskAgain(person), .. } => {
                Some((*until, Coming::Asked(*person, None)))
            }
            NextAction::PutOff { until, then: Then::Agree(person), .. } => {
                Some((*until, Coming::Agrees(*person)))
            }
            NextAction::Verify => Some((run.verify_by?, Coming::Confirmed)),
            _ => None,
        }
    }
}
