//! What the room is told, and what only its controller is told.

use super::drive::RehearsalSession;
use super::told;
use crate::journal::Entry;
use crate::rehearsal::{
    Room, asked, how_to_answer, how_to_settle, how_to_tell, people, status, to_tell,
};
use crate::report::for_terminal;
use crate::units::{Span, counted};
use std::time::Duration;

/// After this long a silence, the status is shown. A choice: half of it would interrupt people who
/// talk, double would leave a room unsure whether anything goes on.
const SILENCE: Duration = Duration::from_secs(30);
/// Rings the terminal bell, where there is a terminal.
const CHIME: &str = "\u{7}";

impl RehearsalSession<'_> {
    /// Says something that only the controller may know, unless players may look.
    pub(super) fn say_to_controller(&mut self, text: &str) {
        if !self.hidden {
            self.say(&format!("[controller] {}", for_terminal(text, 2_000)));
        }
    }

    /// Keeps what only the controller may know off the terminal, or shows it again.
    pub(super) fn hide(&mut self, hide: bool) {
        self.hidden = hide;
        self.say(if hide {
            "faults and steps of the plan are hidden; `show` shows them"
        } else {
            "faults and steps of the plan are shown; `hide` hides them"
        });
    }

    /// Says what has happened since the last time.
    pub(super) fn print_entries(&mut self, entries: &[Entry]) {
        let stage = self.stage;
        for entry in entries {
            match told::line(entry, &stage.written().calendar) {
                Some(line) if told::is_spoiler(&entry.event) => self.say_to_controller(&line),
                Some(line) => self.say(&line),
                None => {}
            }
        }
        if let Some((at, why)) = self.arrived.take() {
            let later = later(at.since(self.ahead_from));
            let chime =
                if self.input.as_ref().is_some_and(|input| input.terminal) { CHIME } else { "" };
            self.say(&format!("{chime}— {later} later — {why}"));
        }
    }

    /// Reminds the room now and then who it is waiting for.
    pub(super) fn remind(&mut self, room: &Room) {
        if self.input.is_some() && self.spoke.elapsed() >= SILENCE && !self.pace.is_paused() {
            self.say_status(room);
        }
    }

    /// Shows the status.
    pub(super) fn say_status(&mut self, room: &Room) {
        let lines = status(room, !self.hidden);
        lines.iter().for_each(|line| self.say(&for_terminal(line, 240)));
    }

    /// Says what has just been asked of people in the room, and how they answer.
    pub(super) fn ask(&mut self, room: &Room, before: Option<u32>) -> Option<u32> {
        let awaited = room.awaited();
        let fresh = awaited.iter().filter(|open| Some(open.ask.id.0) > before);
        let plan = self.stage.written();
        let lines: Vec<String> = fresh
            .map(|open| {
                let (asked, how) = (asked(open, plan), how_to_answer(open, plan));
                for_terminal(&format!("  ► {asked}   type: {how}"), 240)
            })
            .collect();
        lines.iter().for_each(|line| self.say_to_controller(line));
        self.hand_over(room);
        awaited.last().map(|open| open.ask.id.0).max(before)
    }
}

impl RehearsalSession<'_> {
    /// Says which messages have just come for people in the room, and how they are dealt with.
    fn hand_over(&mut self, room: &Room) {
        let names = &self.stage.written().names;
        let open = room.open_messages().into_iter();
        let said = |number: &u32| self.said_messages.contains(number);
        let fresh: Vec<_> = open.filter(|open| !said(&open.number)).collect();
        for open in &fresh {
            let (who, how) = (people(&open.to, names), how_to_settle(open, room));
            let line = format!("  ► message {} for {who}   type: {how}", open.number);
            self.say_to_controller(&for_terminal(&line, 240));
        }
        self.said_messages.extend(fresh.iter().map(|open| open.number));
        let plan = self.stage.written();
        let before = self.said_owed;
        for owed in room.owed().into_iter().filter(|owed| owed.number > before) {
            self.said_owed = owed.number;
            let (what, how) = (to_tell(&owed, plan), how_to_tell(&owed, plan));
            self.say_to_controller(&for_terminal(&format!("  ► {what}   type: {how}"), 240));
        }
    }
}

/// A stretch of time as it is said: `13 minutes`.
fn later(span: Span) -> String {
    let minutes = match span.seconds().round() < 60.0 {
        true => 0.0,
        false => (span.seconds() / 60.0).round(),
    };
    match minutes as u64 {
        0 => counted(span.seconds().round() as usize, "second"),
        1 => "a minute".to_string(),
        minutes => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_is_said_as_people_say_it() {
        for (seconds, said) in [
            (0.4, "0 seconds"),
            (1.0, "1 second"),
            (18.2, "18 seconds"),
            (59.4, "59 seconds"),
            (59.6, "a minute"),
            (80.0, "a minute"),
            (780.0, "13 minutes"),
        ] {
            assert_eq!(later(Span::from_seconds(seconds)), said, "{seconds}");
        }
    }
}
