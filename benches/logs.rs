//! Reading combined logs: lines per second on one core, against a loop that only finds the line
//! ends, and the memory that a log ten times as long takes.

mod bound;

use bound::{Side, heading, peak_megabytes, print};
use sim::logs::{
    Bins, Feed, History, HistoryOptions, Mapping, Moment, Options, Source, Step, read,
};
use sim::scenario::{self, Plan};
use sim::units::Span;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;

const LINES: u64 = 200_000;
/// Lines per second of the log.
const RATE: u64 = 50;
/// The lines per second that reading must reach.
const TARGET: f64 = 500_000.0;

const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/70.0.3538.77 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
     Gecko) Version/12.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:63.0) Gecko/20100101 Firefox/63.0",
];
const PATHS: [&str; 4] = ["/page/health-care", "/facilities?bbox=-77,38", "/claims/600123456", "/"];

/// Combined lines with the request's time, as nginx writes them.
fn log(lines: u64) -> Vec<u8> {
    let mut text = String::new();
    for n in 0..lines {
        let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let second = n / RATE;
        let (hour, minute, second) = (second / 3_600 % 24, second / 60 % 60, second % 60);
        let status = if mixed % 1_000 == 0 { 500 } else { 200 };
        let (path, agent) = (PATHS[mixed as usize % 4], AGENTS[mixed as usize / 4 % 4]);
        let _ = writeln!(
            text,
            "198.51.100.{} - - [07/Nov/2018:{hour:02}:{minute:02}:{second:02} -0500] \
             \"GET {path} HTTP/1.1\" {status} {} \"https://www.example.org/\" \"{agent}\" \
             rt=0.{:03} urt=\"0.{:03}\"",
            mixed % 250,
            mixed % 90_000,
            mixed % 900,
            mixed % 890,
        );
    }
    text.into_bytes()
}

fn plan() -> Plan {
    let source = scenario::read_source("scenarios/launch-day.yaml".as_ref()).expect("shipped");
    scenario::load(&source, &[]).expect("a shipped scenario").plan
}

/// Pushes a log in pieces, as files are read, and gives the requests in it.
fn feed(log: &[u8], mut each: impl FnMut(Step<'_>)) -> u64 {
    let disorder = Some(Span::from_secs(10));
    let mut feed = Feed::new(Options { disorder, ..Options::default() });
    for piece in log.chunks(1 << 16) {
        feed.push(piece);
        while feed.step(&mut |request| each(Step::Request(request))) {}
        each(Step::Complete(feed.complete_until()));
    }
    feed.finish();
    while feed.step(&mut |request| each(Step::Request(request))) {}
    assert_eq!(feed.counts().bad, 0);
    feed.counts().requests
}

fn readings(log: &[u8], plan: &Plan) -> u64 {
    let start = Moment::of("2018-11-07T05:00:00Z".parse().expect("a moment"));
    let mapping = plan.log_mapping();
    let mut bins = Bins::new(mapping, &plan.names, start, Span::from_secs(10));
    feed(log, |step| match step {
        Step::Request(request) => bins.count(request),
        Step::Complete(until) => {
            bins.complete(until);
            while let Some(reading) = bins.next_reading() {
                black_box(reading);
            }
        }
    })
}

/// The peak of memory while the log is read from a file so many times as long.
fn baseline_of_file(log: &[u8], times: u64) -> Option<f64> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    for day in 1..=times {
        // Every day the same, at its own date.
        let text = String::from_utf8_lossy(log).replace("[07/Nov", &format!("[{day:02}/Nov"));
        file.write_all(text.as_bytes()).expect("room");
    }
    let options = HistoryOptions {
        window: Span::MINUTE,
        min_requests: 20,
        zone: jiff::tz::TimeZone::UTC,
        by_hour: true,
    };
    let names = plan().names;
    let mut history = History::new(options, Mapping::of(&names), &names);
    let source = Source::File(file.path().to_path_buf());
    let counts = read(&[source], &Options::default(), &mut |step| match step {
        Step::Request(request) => history.count(request),
        Step::Complete(until) => history.complete(until),
    });
    assert_eq!(counts.expect("readable").requests(), LINES * times);
    peak_megabytes()
}

fn main() {
    let log = log(LINES);
    let plan = plan();
    heading("Combined lines with the request's time", "line");
    let mut sides = [
        Side::new("line ends alone", || memchr::memchr_iter(b'\n', black_box(&log)).count() as u64),
        Side::new("requests", || feed(&log, |step| _ = black_box(step))),
        Side::new("requests counted into readings", || readings(&log, &plan)),
    ];
    let times = print(&mut sides);
    let rate = 1e9 / times[2];
    let verdict = if rate >= TARGET { "met" } else { "MISSED" };
    println!("{rate:.0} lines/s into readings, target {TARGET:.0}: {verdict}");
    if let (Some(one), Some(ten)) = (baseline_of_file(&log, 1), baseline_of_file(&log, 10)) {
        println!("peak memory: {one:.0} MB with one log, {ten:.0} MB with one ten times as long");
    }
}
