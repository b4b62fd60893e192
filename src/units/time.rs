//! Simulated time: integer nanoseconds since the scenario's start.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Sub};
use std::str::FromStr;

/// A moment: nanoseconds since the start of the scenario.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub u64);

/// A length of time in nanoseconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Span(pub u64);

impl Time {
    /// The full second that it is in.
    pub const fn full_second(self) -> Time {
        Time(self.0 / Span::SECOND.0 * Span::SECOND.0)
    }

    /// The start of the scenario.
    pub const ZERO: Time = Time(0);
    /// Later than any moment of any scenario.
    pub const NEVER: Time = Time(u64::MAX);

    /// Seconds since the start.
    #[inline]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// How long after `earlier` this moment is; zero if it is not after it.
    #[inline]
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// Below this many nanoseconds (146 years) the processor itself converts a number.
const FAST: f64 = 4_611_686_018_427_387_904.0;

impl Span {
    /// What it is in full seconds, as clocks and tables print it: what is left over is cut off.
    pub const fn full_seconds(self) -> Span {
        Span(self.0 / Span::SECOND.0 * Span::SECOND.0)
    }

    /// This span times a factor.
    #[inline]
    pub fn stretched(self, times: f64) -> Span {
        Span::from_seconds(self.seconds() * times)
    }

    /// As one word: `1h30m`.
    pub fn compact(self) -> String {
        self.to_string().replace(' ', "")
    }

    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// One millisecond.
    pub const MILLISECOND: Span = Span(1_000_000);
    /// One second.
    pub const SECOND: Span = Span(1_000_000_000);
    /// One minute.
    pub const MINUTE: Span = Span(60_000_000_000);

    /// A span of whole seconds.
    pub const fn from_secs(seconds: u64) -> Span {
        Span(seconds * 1_000_000_000)
    }

    /// A span of whole milliseconds.
    pub const fn from_millis(milliseconds: u64) -> Span {
        Span(milliseconds * 1_000_000)
    }

    /// The nearest span to a number of seconds; negative and NaN give zero, too much saturates.
    #[inline]
    pub fn from_seconds(seconds: f64) -> Span {
        // The same as rounding, which is a call into the C library on some machines.
        let nanoseconds = seconds * 1e9;
        if (0.0..FAST).contains(&nanoseconds) {
            let whole = nanoseconds as i64;
            return Span((whole + i64::from(nanoseconds - whole as f64 >= 0.5)) as u64);
        }
        let whole = nanoseconds as u64;
        Span(whole.saturating_add(u64::from(nanoseconds - whole as f64 >= 0.5)))
    }

    /// The length in seconds.
    #[inline]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Add<Span> for Time {
    type Output = Time;
    #[inline]
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub<Time> for Time {
    type Output = Span;
    #[inline]
    fn sub(self, earlier: Time) -> Span {
        assert!(self.0 >= earlier.0, "{earlier:?} is not before {self:?}");
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Span;
    #[inline]
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        assert!(self.0 >= other.0, "{other:?} is longer than {self:?}");
        Span(self.0 - other.0)
    }
}

impl Mul<u64> for Span {
    type Output = Span;
    fn mul(self, times: u64) -> Span {
        Span(self.0.saturating_mul(times))
    }
}

impl Div<u64> for Span {
    type Output = Span;
    fn div(self, parts: u64) -> Span {
        Span(self.0 / parts)
    }
}

/// Why a text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DurationError {
    /// It is not written as one; how it is not.
    NotOne(String),
    /// It takes more nanoseconds than there are numbers for: over 584 years.
    TooLong,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DurationError::NotOne(how) => f.write_str(how),
            DurationError::TooLong => write!(f, "the duration is too long"),
        }
    }
}

impl std::error::Error for DurationError {}

impl FromStr for Span {
    type Err = DurationError;

    /// `90s`, `1h30m`, `250ms`. Every duration that a person writes is read here; what a place
    /// allows (a least, a most, other spellings) it says itself.
    fn from_str(text: &str) -> Result<Self, DurationError> {
        let duration = humantime::parse_duration(text);
        let duration = duration.map_err(|error| DurationError::NotOne(error.to_string()))?;
        u64::try_from(duration.as_nanos()).map(Span).map_err(|_| DurationError::TooLong)
    }
}

impl fmt::Display for Span {
    /// As a person would say it: `2h 5m`, `3m 20s`, `1.5s`, `250ms`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1_000_000_000 {
            let millis = self.0 as f64 / 1e6;
            return if self.0 == 0 { write!(f, "0s") } else { write!(f, "{}ms", short(millis)) };
        }
        let tenths = (self.0 + 50_000_000) / 100_000_000;
        if tenths < 600 {
            return write!(f, "{}s", short(tenths as f64 / 10.0));
        }
        let seconds = (self.0 + 500_000_000) / 1_000_000_000;
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mut parts = Vec::with_capacity(3);
        for (n, unit) in [(hours, "h"), (minutes, "m"), (rest, "s")] {
            // `1h 14s` is taken for an hour and a quarter.
            if n > 0 || (unit == "m" && hours > 0 && rest > 0) {
                parts.push(format!("{n}{unit}"));
            }
        }
        write!(f, "{}", parts.join(" "))
    }
}

/// A number with at most three decimals and no superfluous zeros.
fn short(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_say_them() {
        let cases = [
            (0, "0s"),
            (250_000_000, "250ms"),
            (1_500_000_000, "1.5s"),
            (59_960_000_000, "1m"),
            (200_000_000_000, "3m 20s"),
            (7_500_000_000_000, "2h 5m"),
            (3_614_000_000_000, "1h 0m 14s"),
            (7_200_000_000_000, "2h"),
        ];
        for (nanos, text) in cases {
            assert_eq!(Span(nanos).to_string(), text);
        }
    }

    #[test]
    fn seconds_become_the_nearest_nanosecond() {
        let small = [0.0, -1.0, 0.4e-9, 0.5e-9, 1.5e-9, 0.499_999_999_999e-9, -0.7e-9];
        let large = [4.503_599_627e6, 9.1e9, 1.8e10, 1.9e10, f64::INFINITY, f64::NAN];
        let many = (1..10_000u32).map(|n| f64::from(n).powi(3) * 1.234_567_89e-9);
        for seconds in small.into_iter().chain(large).chain(many) {
            assert_eq!(Span::from_seconds(seconds).0, (seconds * 1e9).round() as u64, "{seconds}");
        }
    }

    #[test]
    #[should_panic(expected = "is not before")]
    fn time_never_runs_backwards() {
        let _ = Time(1) - Time(2);
    }
}
