//! The formats of access logs, and telling them apart.

use super::json::{self, Fields};
use super::request::{Flaw, Request};
use super::{alb, combined};
use jiff::tz::TimeZone;
use std::fmt;
use std::str::FromStr;

/// How the lines of one file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// nginx and Apache: `common`, or `combined` if it has referer and user agent.
    Combined { agent: bool, elapsed: ElapsedIn },
    /// AWS Application Load Balancer.
    Alb,
    /// One JSON object per line.
    Json,
}

/// Where a common or combined line has the time that the request took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElapsedIn {
    /// It does not say.
    Nowhere,
    /// `rt=0.012` or `request_time=0.012`, in seconds.
    RequestTime,
    /// Only `urt="0.012"`: the upstream's share of it, in seconds.
    UpstreamTime,
    /// A decimal number of seconds, so many words behind the format's own parts.
    Nth(u8),
    /// Apache's `%D`: the last word, in microseconds.
    LastMicros,
}

/// What the user says of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Look at the first lines.
    #[default]
    Detect,
    /// Common or combined; where the time stands is still detected.
    Combined,
    /// Combined with Apache's `%D` at its end.
    CombinedMicros,
    /// AWS Application Load Balancer.
    Alb,
    /// One JSON object per line.
    Json,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        Ok(match text {
            "detect" => Wanted::Detect,
            "combined" | "common" => Wanted::Combined,
            "combined-us" => Wanted::CombinedMicros,
            "alb" => Wanted::Alb,
            "json" => Wanted::Json,
            _ => {
                return Err("the formats are detect, common, combined, combined-us (Apache's %D \
                            at the end), alb and json"
                    .to_string());
            }
        })
    }
}

impl Format {
    /// The format of lines from the beginning of a file: that which most of them have. `None` if
    /// not even half of the lines have any.
    pub(super) fn detect<'a>(
        lines: impl Iterator<Item = &'a [u8]> + Clone,
        wanted: Wanted,
        reading: (&Fields, &TimeZone),
    ) -> Option<Format> {
        let all = lines.clone().filter(|line| !line.is_empty()).count();
        let enough = |n: usize| n > 0 && 2 * n >= all;
        match wanted {
            Wanted::Alb => return Some(Format::Alb),
            Wanted::Json => return Some(Format::Json),
            Wanted::CombinedMicros => {
                let elapsed = ElapsedIn::LastMicros;
                return Some(Format::Combined { agent: true, elapsed });
            }
            Wanted::Combined | Wanted::Detect => {}
        }
        let mut shapes: Vec<((bool, ElapsedIn), usize)> = Vec::new();
        for shape in lines.clone().filter_map(combined::looks) {
            match shapes.iter_mut().find(|(known, _)| *known == shape) {
                Some((_, n)) => *n += 1,
                None => shapes.push((shape, 1)),
            }
        }
        let combined: usize = shapes.iter().map(|(_, n)| n).sum();
        let most = shapes.into_iter().max_by_key(|(shape, n)| (*n, shape.0));
        if let Some(((agent, elapsed), _)) = most
            && (enough(combined) || wanted == Wanted::Combined)
        {
            return Some(Format::Combined { agent, elapsed });
        }
        if wanted == Wanted::Combined {
            return Some(Format::Combined { agent: true, elapsed: ElapsedIn::Nowhere });
        }
        [Format::Alb, Format::Json].into_iter().find(|format| {
            enough(lines.clone().filter(|line| format.parse(line, reading).is_ok()).count())
        })
    }

    /// Whether lines name the user agent.
    pub(super) fn has_agent(self) -> bool {
        !matches!(self, Format::Combined { agent: false, .. })
    }

    /// Takes one line apart. `reading` is for JSON lines: their fields, and the zone of times
    /// that name none.
    pub(super) fn parse<'a>(
        self,
        line: &'a [u8],
        (fields, zone): (&Fields, &TimeZone),
    ) -> Result<Request<'a>, Flaw> {
        match self {
            Format::Combined { elapsed, .. } => combined::parse(line, elapsed),
            Format::Alb => alb::parse(line),
            Format::Json => json::parse(line, fields, zone),
        }
    }
}

impl fmt::Display for Format {
    /// In words: `combined with the request's time`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (agent, elapsed) = match *self {
            Format::Alb => return f.write_str("AWS load balancer"),
            Format::Json => return f.write_str("JSON lines"),
            Format::Combined { agent, elapsed } => (agent, elapsed),
        };
        f.write_str(if agent { "combined" } else { "common" })?;
        match elapsed {
            ElapsedIn::Nowhere => f.write_str(", no response times"),
            ElapsedIn::RequestTime => f.write_str(" with the request's time"),
            ElapsedIn::UpstreamTime => f.write_str(" with the upstream's time alone"),
            ElapsedIn::Nth(n) => write!(f, " with a time in seconds as extra word {}", n + 1),
            ElapsedIn::LastMicros => f.write_str(" with microseconds at the end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: &str =
        r#"192.0.2.1 - - [07/Nov/2018:17:00:00 -0500] "GET /claims HTTP/1.1" 200 512"#;

    fn detect(lines: &[&str], wanted: Wanted) -> Option<Format> {
        let lines = lines.iter().map(|line| line.as_bytes());
        Format::detect(lines, wanted, (&Fields::default(), &TimeZone::UTC))
    }

    #[test]
    fn the_format_is_what_most_lines_have() {
        let timed = format!(r#"{COMMON} "-" "curl/8" rt=0.250"#);
        let json = r#"{"time": "2018-11-07T22:00:00Z", "status": 200, "path": "/claims"}"#;
        let combined = Format::Combined { agent: true, elapsed: ElapsedIn::RequestTime };
        assert_eq!(detect(&[&timed, "junk", &timed], Wanted::Detect), Some(combined));
        assert_eq!(detect(&[json, json, "junk"], Wanted::Detect), Some(Format::Json));
        assert_eq!(detect(&["junk", "junk", json], Wanted::Detect), None);
        assert_eq!(detect(&[], Wanted::Detect), None);
        assert_eq!(detect(&["junk"], Wanted::Alb), Some(Format::Alb), "the user knows better");
        let common = Format::Combined { agent: false, elapsed: ElapsedIn::Nowhere };
        assert_eq!(detect(&[COMMON], Wanted::Combined), Some(common));
    }

    #[test]
    fn every_format_has_words_and_wrong_ones_are_told_the_right_ones() {
        assert_eq!("json".parse(), Ok(Wanted::Json));
        assert!("iis".parse::<Wanted>().expect_err("unknown").contains("combined-us"));
        let shown = Format::Combined { agent: true, elapsed: ElapsedIn::Nowhere }.to_string();
        assert_eq!(shown, "combined, no response times");
    }
}
