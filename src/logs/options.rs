//! How logs are read.

use super::moment::Moment;
use super::pattern::Pattern;
use super::role::Fields;
use super::visitors::Ignore;
use super::wanted::FormatSpec;
use crate::units::{Ratio, Span};
use jiff::tz::TimeZone;

/// How logs are read.
#[derive(Debug, Clone)]
pub struct LogReadOptions {
    /// The format, if somebody says so.
    pub format: FormatSpec,
    /// Which fields say what.
    pub fields: Fields,
    /// The zone of times that name none.
    pub zone: TimeZone,
    /// How far a line may be behind the latest one before it; `None`: lines may come in any order.
    pub disorder: Option<Span>,
    /// The share of bad lines up to which a log is used.
    pub max_bad: Ratio,
    /// Requests that are not visitors' and are left out.
    pub ignore: Ignore,
    /// Paths of requests that stay open: they have no response time.
    pub streams: Vec<Pattern>,
    /// Requests before this moment are left out.
    pub since: Moment,
    /// Requests at or after this moment are left out.
    pub until: Moment,
}

impl Default for LogReadOptions {
    fn default() -> LogReadOptions {
        LogReadOptions {
            format: FormatSpec::Detect,
            fields: Fields::default(),
            zone: TimeZone::UTC,
            disorder: None,
            max_bad: Ratio(0.01),
            ignore: Ignore::default(),
            streams: Vec::new(),
            since: Moment::MIN,
            until: Moment::MAX,
        }
    }
}
