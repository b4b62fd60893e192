//! All tables of a run, written to wherever the caller opens them.

use super::book::{Book, Cell};
use super::outbrief::{self, Beside, Series};
use super::{alerts, change_times, findings, go_no_go, metrics, people, responses, timeline};
use super::{rules, segments};
use crate::journal::{Entry, Header, Story};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// The rows of a table below its heading.
pub(crate) type Rows = Vec<Vec<Cell>>;

/// A column: its name, its unit (blank for words and numbers of things), what it means.
pub(crate) type Column = (&'static str, &'static str, &'static str);

/// The columns with which every table begins.
#[rustfmt::skip]
pub(crate) const LEAD: [Column; 4] = [
    ("run_id", "", "hash of plan, seed and trial"),
    ("scenario", "", "the scenario's own words"),
    ("mode", "", "simulated, or what else the times rest on"),
    ("trial", "", "which of the seed's possible days"),
];

/// A table that is made from the story alone: its file, its columns, its rows.
type StoryTable = (&'static str, &'static [Column], fn(&Book) -> Rows);

const STORY_TABLES: [StoryTable; 9] = [
    ("responses.csv", &responses::COLUMNS, responses::rows),
    ("timeline.csv", &timeline::COLUMNS, timeline::rows),
    ("alerts.csv", &alerts::COLUMNS, alerts::rows),
    ("rules.csv", &rules::COLUMNS, rules::rows),
    ("segments.csv", &segments::COLUMNS, segments::rows),
    ("go_no_go.csv", &go_no_go::COLUMNS, go_no_go::rows),
    ("change_times.csv", &change_times::COLUMNS, change_times::rows),
    ("people.csv", &people::COLUMNS, people::rows),
    ("findings.csv", &findings::COLUMNS, findings::rows),
];

/// Every table with its own columns, those of [`LEAD`] left out.
pub(crate) fn tables() -> impl Iterator<Item = (&'static str, &'static [Column])> {
    let story = STORY_TABLES.iter().map(|(name, columns, _)| (*name, *columns));
    story.chain([("metrics.csv", &metrics::COLUMNS[..])])
}

/// The names of all files that [`write_all`] writes.
pub fn file_names() -> impl Iterator<Item = &'static str> {
    STORY_TABLES.iter().map(|(name, _, _)| *name).chain([
        "metrics.csv",
        "outbrief.html",
        "outbrief.md",
    ])
}

/// A file in memory that can be read after its writer is gone.
#[derive(Clone, Default)]
pub(crate) struct Memory(pub Rc<RefCell<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes every CSV file of a run, and its outbrief. `story` is the whole journal but its readings;
/// `entries` is the journal once more for its readings, one at a time, so that memory does not grow
/// with them. `open` is called once for each name of [`file_names`].
pub fn write_all<E: Into<io::Error>>(
    header: &Header,
    story: &Story,
    beside: Beside,
    entries: impl Iterator<Item = Result<Entry, E>>,
    open: &mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
) -> io::Result<()> {
    let book = Book::new(header, story)?;
    for (name, columns, rows) in STORY_TABLES {
        let mut sheet = Sheet::new(open(name)?, header, columns)?;
        rows(&book).iter().try_for_each(|row| sheet.row(row))?;
        sheet.finish()?;
    }
    let phases = metrics::Phases::of(&book);
    let mut series = Series::new(header);
    let mut sheet = Sheet::new(open("metrics.csv")?, header, &metrics::COLUMNS)?;
    for entry in entries {
        let entry = entry.map_err(Into::into)?;
        metrics::rows(&book, &phases, &entry).iter().try_for_each(|row| sheet.row(row))?;
        series.add(&entry);
    }
    sheet.finish()?;
    let texts = [
        ("outbrief.html", outbrief::page(&book, &series, beside)),
        ("outbrief.md", outbrief::markdown(&book, beside)),
    ];
    for (name, text) in texts {
        let mut file = open(name)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
    }
    Ok(())
}

/// One CSV file in the making.
pub(super) struct Sheet {
    to: csv::Writer<Box<dyn Write>>,
    /// What every row begins with: run_id, scenario, mode, trial.
    pub lead: [Cell; 4],
    columns: usize,
}

impl Sheet {
    fn new(to: Box<dyn Write>, header: &Header, columns: &[Column]) -> io::Result<Self> {
        let lead = [
            Cell::from(&header.run_id),
            Cell::from(&header.scenario),
            Cell::from(header.mode.word()),
            Cell::from(header.trial),
        ];
        let names: Vec<&str> = columns.iter().map(|(name, _, _)| *name).collect();
        Sheet::with_lead(to, lead, &names)
    }

    /// A sheet of rows that begin with these cells.
    pub(super) fn with_lead(
        to: Box<dyn Write>,
        lead: [Cell; 4],
        columns: &[&str],
    ) -> io::Result<Self> {
        let mut to = csv::Writer::from_writer(to);
        to.write_record(LEAD.iter().map(|(name, _, _)| name).chain(columns))?;
        Ok(Sheet { to, lead, columns: columns.len() })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        assert_eq!(cells.len(), self.columns, "a row has one cell for each column");
        for cell in self.lead.iter().chain(cells) {
            self.to.write_field(&*cell.written())?;
        }
        Ok(self.to.write_record(None::<&[u8]>)?)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.to.flush()
    }
}
