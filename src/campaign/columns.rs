//! The values of very many trials, headline by headline, in a file instead of memory.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// The most bytes of values in memory at once, unless a single headline needs more.
const MEMORY: u64 = 48 << 20;

/// Bytes of a value in the file.
const SIZE: usize = size_of::<f64>();

/// A column, in the order of the rows; `None` where there was nothing to measure.
pub type ValueColumn = Vec<Option<f64>>;

/// A table that is filled row by row and read column by column. A million trials of one headline
/// take 16 MB of memory while they are looked at, and of a hundred headlines 800 MB of the file.
pub struct Columns<F: Read + Write + Seek> {
    file: BufWriter<F>,
    width: usize,
    rows: u64,
}

impl<F: Read + Write + Seek> Columns<F> {
    /// An empty table with this many columns, in an empty file.
    pub fn new(file: F, width: usize) -> Self {
        Columns { file: BufWriter::with_capacity(1 << 16, file), width, rows: 0 }
    }

    /// Adds a row: one value per column, each finite or `None`.
    pub fn add(&mut self, row: impl Iterator<Item = Option<f64>>) -> io::Result<()> {
        let mut values = 0;
        for value in row {
            // What was not measured has no number.
            self.file.write_all(&value.unwrap_or(f64::NAN).to_le_bytes())?;
            values += 1;
        }
        assert_eq!(values, self.width, "one value for each column");
        self.rows += 1;
        Ok(())
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Hands out the columns from left to right, in groups of this many columns: all values of
    /// each, in the order of the rows.
    pub fn each_group(
        mut self,
        group: usize,
        told: &mut dyn FnMut(usize, &[ValueColumn]),
    ) -> io::Result<()> {
        self.file.flush()?;
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let column = (self.rows * size_of::<Option<f64>>() as u64).max(1);
        let groups = (MEMORY / column / group as u64).max(1) as usize;
        let mut row = vec![0; self.width * SIZE];
        for from in (0..self.width).step_by(groups * group) {
            let to = (from + groups * group).min(self.width);
            let mut columns = vec![Vec::with_capacity(self.rows as usize); to - from];
            file.seek(SeekFrom::Start(0))?;
            let mut rows = BufReader::with_capacity(1 << 18, &mut file);
            for _ in 0..self.rows {
                rows.read_exact(&mut row)?;
                let values = row.chunks_exact(SIZE).skip(from);
                for (column, bytes) in columns.iter_mut().zip(values) {
                    let bytes = bytes.try_into().expect("as many bytes as a value has");
                    let value = f64::from_le_bytes(bytes);
                    column.push((!value.is_nan()).then_some(value));
                }
            }
            for (number, columns) in columns.chunks(group).enumerate() {
                told(from + number * group, columns);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_by_rows_comes_out_by_columns() {
        let mut columns = Columns::new(tempfile::tempfile().expect("a file"), 4);
        let value = |row: u32, column: u32| {
            (!(row + column).is_multiple_of(3)).then(|| f64::from(row * 10 + column))
        };
        for row in 0..1_000 {
            columns.add((0..4).map(|column| value(row, column))).expect("written");
        }
        assert_eq!(columns.rows(), 1_000);
        let mut seen = 0;
        let mut told = |from: usize, columns: &[ValueColumn]| {
            assert_eq!((from, columns.len()), (seen, 2));
            for (at, column) in columns.iter().enumerate() {
                let expected: Vec<_> =
                    (0..1_000).map(|row| value(row, (from + at) as u32)).collect();
                assert_eq!(*column, expected);
            }
            seen += 2;
        };
        columns.each_group(2, &mut told).expect("read");
        assert_eq!(seen, 4);
    }
}
