//! One hour and ten minutes whose truth is known, written as any server would: 2,100 requests from
//! 22:00 UTC on 7 November 2018, slow from minute 20 to 26, half of them failing from 40 to 46.

use sim::logs::{LogCounts, LogError, LogItem, LogReadOptions, LogSource, Moment, read};
use sim::units::Span;
use std::fs;

/// One request as it was.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    /// Milliseconds since 22:00 UTC.
    pub at: u64,
    pub status: u16,
    pub took_ms: u64,
    pub path: &'static str,
    pub agent: &'static str,
    pub bytes: u64,
}

const PATHS: [&str; 4] = ["/", "/claims", "/claims/12", "/schools?a=1&b=2"];
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like \
     Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/117.0",
];

/// Half an hour of requests a second, from draws of its own.
pub fn truth() -> Vec<Truth> {
    let mut state = 20_181_107u64;
    let mut draw = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..2_100u64)
        .map(|n| {
            let at = n * 2_000 + draw(2_000);
            let minute = at / 60_000;
            let failing = (40..46).contains(&minute) && draw(2) == 0;
            let slow = (20..26).contains(&minute) && draw(10) < 6;
            Truth {
                at,
                status: if failing { 502 } else { 200 },
                took_ms: if slow { 4_000 + draw(1_000) } else { 20 + draw(240) },
                path: PATHS[draw(4) as usize],
                agent: AGENTS[draw(3) as usize],
                bytes: 200 + draw(20_000),
            }
        })
        .collect()
}

impl Truth {
    /// `22:13:07`.
    pub fn clock(&self) -> String {
        let second = self.at / 1_000;
        format!("{:02}:{:02}:{:02}", 22 + second / 3_600, second / 60 % 60, second % 60)
    }

    /// `07/Nov/2018:22:13:07 +0000`.
    pub fn common(&self) -> String {
        format!("07/Nov/2018:{} +0000", self.clock())
    }

    /// `2018-11-07T22:13:07.479Z`.
    pub fn iso(&self) -> String {
        format!("2018-11-07T{}.{:03}Z", self.clock(), self.at % 1_000)
    }

    /// Seconds since 1970, with milliseconds.
    pub fn epoch(&self) -> String {
        format!("{}.{:03}", 1_541_628_000 + self.at / 1_000, self.at % 1_000)
    }

    /// `0.138`.
    pub fn seconds(&self) -> String {
        format!("{}.{:03}", self.took_ms / 1_000, self.took_ms % 1_000)
    }

    /// The path without its query, and the query.
    pub fn parts(&self) -> (&'static str, &'static str) {
        self.path.split_once('?').unwrap_or((self.path, "-"))
    }

    /// `{"time": …, "status": …, "path": …}`, and how long it took under this name.
    pub fn json(&self, name: &str, took: &str) -> String {
        let (time, Truth { status, path, .. }) = (self.iso(), self);
        format!("{{\"time\":\"{time}\",\"status\":{status},\"path\":\"{path}\",\"{name}\":{took}}}")
    }

    /// `192.0.2.1 - - [time] "request" status bytes "referer" "agent"`.
    pub fn combined(&self) -> String {
        let Truth { status, path, agent, bytes, .. } = self;
        let time = self.common();
        format!("192.0.2.1 - - [{time}] \"GET {path} HTTP/1.1\" {status} {bytes} \"-\" \"{agent}\"")
    }
}

/// What a reader makes of a log.
#[derive(Debug, PartialEq)]
pub struct Seen {
    pub requests: usize,
    pub errors: usize,
    /// In milliseconds.
    pub median: Option<u64>,
    /// Requests in the minutes of the outage.
    pub in_outage: usize,
    pub agents: usize,
}

/// What is right.
pub fn expected(times: bool, agents: bool) -> Seen {
    let all = truth();
    let mut took: Vec<u64> = all.iter().map(|one| one.took_ms).collect();
    took.sort_unstable();
    let outage = all.iter().filter(|one| (40..46).contains(&(one.at / 60_000)));
    Seen {
        requests: all.len(),
        errors: all.iter().filter(|one| one.status == 502).count(),
        median: times.then(|| took[took.len() / 2]),
        in_outage: outage.count(),
        agents: if agents { all.len() } else { 0 },
    }
}

/// Reads a log.
pub fn seen(bytes: &[u8], options: &LogReadOptions) -> Result<(Seen, LogCounts), LogError> {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("a.log");
    fs::write(&path, bytes).expect("written");
    let start = Moment::from_timestamp("2018-11-07T22:00:00Z".parse().expect("a moment"));
    let (from, to) = (start.plus(Span::from_secs(2_400)), start.plus(Span::from_secs(2_760)));
    let mut seen = Seen { requests: 0, errors: 0, median: None, in_outage: 0, agents: 0 };
    let mut took = Vec::new();
    let counts = read(&[LogSource::File(path)], options, &mut |step| {
        if let LogItem::Request(request) = step {
            seen.requests += 1;
            seen.errors += usize::from(request.status == 502);
            seen.in_outage += usize::from(request.at >= from && request.at < to);
            let agent = request.agent.as_deref().unwrap_or(b"");
            seen.agents += usize::from(AGENTS.iter().any(|known| known.as_bytes() == agent));
            took.extend(request.elapsed.map(|span| (span.0 + 500_000) / 1_000_000));
        }
    })?;
    took.sort_unstable();
    seen.median = took.get(took.len() / 2).copied();
    Ok((seen, counts))
}
