//! Tables of the hand-built journal, for the tests of each of them.

use super::extras::Extras;
use super::files;
use super::sheet::Memory;
use crate::journal::{Entry, Header, fixture};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The cells of a row by column.
pub(super) type FixtureRow = BTreeMap<String, String>;

/// The rows of one file of the hand-built journal.
pub(super) fn fixture_table(name: &str) -> Vec<FixtureRow> {
    let (header, entries) = fixture::proxy_outage();
    parsed(&written(&header, &entries)[name])
}

/// All files of a journal by name.
pub(super) fn written(header: &Header, entries: &[Entry]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, Memory> = BTreeMap::new();
    let story = fixture::story(entries);
    let again = entries.iter().cloned().map(Ok::<_, io::Error>);
    let mut open = |name: &str| {
        let file = files.entry(name.to_string()).or_default().clone();
        Ok(Box::new(file) as Box<dyn Write>)
    };
    files::write_all(header, &story, Extras::default(), again, &mut open)
        .expect("memory never fails");
    let text = |file: Memory| String::from_utf8(file.0.take()).expect("text");
    files.into_iter().map(|(name, file)| (name, text(file))).collect()
}

/// The rows of a CSV file.
pub(super) fn parsed(text: &str) -> Vec<FixtureRow> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| row.expect("as many cells as columns"))
        .collect()
}
