//! The gameday in the room: what is typed, what it means, who is in which seat, and what is asked
//! of whom. No clock, no terminal and no file: those are the business of the command line.
//!
//! A rehearsal is a pure function of plan, seed, trial and its inputs at their simulated moments.
//! So a killed one is played again from its record, and taking an input back means playing all
//! again without it.

mod answer;
mod arguments;
mod asides;
mod command;
mod complete;
mod deciding;
mod find;
mod guess;
mod help;
mod improvised;
mod improvising;
mod prompt;
mod record;
mod room;
mod script;
mod stage;
mod talk;
mod talking;

pub use answer::{Answer, FutureMoment, GoAheadAnswer};
pub(crate) use arguments::{first, quoted};
pub use asides::{Aside, Keep, Setting, day, written};
pub use command::{Command, TypedCommand, one_word, speed, without_last};
pub use complete::complete;
pub(crate) use find::{NameKind, named};
pub use find::{meant, people, seated, seats};
pub use guess::{Guess, RecoveryGuess};
pub use help::HELP;
pub use improvised::{Asker, Improvisation};
pub use prompt::{asked, how_to_answer, how_to_settle, how_to_tell, status, to_tell};
pub use record::{DisplaySettings, Opening, RecordLine, RecordedEvent, RehearsalRecord, VERSION};
pub use room::{PreparedCommand, Room};
pub use script::{Cue, script};
pub use stage::{RehearsalSetup, SimulatedDay};
pub use talk::Talk;

#[cfg(test)]
mod tests;
