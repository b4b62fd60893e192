//! A history of part of the logs, as a file: one hour, one server, one task of a job array. Parts
//! are joined to the history of all of it, whatever the order, with the histogram of every window,
//! so that percentiles are those of all its requests.

use super::counts::WindowCounts;
use crate::json_lines::{self, FileFormat, Lines, ReadError, Unreadable};
use crate::measure::Latencies;
use crate::units::Span;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

/// The version of the format.
const VERSION: u32 = 1;
/// What a part is among files of JSON lines.
pub const PART: FileFormat =
    FileFormat { name: "partial baseline", key: "baseline_part", version: VERSION };
/// How such a file begins.
pub const PART_BEGINS: &str = "{\"baseline_part\":";

/// The first line of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHeader {
    /// Version of this format.
    baseline_part: u32,
    /// The length of a window.
    pub window: Span,
    /// The zone that the log's times without one were told in.
    pub zone: String,
    /// The endpoints that paths were routed to; none without a scenario.
    pub endpoints: Vec<String>,
    /// Lines and files that were read.
    pub lines: u64,
    pub files: u64,
    /// The numbers of the first and last window, counted from 1970, and how many there are.
    pub first: i64,
    pub last: i64,
    pub windows: u64,
    /// Requests by browser and by endpoint, and those that no route leads anywhere.
    pub browsers: IndexMap<String, u64>,
    pub routed: Vec<u64>,
    pub unrouted: u64,
}

/// A history of part of the logs.
#[derive(Debug, Clone, PartialEq)]
pub struct PartialHistory {
    pub(super) header: PartHeader,
    /// In the order of their numbers.
    pub(super) windows: Vec<WindowCounts>,
}

/// A window as its line has it: number, requests, those that count for rates, bad ones, and the
/// histogram of response times as pairs of bucket and count.
#[derive(Serialize, Deserialize)]
struct WindowLine(i64, u64, u64, u64, Vec<(u16, u32)>);

impl PartHeader {
    /// Of windows that follow; their numbers are those of [`WindowCounts`].
    pub(super) fn new(
        (window, zone): (Span, String),
        endpoints: Vec<String>,
        (lines, files): (u64, u64),
        windows: &[WindowCounts],
    ) -> PartHeader {
        PartHeader {
            baseline_part: VERSION,
            window,
            zone,
            routed: vec![0; endpoints.len()],
            endpoints,
            lines,
            files,
            first: windows.first().map_or(0, |window| window.number),
            last: windows.last().map_or(0, |window| window.number),
            windows: windows.len() as u64,
            browsers: IndexMap::new(),
            unrouted: 0,
        }
    }

    /// In what two parts differ that cannot be joined.
    pub fn differs(&self, other: &PartHeader) -> Option<&'static str> {
        let same = [
            (self.window == other.window, "length of a window"),
            (self.zone == other.zone, "time zone"),
            (self.endpoints == other.endpoints, "scenario, or one has none"),
        ];
        same.into_iter().find(|(same, _)| !same).map(|(_, what)| what)
    }
}

impl PartialHistory {
    /// How many windows with requests it has.
    pub fn windows(&self) -> u64 {
        self.header.windows
    }

    /// Writes one JSON value a line: the header, then the windows.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        json_lines::write(to, &self.header)?;
        self.windows.iter().try_for_each(|window| {
            let WindowCounts { number, requests, total, bad, latency } = window;
            let buckets = latency.buckets().to_vec();
            json_lines::write(to, &WindowLine(*number, *requests, *total, *bad, buckets))
        })
    }

    /// Reads the first line of a part.
    pub fn header(from: impl BufRead) -> Result<PartHeader, ReadError> {
        let lines = Lines::open(PART, from)?;
        let header: PartHeader = lines.value()?;
        // Within the years that a moment can be of.
        let window = i64::try_from(header.window.0).unwrap_or(i64::MAX);
        let ends = |number: i64| number.checked_add(1).and_then(|next| next.checked_mul(window));
        let sound = header.routed.len() == header.endpoints.len()
            && header.first >= 0
            && ends(header.last).is_some()
            && header.window >= Span::SECOND
            && header.first <= header.last
            && header.windows > 0;
        if sound { Ok(header) } else { Err(lines.corrupt("the first line contradicts itself")) }
    }

    /// Reads the windows after the header, and hands them out in order.
    fn each(
        from: impl BufRead,
        header: &PartHeader,
        told: &mut dyn FnMut(WindowCounts) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut lines = Lines::open(PART, from)?;
        let (mut next, mut count) = (header.first, 0);
        while lines.advance()? {
            let WindowLine(number, requests, total, bad, buckets) = lines.value()?;
            let latency = Latencies::from_parts(buckets, Vec::new())
                .ok_or_else(|| lines.corrupt("response times that cannot be"))?;
            let sound =
                number >= next && number <= header.last && bad <= total && total <= requests;
            if !sound || latency.count() > requests {
                return Err(lines.corrupt("out of order, or it contradicts itself"));
            }
            (next, count) = (number + 1, count + 1);
            told(WindowCounts { number, requests, total, bad, latency })?;
        }
        if count < header.windows {
            let problem =
                format!("it is cut off: {count} of its {} windows are there", header.windows);
            return Err(PART.read_error(Unreadable::Unfit(problem)));
        }
        Ok(())
    }
}

/// Joins the windows of parts and hands them out in order, those of the same time as one. No more
/// parts are in memory than overlap in time.
///
/// `open` opens a part by its position among the headers; an error names that position.
pub fn join<R: BufRead>(
    headers: &[PartHeader],
    open: &mut dyn FnMut(usize) -> io::Result<R>,
    told: &mut dyn FnMut(WindowCounts),
) -> Result<(), (usize, ReadError)> {
    let mut order: Vec<usize> = (0..headers.len()).collect();
    order.sort_by_key(|at| headers[*at].first);
    let mut waiting: BTreeMap<i64, WindowCounts> = BTreeMap::new();
    for at in order {
        let later = waiting.split_off(&headers[at].first);
        std::mem::replace(&mut waiting, later).into_values().for_each(&mut *told);
        let from = open(at).map_err(|error| (at, PART.unopened(error)))?;
        let mut add = |window: WindowCounts| match waiting.get_mut(&window.number) {
            None => {
                waiting.insert(window.number, window);
                Ok(())
            }
            Some(there) => there.add(&window).ok_or_else(|| {
                let problem = "more requests in one window than can be counted".to_string();
                PART.read_error(Unreadable::Unfit(problem))
            }),
        };
        PartialHistory::each(from, &headers[at], &mut add).map_err(|error| (at, error))?;
    }
    waiting.into_values().for_each(told);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::history::{History, HistoryOptions};
    use super::super::{LogMapping, Moment, Request};
    use super::*;
    use crate::names::Names;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn names() -> Names {
        Names {
            endpoints: ["page", "claims"].map(String::from).into_iter().collect(),
            ..Names::default()
        }
    }

    fn empty(make: fn(HistoryOptions, LogMapping, &Names) -> History) -> History {
        let names = names();
        let options = HistoryOptions {
            window: Span::MINUTE,
            min_requests: 1,
            zone: TimeZone::UTC,
            by_hour: true,
        };
        make(options, LogMapping::from_names(&names), &names)
    }

    /// Counts requests of these seconds and milliseconds; the last moment.
    fn count(history: &mut History, requests: &[(u32, u16)]) -> Moment {
        let mut last = Moment::MIN;
        for (second, millis) in requests {
            let at = Moment(1_541_376_000_000_000_000).plus(Span::from_secs(u64::from(*second)));
            last = last.max(at);
            history.count(&Request {
                at,
                elapsed: Some(Span::from_millis(u64::from(*millis))),
                status: if millis % 5 == 0 { 500 } else { 200 },
                target: Cow::Borrowed(if second % 2 == 0 { b"/claims" } else { b"/none" }),
                agent: Some(Cow::Borrowed(if millis % 3 == 0 { b"curl/8" } else { b"" })),
                second: None,
                local: false,
                stream: false,
                address: None,
                named: [const { None }; 4],
            });
        }
        last
    }

    fn part(requests: &[(u32, u16)]) -> Vec<u8> {
        let mut history = empty(History::of_part);
        let last = count(&mut history, requests);
        let part = history.finish_part(last, (requests.len() as u64, 1)).expect("requests");
        let mut bytes = Vec::new();
        part.write(&mut bytes).expect("memory");
        bytes
    }

    fn joined(parts: &[Vec<u8>]) -> Result<History, (usize, ReadError)> {
        let headers = parts.iter().map(|part| PartialHistory::header(&part[..]).expect("a part"));
        let headers: Vec<PartHeader> = headers.collect();
        let mut history = empty(History::new);
        headers.iter().for_each(|header| history.join(header));
        join(&headers, &mut |at| Ok(&parts[at][..]), &mut |window| history.add(&window))?;
        Ok(history)
    }

    proptest! {
        /// However the requests are dealt to parts, and whatever the order of these.
        #[test]
        fn parts_make_the_whole(
            requests in prop::collection::vec((0u32..9_000, 1u16..3_000, 0usize..4), 200..400),
        ) {
            let all: Vec<(u32, u16)> =
                requests.iter().map(|(second, millis, _)| (*second, *millis)).collect();
            let mut whole = empty(History::new);
            let last = count(&mut whole, &all);
            let whole = whole.finish(last);
            let parts = (0..4).rev().map(|server| {
                let of_it = requests.iter().filter(|(.., one)| *one == server);
                of_it.map(|(second, millis, _)| (*second, *millis)).collect::<Vec<_>>()
            });
            let parts: Vec<Vec<u8>> =
                parts.filter(|part| !part.is_empty()).map(|requests| part(&requests)).collect();
            prop_assert_eq!(joined(&parts).expect("sound").baseline(), whole);
        }

        /// Whatever is done to a part, it is refused or read; nothing panics.
        #[test]
        fn damage_is_refused(edits in prop::collection::vec((0usize..9_000, any::<u8>()), 1..4)) {
            let requests: Vec<(u32, u16)> = (0..90).map(|n| (n * 60, n as u16 * 7 + 1)).collect();
            let mut bytes = part(&requests);
            for (at, byte) in edits {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            if let Ok(header) = PartialHistory::header(&bytes[..]) {
                let mut history = empty(History::new);
                history.join(&header);
                let headers = [header];
                let told = &mut |window: WindowCounts| history.add(&window);
                if join(&headers, &mut |_| Ok(&bytes[..]), told).is_ok() {
                    drop(history.baseline());
                }
            }
        }
    }

    #[test]
    fn what_is_no_whole_part_is_refused() {
        let requests: Vec<(u32, u16)> = (0..90).map(|n| (n * 60, 100)).collect();
        let whole = part(&requests);
        let text = String::from_utf8(whole.clone()).expect("text");
        let refused = |text: &str| match PartialHistory::header(text.as_bytes()) {
            Err(error) => error.to_string(),
            Ok(header) => {
                let told = &mut |_: WindowCounts| {};
                let read = join(&[header], &mut |_| Ok(text.as_bytes()), told);
                read.expect_err("damaged").1.to_string()
            }
        };
        assert_eq!(refused(""), "the partial baseline is empty");
        assert_eq!(refused("scenario: a day\n"), "this is not a partial baseline");
        let cut: Vec<&str> = text.lines().take(80).collect();
        assert_eq!(
            refused(&(cut.join("\n") + "\n")),
            "it is cut off: 79 of its 90 windows are there"
        );
        assert_eq!(refused(&text[..text.len() - 3]), "the partial baseline is cut off in line 91");
        let newer = text.replacen("\"baseline_part\":1", "\"baseline_part\":2", 1);
        assert!(refused(&newer).contains("has format 2"));
        let lines: Vec<&str> = text.lines().collect();
        let twice = [&lines[..3], &lines[2..]].concat().join("\n") + "\n";
        let words = "line 4 of the partial baseline is corrupt: out of order";
        assert!(refused(&twice).starts_with(words));
        // The same part under two names counts twice; the command refuses it, not the library.
        let double = joined(&[whole.clone(), whole]).expect("sound");
        assert_eq!(double.baseline().expect("enough").requests, 180);
    }
}
