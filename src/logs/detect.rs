//! Telling from the first lines of a file how its lines are written.

use super::elapsed::elapsed;
use super::envelope::{self, Envelope};
use super::format::{Cut, Format, Times, w3c_table};
use super::infer::{self, Inferred};
use super::json::{self, Tree};
use super::known;
use super::layout::{Layout, Spans};
use super::names::{self, Found};
use super::producers::Column;
use super::role::{Field, Fields, Role};
use super::tables::{self, Pairs, Table};
use super::template::{self, Described};
use super::units_said::{absurd, ask, likeliest, readings_of};
use super::wanted::Wanted;
use jiff::tz::TimeZone;

/// Why no format was found, in words that follow "it": `begins with …`.
pub(super) type Why = String;

/// The format of the first lines of a file.
pub(super) fn detect(
    lines: &[&[u8]],
    wanted: &Wanted,
    given: &Fields,
    zone: &TimeZone,
) -> Result<Format, Why> {
    let lines: Vec<&[u8]> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let requests: Vec<&[u8]> = lines
        .iter()
        .copied()
        .filter(|line| line.starts_with(b"#") || envelope::other_kind(line).is_none())
        .collect();
    let lines = if requests.is_empty() { lines } else { requests };
    let mut why = None;
    for envelope in Envelope::possible(&lines) {
        let opened: Vec<Vec<u8>> = lines
            .iter()
            .filter_map(|line| Some(envelope.open(line, &mut Vec::new())?.to_vec()))
            .collect();
        let inside: Vec<&[u8]> = opened.iter().map(Vec::as_slice).collect();
        let search = Search { lines: &inside, given, zone };
        match search.format(wanted) {
            Ok(format) if format.envelope == Envelope::None => {
                return Ok(Format { envelope, ..format });
            }
            Ok(format) if envelope == Envelope::None => return Ok(format),
            // Two things around a line are more than can be taken off.
            Ok(_) => {}
            Err(problem) => why = why.or(Some(problem)),
        }
    }
    Err(why.unwrap_or_default())
}

struct Search<'s> {
    lines: &'s [&'s [u8]],
    given: &'s Fields,
    zone: &'s TimeZone,
}

impl Search<'_> {
    fn format(&self, wanted: &Wanted) -> Result<Format, Why> {
        match wanted {
            Wanted::Detect => self.any(),
            Wanted::Described(text) => self.described(text),
            Wanted::Json => self.json(),
            Wanted::Csv => self.csv(),
            Wanted::W3c => self.w3c().unwrap_or_else(|| Err("no line begins with #Fields:".into())),
            Wanted::Logfmt => self.pairs(0.0).unwrap_or_else(|| Err("no words key=value".into())),
            Wanted::Combined => Ok(self.combined()),
            Wanted::Known(word) => {
                let (known, layout) = known::of_word(word).ok_or("no such format is known")?;
                Ok(self.text(known.title.to_string(), layout.clone(), Vec::new()))
            }
        }
    }

    fn most(&self, fits: impl Fn(&[u8]) -> bool) -> bool {
        let n = self.lines.iter().filter(|line| fits(line)).count();
        n > 0 && 2 * n >= self.lines.len()
    }

    fn any(&self) -> Result<Format, Why> {
        if let Some(found) = self.w3c() {
            return found;
        }
        if self.most(|line| line.trim_ascii_start().first() == Some(&b'{')) {
            return self.json();
        }
        if tables::csv_separator(self.lines).is_some()
            && let Ok(found) = self.csv()
        {
            return Ok(found);
        }
        if let Some(Ok(found)) = self.pairs(0.6) {
            return Ok(found);
        }
        if self.given.is_empty()
            && let Some((known, layout)) = known::find(self.lines)
        {
            return Ok(self.text(known.title.to_string(), layout.clone(), Vec::new()));
        }
        if let Some(found) = self.behind_words() {
            return Ok(found);
        }
        match infer::infer(self.lines, self.given) {
            Some(inferred) => Ok(self.inferred(inferred)),
            None => Err(self.why_no_text()),
        }
    }

    /// A known format behind some words of whoever passed the lines on.
    fn behind_words(&self) -> Option<Format> {
        if !self.given.is_empty() {
            return None;
        }
        for n in 1..=6 {
            let envelope = Envelope::Words(n);
            let mut scratch = Vec::new();
            let opened: Vec<&[u8]> = self
                .lines
                .iter()
                .filter_map(|line| {
                    envelope
                        .open(line, &mut scratch)
                        .map(|inside| inside.len())
                        .map(|length| &line[line.len() - length..])
                })
                .collect();
            if let Some((known, layout)) = known::find(&opened)
                && 2 * opened.len() >= self.lines.len()
            {
                let search = Search { lines: &opened, ..*self };
                let format = search.text(known.title.to_string(), layout.clone(), Vec::new());
                return Some(Format { envelope, ..format });
            }
        }
        None
    }

    fn why_no_text(&self) -> Why {
        self.lines.first().map_or(String::new(), |line| infer::understood(line))
    }

    fn described(&self, text: &str) -> Result<Format, Why> {
        match template::parse(text).map_err(|error| error.message)? {
            Described::Text(layout) => {
                Ok(self.text("as described".to_string(), layout, Vec::new()))
            }
            Described::Json(fields) => {
                let mut merged = fields;
                self.given.iter().for_each(|(role, field)| merged.set(*role, field.clone()));
                Search { given: &merged, ..*self }.json()
            }
        }
    }

    fn combined(&self) -> Format {
        match infer::infer(self.lines, self.given) {
            Some(inferred) => self.inferred(inferred),
            None => {
                const TEMPLATE: &str = "$remote_addr $ident $user [$time] \"$request\" $status \
                                        $bytes \"$referer\" \"$agent\"";
                let Ok(Described::Text(layout)) = template::parse(TEMPLATE) else {
                    unreachable!("a constant that is tested")
                };
                self.text("combined".to_string(), layout, Vec::new())
            }
        }
    }

    fn inferred(&self, inferred: Inferred) -> Format {
        let Inferred { layout, guesses, candidates } = inferred;
        let text = layout.text();
        let title = match layout.has(Role::Agent) {
            _ if !text.contains("\"$request\"") => "text",
            true => "combined",
            false => "common",
        };
        let mut format = self.text(title.to_string(), layout, guesses);
        if format.times == Times::None && !candidates.is_empty() {
            let numbers: Vec<String> = candidates
                .iter()
                .take(4)
                .map(|(word, text)| format!("word {word} (`{text}`)"))
                .collect();
            let (last, example) = candidates.last().cloned().unwrap_or_default();
            let unit = likeliest(&example);
            let all = if numbers.len() == 1 { "is a number" } else { "are numbers" };
            format.times = Times::Asked(format!(
                "{} {all}, but nothing says that this is the response time, or its unit{}; if it \
                 is, say so: --field \"elapsed={last} {unit}\"",
                numbers.join(", "),
                readings_of(&example),
            ));
        }
        format
    }

    /// A format of text lines, with what its own first lines say of its times.
    fn text(&self, title: String, layout: Layout, mut guesses: Vec<String>) -> Format {
        let field = layout.fields().find(|field| field.role == Some(Role::Elapsed)).cloned();
        let times = field.as_ref().map_or(Times::None, |field| Times::In(field.unit));
        if let Some(field) = field {
            if super::variables::is_upstream_time(&field.name) {
                guesses.push("the upstream's time alone is in the line, and taken".to_string());
            }
            let mut spans = Spans::new();
            let values = self.lines.iter().filter_map(|line| {
                let slots = layout.slots(line, &mut spans).ok()?;
                let (text, unit) = slots.parts().next()?;
                elapsed(text, unit)
            });
            guesses.extend(absurd(values.collect()));
        }
        let format =
            Format { title, envelope: Envelope::None, cut: Cut::Text(layout), times, guesses };
        self.with_zone_said(format)
    }

    fn json(&self) -> Result<Format, Why> {
        let columns = json::columns(self.lines);
        if columns.is_empty() {
            return Err("has lines that begin with { and are no JSON".to_string());
        }
        let found = names::find(&columns, self.given, self.zone);
        self.check("JSON lines", &columns, &found)?;
        let title = titled("JSON lines", &found);
        Ok(self.structured(title, &columns, found, |fields| Cut::Json(Tree::of(&fields), fields)))
    }

    fn csv(&self) -> Result<Format, Why> {
        let separator = tables::csv_separator(self.lines)
            .ok_or("has no first line with the names of its columns")?;
        let (heading, rows) = self.lines.split_first().ok_or("is empty")?;
        let columns = tables::columns(heading, rows, Some(separator));
        let found = names::find(&columns, self.given, self.zone);
        self.check("a table", &columns, &found)?;
        let title = titled("CSV", &found);
        let heading = heading.to_vec();
        Ok(self.structured(title, &columns, found, |fields| {
            Cut::Csv(Table::of(&heading, Some(separator), &fields), fields)
        }))
    }

    /// Lines of `key=value` words; `None` if less than this share of the words are any.
    fn pairs(&self, least: f64) -> Option<Result<Format, Why>> {
        let share = |line: &[u8]| {
            let pairs = tables::pairs(line).count();
            let words = super::words::words(line, None).len().max(1);
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
            columns.push(Column { path: "(in front)".to_string(), values });
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
            Cut::Pairs(Pairs(pairs.collect()), fields)
        })))
    }

    fn w3c(&self) -> Option<Result<Format, Why>> {
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
            (None, _) => (Times::None, None),
            (Some(_), Some(unit)) => (Times::In(Some(unit)), Some(unit)),
            (Some(column), None) => ask("time-taken", &column.values, &mut guesses),
        };
        let table = w3c_table(heading, unit);
        let has = |wanted: Role| table.wanted.iter().flatten().any(|(role, _)| *role == wanted);
        if !has(Role::Time) || !has(Role::Status) {
            return Some(Err("has no `time` or no `sc-status` among its #Fields".to_string()));
        }
        let title = titled("W3C lines", &found);
        let cut = Cut::W3c(table, unit);
        Some(Ok(Format { title, envelope: Envelope::None, cut, times, guesses }))
    }

    /// Whether there is a time and a status, and all fields that somebody has named.
    fn check(&self, what: &str, columns: &[Column], found: &Found) -> Result<(), Why> {
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
            if found.fields.get(role).is_none() {
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
        columns: &[Column],
        mut found: Found,
        cut: impl FnOnce(Fields) -> Cut,
    ) -> Format {
        let mut guesses = Vec::new();
        let mut times = match found.fields.get(Role::Elapsed) {
            Some(field) => Times::In(field.unit),
            None if found.fields.get(Role::Began).is_some() => Times::In(None),
            None => Times::None,
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
            guesses.extend(absurd(values.collect()));
        }
        let cut = cut(found.fields);
        self.with_zone_said(Format { title, envelope: Envelope::None, cut, times, guesses })
    }

    /// Says in which zone times are read that name none.
    fn with_zone_said(&self, mut format: Format) -> Format {
        let mut reader = super::format::Reader::new(format.clone(), self.zone.clone());
        let local = self.lines.iter().find_map(|line| match reader.line(line) {
            super::format::Parsed::Request(request) => Some(request.local),
            _ => None,
        });
        if local == Some(true) {
            let zone = self.zone.iana_name().unwrap_or("UTC");
            let text = format!("times name no zone and are read as {zone}; --zone says otherwise");
            format.guesses.push(text);
        }
        format
    }
}

fn titled(what: &str, found: &Found) -> String {
    found.producer.map_or(what.to_string(), |producer| format!("{what} of {producer}"))
}
