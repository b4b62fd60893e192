//! What the odds say of deciding now or later. Nothing in the room changes by it.

use super::asides::BUDGET;
use super::drive::RehearsalSession;
use crate::campaign::{WAITS, WaitingChoice};
use crate::names::ChangeId;
use crate::rehearsal::{Aside, RecordedEvent, Room};
use crate::report::{self, WaitingShown};

impl RehearsalSession<'_> {
    /// Takes what is said beside the exercise while it goes on. The error says why it is not taken.
    pub(super) fn aside_in(
        &mut self,
        room: &Room,
        said: &Aside,
        cue: Option<usize>,
    ) -> Result<(), String> {
        match said {
            Aside::Odds(change) => self.odds(room, *change, cue),
            said => self.aside(room.now(), said, cue),
        }
    }

    /// Plays runs that begin at this moment, and says what comes of doing it now and later. The
    /// clock is stopped meanwhile.
    fn odds(
        &mut self,
        room: &Room,
        change: Option<ChangeId>,
        cue: Option<usize>,
    ) -> Result<(), String> {
        let (deed, proposed) = room.choice(change)?;
        let (gameday, plan, header) = room.played();
        let (at, seed) = (room.now(), self.stage.seed());
        let choice = WaitingChoice { gameday, plan, header, seed, at, intervention: deed };
        let asked = self.play_beside(|_, most, players| choice.ask(most, players))?;
        let found = asked.ok_or_else(|| {
            format!("no run finished within {} s: ask again later", BUDGET.as_secs())
        })?;
        let earliest =
            proposed.map(|change| WAITS.map(|wait| gameday.earliest_back(change, deed, at + wait)));
        let shown = WaitingShown {
            what: match (change, proposed) {
                (None, Some(change)) => {
                    format!("approval of {}", plan.names.changes[change.index()])
                }
                (Some(change), _) => format!("making {}", plan.names.changes[change.index()]),
                (None, None) => "approval".to_string(),
            },
            at,
            calendar: &plan.calendar,
            expects: !plan.expect.is_empty(),
            earliest,
            affected: gameday.affected(),
        };
        let lines = report::waiting(&found, &shown);
        for (number, line) in lines.iter().enumerate() {
            self.print_aside(line, if number == 0 { 0 } else { 2 });
        }
        // On resuming from the record, a line of the script need not be asked again.
        if cue.is_some() {
            let text = Aside::Odds(change).text(&plan.names);
            self.note_at(at, RecordedEvent::Aside { text, found: None, cue }, false);
        }
        Ok(())
    }
}
