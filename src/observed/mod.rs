//! A gameday as somebody wrote it down by hand, made into a journal of its own.
//!
//! The `sheet` is read row by row into moments (`clock`), names and actions (`vocabulary`); all
//! that is wrong with it is said at once. The `account` puts the rows in order and makes of them
//! what the simulator writes: incidents with their attempts, who was asked, which change took how
//! long. What the sheet cannot know (the plan, the faults) comes from a run of the same scenario.

mod account;
mod case;
mod changes;
mod clock;
mod problem;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod vocabulary;

pub use account::Observed;
pub use clock::between;
pub use problem::{SheetProblem, Weight};
pub use table::{RowCells, delimiter, table};
pub use vocabulary::{ACTIONS, ActionDoc, COLUMNS, RowAction, name};

use crate::journal::{Header, Story};
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// Reads a sheet beside the header and the story of a run of the same scenario. If a row cannot be
/// understood, all such rows come back at once.
pub fn observed(
    sheet: &[u8],
    header: &Header,
    story: &Story,
) -> Result<Observed, Vec<SheetProblem>> {
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
