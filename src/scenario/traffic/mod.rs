//! Who comes, when, and what they do.

pub mod explain;
pub mod resolve;
pub mod written;
