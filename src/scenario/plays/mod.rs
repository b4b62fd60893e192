//! What is done when rules fire.

pub mod explain;
pub mod lint;
pub mod resolve;
pub mod written;
