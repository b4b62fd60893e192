//! Tiers, endpoints and the calls between them.

pub mod explain;
pub mod lint;
pub mod resolve;
pub mod written;
