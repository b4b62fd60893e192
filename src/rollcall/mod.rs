//! A roll call: who answers on which channel, and after how long, measured before the day.
//!
//! What comes of it is the `channels:` of the next run, with how many answers each figure rests on.

mod fit;
mod record;

pub use fit::{ChannelFit, LEAST, RollCall, Unfitted, fit, yaml};
pub use record::{COLUMNS, CallRecord, read, write};
