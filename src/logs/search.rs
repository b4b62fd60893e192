//! Detects the format of lines with names: JSON, tables with a heading, `key=value` words.

use super::elapsed::elapsed;
use super::format::{Cut, ElapsedTimes, Format, w3c_table};
use super::json::{self, Tree};
use super::line_words;
use super::names::{self, DetectedFields};
use super::producers::FieldSamples;
use super::role::{Field, Fields, Role};
use super::tables::{self, KeyValueLine, LogTable};
use super::units_said::{ask, implausible};
use jiff::tz::TimeZone;

/// Why no format was found, in words that follow "it": `begins with …`.
pub(super) type NoFormatReason = String;

/// The first lines of a file, and what is known without them.
#[derive(Clone, Copy)]
pub(super) struct FormatSearch<'s> {
    pub lines: &'s [&'s [u8]],
    pub given: &'s Fields,
    pub zone: &'s TimeZone,
    /// What is around the lines says when they were written, if they do not.
    pub dated: bool,
}

impl FormatSearch<'_> {
    /// Whether at least half of the lines are so.
    pub fn most(&self, fits: impl Fn(&[u8]) -> bool) -> bool {
        let n = self.lines.iter().filter(|line| fits(line)).count();
        n > 0 && 2 * n >= self.lines.len()
    }

    /// Lines of JSON objects.
    pub fn json(&self) -> Result<Format, NoFormatReason> {
        let columns = json::columns(self.lines);
        if columns.is_empty() && !self.lines.iter().any(|line| line.starts_with(b"{")) {
            return Err("has no line that is a JSON object".to_string());
        }
        if columns.is_empty() {
            return Err("has lines that begin with { and are not JSON".to_string());
        }
        let found = names::find(&columns, self.given, self.zone);
        self.check("JSON lines", &columns, &found)?;
        let title = titled("JSON lines", &found);
        Ok(self.structured(title, &columns, found, |fields| {
            Cut::Json(Tree::from_fields(&fields), fields)
        }))
    }

    /// A table whose first line is its heading.
    pub fn csv(&self) -> Result<Format, NoFormatReason> {
        let separator = tables::csv_separator(self.lines)
            .ok_or("has no first line with the names of its columns")?;
        let (heading, rows) = self.lines.split_first().ok_or("is empty")?;
        let columns = tables::columns(heading, rows, Some(separator));
        let found = names::find(&columns, self.given, self.zone);
        self.check("a table", &columns, &found)?;
        let title = titled("CSV", &found);
        let heading = heading.to_vec();
        Ok(self.structured(title, &columns, found, |fields| {
            Cut::Csv(LogTable::from_heading(&heading, Some(separator), &fields), fields)
        }))
    }

    /// Lines of `key=value` words; `None` if less than this share of the words are any.
    pub fn pairs(&self, least: f64) -> Option<Result<Format, NoFormatReason>> {
        let share = |line: &[u8]| {
            let pairs = tables::pairs(line).count();
            let words = match tables::is_labelled(line) {
                true => pairs,
                // What is in front of the first of them is a logger's.
                false => line_words::words(tables::from_first_pair(line), None).len().max(1),
            };
            pairs >= 4 && pairs as f64 >= least * words as f64
        };
        if !self.most(share) {
            return None;
        }
        let mut columns = tables::pair_columns(self.lines);
        let leading = |line: &&&[u8]| tables::leading_time(line).is_some();
        let in_front = 2 * self.lines.iter().filter(leading).count() >= self.lines.len();
        if in_front {
            let times = self.lines.iter().filter_map(|line| tables::leading_time(line));
            let values = times.map(<[u8]>::to_vec).collect();
            columns.push(FieldSamples { path: "(in front)".to_string(), values });
        }
        let mut found = names::find(&columns, self.given, self.zone);
        if found.fields.get(Role::Time).is_none() && in_front {
            let field = Field { name: "(in front)".to_string(), unit: None };
            found.fields.set(Role::Time, field);
        }
        if let Err(why) = self.check("lines of key=value words", &columns, &found) {
            return Some(Err(why));
        }
        let title = titled("logfmt", &found);
        Some(Ok(self.structured(title, &columns, found, |fields| {
            let pairs =
                fields.iter().map(|(role, field)| (field.name.clone(), (*role, field.unit)));
            Cut::Pairs(KeyValueLine(pairs.collect()), fields)
        })))
    }

    /// Lines under a `#Fields:` heading; `None` without one.
    pub fn w3c(&self) -> Option<Result<Format, NoFormatReason>> {
        let heading = self.lines.iter().find_map(|line| line.strip_prefix(b"#Fields:"))?;
        let heading = heading.trim_ascii();
        let rows: Vec<&[u8]> =
            self.lines.iter().copied().filter(|line| !line.starts_with(b"#")).collect();
        let columns = tables::columns(heading, &rows, None);
        let found = names::find(&columns, self.given, &TimeZone::UTC);
        let taken = names::column(&columns, "time-taken");
        let given = self.given.get(Role::Elapsed).and_then(|field| field.unit);
        let unit = given.or_else(|| found.fields.get(Role::Elapsed).and_then(|field| field.unit));
        let mut guesses = Vec::new();
        let (times, unit) = match (taken, unit) {
            (None, _) => (ElapsedTimes::None, None),
            (Some(_), Some(unit)) => (ElapsedTimes::In(Some(unit)), Some(unit)),
            (Some(column), None) => ask("time-taken", &column.values, &mut guesses),
        };
        let table = w3c_table(heading, unit);
        let has = |wanted: Role| table.wanted.iter().flatten().any(|(role, _)| *role == wanted);
        if !has(Role::Time) || !has(Role::Status) {
            return Some(Err("has no `time` or no `sc-status` among its #Fields".to_string()));
        }
        let title = titled("W3C lines", &found);
        let cut = Cut::W3c(table, unit);
        Some(Ok(Format::plain(title, cut, times, guesses)))
    }

    /// Whether there is a time and a status, and all fields that somebody has named.
    fn check(
        &self,
        what: &str,
        columns: &[FieldSamples],
        found: &DetectedFields,
    ) -> Result<(), NoFormatReason> {
        let mut names: Vec<&str> = columns.iter().map(|column| column.path.as_str()).collect();
        names.truncate(24);
        let names = names.join(", ");
        for (role, field) in self.given.iter() {
            let plain = |name: &str| name.replace(".0", "");
            if columns.iter().all(|column| plain(&column.path) != plain(&field.name)) {
                let (role, name) = (role.word(), &field.name);
                return Err(format!("has no field `{name}` for {role}; it has {names}"));
            }
        }
        for role in [Role::Status, Role::Time] {
            let elsewhere = role == Role::Time && self.dated;
            if found.fields.get(role).is_none() && !elsewhere {
                let word = role.word();
                let close = columns.iter().find(|column| {
                    role == Role::Time && column.path.to_lowercase().contains("time")
                });
                let close = close.and_then(|column| column.values.first()).map(|value| {
                    let value = String::from_utf8_lossy(value);
                    format!("; no time could be read from `{value}`")
                });
                let close = close.unwrap_or_default();
                return Err(format!("is {what}, with no {word} among: {names}{close}"));
            }
        }
        Ok(())
    }

    fn structured(
        &self,
        title: String,
        columns: &[FieldSamples],
        mut found: DetectedFields,
        cut: impl FnOnce(Fields) -> Cut,
    ) -> Format {
        let mut guesses = std::mem::take(&mut found.guesses);
        let mut times = match found.fields.get(Role::Elapsed) {
            Some(field) => ElapsedTimes::In(field.unit),
            None if found.fields.get(Role::Began).is_some() => ElapsedTimes::In(None),
            None => ElapsedTimes::None,
        };
        if let Some(name) = &found.unclear
            && let Some(column) = names::column(columns, name)
        {
            let (asked, unit) = ask(name, &column.values, &mut guesses);
            times = asked;
            if unit.is_some() {
                found.fields.set(Role::Elapsed, Field { name: name.clone(), unit });
            }
        }
        if let Some(field) = found.fields.get(Role::Elapsed)
            && let Some(column) = names::column(columns, &field.name)
        {
            let values = column.values.iter().filter_map(|value| elapsed(value, field.unit));
            guesses.extend(implausible(values.collect()));
        }
        let cut = cut(found.fields);
        Format::plain(title, cut, times, guesses)
    }
}

fn titled(what: &str, found: &DetectedFields) -> String {
    found.producer.map_or(what.to_string(), |producer| format!("{what} of {producer}"))
}
