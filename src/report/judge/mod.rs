//! What was judged of a log or a recording: on the terminal, as tables, as one JSON document.

mod summary;
mod tables;
mod words;

pub use summary::{judge_moment, judge_summary};
pub(super) use tables::judge_tables;
pub use tables::{JUDGE_FILES, judge_csv, judge_id, judge_json, write_judge};
pub(super) use words::amount;
