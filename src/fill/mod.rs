//! Filling in a plan together: what is still open as questions, and answers as changes of its text.
//!
//! Everything is kept in the scenario itself: an answer takes the place of its `"?"`, the comment
//! beside it says who said so and when (`[o]`), and what somebody has taken with them is `parked`.
//! So a session can end at any moment and go on at any other.

mod answer;
mod asked;
mod clock;
mod day;
mod effects;
mod items;
mod known;
mod measured;
mod names;
mod numbers;
mod parked;
mod parts;
mod path_questions;
mod people;
mod places;
mod questions;
mod said;
mod sentence;
mod settings;
mod silence;
mod spoken;
mod stand_in;
mod start;
mod weigh;
mod which;
mod wording;

pub use answer::{Answered, answered};
pub use asked::AnswerKind;
pub use day::until;
pub use effects::PlayedEffects;
pub use measured::{Proposal, Proposals};
pub use questions::{FillQuestion, Questions, questions, together};
pub use said::{Answerer, GivenAnswer, Refusal};
pub use silence::SilentAsk;
pub use stand_in::Playable;
pub use weigh::{InputEffect, InputWeight, RankedInputs, rank_inputs};
