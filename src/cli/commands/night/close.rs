//! The end of a night, or of a part of it: what is written, and what is shown.

use super::arguments::NightArguments;
use super::begin::{ACTUAL, REPORTS, SHEET};
use super::session::{ExitReason, ScribeSession};
use crate::cli::shared::files::JOURNAL;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::{Exit, terminal};
use crate::journal::{self, Entry};
use crate::night::actual_text;
use crate::report::{self, Extras, for_csv, for_terminal};
use std::io::{self, Write};

/// Writes everything that follows from what was typed, and says where.
pub(super) fn close(arguments: &NightArguments, table: &ScribeSession, left: ExitReason) -> Exit {
    Interrupt::listen();
    let shown = for_terminal(&table.folder.path().display().to_string(), 2_000);
    if !table.scribe.is_empty()
        && let Err(error) = write(arguments, table)
    {
        let message = format!("cannot write all of {shown}: {error}");
        let hint = "every line is saved in night.jsonl: free disk space, start again, then leave";
        terminal::error(&message, hint);
        return Exit::Broke;
    }
    if !arguments.quiet {
        terminal::print(&match (left, table.scribe.is_empty()) {
            (_, true) => format!("Nothing was typed; the board is kept in {shown}/\n"),
            (ExitReason::Over, false) => format!("The night is over. Files   {shown}/\n"),
            (_, false) => {
                format!("Left. Every line is saved; the same command continues. Files   {shown}/\n")
            }
        });
    }
    match left {
        ExitReason::Over | ExitReason::Closed => Exit::Met,
        ExitReason::Interrupted => Exit::Interrupted,
    }
}

/// The journal, the sheet, the tables, and what it took.
fn write(arguments: &NightArguments, table: &ScribeSession) -> io::Result<()> {
    let (folder, scribe) = (&table.folder, &table.scribe);
    let header = scribe.header(table.now());
    let mut draft = folder.draft(JOURNAL)?;
    draft.attempt(|mut to| {
        journal::write_header(&mut to, &header)?;
        scribe.entries().iter().try_for_each(|entry| journal::write_entry(&mut to, entry))
    });
    draft.publish()?;
    folder.keep(SHEET, &sheet(&scribe.cells())?)?;
    let extras = Extras { naming: arguments.names.naming(), ..Extras::default() };
    let entries = scribe.entries().iter().cloned().map(Ok::<Entry, io::Error>);
    let mut files = folder.batch();
    report::write_all(&header, scribe.story(), extras, entries, &mut |name| {
        // What is counted or played has no place in a night.
        match REPORTS.contains(&name) {
            true => files.open(name),
            false => Ok(Box::new(io::sink()) as Box<dyn Write>),
        }
    })?;
    files.publish()?;
    match actual_text(scribe) {
        Some(text) => folder.keep(ACTUAL, text.as_bytes()),
        None => Ok(()),
    }
}

/// The cells as a file that a spreadsheet opens without running anything in it.
fn sheet(cells: &[[String; 7]]) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in cells {
        writer.write_record(row.iter().map(|cell| for_csv(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}
