//! How long a request took: numbers with their unit in the value, in the name, or said.

use crate::units::Span;
use std::fmt;
use std::str::FromStr;

/// What a number of elapsed time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ElapsedUnit {
    /// As nginx's `$request_time`.
    Seconds,
    /// As Envoy's `%DURATION%`.
    Millis,
    /// As Apache's `%D`.
    Micros,
    /// As Go's durations in JSON.
    Nanos,
}

impl ElapsedUnit {
    pub(super) const ALL: [ElapsedUnit; 4] =
        [ElapsedUnit::Seconds, ElapsedUnit::Millis, ElapsedUnit::Micros, ElapsedUnit::Nanos];

    /// As a field's unit is written: `ms`.
    pub fn word(self) -> &'static str {
        ["s", "ms", "us", "ns"][self as usize]
    }

    /// The plural for sentences.
    pub(super) fn plural(self) -> &'static str {
        ["seconds", "milliseconds", "microseconds", "nanoseconds"][self as usize]
    }

    fn nanos(self) -> u64 {
        [1_000_000_000, 1_000_000, 1_000, 1][self as usize]
    }

    /// The unit that a field's own name tells: `took_ms`, `latencyMs`, `turnAroundTimeMSec`.
    pub fn of_name(name: &str) -> Option<ElapsedUnit> {
        const ENDINGS: [(ElapsedUnit, &[&str]); 4] = [
            (
                ElapsedUnit::Nanos,
                &["_ns", "-ns", "Ns", "NS", "nanos", "Nanos", "nanoseconds", "nsec"],
            ),
            (
                ElapsedUnit::Micros,
                &["_us", "-us", "Us", "US", "micros", "Micros", "microseconds", "usec"],
            ),
            (
                ElapsedUnit::Millis,
                &["_ms", "-ms", "Ms", "MS", "millis", "Millis", "milliseconds", "msec", "MSec"],
            ),
            (
                ElapsedUnit::Seconds,
                &["_s", "-s", "TimeS", "_sec", "_secs", "seconds", "Seconds", "Sec"],
            ),
        ];
        // `Duration (ms)`, `Time taken [ms]`, `Duration in seconds`.
        let name = name.trim_end_matches([')', ']']);
        let apart = name.rsplit_once([' ', '(', '[']).and_then(|(_, unit)| unit.parse().ok());
        if apart.is_some() {
            return apart;
        }
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        ENDINGS.iter().find(|(_, endings)| ends(endings)).map(|(unit, _)| *unit)
    }
}

impl fmt::Display for ElapsedUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ElapsedUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<ElapsedUnit, String> {
        unit(text.as_bytes()).map_or_else(
            || Err(format!("`{text}` is not a unit; write s, ms, us or ns")),
            |nanos| {
                let known = ElapsedUnit::ALL.into_iter().find(|unit| unit.nanos() == nanos);
                known.ok_or_else(|| format!("`{text}` is not a unit here; write s, ms, us or ns"))
            },
        )
    }
}

/// Nanoseconds of a unit as people write it.
fn unit(word: &[u8]) -> Option<u64> {
    Some(match word {
        b"ns" | b"nsec" | b"nanos" => 1,
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" | b"usec" | b"micros" => 1_000,
        b"ms" | b"msec" | b"msecs" | b"millis" => 1_000_000,
        b"s" | b"sec" | b"secs" | b"seconds" => 1_000_000_000,
        b"m" | b"min" => 60_000_000_000,
        b"h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Reads how long something took. A unit in the value (`138ms`, `1.05s`, `PT0.138S`, `1m2s`) counts
/// before the given one; a number without any is nothing.
#[inline]
pub(super) fn elapsed(text: &[u8], otherwise: Option<ElapsedUnit>) -> Option<Span> {
    if let Some(unit) = otherwise
        && let Some(span) = amount(text, unit.nanos())
    {
        return Some(span);
    }
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"+").unwrap_or(text);
    let plain = without_groups(text);
    let text = plain.as_deref().unwrap_or(text);
    if let Some(unit) = otherwise {
        if let Some(span) = amount(text, unit.nanos()).or_else(|| exponent(text, unit)) {
            return Some(span);
        }
        if let Some(sum) = listed(text, unit) {
            return Some(sum);
        }
    }
    with_unit(text)
}

/// A whole number whose digits stand in groups (`69,000,000`), without its commas. With one comma
/// alone it may be a fraction.
fn without_groups(text: &[u8]) -> Option<Vec<u8>> {
    let mut groups = text.split(|byte| *byte == b',');
    let digits = |group: &[u8]| group.iter().all(u8::is_ascii_digit);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()) && digits(first))?;
    let rest: Vec<&[u8]> = groups.collect();
    let grouped = rest.len() >= 2 && rest.iter().all(|group| group.len() == 3 && digits(group));
    grouped.then(|| [first, &rest.concat()].concat())
}

/// A time that carries its own unit.
pub(super) fn with_unit(text: &[u8]) -> Option<Span> {
    let text = text.trim_ascii();
    if text.starts_with(b"PT") {
        let span: jiff::SignedDuration = std::str::from_utf8(text).ok()?.parse().ok()?;
        return u64::try_from(span.as_nanos()).ok().map(Span);
    }
    let (mut rest, mut sum) = (text, Span::ZERO);
    if !rest.first()?.is_ascii_digit() {
        return None;
    }
    while !rest.is_empty() {
        let numeric = |byte: &u8| byte.is_ascii_digit() || *byte == b'.' || *byte == b',';
        let digits = rest.iter().take_while(|byte| numeric(byte)).count();
        let (number, behind) = rest.split_at(digits);
        let behind = behind.trim_ascii_start();
        let letters = behind.iter().take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
        let (word, behind) = behind.split_at(letters);
        sum = Span(sum.0.checked_add(amount(number, unit(word)?)?.0)?);
        rest = behind;
    }
    Some(sum)
}

/// One time for each upstream that was tried: `0.012, 0.500 : 0.100`.
fn listed(text: &[u8], unit: ElapsedUnit) -> Option<Span> {
    let mut parts = text.split(|byte| b", :".contains(byte)).filter(|part| !part.is_empty());
    let first = amount(parts.next()?, unit.nanos())?;
    let mut sum = first;
    for part in parts {
        if part != b"-" {
            sum += amount(part, unit.nanos())?;
        }
    }
    Some(sum)
}

fn exponent(text: &[u8], unit: ElapsedUnit) -> Option<Span> {
    if !text.iter().any(|byte| b"eE".contains(byte)) {
        return None;
    }
    let number: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    let nanos = number * unit.nanos() as f64;
    (0.0..1e18).contains(&nanos).then_some(Span(nanos as u64))
}

/// A plain decimal number of some unit, exact to the nanosecond; a comma may stand for the point.
#[inline]
pub(super) fn amount(text: &[u8], nanos: u64) -> Option<Span> {
    let (whole, part) = match memchr::memchr2(b'.', b',', text) {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &b""[..]),
    };
    if whole.is_empty() || whole.len() > 18 || part.len() > 18 {
        return None;
    }
    let digits = |text: &[u8]| {
        text.iter().try_fold(0u64, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + u64::from(digit - b'0'))
        })
    };
    let kept = &part[..part.len().min(9)];
    digits(&part[kept.len()..])?;
    // Nine digits of a second at most, as almost all are: no wide arithmetic.
    let fraction = match kept.len() as u32 {
        0 => 0,
        places if nanos <= 1_000_000_000 => digits(kept)? * nanos / 10u64.pow(places),
        places => (u128::from(digits(kept)?) * u128::from(nanos) / 10u128.pow(places)) as u64,
    };
    digits(whole)?.checked_mul(nanos)?.checked_add(fraction).map(Span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_units_in_the_value_count_first() {
        let millis = |n| Some(Span::from_millis(n));
        let cases: [(&str, Option<ElapsedUnit>, Option<Span>); 17] = [
            ("0.138", Some(ElapsedUnit::Seconds), millis(138)),
            ("138", Some(ElapsedUnit::Millis), millis(138)),
            ("138.5", Some(ElapsedUnit::Millis), Some(Span(138_500_000))),
            ("138000", Some(ElapsedUnit::Micros), millis(138)),
            ("138000000", Some(ElapsedUnit::Nanos), millis(138)),
            ("138ms", None, millis(138)),
            ("138ms", Some(ElapsedUnit::Seconds), millis(138)),
            ("138 ms", None, millis(138)),
            ("0.138s", None, millis(138)),
            ("138\u{b5}s", None, Some(Span(138_000))),
            ("1m2.5s", None, millis(62_500)),
            ("PT0.138S", None, millis(138)),
            ("0.012, 0.500 : 0.100", Some(ElapsedUnit::Seconds), millis(612)),
            ("1.38e-1", Some(ElapsedUnit::Seconds), millis(138)),
            ("+138", Some(ElapsedUnit::Millis), millis(138)),
            ("0,138", Some(ElapsedUnit::Seconds), millis(138)),
            ("138,000,000", Some(ElapsedUnit::Nanos), millis(138)),
        ];
        for (text, unit, expected) in cases {
            assert_eq!(elapsed(text.as_bytes(), unit), expected, "{text} {unit:?}");
        }
        assert_eq!(amount(b"1.0000000019", 1_000_000_000), Some(Span(1_000_000_001)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "-", "-1", ".5", "NaN", "1.2.3", "abc", "5 parsecs", "9".repeat(30).as_str()]
        {
            assert_eq!(elapsed(text.as_bytes(), Some(ElapsedUnit::Seconds)), None, "{text}");
        }
        assert_eq!(elapsed(b"138", None), None, "a number without a unit");
    }

    #[test]
    fn names_tell_units() {
        let cases = [
            ("duration_ms", Some(ElapsedUnit::Millis)),
            ("latencyMs", Some(ElapsedUnit::Millis)),
            ("turnAroundTimeMSec", Some(ElapsedUnit::Millis)),
            ("elapsedTimeS", Some(ElapsedUnit::Seconds)),
            ("took_us", Some(ElapsedUnit::Micros)),
            ("Duration (ms)", Some(ElapsedUnit::Millis)),
            ("Time taken in seconds", Some(ElapsedUnit::Seconds)),
            ("duration", None),
            ("Response Time", None),
            ("responses", None),
        ];
        cases
            .iter()
            .for_each(|(name, unit)| assert_eq!(ElapsedUnit::of_name(name), *unit, "{name}"));
        assert!("parsecs".parse::<ElapsedUnit>().is_err());
    }
}
