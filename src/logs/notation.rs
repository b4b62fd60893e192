//! Times as logs write them, whatever the notation.

use super::moment::Moment;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// When something happened. A local time that the clock passes twice, in the night in which summer
/// time ends, is one of two moments; whoever knows the lines around it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogTime {
    pub at: Moment,
    /// The same local time once more, an hour later.
    pub second: Option<Moment>,
    /// The text names no zone and no offset.
    pub local: bool,
}

impl LogTime {
    fn exact(at: Moment) -> LogTime {
        LogTime { at, second: None, local: false }
    }
}

/// Reads a time in any notation that leaves no doubt; what names no zone is in `zone`.
///
/// `07/Nov/2018:22:00:02 +0000`, `2018-11-07T22:00:02.479Z`, `2018/11/07 22:00:02`,
/// `Wed, 07 Nov 2018 22:00:02 GMT`, `Wed Nov  7 22:00:02 2018`, `11/7/2018 10:00:02 PM`,
/// `1541628002.479`; with or without brackets around it.
#[inline]
pub(super) fn read(text: &[u8], zone: &TimeZone) -> Option<LogTime> {
    if let Some(at) = Moment::common(text).or_else(|| Moment::iso(text)) {
        return Some(LogTime::exact(at));
    }
    let text = unwrapped(text);
    if let Some(at) = Moment::common(text) {
        return Some(LogTime::exact(at));
    }
    if text.len() > 64 {
        return None;
    }
    let mut scan = Scan { text, at: 0 };
    let (date, half_days) = scan.date()?;
    let Date::Day(date) = date else {
        let Date::Epoch(at) = date else { return None };
        return Some(LogTime::exact(at));
    };
    let (time, date) = match date {
        Parts { year: None, .. } => {
            let time = scan.clock(false)?;
            scan.spaces();
            (time, Parts { year: Some(scan.number(4, 4)?), ..date })
        }
        date => (scan.clock(half_days)?, date),
    };
    let offset = scan.offset()?;
    let year = i16::try_from(date.year?).ok()?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    let [hour, minute, second] = time.clock.map(|n| i8::try_from(n).unwrap_or(i8::MAX));
    // A leap second is the last one of its minute: the calendar has no other place for it.
    let second = if second == 60 { 59 } else { second };
    let civil = DateTime::new(year, month, day, hour, minute, second, time.nanos).ok()?;
    place(civil, offset, zone)
}

fn place(civil: DateTime, offset: Option<i32>, zone: &TimeZone) -> Option<LogTime> {
    let by = |offset: Offset| offset.to_timestamp(civil).ok().map(Moment::from_timestamp);
    if let Some(seconds) = offset {
        return Some(LogTime::exact(by(Offset::from_seconds(seconds).ok()?)?));
    }
    let (at, second) = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => (by(offset)?, None),
        AmbiguousOffset::Fold { before, after } => (by(before)?, by(after)),
        AmbiguousOffset::Gap { before, .. } => (by(before)?, None),
    };
    Some(LogTime { at, second, local: true })
}

/// Without spaces and one pair of brackets, parentheses or quotes around it.
fn unwrapped(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    match text {
        [b'[', inside @ .., b']'] | [b'(', inside @ .., b')'] | [b'"', inside @ .., b'"'] => inside,
        _ => text,
    }
}

enum Date {
    Day(Parts),
    Epoch(Moment),
}

#[derive(Clone, Copy)]
struct Parts {
    /// `None`: it comes after the clock, as C's `asctime` writes it.
    year: Option<i64>,
    month: i64,
    day: i64,
}

struct Clock {
    clock: [i64; 3],
    nanos: i32,
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn spaces(&mut self) {
        while self.take(b' ') {}
    }

    /// A number of this many digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits < least || digits > most {
            return None;
        }
        let (digits, _) = self.rest().split_at(digits);
        self.at += digits.len();
        Some(digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    }

    fn word(&mut self) -> &'a [u8] {
        let letters = self.rest().iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, _) = self.rest().split_at(letters);
        self.at += letters;
        word
    }

    fn month(&mut self) -> Option<i64> {
        const MONTHS: [&[u8]; 12] = [
            b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
            b"dec",
        ];
        let word = self.word();
        let known = |month: &&[u8]| word.len() >= 3 && word[..3].eq_ignore_ascii_case(month);
        Some(MONTHS.iter().position(known)? as i64 + 1)
    }

    /// The date, and whether its clock must count half days: only then is `11/7/2018` no riddle.
    fn date(&mut self) -> Option<(Date, bool)> {
        let day = |year, month, day| Date::Day(Parts { year: Some(year), month, day });
        if self.peek()?.is_ascii_alphabetic() {
            let start = self.at;
            let month = self.month();
            self.take(b',');
            self.spaces();
            if let Some(month) = month {
                // `Nov 7, 2018 @ 22:00:02.479` of Kibana; without a year it is not a time.
                let first = self.number(1, 2)?;
                self.take(b',').then_some(())?;
                self.spaces();
                return Some((day(self.number(4, 4)?, month, first), false));
            }
            if !self.peek()?.is_ascii_digit() {
                let month = self.month()?;
                self.spaces();
                let day = self.number(1, 2)?;
                return Some((Date::Day(Parts { year: None, month, day }), false));
            }
            if self.at == start {
                return None;
            }
        }
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mark = self.rest().get(digits).copied();
        match (digits, mark) {
            (4, Some(mark @ (b'-' | b'/'))) => {
                let year = self.number(4, 4)?;
                self.take(mark);
                let month = self.number(1, 2)?;
                self.take(mark).then_some(())?;
                Some((day(year, month, self.number(1, 2)?), false))
            }
            (1 | 2, Some(mark @ (b'/' | b'-' | b' '))) => {
                let first = self.number(1, 2)?;
                self.take(mark);
                if self.peek()?.is_ascii_alphabetic() {
                    let month = self.month()?;
                    self.take(mark).then_some(())?;
                    return Some((day(self.number(4, 4)?, month, first), false));
                }
                let second = self.number(1, 2)?;
                self.take(mark).then_some(())?;
                (mark == b'/').then_some((day(self.number(4, 4)?, first, second), true))
            }
            (8, Some(b'T')) => {
                let date = self.number(8, 8)?;
                Some((day(date / 10_000, date / 100 % 100, date % 100), false))
            }
            (9.., _) => {
                let number = std::str::from_utf8(self.rest()).ok()?.parse().ok()?;
                Some((Date::Epoch(Moment::epoch(number)?), false))
            }
            _ => None,
        }
    }

    fn clock(&mut self, half_days: bool) -> Option<Clock> {
        // `T`, `:`, a space, `, ` or ` - ` between date and clock.
        let before = self.at;
        while self.at < before + 3 && self.peek().is_some_and(|byte| b" T:,-_@".contains(&byte)) {
            self.at += 1;
        }
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (mut hour, minute, second) = if digits == 6 {
            let compact = self.number(6, 6)?;
            (compact / 10_000, compact / 100 % 100, compact % 100)
        } else {
            let hour = self.number(1, 2)?;
            self.take(b':').then_some(())?;
            let minute = self.number(2, 2)?;
            (hour, minute, if self.take(b':') { self.number(2, 2)? } else { 0 })
        };
        let mut nanos = 0;
        if matches!(self.peek(), Some(b'.' | b',')) {
            self.at += 1;
            let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, _) = self.rest().split_at(digits);
            self.at += digits;
            for place in 0..9 {
                let digit = fraction.get(place).map_or(0, |digit| digit - b'0');
                nanos = nanos * 10 + i32::from(digit);
            }
        }
        let before = self.at;
        self.spaces();
        match self.word().to_ascii_lowercase().as_slice() {
            b"am" if hour <= 12 => hour %= 12,
            b"pm" if hour <= 12 => hour = hour % 12 + 12,
            _ if half_days => return None,
            _ => self.at = before,
        }
        let fits = hour < 24 && minute < 60 && second <= 60;
        fits.then_some(Clock { clock: [hour, minute, second], nanos })
    }

    /// The offset in seconds east, `Some(None)` without one; `None` for what is not a zone.
    fn offset(&mut self) -> Option<Option<i32>> {
        self.spaces();
        let offset = match self.peek() {
            None => return Some(None),
            Some(sign @ (b'+' | b'-')) => {
                self.at += 1;
                let hours = match self.rest().iter().take_while(|b| b.is_ascii_digit()).count() {
                    4 => self.number(4, 4)?,
                    _ => {
                        let hours = self.number(2, 2)?;
                        self.take(b':');
                        hours * 100 + if self.peek().is_some() { self.number(2, 2)? } else { 0 }
                    }
                };
                let seconds = (hours / 100 * 3_600 + hours % 100 * 60) as i32;
                // What some write behind an offset says the same once more: ` UTC`, `[Zone/City]`.
                self.spaces();
                self.word();
                if self.peek() == Some(b'[') {
                    self.at = self.text.len();
                }
                if sign == b'-' { -seconds } else { seconds }
            }
            Some(_) => 3_600 * named_offset(self.word())?,
        };
        self.spaces();
        self.rest().is_empty().then_some(Some(offset))
    }
}

/// The zones of RFC 5322 that have names, in hours east.
fn named_offset(name: &[u8]) -> Option<i32> {
    Some(match name {
        b"Z" | b"z" | b"UTC" | b"GMT" | b"UT" => 0,
        b"EDT" => -4,
        b"EST" | b"CDT" => -5,
        b"CST" | b"MDT" => -6,
        b"MST" | b"PDT" => -7,
        b"PST" => -8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        let when = read(text.as_bytes(), &TimeZone::UTC)?;
        Some(when.at.timestamp().to_string())
    }

    #[test]
    fn one_moment_in_every_notation() {
        for text in [
            "07/Nov/2018:22:00:02 +0000",
            "[07/Nov/2018:22:00:02 +0000]",
            "07/Nov/2018:22:00:02 +00:00",
            "07/Nov/2018:22:00:02",
            "07/Nov/2018:17:00:02 EST",
            "07/Nov/2018:22:00:02Z",
            "2018-11-07T22:00:02Z",
            "2018-11-07T17:00:02-05",
            "2018-11-07T17:00:02-0500",
            "2018-11-07 22:00:02",
            "2018-11-07 22:00:02 +0000 UTC",
            "2018-11-07 22:00:02 UTC",
            "2018/11/07 - 22:00:02",
            "2018/11/07 22:00:02",
            "Wed, 07 Nov 2018 22:00:02 GMT",
            "Wed Nov  7 22:00:02 2018",
            "7 Nov 2018 22:00:02",
            "Nov 7, 2018 @ 22:00:02",
            "November 7, 2018, 10:00:02 PM",
            "07-Nov-2018 22:00:02",
            "11/7/2018 10:00:02 PM",
            "20181107T220002Z",
            "2018-11-07T17:00:02-05:00[America/New_York]",
            "1541628002",
            "1541628002000",
            "1541628002000000",
        ] {
            assert_eq!(utc(text).as_deref(), Some("2018-11-07T22:00:02Z"), "{text}");
        }
        for text in [
            "07/Nov/2018:22:00:02.479 +0000",
            "2018-11-07T22:00:02,479Z",
            "2018-11-07 22:00:02.479000 UTC",
            "1541628002.479",
            "1541628002479",
        ] {
            let read = utc(text).unwrap_or_else(|| panic!("{text}"));
            assert!(read.starts_with("2018-11-07T22:00:02.479"), "{text} is read as {read}");
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_not_read() {
        for text in [
            "",
            "yesterday",
            "11/07/2018 22:00:02",
            "2018-11-07",
            "2018-13-07 22:00:02",
            "2018-11-31 22:00:02",
            "2018-11-07 25:00:02",
            "2018-11-07 22:00:02 Mars",
            "Nov  7 22:00:02",
            "12345",
            "0.069",
            "200",
            "13/14/2018 10:00:02 PM",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
        assert_eq!(read(b"\xff\xfe\x00", &TimeZone::UTC), None);
    }

    #[test]
    fn the_repeated_hour_is_two_moments_and_the_skipped_one_is_one() {
        let york = TimeZone::get("America/New_York").expect("bundled");
        let when = read(b"2018-11-04 01:30:00", &york).expect("a time");
        assert_eq!(when.at.rfc3339(), "2018-11-04T05:30:00Z");
        assert_eq!(when.second.map(Moment::rfc3339).as_deref(), Some("2018-11-04T06:30:00Z"));
        assert!(when.local);
        let when = read(b"2018-11-04 01:30:00 -0500", &york).expect("a time");
        assert_eq!((when.at.rfc3339().as_str(), when.second), ("2018-11-04T06:30:00Z", None));
        let when = read(b"2019-03-10 02:30:00", &york).expect("a time");
        assert_eq!((when.at.rfc3339().as_str(), when.second), ("2019-03-10T07:30:00Z", None));
    }
}
