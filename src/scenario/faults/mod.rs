//! What breaks.

pub mod explain;
pub mod lint;
pub mod resolve;
pub mod written;
