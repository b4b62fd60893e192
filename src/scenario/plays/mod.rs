//! What is done when rules fire.

pub mod answers;
pub mod approved;
pub mod ask;
pub mod explain;
pub mod inputs;
pub mod lint;
pub mod openings;
pub mod resolve;
pub mod work;
pub mod written;
