//! The kernel: the agenda of coming events, and keyed random draws.

mod agenda;
mod belts;
mod draw;
mod entry;
mod lanes;
mod radix;

pub use agenda::{Agenda, BeltId, LaneId};
pub use draw::{DrawKey, PreparedSpread};
