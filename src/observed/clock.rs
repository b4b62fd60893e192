//! Moments as people write them by hand: `17:42`, `5:42 pm`, `2018-11-07 17:42`, RFC 3339; and
//! which of them the plan sets by the clock.

use crate::fault::{Fault, FaultStart};
use crate::journal::{FaultBegins, FaultSentence, Header};
use crate::units::{Calendar, Span, Time};
use jiff::civil::{self, Date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::de::DeserializeOwned;

/// A rehearsal may take longer than its scenario by half of it, or by two hours if that is more.
/// A choice: only rows beyond it are refused.
const OVERRUN: Span = Span::from_secs(2 * 3600);

/// A moment as written in a cell, before it is known when the exercise began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum SheetMoment {
    /// A time of day; `twelve`: it may as well be twelve hours later.
    OfDay { time: civil::Time, twelve: bool },
    /// Date and time on the wall clock of the scenario's zone.
    Local(civil::DateTime),
    /// `07/11/2018`: day and month, or the other way round.
    Slashed { first: i8, second: i8, year: i16, time: civil::Time },
    /// A moment with its offset.
    Moment(Timestamp),
}

/// Reads a cell; says what to write if it is not a moment.
pub(super) fn written(text: &str) -> Result<SheetMoment, String> {
    let text = text.trim().trim_start_matches('\'').trim();
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(SheetMoment::Moment(zoned.timestamp()));
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(SheetMoment::Moment(moment));
    }
    let parts: Vec<&str> = text.splitn(2, [' ', 'T', 't', ',']).collect();
    if let [date, rest] = parts[..] {
        let rest = rest.trim_start_matches([',', ' ']);
        if let Ok(date) = date.parse::<Date>() {
            let (time, _) = time_of_day(rest)?;
            return Ok(SheetMoment::Local(date.to_datetime(time)));
        }
        if let Some((first, second, year)) = slashed(date) {
            let (time, _) = time_of_day(rest)?;
            return Ok(SheetMoment::Slashed { first, second, year, time });
        }
    }
    let (time, twelve) = time_of_day(text)?;
    Ok(SheetMoment::OfDay { time, twelve })
}

/// `07/11/2018`, `7.11.2018`, `7-11-2018`.
fn slashed(text: &str) -> Option<(i8, i8, i16)> {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [first, second, year] = parts[..] else { return None };
    let year: i16 = year.parse().ok()?;
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    Some((first.parse().ok()?, second.parse().ok()?, year))
}

/// `17:42`, `17:42:30`, `17.42`, `17h42`, `5:42 pm`, `5 pm`, and whether it says nothing of
/// morning or afternoon.
fn time_of_day(text: &str) -> Result<(civil::Time, bool), String> {
    let wrong = || "write a time of day such as 17:42, 17:42:30 or 5:42 pm".to_string();
    let lower = text.trim().to_lowercase().replace('.', ":");
    let lower = lower.trim_end_matches(':');
    let (digits, half) = match lower.find(['a', 'p']) {
        Some(at) => {
            let half = lower[at..].replace([':', ' '], "");
            match half.as_str() {
                "am" | "a" => (lower[..at].trim(), Some(0)),
                "pm" | "p" => (lower[..at].trim(), Some(12)),
                _ => return Err(wrong()),
            }
        }
        None => (lower, None),
    };
    let parts: Vec<&str> = digits.trim_end_matches(':').split([':', 'h']).map(str::trim).collect();
    let number = |text: &str, most: i8| {
        let digits =
            !text.is_empty() && text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit());
        text.parse::<i8>().ok().filter(|n| digits && (0..=most).contains(n)).ok_or_else(wrong)
    };
    let (hour, minute, second) = match parts[..] {
        [hour] if half.is_some() => (hour, "0", "0"),
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(wrong()),
    };
    let mut hour = number(hour, 23)?;
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return Err("with am or pm, hours go from 1 to 12".to_string());
        }
        hour = hour % 12 + half;
    }
    let (minute, second) = (number(minute, 59)?, number(second, 59)?);
    let time = civil::Time::new(hour, minute, second, 0).map_err(|_| wrong())?;
    Ok((time, half.is_none() && hour < 12))
}

/// How long it was from one written moment to another; a time of day after midnight is taken for
/// the day after. Says what to write if one of the two is not a moment, or they do not fit
/// together.
pub fn between(from: &str, to: &str) -> Result<Span, String> {
    let nanoseconds = match (written(from)?, written(to)?) {
        (SheetMoment::Moment(from), SheetMoment::Moment(to)) => {
            to.as_nanosecond() - from.as_nanosecond()
        }
        (SheetMoment::Local(from), SheetMoment::Local(to)) => from.duration_until(to).as_nanos(),
        (SheetMoment::OfDay { time: from, .. }, SheetMoment::OfDay { time: to, .. }) => {
            let day = 86_400_000_000_000;
            from.duration_until(to).as_nanos().rem_euclid(day)
        }
        _ => return Err("write both moments in the same way, such as 17:42:10".to_string()),
    };
    u64::try_from(nanoseconds)
        .map(Span)
        .map_err(|_| "the answer comes before the question".to_string())
}

/// The time in which the rows of a sheet lie.
pub(super) struct SheetClock {
    pub calendar: Calendar,
    lasts: Span,
}

impl SheetClock {
    /// The exercise began at this moment and was to last this long.
    pub fn new(calendar: Calendar, lasts: Span) -> SheetClock {
        SheetClock { calendar, lasts }
    }

    /// The last moment that a row may have.
    fn end(&self) -> Time {
        Time::ZERO + self.lasts + Span((self.lasts.0 / 2).max(OVERRUN.0))
    }

    /// `from 17:00:00 to 22:00:00`, as far as rows may go.
    fn room(&self) -> String {
        let day = |time| self.calendar.local(time);
        if self.lasts > Span::from_secs(20 * 3600) {
            return format!("{} to {}", day(Time::ZERO), day(self.end()));
        }
        format!(
            "{} to {} on {}",
            self.calendar.clock(Time::ZERO),
            self.calendar.clock(self.end()),
            self.calendar.starts().date()
        )
    }

    /// When a row was, since the start; a message and a hint if it cannot have been then.
    pub fn time(&self, written: SheetMoment, text: &str) -> Result<Time, (String, String)> {
        let within = |time: Time| (time <= self.end()).then_some(time);
        let at = |moment: civil::DateTime| {
            let moment = moment.to_zoned(self.calendar.zone().clone()).ok()?;
            self.calendar.time_of(&moment).and_then(within)
        };
        let outside = || {
            let message = format!("`{text}` is not within the rehearsal, {}", self.room());
            let hint = "if the room's clock differed from the scenario's, add a row for when \
                        the rehearsal began, with the action `startex`";
            (message, hint.to_string())
        };
        match written {
            SheetMoment::Moment(moment) => {
                let moment = moment.to_zoned(TimeZone::UTC);
                self.calendar.time_of(&moment).and_then(within).ok_or_else(outside)
            }
            SheetMoment::Local(moment) => at(moment).ok_or_else(outside),
            SheetMoment::Slashed { first, second, year, time } => {
                let date = |day, month| Date::new(year, month, day).ok();
                let read = |date: Option<Date>| at(date?.to_datetime(time));
                match (read(date(first, second)), read(date(second, first))) {
                    (Some(one), Some(other)) if one != other => {
                        let message = format!("`{text}` could be either of two days");
                        Err((message, "write the date as 2018-11-07".to_string()))
                    }
                    (one, other) => one.or(other).ok_or_else(outside),
                }
            }
            SheetMoment::OfDay { .. } if self.lasts > Span::from_secs(20 * 3600) => {
                let message = format!("`{text}` does not say on which day");
                let start = self.calendar.local(Time::ZERO);
                Err((message, format!("write date and time, such as {start}")))
            }
            SheetMoment::OfDay { time, twelve } => {
                let found = self.calendar.next(time).and_then(within);
                found.ok_or_else(|| self.suggest_afternoon(time, twelve).unwrap_or_else(outside))
            }
        }
    }

    /// What to say of `5:42` where only 17:42 can be meant.
    fn suggest_afternoon(&self, time: civil::Time, twelve: bool) -> Option<(String, String)> {
        let later = civil::Time::new(time.hour() + 12, time.minute(), time.second(), 0);
        let later = later.ok().filter(|_| twelve)?;
        self.calendar.next(later).filter(|time| *time <= self.end())?;
        let minutes = |time: civil::Time| time.strftime("%H:%M").to_string();
        let message = format!("{} is not within the rehearsal, {}", minutes(time), self.room());
        let pm = time.strftime("%-I:%M pm");
        Some((message, format!("write {} or {pm} if that is meant", minutes(later))))
    }
}

/// What a part of the plan says, where the journal has it.
pub(super) fn planned<T: DeserializeOwned>(header: &Header, path: &str) -> Option<T> {
    serde_json::from_value(header.plan.pointer(path)?.clone()).ok()
}

/// The faults of a plan, with their starts as the room's clock shows them.
pub(super) fn by_the_rooms_clock(header: &Header, room: &Calendar) -> Vec<(String, FaultSentence)> {
    let planned: Vec<Fault> = planned(header, "/faults").unwrap_or_default();
    let mut faults = header.faults.clone();
    for ((_, sentence), fault) in faults.iter_mut().zip(planned) {
        if let FaultStart::At(time) = fault.start {
            sentence.begins = Some(FaultBegins::at(room, time));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> SheetClock {
        let starts = "2018-11-07T17:00[America/New_York]".parse().expect("a moment");
        SheetClock::new(Calendar::new(starts), Span::from_secs(3 * 3600))
    }

    fn seconds(text: &str) -> Result<u64, String> {
        let written = written(text)?;
        clock()
            .time(written, text)
            .map(|time| time.0 / 1_000_000_000)
            .map_err(|(what, hint)| format!("{what}; {hint}"))
    }

    #[test]
    fn the_same_moment_in_many_hands() {
        for text in [
            "17:42",
            "17:42:00",
            " 17:42 ",
            "'17:42",
            "5:42 pm",
            "5:42pm",
            "5:42 PM",
            "5:42 p.m.",
            "17.42",
            "17h42",
            "2018-11-07 17:42",
            "2018-11-07 17:42:00",
            "2018-11-07T17:42",
            "2018-11-07T17:42:00-05:00",
            "2018-11-07T22:42:00Z",
            "2018-11-07T17:42:00-05:00[America/New_York]",
            "07/11/2018 17:42",
            "11/07/2018 17:42",
            "7.11.2018 17:42",
            "11/7/18 5:42 PM",
        ] {
            assert_eq!(seconds(text), Ok(42 * 60), "{text}");
        }
        assert_eq!(seconds("17:00:07"), Ok(7));
        assert_eq!(seconds("9 pm"), Ok(4 * 3600), "an overrun");
    }

    #[test]
    fn what_is_no_time_says_what_to_write() {
        for text in ["", "soon", "25:00", "17:61", "1742", "17", "13:00 pm", "0.7375", "-17:42"] {
            let said = seconds(text).expect_err(text);
            assert!(said.contains("write a time") || said.contains("1 to 12"), "{text}: {said}");
        }
        let said = seconds("5:42").expect_err("in the morning");
        assert!(said.contains("write 17:42 or 5:42 pm"), "{said}");
        for text in ["16:42", "2018-11-08 17:42", "2018-12-07T17:42:00-05:00", "01/02/2018 17:42"] {
            let said = seconds(text).expect_err(text);
            assert!(
                said.contains("not within the rehearsal") && said.contains("startex"),
                "{said}"
            );
        }
    }

    #[test]
    fn what_lies_between_two_moments() {
        let minutes = |from, to| between(from, to).map(|span| span.0 / 60_000_000_000);
        assert_eq!(minutes("17:42", "17:45"), Ok(3));
        assert_eq!(minutes("11:59 pm", "0:01"), Ok(2));
        assert_eq!(minutes("2018-11-07T17:42:00-05:00", "2018-11-07T22:43:00Z"), Ok(1));
        assert_eq!(minutes("2018-11-07 17:42", "2018-11-08 17:42"), Ok(24 * 60));
        for (from, to) in [
            ("2018-11-07 17:42", "2018-11-07 17:41"),
            ("17:42", "2018-11-07 17:43"),
            ("17:42", "soon"),
        ] {
            assert!(between(from, to).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn days_that_may_be_two_are_asked_for() {
        let starts = "2018-10-01T00:00[America/New_York]".parse().expect("a moment");
        let long = SheetClock::new(Calendar::new(starts), Span::from_secs(90 * 86_400));
        let read = |text: &str| long.time(written(text).expect("a moment"), text);
        let (said, hint) = read("10/11/2018 17:42").expect_err("October or November");
        assert!(said.contains("two days") && hint.contains("2018-11-07"), "{said}");
        assert!(read("25/10/2018 17:42").is_ok());
        let (said, _) = read("17:42").expect_err("which day?");
        assert!(said.contains("which day"), "{said}");
    }
}
