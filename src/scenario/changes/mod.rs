//! The change-time table and freezes.

pub mod lint;
pub mod resolve;
pub mod takes_out;
pub mod written;
