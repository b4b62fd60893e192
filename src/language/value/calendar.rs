//! Moments, dates, hours of the day.

use crate::language::node::Scalar;
use crate::language::problem::{nearest, quoted};
use crate::language::value::time::duration;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::units::Span;
use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time as Clock, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MomentSpec {
    /// This long after the start.
    Offset(Span),
    /// When the clock shows this for the first time.
    Clock(Clock),
    /// `"?"`: nobody knows.
    Open,
}

impl ScalarValue for MomentSpec {
    const KIND: &'static str =
        "a time after the start such as 65m, or by the clock such as \"17:30\"";
    const SPELLING: Spelling = Spelling::Pattern("^([?]|[0-9]{1,2}:[0-9:]+|[0-9.]+ ?[a-z].*)$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        if text == "?" {
            return Ok(MomentSpec::Open);
        }
        if text.contains(':') {
            return match clock(text)? {
                Some(clock) => Ok(MomentSpec::Clock(clock)),
                None => Err(ValueError::new("24:00 is not a time of day", "write \"00:00\"")),
            };
        }
        if let Some((hour, minute)) = bare_clock(text) {
            let message = format!("{} is neither a duration nor a time of day", quoted(text));
            let hint = format!("write \"{hour}:{minute}\", or {text}s after the start");
            return Err(ValueError::new(message, hint));
        }
        duration(text).map(MomentSpec::Offset)
    }

    /// Without quotes 9:00 is the number 540 for tools that read YAML 1.1.
    fn parse_scalar(scalar: &Scalar) -> Result<Self, ValueError> {
        let moment = Self::parse(&scalar.text)?;
        if matches!(moment, MomentSpec::Clock(_)) && !scalar.quoted {
            let message = format!("{} is a number to some tools", quoted(&scalar.text));
            return Err(ValueError::new(message, format!("quote it: \"{}\"", scalar.text)));
        }
        Ok(moment)
    }
}

/// Hours and minutes of `1730`.
fn bare_clock(text: &str) -> Option<(&str, &str)> {
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let (hour, minute) = digits.then(|| text.split_at(2))?;
    (hour < "24" && minute < "60").then_some((hour, minute))
}

/// A time of day; `None` is 24:00.
fn clock(text: &str) -> Result<Option<Clock>, ValueError> {
    let complaint = || {
        let message = format!("{} is not a time of day", quoted(text));
        ValueError::new(message, "write hours and minutes: \"17:30\"")
    };
    let numbers: Option<Vec<i8>> = text
        .split(':')
        .map(|part| {
            let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        })
        .collect();
    match numbers.ok_or_else(complaint)?[..] {
        [24, 0] => Ok(None),
        [hour, minute] => Clock::new(hour, minute, 0, 0).map(Some).map_err(|_| complaint()),
        [hour, minute, second] => {
            Clock::new(hour, minute, second, 0).map(Some).map_err(|_| complaint())
        }
        _ => Err(complaint()),
    }
}

/// The scenario's time zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Starts(pub Zoned);

impl ScalarValue for Starts {
    const KIND: &'static str = "a date, a time and a time zone: 2018-11-07T17:00 America/New_York";
    const SPELLING: Spelling =
        Spelling::Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+(Z|[+-][0-9:]+)? +[A-Za-z]");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let not = || ValueError::new(format!("{} is not a start time", quoted(text)), joined(text));
        let Some((when, zone)) = text.trim().split_once(char::is_whitespace) else {
            let message = format!("{} has no time zone", quoted(text));
            let hint = match text.trim().parse::<DateTime>() {
                Ok(_) if text.contains('T') => format!("write {} Europe/Berlin", text.trim()),
                _ => Self::KIND.to_string(),
            };
            return Err(ValueError::new(message, hint));
        };
        if !when.contains('T') {
            return Err(not());
        }
        if when.ends_with(":60") {
            let message = format!("no minute has a second 60: {}", quoted(when));
            return Err(ValueError::new(message, "write a second from 00 to 59"));
        }
        let zone = zone.trim();
        if let Ok(instant) = when.parse::<jiff::Timestamp>() {
            return with_offset(when, instant, zone);
        }
        let when: DateTime = when.parse().map_err(|_| not())?;
        if !(1900..=2200).contains(&when.year()) {
            return Err(ValueError::bare(format!("the year {} is out of range", when.year())));
        }
        let zoned = time_zone(zone)?.to_ambiguous_zoned(when);
        let (clock, ambiguous) = (when.strftime("%H:%M"), zoned.is_ambiguous());
        if ambiguous {
            let date = when.date();
            let mut hint = "choose a time that the clock shows once".to_string();
            if let AmbiguousOffset::Fold { before, .. } = zoned.offset() {
                hint += &format!(", or say which: {when}{before} {zone}");
            }
            let message = format!("on {date} in {zone} the clock skips or repeats {clock}");
            return Err(ValueError::new(message, hint));
        }
        zoned.compatible().map(Starts).map_err(|_| not())
    }
}

/// A start that says its offset as well: both must be true at once, and of the two moments of a
/// repeated hour the offset says which.
fn with_offset(when: &str, instant: jiff::Timestamp, zone: &str) -> Result<Starts, ValueError> {
    let zoned = instant.to_zoned(time_zone(zone)?);
    if !(1900..=2200).contains(&zoned.year()) {
        return Err(ValueError::bare(format!("the year {} is out of range", zoned.year())));
    }
    let clock = when.strip_suffix(['Z', 'z']).unwrap_or(when).parse::<DateTime>();
    if clock.is_ok_and(|clock| clock == zoned.datetime()) {
        return Ok(Starts(zoned));
    }
    let message =
        format!("{} contradicts {zone}, where it is {} then", quoted(when), zoned.offset());
    let (date, time) = when.split_once('T').unwrap_or((when, ""));
    let clock = time.split(['+', '-', 'Z', 'z']).next().unwrap_or_default();
    let there = zoned.strftime("%Y-%m-%dT%H:%M");
    let hint = format!("write {date}T{clock} {zone}, or {there} {zone} if the offset is meant");
    Err(ValueError::new(message, hint))
}

/// A start whose date and time stand apart, as it should be written.
fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = match words[..] {
        [date, clock] | [date, clock, _] => format!("{date}T{clock}"),
        _ => String::new(),
    };
    match (joined.parse::<DateTime>(), words.get(2)) {
        (Ok(_), Some(zone)) => format!("write {joined} {zone}"),
        (Ok(_), None) => format!("write {joined} Europe/Berlin, or wherever it is"),
        (Err(_), _) => Starts::KIND.to_string(),
    }
}

fn time_zone(name: &str) -> Result<TimeZone, ValueError> {
    TimeZone::get(name).map_err(|_| {
        let zones: Vec<String> =
            jiff::tz::db().available().map(|zone| zone.as_str().to_string()).collect();
        let city = |zone: &&String| {
            let city = zone.rsplit('/').next().unwrap_or_default();
            city.eq_ignore_ascii_case(&name.replace(' ', "_"))
        };
        let near = zones.iter().find(city).map(String::as_str);
        let letters = name.len() <= 5 && name.bytes().all(|b| b.is_ascii_uppercase());
        let hint = match near.or_else(|| nearest(name, zones.iter().map(String::as_str))) {
            Some(near) if !letters || near.contains('/') => {
                format!("did you mean {}?", quoted(near))
            }
            _ => "write continent and city, such as Europe/London".to_string(),
        };
        ValueError::new(format!("unknown time zone {}", quoted(name)), hint)
    })
}

impl ScalarValue for Date {
    const KIND: &'static str = "a date such as 2018-11-07";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let complaint = || {
            let message = format!("{} is not a date", quoted(text));
            ValueError::new(message, "write year, month and day: 2018-11-07")
        };
        let date: Date = text.parse().map_err(|_| complaint())?;
        let plain = text.len() == 10 && (1900..=2200).contains(&date.year());
        if plain { Ok(date) } else { Err(complaint()) }
    }
}

/// Days of the week, Monday first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(pub [bool; 7]);

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Weekdays {
    /// Whether the day is one of them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0[usize::from(day.to_monday_zero_offset() as u8)]
    }
}

impl ScalarValue for Weekdays {
    const KIND: &'static str = "days such as mon-fri, or sat, sun";

    fn parse(text: &str) -> Result<Self, ValueError> {
        let number = |day: &str| {
            let found = DAYS.iter().position(|name| *name == day.trim().to_lowercase());
            found.ok_or_else(|| {
                let message = format!("{} is not a day of the week", quoted(day));
                ValueError::new(message, "write mon, tue, wed, thu, fri, sat, sun")
            })
        };
        let mut days = [false; 7];
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            let length = (last + 7 - first) % 7;
            (0..=length).for_each(|n| days[(first + n) % 7] = true);
        }
        Ok(Weekdays(days))
    }
}

/// Hours of the day; an end at or before the start is on the next day.
#[derive(Debug, Clone, PartialEq)]
pub struct Daily {
    pub from: Clock,
    /// `None`: 24:00.
    pub to: Option<Clock>,
    /// `None`: the scenario's.
    pub zone: Option<TimeZone>,
}

impl ScalarValue for Daily {
    const KIND: &'static str = "hours such as 09:00-18:00 America/New_York";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9]{1,2}:[0-9]{2}");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let (hours, zone) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let not =
            || ValueError::new(format!("{} is not a part of the day", quoted(text)), Self::KIND);
        let (from, to) = hours.split_once('-').ok_or_else(not)?;
        let (from, to) = (clock(from)?.ok_or_else(not)?, clock(to)?);
        let zone = match zone.trim() {
            "" => None,
            zone => Some(time_zone(zone)?),
        };
        Ok(Daily { from, to, zone })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_that_the_clock_shows_once() {
        let starts = Starts::parse("2018-11-07T17:00 America/New_York").expect("a start");
        assert_eq!(starts.0.timestamp().to_string(), "2018-11-07T22:00:00Z");
        for (text, message) in [
            (
                "2018-03-11T02:30 America/New_York",
                "on 2018-03-11 in America/New_York the clock skips or repeats 02:30",
            ),
            (
                "2018-11-04T01:30 America/New_York",
                "on 2018-11-04 in America/New_York the clock skips or repeats 01:30",
            ),
            ("2018-11-07T17:00", "`2018-11-07T17:00` has no time zone"),
            ("2018-11-07T17:00 America/NewYork", "unknown time zone `America/NewYork`"),
            (
                "2018-11-31T17:00 America/New_York",
                "`2018-11-31T17:00 America/New_York` is not a start time",
            ),
        ] {
            assert_eq!(Starts::parse(text).expect_err(text).message, message);
        }
    }

    #[test]
    fn days_may_run_over_the_weekend() {
        assert_eq!(
            Weekdays::parse("mon-fri").map(|d| d.0[..6].to_vec()),
            Ok(vec![true, true, true, true, true, false])
        );
        assert_eq!(
            Weekdays::parse("sat-mon, wed").map(|d| d.0),
            Ok([true, false, true, false, false, true, true])
        );
        assert!(Weekdays::parse("weekdays").is_err());
    }
}
