//! What every table is made of: columns, rows of cells, and the CSV file that takes them.

use super::context::Cell;
use crate::journal::Header;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// The rows of a table below its heading.
pub(crate) type Rows = Vec<Vec<Cell>>;

/// A column: its name, its unit (blank for words), what it means.
pub(crate) type ColumnDoc = (&'static str, &'static str, &'static str);

/// The columns of several parts, one after the other. It does not compile if they are not `N`.
pub(crate) const fn joined<const N: usize>(parts: &[&[ColumnDoc]]) -> [ColumnDoc; N] {
    let mut all = [("", "", ""); N];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut column = 0;
        while column < parts[part].len() {
            all[at] = parts[part][column];
            (column, at) = (column + 1, at + 1);
        }
        part += 1;
    }
    assert!(at == N);
    all
}

/// The columns with which every table begins.
#[rustfmt::skip]
pub(crate) const LEAD: [ColumnDoc; 4] = [
    ("run_id", "", "hash of plan, seed and trial"),
    ("scenario", "", "the scenario's own words"),
    ("mode", "", "simulated, or what else the times rest on"),
    ("trial", "number", "which of the seed's possible runs; blank: all of them together"),
];

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

/// One CSV file in the making.
pub(super) struct CsvSheet {
    to: csv::Writer<Box<dyn Write>>,
    /// What every row begins with: run_id, scenario, mode, trial.
    pub lead: [Cell; 4],
    columns: usize,
}

impl CsvSheet {
    pub(super) fn new(
        to: Box<dyn Write>,
        header: &Header,
        columns: &[ColumnDoc],
    ) -> io::Result<Self> {
        let lead = [
            Cell::from(&header.run_id),
            Cell::from(&header.scenario),
            Cell::from(header.mode.word()),
            Cell::from(header.trial),
        ];
        let names: Vec<&str> = columns.iter().map(|(name, _, _)| *name).collect();
        CsvSheet::with_lead(to, lead, &names)
    }

    /// A sheet of rows that begin with these cells.
    pub(super) fn with_lead(
        to: Box<dyn Write>,
        lead: [Cell; 4],
        columns: &[&str],
    ) -> io::Result<Self> {
        let mut to = csv::Writer::from_writer(to);
        to.write_record(LEAD.iter().map(|(name, _, _)| name).chain(columns))?;
        Ok(CsvSheet { to, lead, columns: columns.len() })
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
