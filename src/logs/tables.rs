//! Lines of columns with a heading (W3C's `#Fields:`, CSV), and lines of `key=value` words.

use super::elapsed::ElapsedUnit;
use super::line_words::time_in;
use super::notation;
use super::producers::FieldSamples;
use super::role::{Fields, Role, Slots};
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// What a column or a key says.
pub(super) type Wanted = (Role, Option<ElapsedUnit>);

/// The columns of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LogTable {
    /// `None`: spaces or tabs, as W3C has them.
    pub separator: Option<u8>,
    /// The heading, to know it again where files were put together.
    pub heading: Vec<u8>,
    pub wanted: Vec<Option<Wanted>>,
}

impl LogTable {
    /// The table with this heading, whose columns are named by these fields.
    pub fn from_heading(heading: &[u8], separator: Option<u8>, fields: &Fields) -> LogTable {
        let names = cells(heading, separator);
        let wanted = |name: &Cow<'_, [u8]>| {
            let name = String::from_utf8_lossy(name);
            let found = fields.iter().find(|(_, field)| field.name == name);
            found.map(|(role, field)| (*role, field.unit))
        };
        let wanted = names.iter().map(wanted).collect();
        LogTable { separator, heading: heading.to_vec(), wanted }
    }

    /// The fields of a line.
    pub fn slots<'a>(&self, line: &'a [u8]) -> Option<Slots<'a>> {
        let mut slots = Slots::default();
        let mut rest = Some(line);
        let mut any = 0;
        for wanted in &self.wanted {
            let Some(text) = rest else { break };
            let (cell, behind) = cell(text, self.separator);
            rest = behind;
            any += 1;
            if let Some((role, unit)) = wanted {
                slots.put(*role, *unit, cell);
            }
        }
        (any == self.wanted.len() && any > 1).then_some(slots)
    }
}

/// All cells of a line.
pub(super) fn cells(line: &[u8], separator: Option<u8>) -> Vec<Cow<'_, [u8]>> {
    let mut cells = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (cell, behind) = cell(text, separator);
        cells.push(cell);
        rest = behind;
    }
    cells
}

/// The first cell of a text, and what is behind its separator.
fn cell(text: &[u8], separator: Option<u8>) -> (Cow<'_, [u8]>, Option<&[u8]>) {
    let Some(separator) = separator else {
        let end = memchr::memchr2(b' ', b'\t', text);
        let (cell, behind) = match end {
            // Of several spaces together, none begins an empty column; tabs do.
            Some(end) if text[end] == b' ' => (&text[..end], Some(text[end..].trim_ascii_start())),
            Some(end) => (&text[..end], Some(&text[end + 1..])),
            None => (text, None),
        };
        return (Cow::Borrowed(cell), behind.filter(|behind| !behind.is_empty()));
    };
    if let Some(inside) = text.strip_prefix(b"\"") {
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'"', &inside[at..]) {
            let end = at + found;
            if inside.get(end + 1) == Some(&b'"') {
                at = end + 2;
                continue;
            }
            let value = match memchr::memmem::find(&inside[..end], b"\"\"") {
                Some(_) => {
                    let text = String::from_utf8_lossy(&inside[..end]).replace("\"\"", "\"");
                    Cow::Owned(text.into_bytes())
                }
                None => Cow::Borrowed(&inside[..end]),
            };
            let behind = &inside[end + 1..];
            return (value, behind.strip_prefix(&[separator]));
        }
    }
    match memchr::memchr(separator, text) {
        Some(end) => (Cow::Borrowed(text[..end].trim_ascii()), Some(&text[end + 1..])),
        None => (Cow::Borrowed(text.trim_ascii()), None),
    }
}

/// The columns of a table with their values.
pub(super) fn columns(heading: &[u8], lines: &[&[u8]], separator: Option<u8>) -> Vec<FieldSamples> {
    let names = cells(heading, separator);
    let mut columns: Vec<FieldSamples> = names
        .iter()
        .map(|name| FieldSamples {
            path: String::from_utf8_lossy(name).into_owned(),
            values: vec![],
        })
        .collect();
    for line in lines {
        for (column, cell) in columns.iter_mut().zip(cells(line, separator)) {
            column.values.push(cell.into_owned());
        }
    }
    columns
}

/// The separator of a CSV whose first line is its heading: names, and no values.
pub(super) fn csv_separator(lines: &[&[u8]]) -> Option<u8> {
    let (heading, rows) = lines.split_first()?;
    let name = |cell: &Cow<'_, [u8]>| {
        let first =
            cell.first().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_@".contains(byte));
        first && cell.len() <= 64 && !cell.contains(&b'=') && !cell.contains(&b':')
    };
    [b',', b';', b'\t', b'|'].into_iter().find(|separator| {
        let names = cells(heading, Some(*separator));
        let same = |row: &&&[u8]| cells(row, Some(*separator)).len() == names.len();
        names.len() >= 3
            && names.iter().all(name)
            && 2 * rows.iter().filter(same).count() >= rows.len()
            && !rows.is_empty()
    })
}

/// The meaning of W3C's own field names.
pub(super) fn w3c(name: &str) -> Option<Role> {
    Some(match name.to_ascii_lowercase().as_str() {
        "date" => Role::Date,
        "time" | "timestamp" | "x-timestamp" => Role::Time,
        "sc-status" => Role::Status,
        "cs-uri-stem" | "cs-uri" => Role::Path,
        "cs-uri-query" => Role::Query,
        "cs(user-agent)" => Role::Agent,
        "c-ip" => Role::Address,
        "sc-content-type" | "rs(content-type)" => Role::Kind,
        "time-taken" => Role::Elapsed,
        _ => return None,
    })
}

/// A line of `key=value` words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct KeyValueLine(pub Vec<(String, Wanted)>);

impl KeyValueLine {
    /// The fields of a line; where no key says when, the text in front of the first key may.
    pub fn slots<'a>(&self, line: &'a [u8]) -> Option<Slots<'a>> {
        let mut slots = Slots::default();
        let mut any = false;
        for (key, value) in pairs(line) {
            any = true;
            if let Some((_, (role, unit))) = self.0.iter().find(|(name, _)| name.as_bytes() == key)
            {
                slots.put(*role, *unit, value);
            }
        }
        if slots.get(Role::Time).is_none()
            && let Some(time) = leading_time(line)
        {
            slots.put(Role::Time, None, Cow::Borrowed(time));
        }
        any.then_some(slots)
    }
}

/// A time in front of the first `key=value`, as loggers and whoever passes lines on put it there.
pub(super) fn leading_time(line: &[u8]) -> Option<&[u8]> {
    let line = match line.first() {
        // `<134>1 ` of syslog.
        Some(b'<') => {
            let end = memchr::memchr(b'>', line)? + 1;
            let behind = &line[end..];
            behind.strip_prefix(b"1 ").unwrap_or(behind)
        }
        _ => line,
    };
    let first = line.split(|byte| *byte == b' ').next()?;
    if notation::read(first, &TimeZone::UTC).is_some() {
        return Some(first);
    }
    let before = line.len() - from_first_pair(line).len();
    time_in(&line[..before])
}

/// A line from its first `key=` on.
pub(super) fn from_first_pair(line: &[u8]) -> &[u8] {
    let sign = memchr::memchr(b'=', line).unwrap_or(0);
    let key = memchr::memrchr(b' ', &line[..sign]).map_or(0, |blank| blank + 1);
    &line[key..]
}

/// A key and its value.
type Pair<'a> = (&'a [u8], Cow<'a, [u8]>);

/// The `key=value` words of a line, in order, or its cells `label:value` between tabs (LTSV).
pub(super) fn pairs(line: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    let labelled = is_labelled(line);
    let mut rest = line;
    std::iter::from_fn(move || {
        if labelled {
            return labelled_cell(&mut rest);
        }
        loop {
            let start = rest.iter().position(|byte| !b" \t,".contains(byte))?;
            rest = &rest[start..];
            let end = memchr::memchr3(b' ', b'=', b'"', rest).unwrap_or(rest.len());
            if rest.get(end) != Some(&b'=') {
                // A word without a value; a quoted one is passed over whole.
                let skip = match rest.get(end) {
                    Some(b'"') => end + 1 + closing(&rest[end + 1..]).map_or(0, |at| at + 1),
                    _ => end,
                };
                rest = &rest[skip.max(1).min(rest.len())..];
                if rest.is_empty() {
                    return None;
                }
                continue;
            }
            let key = &rest[..end];
            let behind = &rest[end + 1..];
            let (value, behind) = match behind.strip_prefix(b"\"") {
                Some(inside) => match closing(inside) {
                    Some(end) => (unescaped(&inside[..end]), &inside[end + 1..]),
                    None => (Cow::Borrowed(inside), &b""[..]),
                },
                None => {
                    let end = memchr::memchr2(b' ', b'\t', behind).unwrap_or(behind.len());
                    (Cow::Borrowed(&behind[..end]), &behind[end..])
                }
            };
            rest = behind;
            return Some((key, value));
        }
    })
}

/// Whether a line is of labelled, tab-separated values: `time:… <tab> host:… <tab> …`.
pub(super) fn is_labelled(line: &[u8]) -> bool {
    let label = |cell: &[u8]| {
        let end = memchr::memchr(b':', cell).unwrap_or(0);
        end > 0 && cell[..end].iter().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b))
    };
    let mut cells = line.split(|byte| *byte == b'\t');
    memchr::memchr(b'\t', line).is_some() && cells.by_ref().take(3).all(label)
}

fn labelled_cell<'a>(rest: &mut &'a [u8]) -> Option<Pair<'a>> {
    loop {
        if rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\t', rest).unwrap_or(rest.len());
        let cell = &rest[..end];
        *rest = rest.get(end + 1..).unwrap_or(b"");
        if let Some(sign) = memchr::memchr(b':', cell) {
            return Some((&cell[..sign], Cow::Borrowed(&cell[sign + 1..])));
        }
    }
}

/// The place of the first quote that nothing escapes.
fn closing(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[found] == b'"' {
            return Some(found);
        }
        at = found + 2;
    }
}

fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        plain.push(if *byte == b'\\' { *bytes.next().unwrap_or(byte) } else { *byte });
    }
    Cow::Owned(plain)
}

/// The keys of these lines with their values.
pub(super) fn pair_columns(lines: &[&[u8]]) -> Vec<FieldSamples> {
    let mut columns: Vec<FieldSamples> = Vec::new();
    for line in lines {
        for (key, value) in pairs(line).take(100) {
            let path = String::from_utf8_lossy(key).into_owned();
            let room = columns.len() < 200;
            match columns.iter_mut().find(|column| column.path == path) {
                Some(column) => column.values.push(value.into_owned()),
                None if room => {
                    columns.push(FieldSamples { path, values: vec![value.into_owned()] });
                }
                None => {}
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_csv_and_of_w3c() {
        let cells = |line: &str, separator| {
            let cells = super::cells(line.as_bytes(), separator);
            cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(cells(r#"a,"b ""c"", d",,e"#, Some(b',')), ["a", r#"b "c", d"#, "", "e"]);
        assert_eq!(cells("a\tb\t\tc", None), ["a", "b", "", "c"]);
        assert_eq!(cells("a b  c", None), ["a", "b", "c"]);
    }

    #[test]
    fn words_with_values_are_found_among_others() {
        let line = br#"2018-11-07T22:00:02Z heroku[router]: at=info path="/a b" x "c=d" took=5ms"#;
        let found: Vec<(String, String)> = pairs(line)
            .map(|(key, value)| {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                (text(key), text(&value))
            })
            .collect();
        let expected = [("at", "info"), ("path", "/a b"), ("took", "5ms")];
        assert_eq!(found, expected.map(|(key, value)| (key.to_string(), value.to_string())));
        assert_eq!(leading_time(line), Some(&b"2018-11-07T22:00:02Z"[..]));
        let labelled = b"time:[07/Nov/2018:22:00:02 +0000]\thost:1.2.3.4\treq:GET /a HTTP/1.1\tx";
        let found: Vec<&[u8]> = pairs(labelled).map(|(key, _)| key).collect();
        assert_eq!(found, [&b"time"[..], b"host", b"req"]);
        assert_eq!(pairs(b"\"").count() + pairs(b"a=\"x").count() + pairs(b"\\").count(), 1);
    }

    #[test]
    fn headings_are_names_and_not_values() {
        assert_eq!(csv_separator(&[b"ip,date,time", b"1,2,3"]), Some(b','));
        assert_eq!(csv_separator(&[b"1,2018-11-07,3", b"1,2,3"]), None);
        assert_eq!(csv_separator(&[b"ip;code;time;x", b"1;2;3;4"]), Some(b';'));
        assert_eq!(csv_separator(&[b"ip,date,time"]), None, "nothing but a heading");
    }
}
