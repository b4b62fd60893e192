//! A line of text as a pattern of fixed text and fields, and cutting lines by it.

use super::elapsed::{self, ElapsedUnit};
use super::role::{Role, Slots};
use std::borrow::Cow;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PatternPiece {
    /// Text that is in every line; a space in it is any number of spaces.
    Text(Vec<u8>),
    /// What differs from line to line.
    Field(NamedField),
}

/// A field of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedField {
    /// As written: `time_local`; `_` for what nobody asks for.
    pub name: String,
    /// `None`: it is skipped.
    pub role: Option<Role>,
    pub unit: Option<ElapsedUnit>,
}

/// A pattern for lines of text. What comes after the last field that every request has (time,
/// status, request) may be missing from a line: then it says less, and is not a bad line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineLayout {
    pieces: Vec<PatternPiece>,
    /// How many pieces must fit.
    required: usize,
}

/// The place of each piece's value in a line; `None` for text and for what is missing.
pub(super) type Spans = Vec<Option<(usize, usize)>>;

/// Where a line stops to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mismatch {
    /// Up to this byte it fits.
    pub at: usize,
    /// The piece that does not.
    pub piece: usize,
}

/// How many ways to cut a line are tried, so that hostile lines cost no more than honest ones. The
/// number is a choice: a line that needs more is bad.
const FUEL: u32 = 48;

impl LineLayout {
    /// A pattern of these pieces; the message says what it lacks.
    pub fn new(pieces: Vec<PatternPiece>) -> Result<LineLayout, String> {
        let place = |wanted: &[Role]| {
            let has = |piece: &PatternPiece| {
                matches!(piece, PatternPiece::Field(NamedField { role: Some(role), .. })
                if wanted.contains(role))
            };
            pieces.iter().position(has)
        };
        let time = place(&[Role::Time]).ok_or("it has no field for the time")?;
        let status = place(&[Role::Status]).ok_or("it has no field for the status")?;
        let request = place(&[Role::Request, Role::Path]).unwrap_or(0);
        let required = time.max(status).max(request) + 1;
        for pair in pieces.windows(2) {
            if let [PatternPiece::Field(one), PatternPiece::Field(other)] = pair {
                let (one, other) = (&one.name, &other.name);
                return Err(format!("nothing separates `{one}` and `{other}`"));
            }
        }
        Ok(LineLayout { pieces, required })
    }

    /// The same with this unit for the response time.
    pub fn with_unit(mut self, unit: Option<ElapsedUnit>) -> LineLayout {
        for piece in &mut self.pieces {
            if let PatternPiece::Field(field) = piece
                && field.role == Some(Role::Elapsed)
            {
                field.unit = unit;
            }
        }
        self
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[PatternPiece] {
        &self.pieces
    }

    /// Whether it has a field for this.
    pub fn has(&self, wanted: Role) -> bool {
        self.fields().any(|field| field.role == Some(wanted))
    }

    /// Its fields.
    pub fn fields(&self) -> impl Iterator<Item = &NamedField> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Field(field) => Some(field),
            PatternPiece::Text(_) => None,
        })
    }

    /// Cuts a line. The error says how far it fits.
    #[inline]
    pub fn cut(&self, line: &[u8], spans: &mut Spans) -> Result<(), Mismatch> {
        spans.clear();
        spans.resize(self.pieces.len(), None);
        let mut cutter =
            Cutter { layout: self, line, spans, fuel: FUEL, stop: Mismatch { at: 0, piece: 0 } };
        if cutter.required(0, 0) { Ok(()) } else { Err(cutter.stop) }
    }

    /// The fields of a line.
    #[inline]
    pub fn slots<'a>(&self, line: &'a [u8], spans: &mut Spans) -> Result<Slots<'a>, Mismatch> {
        self.cut(line, spans)?;
        let mut slots = Slots::default();
        for (piece, span) in self.pieces.iter().zip(spans.iter()) {
            if let (
                PatternPiece::Field(NamedField { role: Some(role), unit, .. }),
                Some((from, to)),
            ) = (piece, span)
            {
                slots.put(*role, *unit, Cow::Borrowed(&line[*from..*to]));
            }
        }
        Ok(slots)
    }

    /// Whether a line fits in every piece, its words are single words and its times are times: the
    /// sign that it is of this very format.
    pub fn fits_exactly(&self, line: &[u8], spans: &mut Spans) -> bool {
        if self.cut(line, spans).is_err() {
            return false;
        }
        self.pieces.iter().zip(spans.iter()).enumerate().all(|(index, (piece, span))| {
            let PatternPiece::Field(field) = piece else { return true };
            let Some((from, to)) = span else { return false };
            let value = &line[*from..*to];
            let loose = self.is_enclosed(index) || field.name == "_" || index == 0;
            let word = loose || !value.contains(&b' ');
            let fits = match field.role {
                Some(Role::Elapsed) => {
                    matches!(value, b"-" | b"-1") || elapsed::elapsed(value, field.unit).is_some()
                }
                Some(Role::Status) => {
                    value == b"-1" || value.len() == 3 && value.iter().all(u8::is_ascii_digit)
                }
                _ => true,
            };
            word && fits
        })
    }

    /// In quotes or brackets, or before a bar, where spaces may occur.
    fn is_enclosed(&self, index: usize) -> bool {
        let text = |index: Option<usize>| match index.and_then(|index| self.pieces.get(index)) {
            Some(PatternPiece::Text(text)) => text.as_slice(),
            _ => b"",
        };
        let (before, behind) = (text(index.checked_sub(1)), text(Some(index + 1)));
        before.last().is_some_and(|byte| b"\"[({".contains(byte))
            || behind.trim_ascii_start().first() == Some(&b'|')
    }

    /// The pattern as it is written: `$remote_addr - - [$time_local] "$request" $status`.
    pub fn text(&self) -> String {
        let piece = |piece: &PatternPiece| match piece {
            PatternPiece::Text(text) => String::from_utf8_lossy(text).into_owned(),
            PatternPiece::Field(field) => format!("${}", field.name),
        };
        self.pieces.iter().map(piece).collect()
    }
}

struct Cutter<'c, 'l> {
    layout: &'c LineLayout,
    line: &'l [u8],
    spans: &'c mut Spans,
    fuel: u32,
    /// The furthest that the line was seen to fit.
    stop: Mismatch,
}

impl Cutter<'_, '_> {
    fn stopped(&mut self, at: usize, piece: usize) -> bool {
        if at >= self.stop.at {
            self.stop = Mismatch { at, piece };
        }
        false
    }

    /// The pieces that every line has, from this one on; another end of a field is tried where
    /// what follows does not fit.
    fn required(&mut self, index: usize, at: usize) -> bool {
        if index >= self.layout.required {
            self.rest(index, at);
            return true;
        }
        let field = match &self.layout.pieces[index] {
            PatternPiece::Text(text) => {
                return match starts(self.line, at, text) {
                    Some(next) => self.required(index + 1, next),
                    None => self.stopped(at, index),
                };
            }
            PatternPiece::Field(field) => field,
        };
        let Some(PatternPiece::Text(text)) = self.layout.pieces.get(index + 1) else {
            let end = self.last(index, at);
            self.spans[index] = Some((at, end));
            return plausible(field, &self.line[at..end]) || self.stopped(at, index);
        };
        let escapes = self.in_quotes(index);
        let mut from = at;
        loop {
            let Some((start, end)) = find(self.line, from, text, escapes) else {
                let last = index + 1 == self.layout.required && text.first() == Some(&b' ');
                let value = &self.line[at.min(self.line.len())..];
                if last && !value.contains(&b' ') && plausible(field, value) {
                    self.spans[index] = Some((at, self.line.len()));
                    return true;
                }
                return self.stopped(at, index);
            };
            if plausible(field, &self.line[at..start]) {
                self.spans[index] = Some((at, start));
                if self.required(index + 2, end) {
                    return true;
                }
            } else {
                self.stopped(at, index);
            }
            self.fuel = self.fuel.saturating_sub(1);
            if self.fuel == 0 {
                return false;
            }
            from = start + 1;
        }
    }

    /// What a line may lack.
    fn rest(&mut self, mut index: usize, mut at: usize) {
        while let Some(piece) = self.layout.pieces.get(index) {
            match piece {
                PatternPiece::Text(text) => match starts(self.line, at, text) {
                    Some(next) => (at, index) = (next, index + 1),
                    None => return,
                },
                PatternPiece::Field(_) => {
                    let escapes = self.in_quotes(index);
                    match self.layout.pieces.get(index + 1) {
                        Some(PatternPiece::Text(text)) => {
                            let Some((start, end)) = find(self.line, at, text, escapes) else {
                                // The last word of a line that ends early still counts.
                                let end = self.last(index, at);
                                if at < end && !escapes {
                                    self.spans[index] = Some((at, end));
                                }
                                return;
                            };
                            self.spans[index] = Some((at, start));
                            (at, index) = (end, index + 2);
                        }
                        _ => {
                            self.spans[index] = Some((at, self.last(index, at)));
                            return;
                        }
                    }
                }
            }
        }
    }

    fn in_quotes(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|index| self.layout.pieces.get(index));
        matches!(before, Some(PatternPiece::Text(text)) if text.last() == Some(&b'"'))
    }

    /// Where the last field of a pattern ends: with its word, or with its line if it is skipped.
    fn last(&self, index: usize, at: usize) -> usize {
        let PatternPiece::Field(field) = &self.layout.pieces[index] else { return at };
        let rest = &self.line[at.min(self.line.len())..];
        match field.role {
            None | Some(Role::Agent) => self.line.len(),
            _ => at + rest.iter().position(|b| b" \t".contains(b)).unwrap_or(rest.len()),
        }
    }
}

/// Whether a value can be what its field says, judged by its shape alone.
#[inline]
fn plausible(field: &NamedField, value: &[u8]) -> bool {
    match field.role {
        Some(Role::Status) => match value {
            [a, b, c] => [a, b, c].iter().all(|byte| byte.is_ascii_digit()),
            _ => matches!(value, b"-" | b"0" | b"-1"),
        },
        Some(Role::Time) => {
            let digits = || value.iter().filter(|byte| byte.is_ascii_digit()).count();
            let clock = value.contains(&b':');
            let day = || value.iter().any(|byte| b"/- T".contains(byte));
            // An address in brackets (`[198.51.100.1]`, `[fe80::1]`) is none.
            value.len() <= 64
                && (clock && day() || !clock && value.len() >= 10 && digits() + 1 >= value.len())
        }
        _ => true,
    }
}

/// Where fixed text that must stand here ends.
#[inline]
fn starts(line: &[u8], at: usize, text: &[u8]) -> Option<usize> {
    let mut at = at;
    for byte in text {
        if *byte == b' ' {
            let spaces = line[at..].iter().take_while(|byte| b" \t".contains(byte)).count();
            if spaces == 0 {
                return None;
            }
            at += spaces;
        } else {
            if line.get(at) != Some(byte) {
                return None;
            }
            at += 1;
        }
    }
    Some(at)
}

/// The next place of a fixed text, and where it ends. A quote that a backslash escapes
/// ends nothing.
#[inline]
fn find(line: &[u8], from: usize, text: &[u8], escapes: bool) -> Option<(usize, usize)> {
    let first = *text.first()?;
    let mut from = from;
    while from < line.len() {
        let rest = &line[from..];
        let found = match first {
            b' ' => memchr::memchr2(b' ', b'\t', rest),
            b'"' if escapes => memchr::memchr2(b'"', b'\\', rest),
            _ => memchr::memchr(first, rest),
        };
        let start = from + found?;
        if line[start] == b'\\' && first == b'"' {
            from = start + 2;
            continue;
        }
        if let Some(end) = starts(line, start, text) {
            return Some((start, end));
        }
        from = start + 1;
    }
    None
}
