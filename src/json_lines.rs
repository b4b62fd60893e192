//! Files of JSON lines: journals, recordings, records of a room, trials, parts of a baseline.
//!
//! One value a line, and the first line says which kind of file it is and in which version. All of
//! them are read here, so that a line has one limit, a problem one wording, and a last line that
//! was torn one treatment: it is not there, and whoever reads decides what that means.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Read, Write};

/// No line is longer, in bytes: whatever is read, memory is bounded.
const LONGEST_LINE: u64 = 64 << 20;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFormat {
    /// What people call such a file.
    pub name: &'static str,
    /// The key of its first line that holds the version.
    pub key: &'static str,
    /// The version that this program writes and reads.
    pub version: u32,
}

impl FileFormat {
    /// The error of a file that cannot be opened.
    pub fn unopened(&self, error: io::Error) -> ReadError {
        self.read_error(Unreadable::Io(error))
    }

    /// Why such a file cannot be read.
    pub fn read_error(&self, problem: Unreadable) -> ReadError {
        ReadError { format: *self, problem }
    }
}

/// Why a file cannot be read, or not further.
#[derive(Debug)]
pub struct ReadError {
    format: FileFormat,
    /// What is wrong.
    pub problem: Unreadable,
}

/// What is wrong with a file. Lines count from 1.
#[derive(Debug)]
pub enum Unreadable {
    /// The file itself failed.
    Io(io::Error),
    /// There is not even a first line.
    Empty,
    /// It is a file of another kind.
    Another,
    /// Another version of the format.
    Version {
        /// What its first line says.
        found: u32,
    },
    /// The last line ends in the middle; everything before it was read.
    CutOff {
        /// The line.
        line: u64,
    },
    /// A line is not what belongs there.
    Corrupt {
        /// The line.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// Every line is sound, but it is not what is wanted here.
    Unfit(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FileFormat { name, version, .. } = self.format;
        match &self.problem {
            Unreadable::Io(error) => write!(f, "the {name} cannot be read: {error}"),
            Unreadable::Empty => write!(f, "the {name} is empty"),
            Unreadable::Another => write!(f, "this is not a {name}"),
            Unreadable::Version { found } => {
                write!(f, "the {name} has format {found}, this program reads format {version}")
            }
            Unreadable::CutOff { line } => write!(f, "the {name} is cut off in line {line}"),
            Unreadable::Corrupt { line, problem } => {
                write!(f, "line {line} of the {name} is corrupt: {problem}")
            }
            Unreadable::Unfit(problem) => f.write_str(problem),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> io::Error {
        match error.problem {
            Unreadable::Io(error) => error,
            _ => io::Error::new(io::ErrorKind::InvalidData, error),
        }
    }
}

/// A value as a line. The same value gives the same bytes everywhere.
pub fn line(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Writes a value as a line, at once.
pub fn write(to: &mut (impl Write + ?Sized), value: &impl Serialize) -> io::Result<()> {
    to.write_all(&line(value)?)
}

/// Reads such a file line by line; memory does not grow with its length.
#[derive(Debug)]
pub struct Lines<R> {
    from: R,
    format: FileFormat,
    number: u64,
    whole: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads the first line, which must be that of such a file in this version.
    pub fn open(format: FileFormat, from: R) -> Result<Self, ReadError> {
        let mut lines = Lines { from, format, number: 0, whole: 0, buffer: Vec::new() };
        let cut_off = match lines.advance() {
            Ok(true) => None,
            Ok(false) => return Err(format.read_error(Unreadable::Empty)),
            Err(error) if matches!(error.problem, Unreadable::CutOff { .. }) => Some(error),
            Err(error) => return Err(error),
        };
        let first = lines.value::<BTreeMap<String, &RawValue>>().ok();
        match first.and_then(|first| first.get(format.key)?.get().parse().ok()) {
            Some(found) if found != format.version => {
                Err(format.read_error(Unreadable::Version { found }))
            }
            Some(_) => cut_off.map_or(Ok(lines), Err),
            // What does not even begin like such a file is another one, and was not cut off.
            None => {
                let begins = lines.buffer.starts_with(b"{");
                Err(cut_off.filter(|_| begins).unwrap_or(format.read_error(Unreadable::Another)))
            }
        }
    }

    /// Reads the next line; `false` where there is none.
    pub fn advance(&mut self) -> Result<bool, ReadError> {
        self.buffer.clear();
        let mut from = self.from.by_ref().take(LONGEST_LINE);
        let read = from.read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|error| self.format.unopened(error))? as u64;
        if read == 0 {
            return Ok(false);
        }
        self.number += 1;
        if self.buffer.ends_with(b"\n") {
            self.whole += read;
            Ok(true)
        } else if read == LONGEST_LINE {
            Err(self.corrupt(format!("longer than {} MiB", LONGEST_LINE >> 20)))
        } else {
            Err(self.format.read_error(Unreadable::CutOff { line: self.number }))
        }
    }

    /// The line read last, with its end.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// The line read last, as a value.
    pub fn value<'a, T: Deserialize<'a>>(&'a self) -> Result<T, ReadError> {
        serde_json::from_slice(&self.buffer).map_err(|error| {
            let problem = error.to_string();
            let words = problem.split(" at line ").next().unwrap_or_default();
            self.corrupt(match error.column() {
                0 => words.to_string(),
                column => format!("{words} (column {column})"),
            })
        })
    }

    /// The number of the line read last.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many bytes the whole lines so far take: where one who goes on writes the next.
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// The line read last is not what belongs there.
    pub fn corrupt(&self, problem: impl Into<String>) -> ReadError {
        let (line, problem) = (self.number, problem.into());
        self.format.read_error(Unreadable::Corrupt { line, problem })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: FileFormat = FileFormat { name: "list", key: "list", version: 2 };

    /// All numbers of a list after its first line, and why it went no further.
    fn read(bytes: &[u8]) -> (Vec<u32>, String) {
        let mut lines = match Lines::open(LIST, bytes) {
            Ok(lines) => lines,
            Err(error) => return (Vec::new(), error.to_string()),
        };
        let mut read = Vec::new();
        loop {
            match lines.advance().and_then(|more| more.then(|| lines.value()).transpose()) {
                Ok(Some(number)) => read.push(number),
                Ok(None) => return (read, format!("{} bytes", lines.whole())),
                Err(error) => return (read, error.to_string()),
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, &serde_json::json!({"list": 2, "more": "x"})).expect("memory");
        (1..4).for_each(|number: u32| write(&mut bytes, &number).expect("memory"));
        assert_eq!(read(&bytes), (vec![1, 2, 3], format!("{} bytes", bytes.len())));
    }

    #[test]
    fn a_torn_last_line_is_not_there() {
        let text = "{\"list\":2}\n12\n345\n";
        for end in 0..text.len() {
            let (numbers, why) = read(&text.as_bytes()[..end]);
            let expected = match end {
                0 => "the list is empty",
                1..=10 => "the list is cut off in line 1",
                11 => "11 bytes",
                12..=13 => "the list is cut off in line 2",
                14 => "14 bytes",
                _ => "the list is cut off in line 3",
            };
            assert_eq!((numbers.len(), why.as_str()), (usize::from(end >= 14), expected), "{end}");
        }
    }

    #[test]
    fn problems_have_one_wording() {
        for (text, why) in [
            ("picnic", "this is not a list"),
            ("picnic\n", "this is not a list"),
            ("\0\n", "this is not a list"),
            ("[2]\n", "this is not a list"),
            ("{\"lists\":2}\n", "this is not a list"),
            ("{\"list\":\"2\"}\n", "this is not a list"),
            ("{\"list\":-2}\n", "this is not a list"),
            ("{\"list\":3}", "the list has format 3, this program reads format 2"),
            ("{\"list\":3}\n", "the list has format 3, this program reads format 2"),
            ("{\"list\":2}\nnot\n", "line 2 of the list is corrupt: expected ident (column 2)"),
            ("{\"list\":2}\n\n", "line 2 of the list is corrupt: EOF while parsing a value"),
            (
                "{\"list\":2}\n1 1\n",
                "line 2 of the list is corrupt: trailing characters (column 3)",
            ),
        ] {
            assert_eq!(read(text.as_bytes()).1, why, "{text:?}");
        }
    }

    #[test]
    fn a_line_without_an_end_takes_a_bounded_memory() {
        let endless = io::BufReader::new(io::repeat(b'{'));
        let error = Lines::open(LIST, endless).expect_err("it never ends");
        assert_eq!(error.to_string(), "line 1 of the list is corrupt: longer than 64 MiB");
    }
}
