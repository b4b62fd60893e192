//! Tables of the hand-built journal, for the tests of each of them.

use super::Beside;
use super::files;
use crate::journal::{Entry, Header, fixture};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

/// The cells of a row by column.
pub(super) type Row = BTreeMap<String, String>;

/// The rows of one file of the hand-built journal.
pub(super) fn fixture_table(name: &str) -> Vec<Row> {
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
    files::write_all(header, &story, Beside::default(), again, &mut open)
        .expect("memory never fails");
    let text = |file: Memory| String::from_utf8(file.0.take()).expect("text");
    files.into_iter().map(|(name, file)| (name, text(file))).collect()
}

/// The rows of a CSV file.
pub(super) fn parsed(text: &str) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| row.expect("as many cells as columns"))
        .collect()
}

/// A file in memory that can be read after its writer is gone.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
