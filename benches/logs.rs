//! Reading logs, from bytes to a baseline and to a judgement: the CPU time of a line on one core,
//! against a loop that only finds the line ends, and the memory that a log ten times as long takes.

mod bound;

use bound::{Side, heading, peak_megabytes, print};
use sim::judge::{Acting, Judge, LogReadings, Subject};
use sim::logs::{
    Feed, FormatSpec, History, HistoryOptions, LogItem, LogMapping, LogReadOptions, LogSource,
    Role, read,
};
use sim::scenario::{self, Plan};
use sim::units::Span;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};

const LINES: u64 = 200_000;
/// Lines per second of the log.
const RATE: u64 = 50;
/// The cost limit of a line, as a multiple of the bare line splitter: of a known format, and of one
/// that somebody has described.
const TARGETS: [f64; 2] = [15.0, 30.0];

const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/70.0.3538.77 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
     Gecko) Version/12.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:63.0) Gecko/20100101 Firefox/63.0",
];
const PATHS: [&str; 4] = ["/page/health-care", "/facilities?bbox=-77,38", "/claims/600123456", "/"];

/// One request of the log, before it is written in some format.
struct Line {
    address: u64,
    day_second: u64,
    path: &'static str,
    status: u16,
    bytes: u64,
    agent: &'static str,
    millis: u64,
}

fn lines(lines: u64) -> impl Iterator<Item = Line> {
    (0..lines).map(|n| {
        let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        Line {
            address: mixed % 250,
            day_second: n / RATE % 86_400,
            path: PATHS[mixed as usize % 4],
            status: if mixed % 1_000 == 0 { 500 } else { 200 },
            bytes: mixed % 90_000,
            agent: AGENTS[mixed as usize / 4 % 4],
            millis: mixed % 900,
        }
    })
}

/// A log, line by line.
fn written(n: u64, mut write: impl FnMut(&mut String, &Line, [u64; 3])) -> Vec<u8> {
    let mut text = String::new();
    for line in lines(n) {
        let second = line.day_second;
        write(&mut text, &line, [second / 3_600, second / 60 % 60, second % 60]);
        text.push('\n');
    }
    text.into_bytes()
}

/// Combined lines with the request's time, as nginx writes them.
fn combined(n: u64) -> Vec<u8> {
    written(n, |text, line, [hour, minute, second]| {
        let Line { address, path, status, bytes, agent, millis, .. } = line;
        let _ = write!(
            text,
            "198.51.100.{address} - - [07/Nov/2018:{hour:02}:{minute:02}:{second:02} -0500] \
             \"GET {path} HTTP/1.1\" {status} {bytes} \"https://www.example.org/\" \"{agent}\" \
             rt=0.{millis:03} urt=\"0.{millis:03}\"",
        );
    })
}

/// The description of `described`.
const DESCRIPTION: &str = "$host [$time_iso8601] $status $request_time|$upstream_response_time \
                           $remote_addr \"$request\" $body_bytes_sent \"$http_user_agent\"";

/// Lines as nobody else writes them.
fn described(n: u64) -> Vec<u8> {
    written(n, |text, line, [hour, minute, second]| {
        let Line { address, path, status, bytes, agent, millis, .. } = line;
        let _ = write!(
            text,
            "www.example.org [2018-11-07T{hour:02}:{minute:02}:{second:02}-05:00] {status} \
             0.{millis:03}|0.{millis:03} 198.51.100.{address} \"GET {path} HTTP/1.1\" {bytes} \
             \"{agent}\"",
        );
    })
}

/// JSON lines whose fields somebody has named.
fn json(n: u64) -> Vec<u8> {
    written(n, |text, line, [hour, minute, second]| {
        let Line { address, path, status, bytes, agent, millis, .. } = line;
        let _ = write!(
            text,
            "{{\"at\":\"2018-11-07T{hour:02}:{minute:02}:{second:02}.{millis:03}Z\",\"peer\":\
             \"198.51.100.{address}\",\"what\":\"{path}\",\"http\":{{\"code\":{status},\"size\":\
             {bytes}}},\"by\":\"{agent}\",\"took\":{millis}}}",
        );
    })
}

fn plan() -> Plan {
    let source = scenario::read_source("scenarios/launch-day.yaml".as_ref()).expect("shipped");
    scenario::load(&source, &[]).expect("a shipped scenario").plan
}

/// Pushes a log in pieces, as files are read, and gives the requests in it.
fn feed(log: &[u8], options: &LogReadOptions, mut each: impl FnMut(LogItem<'_>)) -> u64 {
    let disorder = Some(Span::from_secs(10));
    let mut feed = Feed::new(LogReadOptions { disorder, ..options.clone() });
    for piece in log.chunks(1 << 16) {
        feed.push(piece);
        while feed.step(&mut |request| each(LogItem::Request(request))) {}
        each(LogItem::Complete(feed.complete_until()));
    }
    feed.finish();
    while feed.step(&mut |request| each(LogItem::Request(request))) {}
    assert_eq!((feed.counts().bad, feed.counts().untimed), (0, 0));
    feed.counts().requests
}

/// Reads line by line as any program does that looks at every line, and looks at none.
fn split(log: &[u8]) -> u64 {
    let mut reader = BufReader::with_capacity(1 << 16, log);
    let (mut line, mut lines) = (Vec::new(), 0);
    while reader.read_until(b'\n', &mut line).expect("bytes in memory") > 0 {
        black_box(&line);
        line.clear();
        lines += 1;
    }
    lines
}

/// From bytes to readings to the judgement of all rules.
fn judged(log: &[u8], options: &LogReadOptions, plan: &Plan, subject: &Subject) -> u64 {
    let mut readings = LogReadings::new(plan, plan.log_mapping());
    let mut judge = Judge::new(subject, Acting::ByPlan);
    let requests = feed(log, options, |step| match step {
        LogItem::Request(request) => readings.count(request),
        LogItem::Complete(until) => {
            readings.complete(until);
            while let Some(reading) = readings.next_reading() {
                judge.observe(reading.to, &reading);
            }
        }
    });
    black_box(&judge);
    requests
}

/// What of the plan a log can tell.
fn subject(log: &[u8], options: &LogReadOptions, plan: &Plan) -> Subject {
    let mut readings = LogReadings::new(plan, plan.log_mapping());
    feed(log, options, |step| {
        if let LogItem::Request(request) = step {
            readings.count(request);
        }
    });
    readings.subject().expect("there are requests")
}

fn history_options() -> HistoryOptions {
    HistoryOptions {
        window: Span::MINUTE,
        min_requests: 20,
        zone: jiff::tz::TimeZone::UTC,
        by_hour: true,
    }
}

/// From bytes to what is normal.
fn learnt(log: &[u8], options: &LogReadOptions, plan: &Plan) -> u64 {
    let mut history = History::new(history_options(), plan.log_mapping(), &plan.names);
    let requests = feed(log, options, |step| match step {
        LogItem::Request(request) => history.count(request),
        LogItem::Complete(until) => history.complete(until),
    });
    black_box(&history);
    requests
}

/// Peak memory while reading the log from a file that is this many times as long.
fn baseline_of_file(log: &[u8], times: u64) -> Option<f64> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    for day in 1..=times {
        // Every day the same, at its own date.
        let text = String::from_utf8_lossy(log).replace("[07/Nov", &format!("[{day:02}/Nov"));
        file.write_all(text.as_bytes()).expect("room");
    }
    let names = plan().names;
    let mut history = History::new(history_options(), LogMapping::from_names(&names), &names);
    let source = LogSource::File(file.path().to_path_buf());
    let counts = read(&[source], &LogReadOptions::default(), &mut |step| match step {
        LogItem::Request(request) => history.count(request),
        LogItem::Complete(until) => history.complete(until),
    });
    assert_eq!(counts.expect("readable").requests(), LINES * times);
    peak_megabytes()
}

/// One format from bytes to a baseline and to a judgement, beside the bound of the same bytes.
fn contest(title: &str, log: &[u8], options: &LogReadOptions, plan: &Plan, target: f64) {
    let subject = subject(log, options, plan);
    heading(title, "line");
    let mut sides = [
        Side::new("a bare line splitter", || split(black_box(log))),
        Side::new("line ends alone", || memchr::memchr_iter(b'\n', black_box(log)).count() as u64),
        Side::new("requests", || feed(log, options, |step| _ = black_box(step))),
        Side::new("baseline", || learnt(log, options, plan)),
        Side::new("judge", || judged(log, options, plan, &subject)),
    ];
    let times = print(&mut sides);
    for (name, time) in [("baseline", times[3]), ("judge", times[4])] {
        let (rate, ratio) = (1e9 / time, time / times[0]);
        let verdict = if ratio <= target { "met" } else { "MISSED" };
        println!(
            "{name}: {rate:.0} lines/s, {ratio:.1} times the splitter, target {target}: {verdict}"
        );
    }
}

fn main() {
    let plan = plan();
    let [known, by_hand] = TARGETS;
    let log = combined(LINES);
    contest(
        "Combined lines with the request's time",
        &log,
        &LogReadOptions::default(),
        &plan,
        known,
    );
    let format = FormatSpec::described(DESCRIPTION).expect("a description");
    let options = LogReadOptions { format, ..LogReadOptions::default() };
    contest("Lines that are described", &described(LINES), &options, &plan, by_hand);
    let mut options = LogReadOptions { format: FormatSpec::Json, ..LogReadOptions::default() };
    for (role, field) in [
        (Role::Time, "at"),
        (Role::Status, "http.code"),
        (Role::Path, "what"),
        (Role::Agent, "by"),
        (Role::Elapsed, "took ms"),
    ] {
        options.fields.set(role, field.parse().expect("a field"));
    }
    contest("JSON lines whose fields are named", &json(LINES), &options, &plan, by_hand);
    if let (Some(one), Some(ten)) = (baseline_of_file(&log, 1), baseline_of_file(&log, 10)) {
        println!("peak memory: {one:.0} MB with one log, {ten:.0} MB with one ten times as long");
    }
}
