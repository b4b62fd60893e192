//! The planned steps of the launch.

pub mod resolve;
pub mod written;
