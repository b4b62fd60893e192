//! Who there is, when they are on duty, how they are reached, and who is tried after whom.

mod roster;

pub use roster::{Channel, Escalation, Person, Roster};
