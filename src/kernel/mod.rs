//! The kernel: the agenda of coming events, and keyed random draws.

mod agenda;
mod draw;
mod entry;
mod radix;

pub use agenda::{Agenda, LaneId};
pub use draw::{Key, Prepared};
