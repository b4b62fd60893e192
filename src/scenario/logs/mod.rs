//! How logs of the site are read.

pub mod resolve;
pub mod written;
