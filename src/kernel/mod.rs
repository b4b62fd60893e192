//! The kernel: the agenda of coming events, and keyed random draws.

mod draw;

pub use draw::Key;
