//! Filling in a plan together: what is still open as questions, and answers as changes of its text.
//!
//! Everything is kept in the scenario itself: an answer takes the place of its `"?"`, the comment
//! beside it says who said so and when (`[o]`), and what somebody has taken with them is `parked`.
//! So a session can end at any moment and go on at any other.

mod answer;
mod measured;
mod questions;
mod weigh;

pub use answer::{Answer, Answerer, answered};
pub use measured::{Figure, Measured};
pub use questions::{Asked, Question, Questions, questions};
pub use weigh::{Moves, Weighed, Weight, weigh};
