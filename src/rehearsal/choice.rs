//! What there is to decide now, or later.

use super::room::Room;
use crate::decision::Question;
use crate::gameday::{Deed, Gameday};
use crate::journal::Header;
use crate::names::ChangeId;
use crate::scenario::Plan;

impl<'p> Room<'p> {
    /// What is played in it, as far as it has come, and from what.
    pub fn played(&self) -> (&Gameday<'p>, &'p Plan, &'p Header) {
        (&self.gameday, self.plan, self.header)
    }

    /// What could be done now or later: the yes that is waited for, or this change; with its
    /// change, if that is known. The error says why there is no choice.
    pub fn choice(&self, change: Option<ChangeId>) -> Result<(Deed, Option<ChangeId>), String> {
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
            return Ok((Deed::Yes, asked));
        };
        let name = self.change(change);
        if self.gameday.newest_open().is_none() {
            return Err("no incident is open: there is nothing to wait for".to_string());
        }
        if self.gameday.is_under_way(change) {
            return Err(format!("{name} is under way already"));
        }
        Ok((Deed::Make(change), Some(change)))
    }
}
