//! The change-time table: what can be deployed, how long it takes, on which pipeline, and when it
//! may not.

mod stage;
mod table;

pub use stage::ChangeStage;
pub use table::{Change, ChangeTable, Freeze, Route};
