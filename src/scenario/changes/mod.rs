//! The change-time table and freezes.

pub mod resolve;
pub mod takes_out;
pub mod written;
