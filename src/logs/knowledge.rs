//! What logs can tell of a scenario's scopes, and what they cannot.

use super::counts::LogCounts;
use super::format::Format;
use super::mapping::LogMapping;
use crate::names::{Dimension, Scope};

/// What a log can tell of a scenario's scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// Whether requests say how long they took.
    pub elapsed: bool,
    /// Whether anything tells browser, login, account and tool.
    pub dimensions: [bool; 4],
}

/// Why a log cannot say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownReason {
    /// An access log sees the entry, not the calls behind it.
    Tier,
    /// The format says nothing of this dimension.
    Dimension(Dimension),
    /// The format has no response times.
    Elapsed,
}

impl UnknownReason {
    /// The words of a report.
    pub fn words(self) -> &'static str {
        match self {
            UnknownReason::Tier => "an access log sees the entry, not the calls between tiers",
            UnknownReason::Dimension(Dimension::Browser) => "the log has no user agents",
            UnknownReason::Dimension(_) => "the log does not say it; JSON lines can, with a field",
            UnknownReason::Elapsed => "the log has no response times",
        }
    }
}

impl Knowledge {
    /// What logs can tell, after they were read (or after their first lines).
    pub fn from_counts(counts: &LogCounts, mapping: &LogMapping) -> Knowledge {
        let mut formats = counts.files.iter().filter_map(|(_, file)| file.format.as_ref());
        let agents = formats.any(Format::has_agent);
        let mut dimensions = mapping.named();
        dimensions[Dimension::Browser as usize] |= agents;
        Knowledge { elapsed: counts.timed(), dimensions }
    }

    /// Whether a rule on this scope can be judged, `latency` saying whether it is about response
    /// times.
    pub fn judges(self, scope: Scope, latency: bool) -> Result<(), UnknownReason> {
        match scope {
            Scope::Tier(_) => Err(UnknownReason::Tier),
            Scope::Segment(dimension, _) if !self.dimensions[dimension as usize] => {
                Err(UnknownReason::Dimension(dimension))
            }
            _ if latency && !self.elapsed => Err(UnknownReason::Elapsed),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::bins::tests::names;
    use crate::logs::detect::detect;
    use crate::logs::{Fields, FileCounts, FormatSpec};
    use jiff::tz::TimeZone;

    #[test]
    fn what_a_log_cannot_know_is_said() {
        let known = |line: &str, untimed| {
            let lines = [line.as_bytes()];
            let format = detect(&lines, &FormatSpec::Detect, &Fields::default(), &TimeZone::UTC);
            let format = Some(format.expect("a known format"));
            let file = FileCounts { requests: 2, untimed, format, ..FileCounts::default() };
            let counts = LogCounts { files: vec![("a.log".to_string(), file)] };
            Knowledge::from_counts(&counts, &LogMapping::from_names(&names()))
        };
        let line = "1.2.3.4 - - [07/Nov/2018:22:00:02 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \
                    \"curl/8\" rt=0.1";
        let alb = known(line, 0);
        assert_eq!(alb.judges(Scope::Site, true), Ok(()));
        assert_eq!(alb.judges(Scope::Segment(Dimension::Browser, 0), false), Ok(()));
        assert_eq!(alb.judges(Scope::Tier(0.into()), false), Err(UnknownReason::Tier));
        let login = Scope::Segment(Dimension::Login, 0);
        assert_eq!(alb.judges(login, false), Err(UnknownReason::Dimension(Dimension::Login)));
        let untimed = known(r#"{"time": "2018-11-07T22:00:02Z", "status": 200}"#, 2);
        assert_eq!(untimed.judges(Scope::Site, true), Err(UnknownReason::Elapsed));
        assert_eq!(untimed.judges(Scope::Site, false), Ok(()));
    }
}
