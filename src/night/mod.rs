//! The real night: what a scribe types, line by line, and the board that follows from it.
//!
//! A `Scribe` reads lines in the words of the room (`parser`), turns each into rows of an
//! observer's sheet (`rows`), and lets [`crate::observed`] tell what they amount to: the same
//! state machine of a response as in every other report. The [`NightBoard`] is what a room wants
//! to know of it now, by the plan alone. Nothing is played here, nothing is drawn, and nothing is
//! done: it tells. No clock, no terminal and no file: those are the business of the command line.

mod actual;
mod background_lines;
mod board;
mod card;
mod clock;
mod incident;
mod minutes;
mod parser;
mod rows;
mod scribe;
mod steps;
#[cfg(test)]
mod tests;
mod typed;
mod watched;

pub use actual::{actual, actual_text};
pub use board::{BoardInputs, BoardLine, BoardTone, NightBoard};
pub use card::{Card, CardRow};
pub use clock::{Jump, NightClock, calendar};
pub use minutes::RehearsedTimes;
pub use parser::completions;
pub use scribe::{AcceptedLine, Scribe};
pub use typed::{HELP, NightEntry, TypedLine};
pub use watched::FollowedLog;
