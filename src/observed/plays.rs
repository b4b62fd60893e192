//! Plays in a sheet: one that people open, whatever rule would have, and one that they end.

use super::Problem;
use super::account::Narrator;
use super::sheet::Row;
use super::words;
use crate::journal::{Event, PlayStep};

impl Narrator<'_> {
    /// A play was opened: in the place of the one that ran, or with an incident of its own.
    pub fn play(&mut self, row: &Row) {
        let names: Vec<&str> = self.header.plays.iter().map(String::as_str).collect();
        let Some(play) = words::named_in(&row.note, &names) else {
            let message = match row.note.as_str() {
                "" => "`play` does not say which play".to_string(),
                note => format!("`{note}` names no play"),
            };
            let hint = words::name(&row.note, &names).err().unwrap_or_default();
            self.problems.push(Problem::error(row.number, message).column("note").hint(hint));
            return;
        };
        let cause = format!("{play} was opened");
        let Some(case) = self.open_case(row).filter(|case| !self.cases[*case].over) else {
            self.open(row, row.at, &cause, Some(play), false);
            return;
        };
        self.cases[case].change_play(row.at, Some(play.clone()));
        let incident = Some(self.cases[case].number);
        let (actor, channel) = (row.actor.clone(), row.channel.clone());
        let (step, text) = (PlayStep::Opened, cause);
        self.write(row.at, Event::Play { incident, play: Some(play), step, actor, channel, text });
    }

    /// The play that ran was ended, and the incident goes on without one.
    pub fn close_play(&mut self, row: &Row) {
        let case = self.open_case(row).filter(|case| !self.cases[*case].over);
        let Some(case) = case.filter(|case| self.cases[*case].play.is_some()) else {
            let problem = Problem::error(row.number, "`close`, and no play is open");
            let hint = "write `recovered` when all was well again, or a `note`";
            self.problems.push(problem.column("action").hint(hint));
            return;
        };
        let play = self.cases[case].play.clone().unwrap_or_default();
        self.cases[case].change_play(row.at, None);
        let incident = Some(self.cases[case].number);
        self.step(row, incident, PlayStep::Note, &format!("{play} was closed"));
    }
}
