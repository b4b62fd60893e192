//! A look at the first lines of a log: how they are cut, what is missing, what was guessed.

use super::detect;
use super::envelope::Envelope;
use super::error::LogError;
use super::format::{Cut, ElapsedTimes, Format, LineReader, Parsed, TimesAnswer};
use super::json;
use super::layout::{PatternPiece, Spans};
use super::line_words::{separator, words};
use super::options::LogReadOptions;
use super::request::Request;
use super::role::{Field, Role};
use super::source::LogSource;
use super::tables;
use super::wanted::FormatSpec;
use crate::units::Span;
use std::io::Read;

/// What a look at the first lines of a log shows.
#[derive(Debug)]
pub struct LogPreview {
    /// What the log is called.
    pub name: String,
    /// How its lines are written; the error says why that is not known.
    pub format: Result<Format, String>,
    /// The first lines, cut.
    pub lines: Vec<PreviewLine>,
    /// What no field says.
    pub missing: Vec<Role>,
    /// How many of the lines looked at are requests, and of how many.
    pub requests: (usize, usize),
    /// Where a question is open: the option that answers it the likeliest way, its words apart, and
    /// how lines are read then.
    settled: Option<([String; 2], Format)>,
}

/// A line and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewLine {
    /// The line; what is not UTF-8 has been replaced.
    pub line: String,
    /// Each part: its name or number, what it says, and its text.
    pub cells: Vec<(String, Option<Role>, String)>,
    /// What the line comes to.
    pub outcome: LineOutcome,
}

/// What a line comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOutcome {
    /// When, the status, how long it took and the target.
    Request(String, u16, Option<Span>, String),
    /// A line of another kind.
    Other(&'static str),
    /// What is wrong with it.
    Bad(&'static str),
}

/// How much of a log is looked at.
const BYTES: usize = 64 * 1024;
const LINES: usize = 64;
/// How many lines are shown.
const SHOWN: usize = 3;

/// Looks at a log.
pub fn preview(source: &LogSource, options: &LogReadOptions) -> Result<LogPreview, LogError> {
    let name = source.name();
    let unreadable = |error| LogError::Unreadable { name: name.clone(), error };
    let reader = source.open().map_err(unreadable)?;
    let mut bytes = Vec::new();
    // What is broken further on shows when the log is read.
    if let Err(error) = reader.take(BYTES as u64).read_to_end(&mut bytes)
        && bytes.is_empty()
    {
        return Err(unreadable(error));
    }
    let whole = match memchr::memrchr(b'\n', &bytes) {
        Some(end) if bytes.len() == BYTES => &bytes[..end],
        _ => &bytes[..],
    };
    let lines = whole.split(|byte| *byte == b'\n');
    let lines: Vec<&[u8]> = lines
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    if lines.is_empty() {
        return Err(LogError::Empty { name });
    }
    let LogReadOptions { format, fields, zone, .. } = options;
    match detect::detect(&lines, format, fields, zone) {
        Ok(format) => {
            let mut reader = LineReader::new(format.clone(), zone.clone());
            let all: Vec<LineOutcome> =
                lines.iter().map(|line| outcome_of_parse(reader.line(line))).collect();
            let requests = all.iter().filter(|one| matches!(one, LineOutcome::Request(..))).count();
            let shown =
                lines.iter().zip(&all).filter(|(_, came)| !matches!(came, LineOutcome::Other(_)));
            let shown = shown.take(SHOWN).map(|(line, came)| PreviewLine {
                line: String::from_utf8_lossy(line).into_owned(),
                cells: cells(&format, line),
                outcome: came.clone(),
            });
            let lines_shown = shown.collect();
            let missing = missing(&format);
            let requests = (requests, lines.len());
            let settled = settled(&format, &lines, options);
            Ok(LogPreview {
                name,
                format: Ok(format),
                lines: lines_shown,
                missing,
                requests,
                settled,
            })
        }
        Err(why) => {
            let between = separator(&lines);
            let shown = lines.iter().take(1).map(|line| PreviewLine {
                line: String::from_utf8_lossy(line).into_owned(),
                cells: numbered(line, between),
                outcome: LineOutcome::Bad("of no known format"),
            });
            let shown = shown.collect();
            let requests = (0, lines.len());
            let (missing, settled) = (Vec::new(), None);
            Ok(LogPreview { name, format: Err(why), lines: shown, missing, requests, settled })
        }
    }
}

/// The format with the likeliest answer to its question, and the option that says so.
fn settled(
    format: &Format,
    lines: &[&[u8]],
    options: &LogReadOptions,
) -> Option<([String; 2], Format)> {
    let ElapsedTimes::Asked(_, answer) = &format.times else { return None };
    let LogReadOptions { format: wanted, fields, zone, .. } = options;
    let (mut wanted, mut fields) = (wanted.clone(), fields.clone());
    let option = match answer {
        TimesAnswer::Field(field) => {
            fields.set(Role::Elapsed, field.clone());
            ["--field".to_string(), format!("elapsed={field}")]
        }
        TimesAnswer::Pattern(pattern) => {
            wanted = FormatSpec::Described(pattern.clone());
            ["--log-format".to_string(), pattern.clone()]
        }
    };
    let format = detect::detect(lines, &wanted, &fields, zone).ok()?;
    matches!(format.times, ElapsedTimes::In(_)).then_some((option, format))
}

fn outcome_of_parse(parsed: Parsed<'_>) -> LineOutcome {
    match parsed {
        Parsed::Request(Request { at, status, elapsed, target, .. }) => {
            let target = String::from_utf8_lossy(&target).into_owned();
            LineOutcome::Request(at.rfc3339(), status, elapsed, target)
        }
        Parsed::Other(kind) => LineOutcome::Other(kind),
        Parsed::Bad(flaw) => LineOutcome::Bad(flaw.words()),
    }
}

/// The words of a line by their numbers, as `--field` takes them.
fn numbered(line: &[u8], between: Option<u8>) -> Vec<(String, Option<Role>, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if let Some(object) = json::object(line) {
        return object.iter().map(|(key, value)| (key.clone(), None, value.to_string())).collect();
    }
    let words = words(line, between);
    let number = |(index, word): (usize, &super::line_words::Word)| {
        ((index + 1).to_string(), None, text(word.text(line)))
    };
    words.iter().enumerate().map(number).collect()
}

fn cells(format: &Format, line: &[u8]) -> Vec<(String, Option<Role>, String)> {
    let mut scratch = Vec::new();
    let line = format.envelope.open(line, &mut scratch).unwrap_or(b"");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let role = |name: &str, fields: &[(Role, Field)]| {
        fields.iter().find(|(_, field)| field.name == name).map(|(role, _)| *role)
    };
    let fields = format.fields();
    match &format.cut {
        Cut::Text(layout) => {
            let mut spans = Spans::new();
            // Where the line stops to fit, the parts before are still shown.
            let stop = layout.cut(line, &mut spans).err();
            let stop = stop.map(|stop| {
                let rest = text(&line[stop.at.min(line.len())..]);
                ("stops to fit at".to_string(), None, rest)
            });
            let pieces = layout.pieces().iter().zip(&spans);
            let cell = |(piece, span): (&PatternPiece, &Option<(usize, usize)>)| match (piece, span)
            {
                (PatternPiece::Field(field), Some((from, to))) => {
                    Some((field.name.clone(), field.role, text(&line[*from..*to])))
                }
                (PatternPiece::Field(field), None) if field.role.is_some() => {
                    Some((field.name.clone(), field.role, "(not in this line)".to_string()))
                }
                _ => None,
            };
            pieces.filter_map(cell).chain(stop).collect()
        }
        Cut::Json(..) => json::columns(&[line])
            .into_iter()
            .map(|column| {
                let value = column.values.first().map_or(String::new(), |value| text(value));
                let found = role(&column.path, &fields);
                (column.path, found, value)
            })
            .collect(),
        Cut::W3c(table, _) | Cut::Csv(table, _) => {
            let names = tables::cells(&table.heading, table.separator);
            let values = tables::cells(line, table.separator);
            let pairs = names.iter().zip(&values);
            pairs
                .map(|(name, value)| {
                    let name = text(name);
                    let found = role(&name, &fields);
                    (name, found, text(value))
                })
                .collect()
        }
        Cut::Pairs(..) => tables::pairs(line)
            .map(|(key, value)| {
                let name = text(key);
                let found = role(&name, &fields);
                (name, found, text(&value))
            })
            .collect(),
    }
}

fn missing(format: &Format) -> Vec<Role> {
    let fields = format.fields();
    let has = |wanted: Role| match &format.cut {
        Cut::Text(layout) => layout.has(wanted),
        _ => fields.iter().any(|(role, _)| *role == wanted),
    };
    let path = has(Role::Path) || has(Role::Request);
    let elapsed = has(Role::Elapsed) || has(Role::Began);
    let all = [(Role::Path, path), (Role::Elapsed, elapsed), (Role::Agent, has(Role::Agent))];
    all.into_iter().filter(|(_, there)| !there).map(|(role, _)| role).collect()
}

impl LogPreview {
    /// The section of a scenario that reads such lines, to be pasted; `None` while nothing is
    /// known of them.
    pub fn section(&self) -> Option<String> {
        let format = self.format.as_ref().ok()?;
        let Some((_, settled)) = &self.settled else { return section(format) };
        let ElapsedTimes::In(Some(unit)) = settled.times else { return section(settled) };
        let said =
            format!("# If response times are in {}: else write another unit.\n", unit.plural());
        Some(said + &section(settled)?)
    }

    /// The option that answers the open question the likeliest way, its words apart.
    pub fn answer(&self) -> Option<&[String; 2]> {
        self.settled.as_ref().map(|(option, _)| option)
    }
}

/// The section for lines of this format.
fn section(format: &Format) -> Option<String> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    if let Some(pattern) = format.pattern() {
        // What precedes every line is part of how it is written.
        let before = match format.envelope {
            Envelope::Words(n) => "$_ ".repeat(n),
            _ => String::new(),
        };
        return Some(format!("logs:\n  format: {}\n", quoted(&(before + &pattern))));
    }
    let word = match &format.cut {
        Cut::Json(..) => "json",
        Cut::Csv(..) => "csv",
        Cut::W3c(..) => "w3c",
        _ => "logfmt",
    };
    let mut section = format!("logs:\n  format: {word}\n");
    let mut head = "  fields:\n";
    for (role, field) in format.fields() {
        let inside = matches!(role, Role::Query | Role::Kind | Role::Method | Role::Began);
        // Where `#Fields:` changes midway, its own names are found again.
        let found = matches!(format.cut, Cut::W3c(..)) && role != Role::Elapsed;
        if inside || found || field.name.starts_with('(') {
            continue;
        }
        let value = quoted(&field.to_string());
        section += &format!("{head}    {}: {value}\n", role.word());
        head = "";
    }
    Some(section)
}
