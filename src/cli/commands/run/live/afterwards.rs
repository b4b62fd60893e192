//! After the exercise: at a terminal, what-if questions can still be asked.

use super::arguments::RoomRequest;
use super::drive::RehearsalSession;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::terminal;
use crate::cli::shared::typing::UserInput;
use crate::journal::{Header, Story};
use crate::rehearsal::{Aside, Command};
use crate::report::{self, for_terminal};
use crate::units::Time;

const HOW: &str = "The exercise is over, and all of it is saved. From the floor:\n\
                   \x20 what if PATH=VALUE         the same runs with that change and without it\n\
                   \x20 keep, owner WHO, due DAY   it goes into the scenario and the plan\n\
                   \x20 leave                      or Ctrl-C";

impl RehearsalSession<'_> {
    /// Takes questions until somebody leaves; only where somebody sits.
    pub(super) fn afterwards(
        &mut self,
        wanted: &RoomRequest,
        place: (&Folder, &Header, &Story),
        at: Time,
    ) {
        if self.quiet || self.signals.wanted() || !self.attach_prompt() {
            return;
        }
        Interrupt::at_once("everything is saved");
        self.pace.pause();
        self.say(HOW);
        loop {
            let typed = self.input.as_mut().and_then(|input| input.typed.blocking_recv());
            let Some(UserInput::Line(line)) = typed else { break };
            let line = line.trim();
            if ["leave", "quit", "exit", "q"].contains(&line.to_lowercase().as_str()) {
                break;
            }
            if let Err(why) = self.afterwards_takes(line, wanted, place, at) {
                self.say(&for_terminal(&format!("`{line}` is not accepted: {why}"), 2_000));
            }
        }
        self.detach_prompt();
    }

    fn afterwards_takes(
        &mut self,
        line: &str,
        wanted: &RoomRequest,
        place: (&Folder, &Header, &Story),
        at: Time,
    ) -> Result<(), String> {
        if line.is_empty() {
            return Ok(());
        }
        match Command::parse(line, &self.stage.written().names)? {
            Command::Aside(said) => {
                self.aside(at, &said, None)?;
                if let Aside::Keep(_) = said {
                    let rows = self.settle(wanted, place).map_err(|error| {
                        format!("the improvement plan cannot be written: {error}")
                    })?;
                    self.say(report::improvement_plan(&rows, terminal::style()).trim_end());
                }
                Ok(())
            }
            Command::Help => {
                self.say(HOW);
                Ok(())
            }
            _ => Err("the exercise is over: `what if`, `keep` or `leave`".to_string()),
        }
    }
}
