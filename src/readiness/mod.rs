//! Go or no-go over days: what must be known before a launch, what people have said of it and until
//! when that holds, and the status of it all at a moment.
//!
//! The scenario defines the rows ([`ReadinessRows`]); a file of its own holds the statements, one
//! line each, oldest first ([`read`], [`added`]). Nothing is ever taken out of it: what is said
//! again or withdrawn is one more line. [`ReadinessBoard`] is the status of it all at a
//! moment. What was simulated is never one of its values.

mod board;
mod hearing;
mod lines;
mod missing;
mod read;
mod rows;
mod standing;
mod statement;

pub use crate::decision::{Decision, Vote};
pub use board::{
    Decided, DecisionStatus, ReadinessBoard, RowState, RowStatus, SeatState, SourceLine,
    ValueOrigin,
};
pub use lines::{NewStatement, added, begun, written_value};
pub use missing::Missing;
pub use read::read;
pub use rows::{Asks, ReadinessRow, ReadinessRows, Respondents, Seat, UnknownRow, Voice};
pub use statement::{Claim, Statement, StatementTarget};
