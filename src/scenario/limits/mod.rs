//! What runs out and is not a thread.

pub mod amount;
pub mod limit;
pub mod lint;
pub mod peak;
pub mod resolve;
pub mod written;
