//! Bytes of one log in, requests out: for files, pipes and files that still grow.

use super::counts::FileCounts;
use super::json::Fields;
use super::{Flaw, Format, Moment, Request, Wanted};
use crate::units::{Ratio, Span};
use jiff::tz::TimeZone;

/// How logs are read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The format, if the user says so.
    pub format: Wanted,
    /// The fields of JSON lines.
    pub fields: Fields,
    /// The zone of times that name none.
    pub zone: TimeZone,
    /// How far a line may be behind the latest one before it.
    pub window: Span,
    /// The share of bad lines up to which a log is used.
    pub max_bad: Ratio,
    /// Requests before this moment are left out.
    pub since: Moment,
    /// Requests at or after this moment are left out.
    pub until: Moment,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            format: Wanted::Detect,
            fields: Fields::default(),
            zone: TimeZone::UTC,
            window: Span::from_secs(10),
            max_bad: Ratio(0.01),
            since: Moment::MIN,
            until: Moment::MAX,
        }
    }
}

/// Longer lines are not kept.
const LONGEST_LINE: usize = 64 * 1024;
/// The format is told from so many lines, or from as many as fit into so many bytes.
const SAMPLE_LINES: usize = 64;
const SAMPLE_BYTES: usize = 64 * 1024;
/// A line further ahead than this needs a second one to be believed.
const JUMP: Span = Span::from_secs(600);

/// One log being read. Holds what was pushed and not yet stepped through, at most one line more.
#[derive(Debug)]
pub struct Feed {
    options: Options,
    buffer: Vec<u8>,
    /// What is before this has been stepped through.
    start: usize,
    /// Up to here there is no newline.
    searched: usize,
    /// In the middle of a line too long to keep.
    skipping: bool,
    finished: bool,
    settled: bool,
    line_number: u64,
    newest: Moment,
    /// A line far ahead, waiting for the next one to confirm it: its number and text.
    ahead: Option<(u64, Moment, Vec<u8>)>,
    counts: FileCounts,
}

impl Feed {
    /// Nothing read yet.
    pub fn new(options: Options) -> Feed {
        Feed {
            options,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            skipping: false,
            finished: false,
            settled: false,
            line_number: 0,
            newest: Moment::MIN,
            ahead: None,
            counts: FileCounts::default(),
        }
    }

    /// More bytes of the log.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        let mut bytes = bytes;
        if self.skipping {
            let Some(end) = memchr::memchr(b'\n', bytes) else { return };
            bytes = &bytes[end + 1..];
            self.skipping = false;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// No more bytes will come: the last line counts without a newline, and the format is told
    /// from what there is.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Tells the format from what has come, however little; for a log that grows slowly.
    pub fn settle(&mut self) {
        let text = &self.buffer[self.start..];
        let end = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
        let text = if self.finished { text } else { &text[..end] };
        let lines = text.split(|byte| *byte == b'\n').take(SAMPLE_LINES).map(without_return);
        let lines = lines.filter(|line| line.len() <= LONGEST_LINE);
        let reading = (&self.options.fields, &self.options.zone);
        self.counts.format = Format::detect(lines, self.options.format, reading);
        self.settled = self.counts.format.is_some() || self.finished;
    }

    /// Whether no more bytes will come.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// What was seen so far.
    pub fn counts(&self) -> &FileCounts {
        &self.counts
    }

    /// How the log is read.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The latest moment of a request; [`Moment::MIN`] before the first. Requests still to come
    /// are not more than the window before it.
    pub fn newest(&self) -> Moment {
        self.newest
    }

    /// Nothing further can come before this moment.
    pub fn complete_until(&self) -> Moment {
        self.newest.minus(self.options.window)
    }

    /// Why no more can be read, in words; what was read counts.
    pub fn cut(&mut self, why: String) {
        self.counts.cut = Some(why);
        self.finish();
    }

    /// Steps through at most one line; `false` when more bytes are needed (or, once finished,
    /// when there is nothing left).
    pub fn step(&mut self, each: &mut impl FnMut(&Request<'_>)) -> bool {
        if !self.settled {
            let text = &self.buffer[self.start..];
            let lines = memchr::memchr_iter(b'\n', text).take(SAMPLE_LINES).count();
            let enough = lines == SAMPLE_LINES || (lines > 0 && text.len() >= SAMPLE_BYTES);
            let too_long = lines == 0 && text.len() > LONGEST_LINE;
            if !self.finished && !enough && !too_long {
                return false;
            }
            if !too_long {
                self.settle();
                self.settled |= enough;
            }
        }
        let Some(end) = memchr::memchr(b'\n', &self.buffer[self.searched..]) else {
            return self.step_without_end(each);
        };
        let (from, to) = (self.start, self.searched + end);
        self.start = to + 1;
        self.searched = to + 1;
        self.line(from, to, each);
        true
    }

    /// There is no further newline: the last line of a finished log, or one still coming.
    fn step_without_end(&mut self, each: &mut impl FnMut(&Request<'_>)) -> bool {
        self.searched = self.buffer.len();
        let (from, to) = (self.start, self.buffer.len());
        let long = to - from > LONGEST_LINE;
        if !self.finished && !long {
            return false;
        }
        self.start = to;
        if from < to {
            self.skipping = !self.finished;
            self.line(from, to, each);
            return self.finished;
        }
        if let Some((number, _, line)) = self.ahead.take() {
            // Nothing confirmed it.
            self.counts.bad_line(number, Flaw::Ahead, &line);
        }
        false
    }

    fn line(&mut self, from: usize, to: usize, each: &mut impl FnMut(&Request<'_>)) {
        self.line_number += 1;
        let line = without_return(&self.buffer[from..to]);
        if line.is_empty() {
            return;
        }
        self.counts.lines += 1;
        let reading = (&self.options.fields, &self.options.zone);
        let parsed = match self.counts.format {
            _ if line.len() > LONGEST_LINE => Err(Flaw::Long),
            Some(format) => format.parse(line, reading),
            None => Err(Flaw::Shape),
        };
        let request = match parsed {
            Ok(request) => request,
            Err(flaw) => return self.counts.bad_line(self.line_number, flaw, line),
        };
        let at = request.at;
        let started = self.newest != Moment::MIN;
        if started && at > self.newest.plus(JUMP) {
            let before = self.ahead.take();
            let Some((number, then, held)) = before else {
                self.ahead = Some((self.line_number, at, line.to_vec()));
                return;
            };
            if at.plus(self.options.window) < then {
                // Not as far ahead as the one that waited: now this one waits.
                self.counts.bad_line(number, Flaw::Ahead, &held);
                self.ahead = Some((self.line_number, at, line.to_vec()));
                return;
            }
            if let Some(Ok(held)) = self.counts.format.map(|format| format.parse(&held, reading)) {
                hand_out(&mut self.counts, &mut self.newest, &self.options, &held, each);
            }
        } else if let Some((number, _, held)) = self.ahead.take() {
            self.counts.bad_line(number, Flaw::Ahead, &held);
        }
        if started && at < self.newest.minus(self.options.window) {
            return self.counts.bad_line(self.line_number, Flaw::Behind, line);
        }
        hand_out(&mut self.counts, &mut self.newest, &self.options, &request, each);
    }
}

fn hand_out(
    counts: &mut FileCounts,
    newest: &mut Moment,
    options: &Options,
    request: &Request<'_>,
    each: &mut impl FnMut(&Request<'_>),
) {
    let at = request.at;
    *newest = at.max(*newest);
    if at < options.since || at >= options.until {
        counts.outside += 1;
        return;
    }
    counts.requests += 1;
    counts.untimed += u64::from(request.elapsed.is_none());
    counts.span = match counts.span {
        Some((from, to)) => Some((from.min(at), to.max(at))),
        None => Some((at, at)),
    };
    each(request);
}

/// The line as Windows and Unix end it.
fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(second: u32) -> String {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!(
            "192.0.2.1 - - [07/Nov/2018:{hour:02}:{minute:02}:{second:02} +0000] \
             \"GET /claims HTTP/1.1\" 200 512 \"-\" \"curl/8\" rt=0.250\n"
        )
    }

    /// Seconds of the day of the requests that come out, when bytes come in pieces of this size.
    fn read(bytes: &[u8], piece: usize, options: Options) -> (Vec<i64>, FileCounts) {
        let mut feed = Feed::new(options);
        let mut seconds = Vec::new();
        let mut each = |request: &Request<'_>| seconds.push(request.at.0 / 1_000_000_000 % 86_400);
        for piece in bytes.chunks(piece) {
            feed.push(piece);
            while feed.step(&mut each) {}
        }
        feed.finish();
        while feed.step(&mut each) {}
        (seconds, feed.counts.clone())
    }

    fn lines(seconds: &[u32]) -> Vec<u8> {
        seconds.iter().map(|second| line(*second)).collect::<String>().into_bytes()
    }

    #[test]
    fn however_the_bytes_come_the_requests_are_the_same() {
        let mut log = lines(&(0..200).collect::<Vec<_>>());
        log.extend_from_slice(b"junk\r\n\r\n\n");
        log.extend_from_slice(line(200).trim_end().as_bytes());
        let whole = read(&log, log.len(), Options::default());
        assert_eq!(whole.0, (0..=200).collect::<Vec<_>>());
        assert_eq!((whole.1.lines, whole.1.bad, whole.1.untimed), (202, 1, 0));
        assert_eq!(whole.1.samples[0].number, 201);
        for piece in [1, 7, 64, 5_000] {
            assert_eq!(read(&log, piece, Options::default()), whole, "pieces of {piece}");
        }
    }

    #[test]
    fn slight_disorder_is_kept_and_more_is_counted() {
        let (seconds, counts) = read(&lines(&[100, 95, 101, 90, 91]), 64, Options::default());
        assert_eq!(seconds, [100, 95, 101, 91]);
        assert_eq!((counts.bad, counts.behind), (1, 1));
    }

    #[test]
    fn a_clock_that_jumps_is_believed_when_a_second_line_agrees() {
        let (seconds, counts) = read(&lines(&[0, 9000, 1, 2]), 64, Options::default());
        assert_eq!(seconds, [0, 1, 2], "one line with a wrong clock is left out");
        assert_eq!((counts.bad, counts.ahead), (1, 1));
        let (seconds, counts) = read(&lines(&[0, 9000, 9001, 9002]), 64, Options::default());
        assert_eq!(seconds, [0, 9000, 9001, 9002], "a quiet night");
        assert_eq!(counts.bad, 0);
        let (seconds, counts) = read(&lines(&[0, 50_000, 9000, 9001]), 64, Options::default());
        assert_eq!(seconds, [0, 9000, 9001]);
        assert_eq!(counts.ahead, 1);
        let (seconds, counts) = read(&lines(&[0, 9000]), 64, Options::default());
        assert_eq!((seconds, counts.ahead), (vec![0], 1), "nothing confirms the last line");
    }

    #[test]
    fn a_line_of_a_megabyte_is_one_bad_line_and_is_not_kept() {
        let mut log = lines(&[0, 1]);
        log.extend(std::iter::repeat_n(b'x', 1 << 20));
        log.extend_from_slice(b"\n");
        log.extend(lines(&[2]));
        for piece in [4096, 1 << 22] {
            let (seconds, counts) = read(&log, piece, Options::default());
            assert_eq!((seconds, counts.bad), (vec![0, 1, 2], 1), "pieces of {piece}");
            assert_eq!(counts.samples[0].flaw, Flaw::Long);
            let first = [log[log.len() / 2..].to_vec(), lines(&[3])].concat();
            let (seconds, counts) = read(&first, piece, Options::default());
            assert_eq!((seconds, counts.bad), (vec![2, 3], 1), "first, pieces of {piece}");
            assert_eq!(counts.samples[0].text.len(), 200);
        }
        let mut feed = Feed::new(Options::default());
        for _ in 0..1_000 {
            feed.push(&[b'x'; 4096]);
            while feed.step(&mut |_| ()) {}
            assert!(feed.buffer.len() <= LONGEST_LINE + 8192);
        }
    }

    #[test]
    fn what_lies_outside_the_wanted_time_is_counted_apart() {
        let day = Moment::common(b"07/Nov/2018:00:00:00 +0000").expect("a moment");
        let second = |n| day.plus(Span::from_secs(n));
        let options = Options { since: second(1), until: second(3), ..Options::default() };
        let (seconds, counts) = read(&lines(&[0, 1, 2, 3]), 64, options);
        assert_eq!((seconds, counts.outside, counts.bad), (vec![1, 2], 2, 0));
    }

    #[test]
    fn junk_gives_no_request_and_no_panic() {
        let mut junk: Vec<u8> = (0..100_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let (seconds, counts) = read(&junk, 1000, Options::default());
        assert!(seconds.is_empty() && counts.bad == counts.lines && counts.format.is_none());
        junk.splice(0..0, lines(&(0..100).collect::<Vec<_>>()));
        let (seconds, counts) = read(&junk, 1000, Options::default());
        assert!(seconds.len() == 100 && counts.bad > 100);
    }
}
