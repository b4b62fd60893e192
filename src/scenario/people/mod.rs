//! Who there is, when, and how they are reached.

pub mod duty;
pub mod explain;
pub mod hours;
pub mod lint;
pub mod reach;
pub mod resolve;
pub mod written;
