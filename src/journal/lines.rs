//! Writing and reading `journal.jsonl`: the header, then one entry per line.

use super::{Entry, Header};
use crate::units::Calendar;
use serde::Deserialize;
use std::fmt;
use std::io::{self, BufRead, Read, Write};

/// The version of the format that this program writes and reads.
pub const VERSION: u32 = 3;

/// No line of a journal is longer, in bytes.
const LONGEST_LINE: u64 = 64 << 20;

/// Writes the first line.
pub fn write_header(to: &mut impl Write, header: &Header) -> io::Result<()> {
    write_line(to, header)
}

/// Writes one further line. The same entry gives the same bytes everywhere.
pub fn write_entry(to: &mut impl Write, entry: &Entry) -> io::Result<()> {
    write_line(to, entry)
}

fn write_line(to: &mut impl Write, value: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}

/// Why a journal cannot be read further. Lines count from 1.
#[derive(Debug)]
pub enum ReadError {
    /// The file itself failed.
    Io(io::Error),
    /// There is not even a header.
    Empty,
    /// The last line ends in the middle.
    CutOff {
        /// The line.
        line: u64,
    },
    /// Another version of the format.
    Version {
        /// What the header says.
        found: u32,
    },
    /// A line is not what belongs there.
    Corrupt {
        /// The line.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Io(error) => write!(f, "the journal cannot be read: {error}"),
            ReadError::Empty => write!(f, "the journal is empty"),
            ReadError::CutOff { line } => write!(f, "the journal is cut off in line {line}"),
            ReadError::Version { found } => {
                write!(f, "the journal has format {found}, this program reads format {VERSION}")
            }
            ReadError::Corrupt { line, problem } => {
                write!(f, "line {line} of the journal is corrupt: {problem}")
            }
        }
    }
}

impl std::error::Error for ReadError {}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> io::Error {
        match error {
            ReadError::Io(error) => error,
            other => io::Error::new(io::ErrorKind::InvalidData, other),
        }
    }
}

/// Reads a journal line by line; memory does not grow with its length. Iterates over the entries
/// and stops after the first error.
#[derive(Debug)]
pub struct Reader<R> {
    from: R,
    header: Header,
    line: u64,
    buffer: Vec<u8>,
    stopped: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    pub fn new(mut from: R) -> Result<Self, ReadError> {
        let mut buffer = Vec::new();
        if !read_line(&mut from, 1, &mut buffer)? {
            return Err(ReadError::Empty);
        }
        let version: Version = parse(&buffer, 1)?;
        if version.journal != VERSION {
            return Err(ReadError::Version { found: version.journal });
        }
        let header: Header = parse(&buffer, 1)?;
        if header.starts.parse().map(Calendar::new).is_err() {
            let problem = format!("`starts` is not a date and time: {:?}", header.starts);
            return Err(ReadError::Corrupt { line: 1, problem });
        }
        Ok(Reader { from, header, line: 1, buffer, stopped: false })
    }

    /// The first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn entry(&mut self) -> Result<Option<Entry>, ReadError> {
        self.line += 1;
        self.buffer.clear();
        if !read_line(&mut self.from, self.line, &mut self.buffer)? {
            return Ok(None);
        }
        let entry: Entry = parse(&self.buffer, self.line)?;
        if entry.seq != self.line - 1 {
            let problem = format!("entry {} where {} belongs", entry.seq, self.line - 1);
            return Err(ReadError::Corrupt { line: self.line, problem });
        }
        Ok(Some(entry))
    }
}

impl<R: BufRead> Iterator for Reader<R> {
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

/// Which format a header is written in, whatever else it says.
#[derive(Deserialize)]
struct Version {
    journal: u32,
}

/// Reads one line with its newline; `false` at the end of the file.
fn read_line(from: &mut impl BufRead, line: u64, to: &mut Vec<u8>) -> Result<bool, ReadError> {
    let read = from.by_ref().take(LONGEST_LINE).read_until(b'\n', to).map_err(ReadError::Io)?;
    if read as u64 == LONGEST_LINE {
        let problem = format!("longer than {} MiB", LONGEST_LINE >> 20);
        return Err(ReadError::Corrupt { line, problem });
    }
    Ok(read > 0)
}

/// Parses one line. One that neither parses nor ends in a newline was cut off.
fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8], line: u64) -> Result<T, ReadError> {
    serde_json::from_slice(bytes).map_err(|error| {
        if !bytes.ends_with(b"\n") {
            return ReadError::CutOff { line };
        }
        let problem = error.to_string();
        let words = problem.split(" at line ").next().unwrap_or_default();
        let problem = match error.column() {
            0 => words.to_string(),
            column => format!("{words} (column {column})"),
        };
        ReadError::Corrupt { line, problem }
    })
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
        match Reader::new(bytes) {
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
        let reader = Reader::new(&bytes[..]).expect("a header");
        assert_eq!(reader.header(), &header);
        let read: Vec<Entry> = reader.map(|entry| entry.expect("an entry")).collect();
        assert_eq!(read, entries);
    }

    #[test]
    fn every_prefix_is_shorter_or_cut_off() {
        let bytes = written();
        for end in (0..bytes.len()).step_by(7) {
            match Reader::new(&bytes[..end]) {
                Err(ReadError::Empty) => assert_eq!(end, 0),
                Err(error) => assert!(matches!(error, ReadError::CutOff { line: 1 }), "{error}"),
                Ok(reader) => reader.for_each(|entry| {
                    assert!(matches!(entry, Ok(_) | Err(ReadError::CutOff { .. })), "{entry:?}");
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
