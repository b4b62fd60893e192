//! What every table is made from, and the cells that it is made of.

use super::untrusted;
use crate::change::ChangeStage;
use crate::journal::{ChangeRow, Event, Evidence, Expectation, Header, RuleRow, RunMode, Story};
use crate::units::{Span, Time};

/// One run, ready to be written down.
pub(crate) struct ReportContext<'a> {
    pub header: &'a Header,
    pub story: &'a Story,
}

impl<'a> ReportContext<'a> {
    /// A run to be told.
    pub fn new(header: &'a Header, story: &'a Story) -> Self {
        ReportContext { header, story }
    }

    /// What the run is expected to show; nothing where its plan is of another version.
    pub fn expected(&self) -> Vec<Expectation> {
        let expect = self.header.plan.get("expect").cloned().unwrap_or_default();
        serde_json::from_value(expect).unwrap_or_default()
    }

    /// RFC 3339 in whole seconds.
    pub fn moment(&self, time: impl Into<Option<Time>>) -> Cell {
        Cell::from(time.into().map(|time| self.header.calendar.rfc3339(time)))
    }

    /// Local time of day.
    pub fn clock(&self, time: Time) -> String {
        self.header.calendar.clock(time)
    }

    /// The same without seconds where there are none.
    pub fn short_clock(&self, time: Time) -> String {
        self.header.calendar.short(time)
    }

    /// The local clock from a moment on, in seconds since midnight of the first day: at the moment
    /// itself, and wherever the zone's offset changes until the other.
    pub fn clock_seconds(&self, from: Time, to: Time) -> Vec<(Time, i64)> {
        let midnight = self.header.calendar.starts().date().at(0, 0, 0, 0);
        let zone = self.header.calendar.zone();
        let began = self.header.calendar.at(from);
        let changes = zone.following(began.timestamp());
        let changes = changes.map(|change| change.timestamp().to_zoned(zone.clone()));
        let changes = changes.map_while(|moment| self.header.calendar.time_of(&moment));
        let changes = changes.take_while(|at| *at <= to).take(1_000);
        let local = |at: Time| {
            let since = self.header.calendar.at(at).datetime().duration_since(midnight);
            (at, since.as_secs())
        };
        std::iter::once(from).chain(changes).map(local).collect()
    }

    /// The same as spreadsheets read it.
    pub fn local(&self, time: Time) -> Cell {
        Cell::from(self.header.calendar.local(time))
    }

    /// What a time of this run rests on where nothing else is said of it.
    pub fn evidence(&self) -> Evidence {
        match self.header.mode {
            RunMode::Observed | RunMode::Real => Evidence::Measured,
            RunMode::Simulated | RunMode::Rehearsal => Evidence::Simulated,
        }
    }

    /// Whether the whole of it is told, as far as it could be.
    pub fn is_complete(&self) -> bool {
        let totals = self.story.totals();
        self.header.mode.by_hand() || totals.is_some_and(|totals| !totals.interrupted)
    }

    /// Whether it is not an exercise: somebody typed it while it was real.
    pub fn is_real(&self) -> bool {
        self.header.mode == RunMode::Real
    }

    /// Whether readings of the site belong to it.
    pub fn has_readings(&self) -> bool {
        !self.header.mode.by_hand()
    }

    /// What the times of this run rest on: simulated, measured, or both.
    pub fn evidence_words(&self) -> &'static str {
        let measured = self.story.attempts().any(|attempt| !attempt.measured.is_empty());
        match self.header.mode {
            RunMode::Observed | RunMode::Real => "measured",
            RunMode::Rehearsal if measured => "measured and simulated",
            RunMode::Simulated | RunMode::Rehearsal => "simulated",
        }
    }

    /// The rule of this name.
    pub fn rule(&self, alert: &str) -> Option<&'a RuleRow> {
        self.header.rules.iter().find(|rule| rule.alert == alert)
    }

    /// When the effect of a change that went live then was taken back by another; `None`: it
    /// lasted.
    pub fn taken_back(&self, change: &str, live: Time) -> Option<Time> {
        let changes = self.header.plan.pointer("/playbook/changes/changes")?.as_array()?;
        let names = self.header.changes.iter().map(|row| row.change.as_str());
        let position = names.clone().position(|name| name == change)? as u64;
        let ends = |plan: &serde_json::Value| {
            let ended = plan["ends"].as_array();
            ended.is_some_and(|ended| ended.iter().any(|id| id.as_u64() == Some(position)))
        };
        let enders: Vec<&str> =
            names.zip(changes).filter(|(_, plan)| ends(plan)).map(|(name, _)| name).collect();
        self.story.entries().iter().find_map(|entry| match &entry.event {
            Event::Change { change, stage, .. }
                if *stage == ChangeStage::Live
                    && entry.at > live
                    && enders.contains(&change.as_str()) =>
            {
                Some(entry.at)
            }
            _ => None,
        })
    }

    /// The row of the change-time table of this name.
    pub fn change(&self, change: Option<&str>) -> Option<&'a ChangeRow> {
        self.header.changes.iter().find(|row| Some(row.change.as_str()) == change)
    }
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Not known, or not part of it; never 0.
    Blank,
    /// Words, which may come from anywhere.
    Text(String),
    /// A number that is already formatted; it may start with a minus.
    Number(String),
}

impl Cell {
    /// A length of time in seconds with at most three decimals.
    pub fn seconds(span: impl Into<Option<Span>>) -> Cell {
        span.into().map_or(Cell::Blank, |span| Cell::milliseconds(rounded(span.0)))
    }

    /// The time between pairs of moments, blank without any. Every moment is rounded to
    /// milliseconds first, so that printed lengths of neighbours add up to that of all.
    pub fn between_all(pairs: impl IntoIterator<Item = (Time, Time)>) -> Cell {
        let lengths =
            pairs.into_iter().map(|(from, to)| rounded(to.0).saturating_sub(rounded(from.0)));
        lengths.reduce(|sum, length| sum + length).map_or(Cell::Blank, Cell::milliseconds)
    }

    /// Milliseconds, printed in seconds.
    fn milliseconds(milliseconds: u64) -> Cell {
        let text = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
        Cell::Number(text.trim_end_matches('0').trim_end_matches('.').to_string())
    }

    /// A number with this many significant digits and no superfluous zeros.
    pub fn number(value: impl Into<Option<f64>>, digits: usize) -> Cell {
        match value.into() {
            Some(value) if value.is_finite() => Cell::Number(significant(value, digits)),
            _ => Cell::Blank,
        }
    }

    /// A share as a percentage with four significant digits; blank if `of` is 0.
    pub fn percent(part: u64, of: u64) -> Cell {
        if of == 0 { Cell::Blank } else { Cell::Number(share_of(part, of, 4)) }
    }

    /// The text that goes into the file.
    pub fn written(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Cell::Blank => "".into(),
            Cell::Text(text) => untrusted::for_csv(text),
            Cell::Number(number) => number.into(),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        if text.is_empty() { Cell::Blank } else { Cell::Text(text) }
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Cell {
        Cell::from(text.clone())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::from(text.to_string())
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Cell {
        Cell::Number(number.to_string())
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Cell {
        Cell::Number(number.to_string())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Cell {
        cell.map_or(Cell::Blank, Into::into)
    }
}

impl<'a> From<&'a Option<String>> for Cell {
    fn from(text: &'a Option<String>) -> Cell {
        Cell::from(text.as_deref())
    }
}

/// Nanoseconds to the nearest millisecond.
fn rounded(nanoseconds: u64) -> u64 {
    nanoseconds / 1_000_000 + u64::from(nanoseconds % 1_000_000 >= 500_000)
}

/// A share in percent with at least this many significant digits: as many as it takes for a part
/// never to read as the whole.
pub(crate) fn share_of(part: u64, of: u64, digits: usize) -> String {
    let percent = part as f64 / of as f64 * 100.0;
    let texts = (digits..20).map(|digits| significant(percent, digits));
    let mut texts = texts.skip_while(|text| part < of && text == "100");
    texts.next().unwrap_or_else(|| "99.9999999999999".to_string())
}

/// A number with this many significant digits, without exponent or superfluous zeros; `-` where
/// there is no finite one.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    if !value.is_finite() {
        return "-".to_string();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let value: f64 = scientific.parse().expect("a number just printed");
    let exponent: i32 = scientific.rsplit('e').next().map_or(0, |e| e.parse().expect("printed"));
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significant_digits() {
        let cases = [
            (0.0, "0"),
            (f64::INFINITY, "-"),
            (f64::NAN, "-"),
            (0.013, "0.013"),
            (99.996, "100"),
            (1_234.5, "1230"),
            (0.999_6, "1"),
            (-54.27, "-54.3"),
            (1e-7, "0.0000001"),
            (250.0, "250"),
        ];
        for (value, text) in cases {
            assert_eq!(significant(value, 3), text);
        }
        assert_eq!(Cell::number(f64::NAN, 3), Cell::Blank);
        assert_eq!(Cell::percent(0, 0), Cell::Blank);
        assert_eq!(Cell::percent(0, 7), Cell::Number("0".into()));
    }

    #[test]
    fn a_part_is_never_printed_as_the_whole() {
        assert_eq!(share_of(113_138, 113_147, 3), "99.99");
        assert_eq!(share_of(999_999_999, 1_000_000_000, 3), "99.9999999");
        assert_eq!(share_of(u64::MAX - 1, u64::MAX, 3), "99.9999999999999");
        assert_eq!(share_of(7, 7, 3), "100");
        assert_eq!(share_of(1, 3, 3), "33.3");
        assert_eq!(Cell::percent(99_999, 100_000), Cell::Number("99.999".into()));
    }

    #[test]
    fn printed_neighbours_add_up() {
        let times = [0, 1_499_999, 2_999_998, 4_500_000, 10_000_000].map(Time);
        let milliseconds = |cell: Cell| match cell {
            Cell::Number(text) => (text.parse::<f64>().expect("a number") * 1000.0).round() as u64,
            other => panic!("{other:?}"),
        };
        let parts: u64 =
            times.windows(2).map(|w| milliseconds(Cell::between_all([(w[0], w[1])]))).sum();
        assert_eq!(parts, milliseconds(Cell::between_all([(times[0], times[4])])));
    }

    #[test]
    fn only_words_are_defused() {
        assert_eq!(Cell::number(-5.0, 3).written(), "-5");
        assert_eq!(Cell::from("-5").written(), "'-5");
        assert_eq!(Cell::seconds(Span(200_000_500_000)).written(), "200.001");
    }
}
