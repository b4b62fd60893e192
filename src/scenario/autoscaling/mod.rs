//! Groups of instances that scale.

pub mod lint;
pub mod resolve;
pub mod written;
