//! Single values as people write them, and what is wrong with one that cannot be read.

pub mod amount;
pub mod limit;
pub mod target;
pub mod words;
