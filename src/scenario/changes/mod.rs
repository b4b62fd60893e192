//! The change-time table and freezes.

pub mod lint;
pub mod resolve;
pub mod written;
