//! What the capacity check judges by.

pub mod resolve;
pub mod written;
