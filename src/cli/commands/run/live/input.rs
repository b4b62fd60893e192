//! What is typed, and leaving the room.

use super::drive::{RehearsalSession, Stop};
use crate::cli::shared::typing::UserInput;
use crate::rehearsal::Room;
use crate::units::Time;

impl RehearsalSession<'_> {
    /// Takes what was typed, at the moment that the clock shows.
    pub(super) fn handle_input(
        &mut self,
        room: &mut Room,
        typed: Option<UserInput>,
    ) -> Option<Stop> {
        let line = match typed {
            Some(UserInput::Line(line)) => line,
            Some(UserInput::Interrupt) => return self.interrupt(),
            Some(UserInput::End) | None => {
                self.input.as_mut().expect("somebody spoke").open = false;
                self.pace.resume();
                return None;
            }
        };
        if self.leaving {
            return self.leave(&line);
        }
        self.check_clock();
        // Whole milliseconds can be written down and read back.
        let at = self.pace.now().max(room.now()).0.div_ceil(1_000_000) * 1_000_000;
        room.run_to(Time(at));
        let terminal = self.input.as_ref().is_some_and(|input| input.terminal);
        if !line.trim().is_empty() || !terminal {
            return self.take(room, &line, None);
        }
        // The Enter key alone goes on to the next question, unless the clock was paused on purpose.
        if self.pace.is_paused() {
            self.say("the clock is stopped; `resume` starts it, `next` runs ahead");
            return None;
        }
        self.take(room, "next", None)
    }

    /// Ctrl-C: asks first, with the clock standing still; the second one leaves.
    pub(super) fn interrupt(&mut self) -> Option<Stop> {
        let terminal = self.input.as_ref().is_some_and(|input| input.terminal);
        if self.leaving || !terminal {
            return Some(Stop::Left);
        }
        self.leaving = true;
        self.pace.pause();
        self.say(
            "Leave? `yes` saves everything, writes reports so far and leaves; --resume continues \
             from here.\n  Anything else stays, and `resume` starts the clock.",
        );
        None
    }

    fn leave(&mut self, line: &str) -> Option<Stop> {
        self.leaving = false;
        let word = line.trim().to_lowercase();
        if ["y", "yes", "leave", "quit"].contains(&word.as_str()) {
            return Some(Stop::Left);
        }
        self.say("the exercise continues; the clock is stopped until `resume`");
        None
    }
}
