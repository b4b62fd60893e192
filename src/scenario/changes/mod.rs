//! The change-time table and freezes.

pub mod resolve;
pub mod written;
