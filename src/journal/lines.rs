//! Writing and reading `journal.jsonl`: the header, then one entry per line.

use super::{Entry, Header};
use crate::json_lines::{self, FileFormat, Lines};
use std::io::{self, BufRead, Write};

pub use crate::json_lines::{ReadError, Unreadable};

/// The version of the format that this program writes and reads.
pub const VERSION: u32 = 3;
/// What a journal is among files of JSON lines.
pub const FORMAT: FileFormat = FileFormat { name: "journal", key: "journal", version: VERSION };

/// Writes the first line.
pub fn write_header(to: &mut impl Write, header: &Header) -> io::Result<()> {
    json_lines::write(to, header)
}

/// Writes one further line. The same entry gives the same bytes everywhere.
pub fn write_entry(to: &mut impl Write, entry: &Entry) -> io::Result<()> {
    json_lines::write(to, entry)
}

/// Reads a journal line by line; memory does not grow with its length. Iterates over the entries
/// and stops after the first error.
#[derive(Debug)]
pub struct JournalReader<R> {
    lines: Lines<R>,
    header: Header,
    stopped: bool,
}

impl<R: BufRead> JournalReader<R> {
    /// Reads the header.
    pub fn new(from: R) -> Result<Self, ReadError> {
        let lines = Lines::open(FORMAT, from)?;
        let header: Header = lines.value()?;
        Ok(JournalReader { lines, header, stopped: false })
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn entry(&mut self) -> Result<Option<Entry>, ReadError> {
        if !self.lines.advance()? {
            return Ok(None);
        }
        let entry: Entry = self.lines.value()?;
        let belongs = self.lines.number() - 1;
        if entry.seq != belongs {
            let problem = format!("entry {} where {belongs} belongs", entry.seq);
            return Err(self.lines.corrupt(problem));
        }
        Ok(Some(entry))
    }
}

impl<R: BufRead> Iterator for JournalReader<R> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.stopped {
            return None;
        }
        let next = self.entry().transpose();
        self.stopped = !matches!(next, Some(Ok(_)));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn written() -> Vec<u8> {
        let (header, entries) = fixture::proxy_outage();
        let mut bytes = Vec::new();
        write_header(&mut bytes, &header).expect("memory");
        entries.iter().for_each(|entry| write_entry(&mut bytes, entry).expect("memory"));
        bytes
    }

    fn problem(bytes: &[u8]) -> String {
        match JournalReader::new(bytes) {
            Err(error) => error.to_string(),
            Ok(reader) => {
                let mut errors = reader.filter_map(Result::err);
                let first = errors.next().expect("an error").to_string();
                assert!(errors.next().is_none(), "reading goes on after {first}");
                first
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let (header, entries) = fixture::proxy_outage();
        let bytes = written();
        let reader = JournalReader::new(&bytes[..]).expect("a header");
        assert_eq!(reader.header(), &header);
        let read: Vec<Entry> = reader.map(|entry| entry.expect("an entry")).collect();
        assert_eq!(read, entries);
    }

    #[test]
    fn every_prefix_is_shorter_or_cut_off() {
        let bytes = written();
        for end in (0..bytes.len()).step_by(7) {
            match JournalReader::new(&bytes[..end]) {
                Err(error) => match error.problem {
                    Unreadable::Empty => assert_eq!(end, 0),
                    problem => assert!(matches!(problem, Unreadable::CutOff { line: 1 })),
                },
                Ok(reader) => reader.filter_map(Result::err).for_each(|error| {
                    assert!(matches!(error.problem, Unreadable::CutOff { .. }), "{error}");
                }),
            }
        }
    }

    #[test]
    fn problems_name_their_line() {
        let text = String::from_utf8(written()).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        let join = |lines: &[&str]| (lines.join("\n") + "\n").into_bytes();

        assert_eq!(problem(b""), "the journal is empty");
        let other = text.replacen("\"journal\":3", "\"journal\":7", 1);
        let expected = "the journal has format 7, this program reads format 3";
        assert_eq!(problem(other.as_bytes()), expected);

        let gap = problem(&join(&[&lines[..3], &lines[4..]].concat()));
        assert_eq!(gap, "line 4 of the journal is corrupt: entry 4 where 3 belongs");
        let junk = problem(&join(&[lines[0], lines[1], "\u{0}\u{0}"]));
        assert_eq!(junk, "line 3 of the journal is corrupt: expected value (column 1)");
        let unknown = problem(&join(&[lines[0], r#"{"seq":1,"at":0,"event":"picnic"}"#]));
        assert!(unknown.starts_with("line 2 of the journal is corrupt: unknown variant `picnic`"));
        let starts = text.replacen("2018-11-07T17", "2018-31-07T17", 1);
        let expected = "line 1 of the journal is corrupt: `starts` is not a date and time";
        assert!(problem(starts.as_bytes()).starts_with(expected));
    }
}
