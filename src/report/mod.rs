//! From a journal to what people read: tables for spreadsheets and a summary for the terminal. Pure
//! functions of the journal's header and entries; nothing here knows the plan or the simulator.

mod alerts;
mod book;
mod change_times;
mod dictionary;
mod episodes;
mod files;
mod findings;
mod go_no_go;
mod metrics;
mod outbrief;
mod people;
mod responses;
mod summary;
mod timeline;
mod untrusted;

pub use dictionary::dictionary;
pub use files::{file_names, write_all};
pub use summary::{Style, summary};
pub use untrusted::for_terminal;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
use fixtures::fixture_table;
