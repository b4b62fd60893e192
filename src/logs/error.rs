//! Why a log could not be read.

use super::counts::LogCounts;
use super::moment::Moment;
use crate::units::Ratio;
use std::fmt;

/// A log that cannot be used. The words say where, what, and what to do instead; names of files
/// are from outside and pass through `report::untrusted` before they are shown.
#[derive(Debug)]
pub enum LogError {
    /// The file could not be opened or read at all.
    Unreadable { name: String, error: std::io::Error },
    /// There is no line in it.
    Empty { name: String },
    /// Its first lines have no format that is known.
    Unknown { name: String, why: String },
    /// Two files begin with the same lines.
    Twice { first: String, second: String },
    /// Nothing for more than a month in the middle of it.
    Silent { name: String, from: Moment, to: Moment },
    /// More lines are bad than allowed.
    Bad { counts: Box<LogCounts>, most: Ratio },
    /// Not one request in the wanted stretch of time.
    Nothing { counts: Box<LogCounts> },
}

impl LogError {
    /// What to do instead.
    pub fn hint(&self) -> &'static str {
        match self {
            LogError::Unreadable { .. } => "check the path and its permissions",
            LogError::Empty { .. } => "leave it out, or check where the server writes its log",
            LogError::Unknown { .. } => {
                "see what is found in it with `sim logs FILE`; describe its lines with \
                 --log-format (nginx's log_format, Apache's LogFormat), or name its fields with \
                 --field time=… --field status=…"
            }
            LogError::Twice { .. } => "leave one of them out: every request would count twice",
            LogError::Silent { .. } => {
                "if a clock was wrong, remove those lines; else say which part with --since and \
                 --until"
            }
            LogError::Bad { counts, .. } if counts.late_lines() * 2 >= counts.bad() => {
                "its lines are not in order of time: leave out --disorder, which lets them come \
                 in any order, or allow more with it"
            }
            LogError::Bad { .. } => {
                "look at the lines above; say the right --format or --log-format, clean the log, \
                 or allow more with --max-bad"
            }
            LogError::Nothing { .. } => "use a log from that time, or widen --since and --until",
        }
    }

    /// What was counted until then, where anything was.
    pub fn counts(&self) -> Option<&LogCounts> {
        match self {
            LogError::Bad { counts, .. } | LogError::Nothing { counts } => Some(counts),
            _ => None,
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogError::Unreadable { name, error } => write!(f, "cannot read {name}: {error}"),
            LogError::Empty { name } => write!(f, "{name} contains no lines"),
            LogError::Unknown { name, why } if why.is_empty() => {
                write!(f, "{name} has no known format")
            }
            LogError::Unknown { name, why } => {
                write!(f, "{name} has no known format: it {why}")
            }
            LogError::Twice { first, second } => {
                write!(f, "{first} and {second} begin with the same lines")
            }
            LogError::Silent { name, from, to } => {
                let (from, to) = (from.rfc3339(), to.rfc3339());
                write!(f, "in {name} there is nothing from {from} to {to}")
            }
            LogError::Bad { counts, most } => {
                let (bad, lines) = (counts.bad(), counts.lines());
                let share = Ratio((counts.bad_share() * 1e4).round() / 1e4);
                write!(f, "{bad} of {lines} lines are bad ({share}), more than {most}")
            }
            LogError::Nothing { .. } => f.write_str("there are no requests in that period"),
        }
    }
}

impl std::error::Error for LogError {}
