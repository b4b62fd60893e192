//! The change-time table: what can be deployed, how long it takes, on which pipeline, and when it
//! may not.

mod table;

pub use table::{Change, ChangeTable, Freeze, Route};
