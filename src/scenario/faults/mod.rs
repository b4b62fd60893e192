//! What breaks.

pub mod blind;
pub mod explain;
pub mod lint;
pub mod noticed;
pub mod resolve;
pub mod starts;
pub mod written;
