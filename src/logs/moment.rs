//! Moments of the real world, as logs write them.

use crate::units::Span;
use jiff::Timestamp;

/// A moment: nanoseconds since 1970 in UTC, from the year 1678 to 2261.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// Nanoseconds: the finest that any log format writes.
const SECOND: i64 = 1_000_000_000;

impl Moment {
    /// Before everything.
    pub const MIN: Moment = Moment(i64::MIN);
    /// After everything.
    pub const MAX: Moment = Moment(i64::MAX);

    /// The moment of a timestamp; what lies outside the range gives its nearest end.
    pub fn from_timestamp(stamp: Timestamp) -> Moment {
        let nanos = stamp.as_nanosecond();
        let nearest = if nanos < 0 { i64::MIN } else { i64::MAX };
        Moment(i64::try_from(nanos).unwrap_or(nearest))
    }

    /// The same moment for the calendar.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_nanosecond(i128::from(self.0)).expect("the calendar holds these years")
    }

    /// RFC 3339 in UTC with whole seconds: `2018-11-07T22:00:00Z`.
    pub fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// This much earlier, as far as there is an earlier.
    pub fn minus(self, span: Span) -> Moment {
        Moment(self.0.saturating_sub(i64::try_from(span.0).unwrap_or(i64::MAX)))
    }

    /// This much later, as far as there is a later.
    pub fn plus(self, span: Span) -> Moment {
        Moment(self.0.saturating_add(i64::try_from(span.0).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this moment is; zero if it is not after it.
    pub fn since(self, earlier: Moment) -> Span {
        Span(u64::try_from(i128::from(self.0) - i128::from(earlier.0)).unwrap_or(0))
    }

    /// What Apache and nginx write: `07/Nov/2018:17:00:00 -0500`. Most lines of most logs have it:
    /// read byte by byte it costs a third of what the library's calendar takes.
    #[inline]
    pub(super) fn common(text: &[u8]) -> Option<Moment> {
        let &[d1, d2, b'/', m1, m2, m3, b'/', y1, y2, y3, y4, b':', ref rest @ ..] = text else {
            return None;
        };
        let &[h1, h2, b':', n1, n2, b':', s1, s2, b' ', sign, z1, z2, z3, z4] = rest else {
            return None;
        };
        let month = match [m1, m2, m3] {
            [b'J', b'a', b'n'] => 1,
            [b'F', b'e', b'b'] => 2,
            [b'M', b'a', b'r'] => 3,
            [b'A', b'p', b'r'] => 4,
            [b'M', b'a', b'y'] => 5,
            [b'J', b'u', b'n'] => 6,
            [b'J', b'u', b'l'] => 7,
            [b'A', b'u', b'g'] => 8,
            [b'S', b'e', b'p'] => 9,
            [b'O', b'c', b't'] => 10,
            [b'N', b'o', b'v'] => 11,
            [b'D', b'e', b'c'] => 12,
            _ => return None,
        };
        let date = [number(&[y1, y2, y3, y4])?, month, number(&[d1, d2])?];
        let clock = [number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?];
        let zone = number(&[z1, z2])? * 3600 + number(&[z3, z4])? * 60;
        let east = match sign {
            b'+' => zone,
            b'-' => -zone,
            _ => return None,
        };
        Moment::civil(date, clock, east)
    }

    /// What most JSON logs have: `2018-11-07T22:00:02.479Z`, `2018-11-07T17:00:02-05:00`. As quick
    /// as the above, and for the same reason.
    #[inline]
    pub(super) fn iso(text: &[u8]) -> Option<Moment> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', ref rest @ ..] = text else {
            return None;
        };
        let &[h1, h2, b':', n1, n2, b':', s1, s2, ref rest @ ..] = rest else { return None };
        let (nanos, rest) = match rest.split_first()? {
            (b'.', behind) => {
                let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (fraction, rest) = behind.split_at(digits);
                let fraction = &fraction[..digits.min(9)];
                (number(fraction)? * 10i64.pow(9 - fraction.len() as u32), rest)
            }
            _ => (0, rest),
        };
        let east = match *rest {
            [b'Z'] => 0,
            [sign, z1, z2, b':', z3, z4] | [sign, z1, z2, z3, z4] => {
                let zone = number(&[z1, z2])? * 3600 + number(&[z3, z4])? * 60;
                match sign {
                    b'+' => zone,
                    b'-' => -zone,
                    _ => return None,
                }
            }
            _ => return None,
        };
        let date = [number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?];
        let clock = [number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?];
        Some(Moment(Moment::civil(date, clock, east)?.0 + nanos))
    }

    /// A date and a clock, this many seconds east of Greenwich. A leap second is the next second.
    fn civil([year, month, day]: [i64; 3], clock: [i64; 3], east: i64) -> Option<Moment> {
        let [hour, minute, second] = clock;
        let fits = (1700..=2261).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        let days = if fits { days_since_1970(year, month, day) } else { return None };
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - east;
        Some(Moment(seconds * SECOND))
    }

    /// A number since 1970: seconds, milli-, micro- or nanoseconds, told apart by its size.
    pub(super) fn epoch(value: f64) -> Option<Moment> {
        let scale = match value {
            1e8..9.2e9 => 1e9,
            1e11..9.2e12 => 1e6,
            1e14..9.2e15 => 1e3,
            1e17..9.2e18 => 1.0,
            _ => return None,
        };
        // Whole and fractional part apart: their product with 1e9 would lose microseconds.
        let (whole, part) = (value.trunc(), value.fract());
        Some(Moment(whole as i64 * scale as i64 + (part * scale).round() as i64))
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1 January 1970 in the Gregorian calendar (Hinnant, "chrono-compatible low-level date
/// algorithms", days_from_civil).
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_moment_in_every_notation() {
        let expected = Moment(1_541_628_000 * SECOND);
        assert_eq!(Moment::common(b"07/Nov/2018:17:00:00 -0500"), Some(expected));
        assert_eq!(Moment::common(b"08/Nov/2018:03:30:00 +0530"), Some(expected));
        assert_eq!(Moment::iso(b"2018-11-08T03:30:00+05:30"), Some(expected));
        assert_eq!(Moment::iso(b"2018-11-07T17:00:00-0500"), Some(expected));
        let quarter = Some(Moment(expected.0 + SECOND / 4));
        assert_eq!(Moment::iso(b"2018-11-07T22:00:00.2500000001Z"), quarter);
        for wrong in ["2018-11-07T22:00:00", "2018-13-07T22:00:00Z", "2018-11-07T22:00:00.Z "] {
            assert_eq!(Moment::iso(wrong.as_bytes()), None, "{wrong}");
        }
        for number in [1_541_628_000.0, 1_541_628_000e3, 1_541_628_000e6, 1_541_628_000e9] {
            assert_eq!(Moment::epoch(number), Some(expected));
        }
        assert_eq!(Moment::epoch(1_541_628_000.25), Some(Moment(expected.0 + SECOND / 4)));
        assert_eq!(expected.rfc3339(), "2018-11-07T22:00:00Z");
    }

    #[test]
    fn what_is_no_moment_is_none() {
        let wrong: [&[u8]; 9] = [
            b"",
            b"07/Nov/2018:17:00:00",
            b"31/Nov/2018:17:00:00 -0500",
            b"29/Feb/2018:17:00:00 -0500",
            b"07/Nov/2018:24:00:00 -0500",
            b"07/Nox/2018:17:00:00 -0500",
            b"07/Nov/2018:17:00:00 *0500",
            b"07/Nov/0018:17:00:00 -0500",
            b"0x/Nov/2018:17:00:00 -0500",
        ];
        wrong.iter().for_each(|text| assert_eq!(Moment::common(text), None));
        [f64::NAN, f64::INFINITY, -1.0, 12.0, 5e10, 1e30]
            .iter()
            .for_each(|number| assert_eq!(Moment::epoch(*number), None));
    }

    proptest! {
        #[test]
        fn the_calendar_agrees_with_the_librarys(second in -8_500_000_000i64..9_200_000_000) {
            let stamp = Timestamp::from_second(second).expect("in range");
            let text = stamp.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string();
            prop_assert_eq!(Moment::common(text.as_bytes()), Some(Moment(second * SECOND)));
            for form in ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.000+00:00"] {
                let text = stamp.strftime(form).to_string();
                prop_assert_eq!(Moment::iso(text.as_bytes()), Some(Moment(second * SECOND)));
            }
        }
    }
}
