//! Bytes of one log in, requests out: for files, pipes and files that still grow.

use super::counts::FileCounts;
use super::detect;
use super::format::{LineReader, Parsed};
use super::moment::Moment;
use super::options::LogReadOptions;
use super::request::{LineError, Request};
use super::request_filter::RequestFilter;
use super::visitors::VisitorClassifier;
use crate::units::Span;

/// Longer lines are not kept.
const LONGEST_LINE: usize = 64 * 1024;
/// The format is told from this many lines, or from as many as fit into this many bytes.
const SAMPLE_LINES: usize = 64;
const SAMPLE_BYTES: usize = 64 * 1024;
/// A line further ahead than this needs a second one to be believed. A choice: one wrong clock must
/// not make all that follows too late, and a site is seldom silent for ten minutes.
const JUMP: Span = Span::from_secs(600);
/// How many lines wait for a second one at a time. A choice that bounds memory: of more, the oldest
/// counts as bad.
const WAITING: usize = 64;

/// One log being read. Holds what was pushed and not yet stepped through, and a few lines whose
/// clock may be wrong.
#[derive(Debug)]
pub struct Feed {
    options: LogReadOptions,
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
    reader: Option<LineReader>,
    /// Lines far ahead, waiting for another one to confirm their clock: number, moment and text.
    ahead: Vec<(u64, Moment, Vec<u8>)>,
    visitors: VisitorClassifier,
    counts: FileCounts,
}

impl Feed {
    /// Nothing read yet.
    pub fn new(options: LogReadOptions) -> Feed {
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
            reader: None,
            ahead: Vec::new(),
            visitors: VisitorClassifier::default(),
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
        let lines: Vec<&[u8]> = lines.filter(|line| line.len() <= LONGEST_LINE).collect();
        let LogReadOptions { format, fields, zone, .. } = &self.options;
        match detect::detect(&lines, format, fields, zone) {
            Ok(format) => {
                self.counts.format = Some(format.clone());
                self.reader = Some(LineReader::new(format, zone.clone()));
            }
            Err(why) => self.counts.why = Some(why),
        }
        self.settled = self.reader.is_some() || self.finished;
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
    pub fn options(&self) -> &LogReadOptions {
        &self.options
    }

    /// The latest moment of a request; [`Moment::MIN`] before the first.
    pub fn newest(&self) -> Moment {
        self.newest
    }

    /// Nothing further can come before this moment; [`Moment::MIN`] while lines may come in any
    /// order.
    pub fn complete_until(&self) -> Moment {
        self.options.disorder.map_or(Moment::MIN, |disorder| self.newest.minus(disorder))
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
        for (number, _, line) in std::mem::take(&mut self.ahead) {
            // Nothing confirmed it.
            self.counts.bad_line(number, LineError::Ahead, &line);
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
        let parsed = match &mut self.reader {
            _ if line.len() > LONGEST_LINE => Parsed::Bad(LineError::Long),
            Some(reader) => reader.line(line),
            None => Parsed::Bad(LineError::Shape),
        };
        let mut request = match parsed {
            Parsed::Request(request) => request,
            Parsed::Other(kind) => return self.counts.count_other_line(kind),
            Parsed::Bad(flaw) => return self.counts.bad_line(self.line_number, flaw, line),
        };
        let started = self.newest != Moment::MIN;
        request.settle(started.then_some(self.newest));
        let at = request.at;
        let near = |held: Moment| at.plus(JUMP) >= held;
        let ahead = started && at > self.newest.plus(JUMP);
        if ahead && !self.ahead.iter().any(|(_, held, _)| near(*held)) {
            return self.wait(at, from, to);
        }
        if let Some(disorder) = self.options.disorder
            && started
            && at < self.newest.minus(disorder)
        {
            return self.counts.bad_line(self.line_number, LineError::Behind, line);
        }
        if !self.ahead.iter().any(|(_, held, _)| near(*held)) {
            let Feed { counts, newest, visitors, options, .. } = self;
            return RequestFilter { counts, newest, visitors, options }.out(request, each);
        }
        self.confirm(at.plus(JUMP), each);
        let line = without_return(&self.buffer[from..to]).to_vec();
        self.again(at, &line, each);
    }

    /// Keeps a line whose clock is far ahead until another one agrees.
    fn wait(&mut self, at: Moment, from: usize, to: usize) {
        if self.ahead.len() == WAITING {
            let (number, _, held) = self.ahead.remove(0);
            self.counts.bad_line(number, LineError::Ahead, &held);
        }
        let line = without_return(&self.buffer[from..to]).to_vec();
        self.ahead.push((self.line_number, at, line));
    }

    /// Hands out the lines that waited, up to a moment.
    fn confirm(&mut self, until: Moment, each: &mut impl FnMut(&Request<'_>)) {
        let waiting = std::mem::take(&mut self.ahead);
        let (believed, waiting) = waiting.into_iter().partition(|(_, at, _)| *at <= until);
        self.ahead = waiting;
        let believed: Vec<(u64, Moment, Vec<u8>)> = believed;
        for (_, at, line) in believed {
            self.again(at, &line, each);
        }
    }

    /// Reads a line once more whose moment is settled.
    fn again(&mut self, at: Moment, line: &[u8], each: &mut impl FnMut(&Request<'_>)) {
        let Some(reader) = &mut self.reader else { return };
        if let Parsed::Request(mut request) = reader.line(line) {
            request.at = at;
            let Feed { counts, newest, visitors, options, .. } = self;
            RequestFilter { counts, newest, visitors, options }.out(request, each);
        }
    }
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
    fn read(bytes: &[u8], piece: usize, options: LogReadOptions) -> (Vec<i64>, FileCounts) {
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
        let whole = read(&log, log.len(), LogReadOptions::default());
        assert_eq!(whole.0, (0..=200).collect::<Vec<_>>());
        assert_eq!((whole.1.lines, whole.1.bad, whole.1.untimed), (202, 1, 0));
        assert_eq!(whole.1.samples[0].number, 201);
        for piece in [1, 7, 64, 5_000] {
            assert_eq!(read(&log, piece, LogReadOptions::default()), whole, "pieces of {piece}");
        }
    }

    #[test]
    fn slight_disorder_is_kept_and_more_is_counted() {
        let log = lines(&[100, 95, 101, 90, 91]);
        let (seconds, counts) = read(&log, 64, LogReadOptions::default());
        assert_eq!((seconds, counts.bad), (vec![100, 95, 101, 90, 91], 0), "any order");
        let strict =
            LogReadOptions { disorder: Some(Span::from_secs(10)), ..LogReadOptions::default() };
        let (seconds, counts) = read(&log, 64, strict);
        assert_eq!(seconds, [100, 95, 101, 91]);
        assert_eq!((counts.bad, counts.behind), (1, 1));
    }

    #[test]
    fn a_clock_that_jumps_is_believed_when_a_second_line_agrees() {
        let (seconds, counts) = read(&lines(&[0, 9000, 1, 2]), 64, LogReadOptions::default());
        assert_eq!(seconds, [0, 1, 2], "one line with a wrong clock is left out");
        assert_eq!((counts.bad, counts.ahead), (1, 1));
        let (seconds, counts) = read(&lines(&[0, 9000, 9001, 9002]), 64, LogReadOptions::default());
        assert_eq!(seconds, [0, 9000, 9001, 9002], "a quiet night");
        assert_eq!(counts.bad, 0);
        let (seconds, counts) =
            read(&lines(&[0, 50_000, 9000, 9001]), 64, LogReadOptions::default());
        assert_eq!(seconds, [0, 9000, 9001]);
        assert_eq!(counts.ahead, 1);
        let (seconds, counts) = read(&lines(&[0, 9000]), 64, LogReadOptions::default());
        assert_eq!((seconds, counts.ahead), (vec![0], 1), "nothing confirms the last line");
    }

    #[test]
    fn a_line_of_a_megabyte_is_one_bad_line_and_is_not_kept() {
        let mut log = lines(&[0, 1]);
        log.extend(std::iter::repeat_n(b'x', 1 << 20));
        log.extend_from_slice(b"\n");
        log.extend(lines(&[2]));
        for piece in [4096, 1 << 22] {
            let (seconds, counts) = read(&log, piece, LogReadOptions::default());
            assert_eq!((seconds, counts.bad), (vec![0, 1, 2], 1), "pieces of {piece}");
            assert_eq!(counts.samples[0].flaw, LineError::Long);
            let first = [log[log.len() / 2..].to_vec(), lines(&[3])].concat();
            let (seconds, counts) = read(&first, piece, LogReadOptions::default());
            assert_eq!((seconds, counts.bad), (vec![2, 3], 1), "first, pieces of {piece}");
            assert_eq!(counts.samples[0].text.len(), 200);
        }
        let mut feed = Feed::new(LogReadOptions::default());
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
        let options =
            LogReadOptions { since: second(1), until: second(3), ..LogReadOptions::default() };
        let (seconds, counts) = read(&lines(&[0, 1, 2, 3]), 64, options);
        assert_eq!((seconds, counts.outside, counts.bad), (vec![1, 2], 2, 0));
    }

    #[test]
    fn junk_gives_no_request_and_no_panic() {
        let mut junk: Vec<u8> = (0..100_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
        let (seconds, counts) = read(&junk, 1000, LogReadOptions::default());
        assert!(seconds.is_empty() && counts.bad == counts.lines && counts.format.is_none());
        junk.splice(0..0, lines(&(0..100).collect::<Vec<_>>()));
        let (seconds, counts) = read(&junk, 1000, LogReadOptions::default());
        assert!(seconds.len() == 100 && counts.bad > 100);
    }
}
