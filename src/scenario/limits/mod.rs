//! Limits that are not threads.

pub mod amount;
pub mod limit;
pub mod lint;
pub mod peak;
pub mod resolve;
pub mod written;
