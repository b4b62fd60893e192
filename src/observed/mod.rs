//! A gameday as somebody wrote it down by hand, made into a journal of its own.
//!
//! The `sheet` is read row by row into moments (`clock`), names and actions (`words`); all that is
//! wrong with it is said at once. The `account` puts the rows in order and makes of them what the
//! simulator writes: incidents with their attempts, who was asked, which change took how long. What
//! the sheet cannot know (the plan, the faults) comes from a run of the same scenario.

mod account;
mod case;
mod changes;
mod clock;
mod problem;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use clock::between;
pub use problem::{Problem, Weight};
pub use table::{Cells, delimiter, table};
pub use words::{ACTIONS, ActionDoc, name};

use crate::journal::{Entry, Header, Story};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// The columns of a sheet, in the order in which the printed one has them, with what each holds.
pub const COLUMNS: [(&str, &str); 7] = [
    ("at", "when: 17:42, 5:42 pm or 2018-11-07T17:42:00-05:00"),
    ("actor", "who did it"),
    ("role", "as which role, if not their own"),
    ("channel", "by which channel they were reached or spoke"),
    ("action", "what was done: one of the words below"),
    ("incident", "number of the incident; blank while there is only one"),
    ("note", "the change, the rule, the fault or the message; or anything else"),
];

/// What a sheet says.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// That of the run, with a run id and a start of its own.
    pub header: Header,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// What was understood in spite of how it is written, row by row.
    pub warnings: Vec<Problem>,
}

/// Reads a sheet beside the header and the story of a run of the same scenario. If a row cannot be
/// understood, all such rows come back at once.
pub fn observed(sheet: &[u8], header: &Header, story: &Story) -> Result<Observed, Vec<Problem>> {
    let read = sheet::read(sheet, header)?;
    let run_id = run_id(&header.run_id, sheet);
    account::account(read, header, story, run_id)
}

/// SipHash-2-4 of the run that the sheet is read beside and of the sheet: 16 hexadecimal digits.
fn run_id(run: &str, sheet: &[u8]) -> String {
    let mut hasher = SipHasher24::new();
    hasher.write(run.as_bytes());
    hasher.write(sheet);
    format!("{:016x}", hasher.finish128().h1)
}
