//! What was judged of a log or a recording: on the terminal, as tables, as one JSON document.

mod formatting;
mod summary;
mod tables;

pub(super) use formatting::amount;
pub use summary::{judge_moment, judge_summary};
pub(super) use tables::judge_tables;
pub use tables::{JUDGE_FILES, judge_csv, judge_id, judge_json, write_judge};
