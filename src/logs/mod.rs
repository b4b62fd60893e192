//! Access logs: what real servers wrote down, as readings that the rules can judge.
//!
//! [`Feed`] turns the bytes of one file into [`Request`]s, [`read`] merges many files by time, and
//! [`Bins`] counts requests into [`crate::telemetry::Reading`]s. All of them hold a bounded amount,
//! however long the log is. Nothing in a log is trusted: lines that do not parse are counted and
//! sampled, and whoever shows a sample passes it through the reports' own escaping first.
//!
//! ```
//! use sim::logs::{Feed, LogReadOptions};
//!
//! let mut feed = Feed::new(LogReadOptions::default());
//! feed.push(b"192.0.2.1 - - [07/Nov/2018:17:00:00 -0500] \"GET /claims HTTP/1.1\" 200 512 ");
//! feed.push(b"\"-\" \"Mozilla/5.0\" rt=0.250\n");
//! feed.finish();
//! let mut statuses = Vec::new();
//! while feed.step(&mut |request| statuses.push((request.status, request.elapsed))) {}
//! assert_eq!(statuses, [(200, Some(sim::units::Span::from_millis(250)))]);
//! ```

mod agents;
mod assemble;
mod baseline;
mod bins;
mod candidates;
pub mod conf;
mod counts;
mod detect;
mod dialects;
mod elapsed;
mod elapsed_field;
mod envelope;
mod error;
mod feed;
mod format;
mod history;
mod infer;
mod json;
mod knowledge;
mod known;
mod layout;
mod line_words;
mod mapping;
mod merge;
mod moment;
mod names;
mod notation;
mod objects;
mod options;
mod partial;
mod pattern;
mod preview;
mod producers;
mod request;
mod request_filter;
mod role;
mod search;
mod sketch;
mod source;
mod tables;
mod template;
mod units_said;
mod unpack;
mod usual;
mod variables;
mod visitors;
mod wanted;
mod windows;
mod writer;

pub use agents::agent_of;
pub use baseline::{
    ArrivalSeries, HourOfWeek, LogBaseline, MIN_WINDOWS, Mix, Overlaid, Quantiles, VaryingShare,
    VaryingTimes,
};
pub use bins::Bins;
pub use counts::{BadLine, FileCounts, LogCounts, WindowCounts};
pub use elapsed::ElapsedUnit;
pub use error::LogError;
pub use feed::Feed;
pub use format::Format;
pub use history::{History, HistoryOptions};
pub use knowledge::{Knowledge, UnknownReason};
pub use mapping::{LogMapping, LogPlan};
pub use merge::{LogItem, read};
pub use moment::Moment;
pub use options::LogReadOptions;
pub use partial::{PART, PART_BEGINS, PartHeader, PartialHistory, join};
pub use pattern::Pattern;
pub use preview::{LineOutcome, LogPreview, PreviewLine, preview};
pub use request::{LineError, Request, outcome};
pub use role::{Field, Fields, Role};
pub use source::LogSource;
pub use template::TemplateError;
pub use unpack::packed;
pub use visitors::{Ignore, Network};
pub use wanted::FormatSpec;
pub use writer::LogWriter;
