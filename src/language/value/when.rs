//! A day or a moment of the calendar, as people write it down beside what they say.

use crate::language::problem::quoted;
use crate::language::value::calendar::Starts;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A day, or a moment of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrMoment {
    /// The whole day, in the zone of the scenario.
    Day(Date),
    /// By the clock of the scenario's zone.
    Local(DateTime),
    /// With its offset.
    Exact(Timestamp),
}

impl ScalarValue for DayOrMoment {
    const KIND: &'static str = "a day or a moment: 2018-11-05, or \"2018-11-05T15:00\"";
    const SPELLING: Spelling =
        Spelling::Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?.*)?$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        let not = || {
            let message = format!("{} is neither a day nor a moment", quoted(text));
            ValueError::new(message, "write 2018-11-05, or a time with it: 2018-11-05T15:00")
        };
        if text.len() <= 10 {
            return Date::parse(text).map(DayOrMoment::Day).map_err(|_| not());
        }
        // `T` between date and time is for machines.
        let joined = match text.split_once(' ') {
            Some((day, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("{day}T{time}")
            }
            _ => text.to_string(),
        };
        if joined.contains(' ') {
            return Starts::parse(&joined).map(|starts| DayOrMoment::Exact(starts.0.timestamp()));
        }
        let clock = joined.trim_end_matches(['Z', 'z']).parse::<DateTime>().map_err(|_| not())?;
        if !(1900..=2200).contains(&clock.year()) {
            return Err(ValueError::bare(format!("the year {} is out of range", clock.year())));
        }
        match joined.parse::<Timestamp>() {
            Ok(moment) => Ok(DayOrMoment::Exact(moment)),
            Err(_) => Ok(DayOrMoment::Local(clock)),
        }
    }
}

impl DayOrMoment {
    /// Its first moment.
    pub fn begins(self, zone: &TimeZone) -> Zoned {
        match self {
            DayOrMoment::Day(day) => local(day.to_datetime(jiff::civil::Time::midnight()), zone),
            DayOrMoment::Local(clock) => local(clock, zone),
            DayOrMoment::Exact(moment) => moment.to_zoned(zone.clone()),
        }
    }

    /// The moment at which it is over: the last second of the day, or the moment itself.
    pub fn ends(self, zone: &TimeZone) -> Zoned {
        match self {
            DayOrMoment::Day(day) => local(day.at(23, 59, 59, 0), zone),
            moment => moment.begins(zone),
        }
    }

    /// As it is written down, with the offset of the zone: `2018-11-05T15:00:00-05:00`; a day stays
    /// a day.
    pub fn written(self, zone: &TimeZone) -> String {
        match self {
            DayOrMoment::Day(day) => day.to_string(),
            moment => moment.begins(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        }
    }
}

/// Of an hour that the clock repeats, the first; of one that it skips, the one after it.
fn local(clock: DateTime, zone: &TimeZone) -> Zoned {
    let zoned = zone.to_ambiguous_zoned(clock).compatible();
    zoned.unwrap_or_else(|_| Timestamp::MAX.to_zoned(zone.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let written = |text| DayOrMoment::parse(text).map(|when| when.written(&zone));
        assert_eq!(written("2018-11-05"), Ok("2018-11-05".to_string()));
        let afternoon = Ok("2018-11-05T15:00:00-05:00".to_string());
        for text in [
            "2018-11-05T15:00",
            "2018-11-05 15:00",
            "2018-11-05T20:00Z",
            "2018-11-05T15:00 America/New_York",
        ] {
            assert_eq!(written(text), afternoon, "{text}");
        }
        let day = DayOrMoment::parse("2018-11-04").expect("a day");
        assert_eq!(day.ends(&zone).to_string(), "2018-11-04T23:59:59-05:00[America/New_York]");
    }

    #[test]
    fn what_is_neither() {
        for text in ["", "monday", "2018-13-01", "2018-11-05T25:00", "5.11.2018", "9999-01-01"] {
            assert!(DayOrMoment::parse(text).is_err(), "{text}");
        }
    }
}
