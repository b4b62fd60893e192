//! From simulated time to the wall clock of the scenario, and back.

use super::{Span, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned, civil};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// A time of day without seconds where there are none: `17:05`.
pub fn short_clock(time: civil::Time) -> String {
    time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// The wall clock of one scenario: where its time zero lies, in its time zone.
///
/// On disk it is the moment of its time zero, RFC 3339 with the zone in brackets:
/// `2018-11-07T17:00:00-05:00[America/New_York]`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Calendar {
    starts: Zoned,
}

impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Calendar, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = |_| D::Error::custom(format!("`starts` is not a date and time: {text:?}"));
        text.parse().map(Calendar::new).map_err(wrong)
    }
}

impl Calendar {
    /// A calendar whose [`Time::ZERO`] is this moment.
    pub fn new(starts: Zoned) -> Self {
        Calendar { starts }
    }

    /// The moment of time zero.
    pub fn starts(&self) -> &Zoned {
        &self.starts
    }

    /// The scenario's time zone.
    pub fn zone(&self) -> &TimeZone {
        self.starts.time_zone()
    }

    /// What the time zone is called: `America/New_York`, or its offset where it has no name.
    pub fn zone_name(&self) -> String {
        self.starts.strftime("%:Q").to_string()
    }

    /// The wall-clock moment of a simulated time. Times beyond the year 9999 give that year's end.
    pub fn at(&self, time: Time) -> Zoned {
        let nanos = self.starts.timestamp().as_nanosecond() + i128::from(time.0);
        let stamp = Timestamp::from_nanosecond(nanos).unwrap_or(Timestamp::MAX);
        stamp.to_zoned(self.zone().clone())
    }

    /// The simulated time of a wall-clock moment, `None` if it lies before the start.
    pub fn time_of(&self, moment: &Zoned) -> Option<Time> {
        let nanos = moment.timestamp().as_nanosecond() - self.starts.timestamp().as_nanosecond();
        u64::try_from(nanos).ok().map(Time)
    }

    /// RFC 3339 with whole seconds and the zone's offset: `2018-11-07T17:00:00-05:00`.
    pub fn rfc3339(&self, time: Time) -> String {
        self.at(time).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Local date and time as spreadsheets read it: `2018-11-07 17:00:00`.
    pub fn local(&self, time: Time) -> String {
        self.at(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// Local day: `2018-11-07`.
    pub fn day(&self, time: Time) -> String {
        self.at(time).date().to_string()
    }

    /// Local time of day: `17:00:00`.
    pub fn clock(&self, time: Time) -> String {
        self.at(time).strftime("%H:%M:%S").to_string()
    }

    /// The same without seconds where there are none: `17:05`.
    pub fn short(&self, time: Time) -> String {
        short_clock(self.at(time).time())
    }

    /// The first full minute at or after a moment.
    pub fn minute(&self, time: Time) -> String {
        self.short(Time(time.0.div_ceil(Span::MINUTE.0).saturating_mul(Span::MINUTE.0)))
    }

    /// The next moment at or after the start at which the wall clock shows `time_of_day`.
    /// `None` where the clock skips or repeats that moment.
    pub fn next(&self, time_of_day: civil::Time) -> Option<Time> {
        self.next_after(Time::ZERO, time_of_day)
    }

    /// The same at or after a moment.
    pub fn next_after(&self, from: Time, time_of_day: civil::Time) -> Option<Time> {
        let time_of = |moment: &Zoned| self.time_of(moment).filter(|time| *time >= from);
        let today = self.at(from).date().to_datetime(time_of_day);
        for date_time in [today, today.checked_add(jiff::Span::new().days(1)).ok()?] {
            let ambiguous = self.zone().to_ambiguous_zoned(date_time);
            let offset = ambiguous.offset();
            let earlier = time_of(&ambiguous.clone().earlier().ok()?);
            // What is over before the start, twice or not at all, is not asked any more.
            let Some(later) = time_of(&ambiguous.later().ok()?) else { continue };
            return match offset {
                AmbiguousOffset::Unambiguous { .. } => Some(later),
                AmbiguousOffset::Fold { .. } if earlier.is_none() => Some(later),
                AmbiguousOffset::Fold { .. } | AmbiguousOffset::Gap { .. } => None,
            };
        }
        None
    }

    /// Hour of the day (0 to 23) and time until the next full hour of the wall clock.
    pub fn hour(&self, time: Time) -> (u8, Span) {
        let at = self.at(time);
        let into = u64::from(at.minute() as u8) * 60 + u64::from(at.second() as u8);
        let into = Span::from_secs(into) + Span(at.subsec_nanosecond() as u64);
        (at.hour() as u8, Span::from_secs(3600) - into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Calendar {
        Calendar::new("2018-11-07T17:00[America/New_York]".parse().expect("a moment"))
    }

    #[test]
    fn wall_clock_of_a_time() {
        let at = Time(Span::from_secs(65 * 60).0);
        assert_eq!(launch().rfc3339(at), "2018-11-07T18:05:00-05:00");
        assert_eq!(launch().local(at), "2018-11-07 18:05:00");
        assert_eq!(launch().hour(at), (18, Span::from_secs(55 * 60)));
    }

    #[test]
    fn a_time_of_day_before_the_start_is_tomorrow() {
        let half_past = civil::time(17, 30, 0, 0);
        assert_eq!(launch().next(half_past), Some(Time(Span::from_secs(1800).0)));
        let morning = civil::time(9, 0, 0, 0);
        assert_eq!(launch().next(morning), Some(Time(Span::from_secs(16 * 3600).0)));
    }

    #[test]
    fn a_repeated_time_of_day_that_is_over_is_tomorrow() {
        let half_past = civil::time(1, 30, 0, 0);
        let autumn = |start: &str| {
            let start = format!("2018-11-04T{start}[America/New_York]");
            Calendar::new(start.parse().expect("a moment")).next(half_past)
        };
        assert_eq!(autumn("05:00"), Some(Time(Span::from_secs(20 * 3600 + 1800).0)));
        assert_eq!(autumn("00:00"), None, "it comes twice");
        // The clock has shown it once, and shows it once more a quarter of an hour later.
        assert_eq!(autumn("01:45-04:00"), Some(Time(Span::from_secs(45 * 60).0)));
    }

    #[test]
    fn a_skipped_time_of_day_is_refused() {
        let spring = Calendar::new("2018-03-11T01:00[America/New_York]".parse().expect("ok"));
        assert_eq!(spring.next(civil::time(2, 30, 0, 0)), None);
        let noon = Calendar::new("2018-03-11T12:00[America/New_York]".parse().expect("ok"));
        let later = Some(Time(Span::from_secs(14 * 3600 + 1800).0));
        assert_eq!(noon.next(civil::time(2, 30, 0, 0)), later);
    }
}
