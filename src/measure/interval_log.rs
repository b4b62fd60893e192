//! Response times by phase of a run, as an interval log that HdrHistogram's own tools open.

use crate::units::{Span, Time};
use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use std::io::{self, Write};
use std::time::{Duration, SystemTime};

/// Significant digits that are kept: more than windows of telemetry have, because there are few
/// histograms here.
const DIGITS: u8 = 3;
/// The unit of recorded values is the microsecond; the column of maxima is in milliseconds.
const MICROSECONDS_PER_MILLISECOND: f64 = 1_000.0;
/// The tag of the line that has the whole run.
const TOTAL: &str = "total";

/// One stretch of a phase.
#[derive(Debug)]
struct Stretch {
    phase: &'static str,
    from: Time,
    to: Time,
    times: Histogram<u64>,
}

/// The response times of a run, stretch by stretch of its phases.
#[derive(Debug)]
pub struct IntervalLog {
    done: Vec<Stretch>,
    phase: &'static str,
    since: Time,
    times: Histogram<u64>,
    total: Histogram<u64>,
}

/// Values beyond are counted as this, in microseconds: more than eleven days.
const MOST: u64 = 1_000_000_000_000;

fn empty() -> Histogram<u64> {
    Histogram::new_with_max(MOST, DIGITS).expect("three digits are allowed")
}

impl IntervalLog {
    /// How the file of such a log begins.
    pub const BEGINS: &'static str = "#Response times in microseconds, simulated";

    /// Nothing recorded yet, at time zero.
    pub fn new(phase: &'static str) -> IntervalLog {
        IntervalLog { done: Vec::new(), phase, since: Time::ZERO, times: empty(), total: empty() }
    }

    /// Counts a response time in the phase of now, to the microsecond.
    pub fn record(&mut self, took: Span) {
        let microseconds = took.0 / 1_000;
        self.times.saturating_record(microseconds);
        self.total.saturating_record(microseconds);
    }

    /// Another phase begins; nothing happens if it is the same.
    pub fn start_phase(&mut self, phase: &'static str, at: Time) {
        if phase != self.phase {
            self.close(at);
            self.phase = phase;
        }
    }

    fn close(&mut self, at: Time) {
        let times = std::mem::replace(&mut self.times, empty());
        let (phase, from) = (self.phase, self.since);
        if at > from {
            self.done.push(Stretch { phase, from, to: at, times });
        } else {
            // Two edges at one moment: what was recorded before the first belongs to the next.
            self.times = times;
        }
        self.since = at;
    }

    /// Writes a line per stretch with its phase as the tag, and one with all of them together.
    pub fn write(mut self, to: &mut impl Write, starts: SystemTime, end: Time) -> io::Result<()> {
        self.close(end);
        let mut serializer = V2DeflateSerializer::new();
        let mut log = IntervalLogWriterBuilder::new()
            .add_comment("Response times in microseconds, simulated; maxima in milliseconds.")
            .with_start_time(starts)
            .with_base_time(starts)
            .with_max_value_divisor(MICROSECONDS_PER_MILLISECOND)
            .begin_log_with(to, &mut serializer)?;
        let whole = Stretch { phase: TOTAL, from: Time::ZERO, to: end, times: self.total };
        for stretch in self.done.iter().chain([&whole]) {
            let (from, length) = (stretch.from.0, stretch.to.since(stretch.from).0);
            let tag = Tag::new(stretch.phase);
            log.write_histogram(
                &stretch.times,
                Duration::from_nanos(from),
                Duration::from_nanos(length),
                tag,
            )
            .map_err(io::Error::other)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64_of_the_log::decode;
    use hdrhistogram::serialization::Deserializer;
    use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};

    /// The log's histograms are base64 between commas; the crate reads the rest of a line.
    mod base64_of_the_log {
        /// The bytes that a text encodes.
        pub fn decode(text: &str) -> Vec<u8> {
            let value = |byte: u8| match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                _ => 63,
            };
            let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'=').collect();
            let bytes = digits.chunks(4).flat_map(|chunk| {
                let bits =
                    chunk.iter().fold(0u32, |bits, byte| bits << 6 | u32::from(value(*byte)));
                let bits = bits << (6 * (4 - chunk.len()));
                bits.to_be_bytes()[1..chunk.len()].to_vec()
            });
            bytes.collect()
        }
    }

    #[test]
    fn the_tools_of_hdr_histogram_read_it() {
        let second = |n: u64| Time(Span::from_secs(n).0);
        let mut log = IntervalLog::new("normal");
        (1..=100).for_each(|n| log.record(Span::from_millis(n)));
        log.start_phase("normal", second(5));
        log.start_phase("incident", second(10));
        log.record(Span::from_secs(7));
        log.start_phase("fault", second(20));
        log.start_phase("normal", second(20));
        log.record(Span::from_secs(100_000));
        let mut text = Vec::new();
        let starts = SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000);
        log.write(&mut text, starts, second(30)).expect("written");
        let mut lines = Vec::new();
        let mut began = false;
        for entry in IntervalLogIterator::new(&text) {
            match entry.expect("a line that its own reader understands") {
                LogEntry::StartTime(at) => began = at == Duration::from_secs(1_500_000_000),
                LogEntry::BaseTime(_) => {}
                LogEntry::Interval(line) => {
                    let bytes = decode(line.encoded_histogram());
                    let times: Histogram<u64> =
                        Deserializer::new().deserialize(&mut &bytes[..]).expect("a histogram");
                    let tag = line.tag().expect("a tag").as_str().to_string();
                    let from = line.start_timestamp().as_secs();
                    lines.push((tag, from, line.duration().as_secs(), times));
                }
            }
        }
        assert!(began);
        let told: Vec<(&str, u64, u64, u64)> =
            lines.iter().map(|(tag, from, long, h)| (&tag[..], *from, *long, h.len())).collect();
        let expected = [
            ("normal", 0, 10, 100),
            ("incident", 10, 10, 1),
            ("normal", 20, 10, 1),
            ("total", 0, 30, 102),
        ];
        assert_eq!(told, expected);
        let normal = &lines[0].3;
        assert_eq!(normal.value_at_quantile(0.5) / 1_000, 50);
        assert!(lines[3].3.max() >= 100_000_000_000 - 100_000_000, "{}", lines[3].3.max());
    }
}
