//! From a journal to what people read: tables for spreadsheets and a summary for the terminal. Pure
//! functions of the journal's header and entries; nothing here knows the plan or the simulator.

mod alerts;
mod book;
mod campaign;
mod capacity;
mod capacity_words;
mod change_times;
mod dictionary;
mod files;
mod findings;
mod gamedays;
mod go_no_go;
mod metrics;
mod outbrief;
mod people;
mod responses;
mod summary;
mod timeline;
mod untrusted;

use crate::journal::episodes;

pub use campaign::{
    CAMPAIGN_FILE, COMPARE_FILE, TRIALS_FILE, write_campaign, write_compare, write_trials,
};
pub use capacity::{CAPACITY_FILE, CURVE_FILE, settle_headroom, write_capacity, write_curve};
pub use dictionary::dictionary;
pub use files::{file_names, write_all};
pub use gamedays::{GamedayRow, gamedays};
pub use outbrief::{Beside, Compared, compare_page};
pub use summary::{
    Style, brief, campaign_summary, capacity_first, capacity_summary, compare_summary,
    progress_estimate, summary, unfinished,
};
pub use untrusted::{columns_of, for_terminal};

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
use fixtures::fixture_table;
