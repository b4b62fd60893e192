//! What was seen while reading: lines, bad ones with samples, the format, the first and last time,
//! and what was counted in one window of a history.

use super::format::Format;
use super::moment::Moment;
use super::request::LineError;
use crate::measure::Latencies;

/// How many bad lines of a file are kept to be shown.
pub(super) const SAMPLES: usize = 3;
/// How much of a bad line is kept, in bytes.
pub(super) const SAMPLE_BYTES: usize = 200;

/// What was seen of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileCounts {
    /// Lines that are not empty, whatever became of them.
    pub lines: u64,
    /// Requests handed out.
    pub requests: u64,
    /// Lines that are not requests, those with a wrong clock included.
    pub bad: u64,
    /// Of the bad ones, those further behind than the window.
    pub behind: u64,
    /// Of the bad ones, those whose clock was ahead of the lines around them.
    pub ahead: u64,
    /// Lines outside the wanted stretch of time; neither bad nor requests.
    pub outside: u64,
    /// Requests that do not say how long they took.
    pub untimed: u64,
    /// Health checks, monitors, crawlers and what was to be left out: how many of each, and
    /// whether they were left out.
    pub no_visitors: Vec<(&'static str, u64, bool)>,
    /// Requests that stay open: WebSockets, event streams.
    pub streams: u64,
    /// Lines that are neither requests nor damage, by what they are.
    pub others: Vec<(&'static str, u64)>,
    /// The first bad lines.
    pub samples: Vec<BadLine>,
    /// `None` until the first lines have been seen.
    pub format: Option<Format>,
    /// Why no format was found.
    pub why: Option<String>,
    /// The earliest and the latest request.
    pub span: Option<(Moment, Moment)>,
    /// Why reading ended before the file did, in words: a truncated gzip, a broken disk.
    pub cut: Option<String>,
}

/// A bad line, kept to be shown. Its text is from outside: pass it through `report::untrusted`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Counted from 1.
    pub number: u64,
    pub flaw: LineError,
    /// The beginning of the line; what is not UTF-8 has been replaced.
    pub text: String,
}

/// What was seen of all files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogCounts {
    /// Name and counts, in the order in which the sources were given.
    pub files: Vec<(String, FileCounts)>,
}

impl FileCounts {
    pub(super) fn bad_line(&mut self, number: u64, flaw: LineError, line: &[u8]) {
        self.bad += 1;
        match flaw {
            LineError::Ahead => self.ahead += 1,
            LineError::Behind => self.behind += 1,
            _ => {}
        }
        if self.samples.len() < SAMPLES {
            let kept = &line[..line.len().min(SAMPLE_BYTES)];
            let text = String::from_utf8_lossy(kept).into_owned();
            self.samples.push(BadLine { number, flaw, text });
        }
    }
}

impl FileCounts {
    pub(super) fn count_non_visitor(&mut self, name: &'static str, left_out: bool) {
        match self.no_visitors.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, n, _)) => *n += 1,
            None => self.no_visitors.push((name, 1, left_out)),
        }
    }

    pub(super) fn count_other_line(&mut self, kind: &'static str) {
        match self.others.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, n)) => *n += 1,
            None => self.others.push((kind, 1)),
        }
    }
}

impl LogCounts {
    fn sum(&self, of: impl Fn(&FileCounts) -> u64) -> u64 {
        self.files.iter().map(|(_, file)| of(file)).sum()
    }

    /// Lines of all files.
    pub fn lines(&self) -> u64 {
        self.sum(|file| file.lines)
    }

    /// Requests of all files.
    pub fn requests(&self) -> u64 {
        self.sum(|file| file.requests)
    }

    /// Bad lines of all files.
    pub fn bad(&self) -> u64 {
        self.sum(|file| file.bad)
    }

    /// Of the bad lines, those further behind than `--disorder` allows.
    pub fn late_lines(&self) -> u64 {
        self.sum(|file| file.behind)
    }

    /// The share of lines that are bad, between 0 and 1.
    pub fn bad_share(&self) -> f64 {
        self.bad() as f64 / self.lines().max(1) as f64
    }

    /// Whether requests say how long they took: at least half of those do that could.
    pub fn timed(&self) -> bool {
        let requests = self.requests() - self.sum(|file| file.streams);
        requests > 0 && self.sum(|file| file.untimed) * 2 <= requests
    }

    /// The earliest and the latest request; `None` without any.
    pub fn span(&self) -> Option<(Moment, Moment)> {
        let spans = self.files.iter().filter_map(|(_, file)| file.span);
        spans.reduce(|(from, to), (first, last)| (from.min(first), to.max(last)))
    }
}

/// What was counted in one window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowCounts {
    /// How many windows lie between 1970 and it.
    pub(super) number: i64,
    pub(super) requests: u64,
    /// What a rule's error rate is a share of.
    pub(super) total: u64,
    pub(super) bad: u64,
    pub(super) latency: Latencies,
}

impl WindowCounts {
    /// Adds the same window of another part; `None` if that is more than can be counted.
    pub(super) fn add(&mut self, other: &WindowCounts) -> Option<()> {
        let most = u64::from(u32::MAX);
        self.requests = self.requests.checked_add(other.requests).filter(|n| *n <= most)?;
        self.total += other.total;
        self.bad += other.bad;
        self.latency.add(&other.latency);
        Some(())
    }
}
