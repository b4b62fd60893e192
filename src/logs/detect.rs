//! Detects the format of a file from its first lines.

use super::candidates::Hidden;
use super::elapsed::{ElapsedUnit, elapsed, with_unit};
use super::envelope::{self, Envelope};
use super::format::{Cut, ElapsedTimes, Format, LineReader, Parsed, TimesAnswer};
use super::infer::{self, Inferred};
use super::known;
use super::layout::{LineLayout, Spans};
use super::role::{Field, Fields, Role};
use super::search::{FormatSearch, NoFormatReason};
use super::tables;
use super::template::{self, Described};
use super::units_said::{ask, implausible, likeliest, readings_of};
use super::wanted::FormatSpec;
use jiff::tz::TimeZone;

/// The format of the first lines of a file.
pub(super) fn detect(
    lines: &[&[u8]],
    wanted: &FormatSpec,
    given: &Fields,
    zone: &TimeZone,
) -> Result<Format, NoFormatReason> {
    let lines: Vec<&[u8]> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    let requests: Vec<&[u8]> = lines
        .iter()
        .copied()
        .filter(|line| line.starts_with(b"#") || envelope::other_kind(line).is_none())
        .collect();
    let lines = if requests.is_empty() { lines } else { requests };
    let (mut why, mut poor) = (None, None);
    for envelope in Envelope::possible(&lines) {
        for found in inside(&lines, &envelope, wanted, (given, zone)) {
            match found {
                Ok(format) if 2 * requests_of(&format, &lines, zone) >= lines.len() => {
                    return Ok(with_explicit_zone(format, &lines, zone));
                }
                Ok(format) => poor = poor.or(Some(format)),
                Err(problem) => why = why.or(Some(problem)),
            }
        }
    }
    // What somebody has said of the format counts, however few lines are of it.
    poor.map(|format| with_explicit_zone(format, &lines, zone)).ok_or(why.unwrap_or_default())
}

/// How many of these lines are requests of a format.
fn requests_of(format: &Format, lines: &[&[u8]], zone: &TimeZone) -> usize {
    let mut reader = LineReader::new(format.clone(), zone.clone());
    let readable = |line: &&&[u8]| !matches!(reader.line(line), Parsed::Bad(_));
    lines.iter().filter(readable).count()
}

/// The formats that may be those of what is inside of an envelope. What does not say when it was
/// written may be dated by what is around it.
fn inside(
    lines: &[&[u8]],
    envelope: &Envelope,
    wanted: &FormatSpec,
    (given, zone): (&Fields, &TimeZone),
) -> Vec<Result<Format, NoFormatReason>> {
    let search = |lines: &[Vec<u8>], dated: bool| {
        let inside: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let found = FormatSearch { lines: &inside, given, zone, dated }.format(wanted)?;
        Ok(match (&found.envelope, envelope) {
            (_, Envelope::None) => Some(found),
            (Envelope::None, _) => Some(Format { envelope: envelope.clone(), ..found }),
            // Two things around a line are more than can be taken off.
            _ => None,
        })
    };
    let opened = |line: &&[u8]| Some(envelope.open(line, &mut Vec::new())?.to_vec());
    let plain: Vec<Vec<u8>> = lines.iter().filter_map(opened).collect();
    let mut found: Vec<Result<Format, NoFormatReason>> =
        search(&plain, false).transpose().into_iter().collect();
    let dated: Vec<Vec<u8>> = lines
        .iter()
        .filter_map(|line| envelope.with_envelope_time(line, &mut Vec::new()))
        .collect();
    if !dated.is_empty() && 2 * dated.len() >= lines.len() {
        let both = [search(&plain, true), search(&dated, false)];
        let both = both.into_iter().filter_map(|found| found.ok().flatten());
        found.extend(both.map(|format| Ok(Format { dated: true, ..format })));
    }
    found
}

/// Says in which zone times are read that name none.
fn with_explicit_zone(mut format: Format, lines: &[&[u8]], zone: &TimeZone) -> Format {
    let mut reader = LineReader::new(format.clone(), zone.clone());
    let local = lines.iter().find_map(|line| match reader.line(line) {
        Parsed::Request(request) => Some(request.local),
        _ => None,
    });
    if local == Some(true) && !matches!(format.cut, Cut::W3c(..)) {
        let zone = zone.iana_name().unwrap_or("UTC");
        let text = format!("times have no zone and are read as {zone}; --zone changes that");
        format.guesses.push(text);
    }
    format
}

impl FormatSearch<'_> {
    fn format(&self, wanted: &FormatSpec) -> Result<Format, NoFormatReason> {
        match wanted {
            FormatSpec::Detect => self.any(),
            FormatSpec::Described(text) => self.described(text),
            FormatSpec::Json => self.json(),
            FormatSpec::Csv => self.csv(),
            FormatSpec::W3c => {
                self.w3c().unwrap_or_else(|| Err("no line begins with #Fields:".into()))
            }
            FormatSpec::Logfmt => {
                self.pairs(0.0).unwrap_or_else(|| Err("no words key=value".into()))
            }
            FormatSpec::Combined => Ok(self.combined()),
            FormatSpec::Known(word) => {
                let (known, layout) = known::of_word(word).ok_or("no such format is known")?;
                Ok(self.text(known.title.to_string(), layout.clone(), Vec::new()))
            }
        }
    }

    fn any(&self) -> Result<Format, NoFormatReason> {
        if let Some(found) = self.w3c() {
            return found;
        }
        if self.most(|line| line.trim_ascii_start().first() == Some(&b'{')) {
            return self.json();
        }
        let table = tables::csv_separator(self.lines).map(|_| self.csv());
        if let Some(Ok(found)) = table {
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
        if let Some(found) = self.known_after_prefix() {
            return Ok(found);
        }
        match infer::infer(self.lines, self.given) {
            Some(inferred) => match infer::missing_word(self.lines, self.given) {
                Some(why) => Err(why),
                None => Ok(self.inferred(inferred)),
            },
            // A table that lacks something is told as one.
            None => Err(table.and_then(Result::err).unwrap_or_else(|| self.why_no_text())),
        }
    }

    /// A known format behind some words of whoever passed the lines on.
    fn known_after_prefix(&self) -> Option<Format> {
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
                let search = FormatSearch { lines: &opened, ..*self };
                let format = search.text(known.title.to_string(), layout.clone(), Vec::new());
                return Some(Format { envelope, ..format });
            }
        }
        None
    }

    fn why_no_text(&self) -> NoFormatReason {
        self.lines.first().map_or(String::new(), |line| infer::understood(line))
    }

    fn described(&self, text: &str) -> Result<Format, NoFormatReason> {
        match template::parse(text).map_err(|error| error.message)? {
            Described::Text(layout) => {
                Ok(self.text("as described".to_string(), layout, Vec::new()))
            }
            Described::Json(fields) => {
                let mut merged = fields;
                self.given.iter().for_each(|(role, field)| merged.set(*role, field.clone()));
                FormatSearch { given: &merged, ..*self }.json()
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
        let Inferred { layout, guesses, candidates, hidden } = inferred;
        let text = layout.text();
        let title = match layout.has(Role::Agent) {
            _ if !text.contains("\"$request\"") => "text",
            true => "combined",
            false => "common",
        };
        let mut format = self.text(title.to_string(), layout, guesses);
        if format.times == ElapsedTimes::None && !candidates.is_empty() {
            let numbers: Vec<String> = candidates
                .iter()
                .take(4)
                .map(|(word, text)| format!("word {word} (`{text}`)"))
                .collect();
            let (last, example) = candidates.last().cloned().unwrap_or_default();
            let unit = likeliest(&example);
            let all = if numbers.len() == 1 { "is a number" } else { "are numbers" };
            let question = format!(
                "{} {all}, but nothing says that this is the response time, or its unit{}; if it \
                 is, say so: --field \"elapsed={last} {unit}\"",
                numbers.join(", "),
                readings_of(&example),
            );
            let field = Field { name: last.to_string(), unit: Some(unit) };
            format.times = ElapsedTimes::Asked(question, TimesAnswer::Field(field));
        }
        if let (ElapsedTimes::None, Some(Hidden { word, number, pattern })) =
            (&format.times, hidden)
        {
            let question = format!(
                "`{word}` has numbers in it, but nothing says that one is the response time, or \
                 its unit; if `{number}` is{}, say how lines are written: --log-format '{pattern}'",
                readings_of(&number),
            );
            format.times = ElapsedTimes::Asked(question, TimesAnswer::Pattern(pattern));
        }
        format
    }

    /// The first part of the response time of each line.
    fn first_parts(&self, layout: &LineLayout) -> Vec<Vec<u8>> {
        let mut spans = Spans::new();
        let part = |line: &&[u8]| {
            let slots = layout.slots(line, &mut spans).ok()?;
            slots.parts().next().map(|(text, _)| text.to_vec())
        };
        self.lines.iter().filter_map(part).collect()
    }

    /// The unit of response times of which a person has said where they are, and no more.
    fn unit_of(
        &self,
        layout: &LineLayout,
        values: &[Vec<u8>],
        guesses: &mut Vec<String>,
    ) -> (ElapsedTimes, Option<ElapsedUnit>) {
        let named = self.given.get(Role::Elapsed).map(|field| field.name.as_str());
        match ask(named.unwrap_or("elapsed"), values, guesses) {
            // In a description the unit is part of the name.
            (ElapsedTimes::Asked(_, TimesAnswer::Field(Field { unit: Some(unit), .. })), _)
                if named.is_none() =>
            {
                let pattern = layout.text().replace("$elapsed", &format!("$elapsed_{unit}"));
                let question = format!(
                    "`$elapsed` has no unit: write $elapsed_s, $elapsed_ms or $elapsed_us{}",
                    values.first().map_or(String::new(), |value| {
                        readings_of(&String::from_utf8_lossy(value))
                    })
                );
                (ElapsedTimes::Asked(question, TimesAnswer::Pattern(pattern)), None)
            }
            other => other,
        }
    }

    /// A format of text lines, with what its own first lines say of its times.
    fn text(&self, title: String, layout: LineLayout, mut guesses: Vec<String>) -> Format {
        let field = layout.fields().find(|field| field.role == Some(Role::Elapsed)).cloned();
        let mut times =
            field.as_ref().map_or(ElapsedTimes::None, |field| ElapsedTimes::In(field.unit));
        let mut layout = layout;
        if let Some(field) = field {
            if super::variables::is_upstream_time(&field.name) {
                guesses.push("only the upstream's time is in the line, and is used".to_string());
            }
            let values = self.first_parts(&layout);
            let bare = |value: &&Vec<u8>| !matches!(value.as_slice(), b"-" | b"");
            let mut said = values.iter().filter(bare);
            if field.unit.is_none() && said.any(|value| with_unit(value).is_none()) {
                let unit;
                (times, unit) = self.unit_of(&layout, &values, &mut guesses);
                layout = layout.with_unit(unit);
            }
            let unit = layout.fields().find_map(|field| field.unit);
            guesses.extend(implausible(
                values.iter().filter_map(|value| elapsed(value, unit)).collect(),
            ));
        }
        Format::plain(title, Cut::Text(layout), times, guesses)
    }
}
