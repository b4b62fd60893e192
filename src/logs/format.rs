//! How the lines of one file are written, and reading them.

use super::assemble::{AssemblyContext, assemble};
use super::elapsed::ElapsedUnit;
use super::envelope::{self, Envelope};
use super::json::Tree;
use super::layout::{LineLayout, Spans};
use super::request::{LineError, Request};
use super::role::{Field, Fields, Role, Slots};
use super::tables::{self, KeyValueLine, LogTable, w3c};
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::fmt;

/// How the lines of one file are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// What people call it.
    pub(super) title: String,
    pub(super) envelope: Envelope,
    /// The time is in the envelope.
    pub(super) dated: bool,
    pub(super) cut: Cut,
    pub(super) times: ElapsedTimes,
    /// What was guessed and why, in sentences.
    pub(super) guesses: Vec<String>,
}

/// How a line is taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    Text(LineLayout),
    Json(Tree, Fields),
    /// W3C's extended log file format: `#Fields:` says what follows, again wherever it is.
    W3c(LogTable, Option<ElapsedUnit>),
    Csv(LogTable, Fields),
    Pairs(KeyValueLine, Fields),
}

/// What is known of response times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ElapsedTimes {
    /// There are none.
    None,
    /// In this unit; `None`: each value carries its own.
    In(Option<ElapsedUnit>),
    /// There may be some, but nothing says in which unit: the question, in sentences, and the
    /// likeliest answer.
    Asked(String, TimesAnswer),
}

/// What a person says to have response times used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TimesAnswer {
    /// That this field holds them, in this unit.
    Field(Field),
    /// How the whole line is written.
    Pattern(String),
}

/// What one line came to.
#[derive(Debug)]
pub(super) enum Parsed<'a> {
    Request(Request<'a>),
    /// Not a request and no damage: a comment, a message of the server.
    Other(&'static str),
    Bad(LineError),
}

impl Format {
    /// A format with nothing around its lines.
    pub(super) fn plain(
        title: String,
        cut: Cut,
        times: ElapsedTimes,
        guesses: Vec<String>,
    ) -> Format {
        Format { title, envelope: Envelope::None, dated: false, cut, times, guesses }
    }

    /// Whether lines name the user agent.
    pub(super) fn has_agent(&self) -> bool {
        match &self.cut {
            Cut::Text(layout) => layout.has(Role::Agent),
            Cut::Json(_, fields) | Cut::Csv(_, fields) | Cut::Pairs(_, fields) => {
                fields.get(Role::Agent).is_some()
            }
            Cut::W3c(table, _) => {
                table.wanted.iter().flatten().any(|(role, _)| *role == Role::Agent)
            }
        }
    }

    /// What was guessed and why, in sentences.
    pub fn guesses(&self) -> &[String] {
        &self.guesses
    }

    /// The question that must be answered before response times can be used, in sentences.
    pub fn question(&self) -> Option<&str> {
        match &self.times {
            ElapsedTimes::Asked(question, _) => Some(question),
            _ => None,
        }
    }

    /// The pattern of lines of text.
    pub fn pattern(&self) -> Option<String> {
        match &self.cut {
            Cut::Text(layout) => Some(layout.text()),
            _ => None,
        }
    }

    /// The fields of objects, tables and pairs.
    pub fn fields(&self) -> Vec<(Role, Field)> {
        match &self.cut {
            Cut::Text(_) => Vec::new(),
            Cut::Json(_, fields) | Cut::Csv(_, fields) | Cut::Pairs(_, fields) => {
                fields.iter().cloned().collect()
            }
            Cut::W3c(table, _) => {
                let names = tables::cells(&table.heading, None);
                let wanted = table.wanted.iter().zip(names).filter_map(|(wanted, name)| {
                    let (role, unit) = (*wanted)?;
                    Some((role, Field { name: String::from_utf8_lossy(&name).into_owned(), unit }))
                });
                wanted.collect()
            }
        }
    }
}

impl fmt::Display for Format {
    /// In words: `combined with response times in seconds`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        match &self.times {
            ElapsedTimes::None => f.write_str(", no response times")?,
            ElapsedTimes::In(Some(unit)) => write!(f, " with response times in {}", unit.plural())?,
            ElapsedTimes::In(None) => f.write_str(" with response times that carry their unit")?,
            ElapsedTimes::Asked(..) => f.write_str(", response times of unknown unit left out")?,
        }
        self.envelope.words().map_or(Ok(()), |words| write!(f, ", {words}"))
    }
}

/// Reads lines of one format, one after the other.
#[derive(Debug)]
pub(super) struct LineReader {
    format: Format,
    zone: TimeZone,
    scratch: Vec<u8>,
    /// A line with the time of its envelope in front.
    dated: Vec<u8>,
    spans: Spans,
    /// The beginning of a line that Kubernetes has cut into pieces.
    partial: Vec<u8>,
}

/// A line put together of pieces grows no longer than this.
const LONGEST: usize = 64 * 1024;

impl LineReader {
    /// A reader at the beginning of a file.
    pub fn new(format: Format, zone: TimeZone) -> LineReader {
        LineReader {
            format,
            zone,
            scratch: Vec::new(),
            dated: Vec::new(),
            spans: Vec::new(),
            partial: Vec::new(),
        }
    }

    /// Takes one line apart.
    #[inline]
    pub fn line<'a>(&'a mut self, line: &'a [u8]) -> Parsed<'a> {
        let LineReader { format, zone, scratch, dated, spans, partial } = self;
        let (whole, mut line) = (line, line);
        if format.envelope == Envelope::Cri
            && let Some((more, inside)) = envelope::cri(line)
            && (more || !partial.is_empty())
        {
            let room = LONGEST.saturating_sub(partial.len());
            partial.extend_from_slice(&inside[..inside.len().min(room)]);
            if more {
                return Parsed::Other("pieces of lines");
            }
            *scratch = std::mem::take(partial);
            line = scratch;
        } else {
            let Some(inside) = format.envelope.open(line, scratch) else {
                let kind = envelope::other_kind(line);
                return kind.map_or(Parsed::Bad(LineError::Shape), Parsed::Other);
            };
            line = inside;
        }
        let objects = matches!(format.cut, Cut::Json(..));
        if format.dated && !objects {
            envelope::with_time(&format.envelope, whole, line, dated);
            line = dated;
        }
        let utc = matches!(format.cut, Cut::W3c(..));
        let reading = AssemblyContext { zone: if utc { &TimeZone::UTC } else { zone }, plus: utc };
        let slots = match cut(&mut format.cut, line, spans) {
            CutLine::Slots(mut slots) => {
                if format.dated
                    && objects
                    && let Some(time) = format.envelope.time(whole)
                {
                    slots.put(Role::Time, None, Cow::Owned(time));
                }
                slots
            }
            CutLine::Other(kind) => return Parsed::Other(kind),
            CutLine::Nothing => {
                let kind = envelope::other_kind(line);
                return kind.map_or(Parsed::Bad(LineError::Shape), Parsed::Other);
            }
        };
        match assemble(slots, reading) {
            Ok(request) => Parsed::Request(request),
            Err(flaw) => match envelope::other_kind(line) {
                Some(kind) => Parsed::Other(kind),
                None => Parsed::Bad(flaw),
            },
        }
    }
}

// One at a time lives on the stack; a box would cost an allocation for every line.
#[allow(clippy::large_enum_variant)]
enum CutLine<'a> {
    Slots(Slots<'a>),
    Other(&'static str),
    Nothing,
}

fn cut<'a>(cut: &mut Cut, line: &'a [u8], spans: &mut Spans) -> CutLine<'a> {
    let some = |slots: Option<Slots<'a>>| slots.map_or(CutLine::Nothing, CutLine::Slots);
    match cut {
        Cut::Text(layout) => some(layout.slots(line, spans).ok()),
        Cut::Json(tree, _) => {
            let line = line.trim_ascii();
            if line.first() != Some(&b'{') {
                return match line {
                    b"[" | b"]" | b"" => CutLine::Other("brackets of a list"),
                    _ => CutLine::Nothing,
                };
            }
            let line = line.strip_suffix(b",").unwrap_or(line);
            match tree.slots(line) {
                // Others write a line when a request comes and one when it is answered.
                Some(slots) if slots.get(Role::Status).is_none() => {
                    CutLine::Other("objects without a status")
                }
                slots => some(slots),
            }
        }
        Cut::W3c(table, unit) => {
            if let Some(heading) = line.strip_prefix(b"#Fields:") {
                *table = w3c_table(heading, *unit);
                return CutLine::Other("headings");
            }
            if line.first() == Some(&b'#') {
                return CutLine::Other("headings");
            }
            some(table.slots(line))
        }
        Cut::Csv(table, _) if line == table.heading => CutLine::Other("headings"),
        Cut::Csv(table, _) => some(table.slots(line)),
        Cut::Pairs(pairs, _) => match pairs.slots(line) {
            Some(slots) if slots.get(Role::Status).is_none() => {
                CutLine::Other("lines without a status")
            }
            slots => some(slots),
        },
    }
}

/// The table under a `#Fields:` heading.
pub(super) fn w3c_table(heading: &[u8], unit: Option<ElapsedUnit>) -> LogTable {
    let heading = heading.trim_ascii();
    let names = tables::cells(heading, None);
    let wanted = names.iter().map(|name| {
        let name = String::from_utf8_lossy(name);
        let role = w3c(&name)?;
        if role == Role::Elapsed && unit.is_none() {
            return None;
        }
        Some((role, if role == Role::Elapsed { unit } else { None }))
    });
    LogTable { separator: None, heading: heading.to_vec(), wanted: wanted.collect() }
}
