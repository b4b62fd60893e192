//! What is normal, from the historical log: error rates and response times per window, the curve
//! of arrivals, and the mixes seen.

use super::agents;
use super::baseline::{HourOfWeek, LogBaseline, MIN_WINDOWS, Mix, hour_of_week};
use super::bins::Bins;
use super::counts::WindowCounts;
use super::mapping::LogMapping;
use super::moment::Moment;
use super::partial::{PartHeader, PartialHistory};
use super::request::{Request, outcome};
use super::windows::{LogWindow, arrivals, rounded, share, times};
use crate::names::{EndpointId, Names, Scope};
use crate::telemetry::{Outcome, Reading};
use crate::units::Span;
use foldhash::fast::RandomState;
use indexmap::IndexMap;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// How a history is taken.
#[derive(Debug, Clone)]
pub struct HistoryOptions {
    /// The length of a window, as the rules will have it.
    pub window: Span,
    /// Windows with fewer requests say nothing of rates and times.
    pub min_requests: u64,
    /// The zone of the hours of the week.
    pub zone: TimeZone,
    /// Whether to tell the hours of the week apart.
    pub by_hour: bool,
}

/// Takes a history while logs are read, in thirty bytes or so per window with requests.
#[derive(Debug)]
pub struct History {
    options: HistoryOptions,
    names: Names,
    mapping: LogMapping,
    /// `None` until the first request.
    bins: Option<Bins>,
    windows: Vec<LogWindow>,
    /// Whole windows, where this is to be a part; else `None`.
    kept: Option<Vec<WindowCounts>>,
    browsers: Browsers,
    endpoints: Vec<u64>,
    unrouted: u64,
}

/// Requests by browser.
#[derive(Debug, Default)]
struct Browsers {
    known: HashMap<Box<[u8]>, usize, RandomState>,
    counts: IndexMap<String, u64>,
}

/// How many agents are remembered, all of which are forgotten when there are more, and how many
/// browsers are told apart; the rest are `other`. A choice that bounds memory.
const MOST_AGENTS: usize = 16_384;
const MOST_BROWSERS: usize = 200;

impl History {
    /// Nothing read yet. Without a scenario, `names` has no endpoints.
    pub fn new(options: HistoryOptions, mapping: LogMapping, names: &Names) -> History {
        History {
            options,
            endpoints: vec![0; names.endpoints.len()],
            names: names.clone(),
            mapping,
            bins: None,
            windows: Vec::new(),
            kept: None,
            browsers: Browsers::default(),
            unrouted: 0,
        }
    }

    /// Counts a request.
    pub fn count(&mut self, request: &Request<'_>) {
        let window = self.options.window;
        let bins = self.bins.get_or_insert_with(|| {
            Bins::anywhere(self.mapping.clone(), &self.names, Moment(0), window)
        });
        bins.count(request);
        if let Some(agent) = &request.agent
            && outcome(request.status) != Outcome::Abandoned
        {
            self.browsers.count(agent);
        }
    }

    /// Nothing before this moment will come any more.
    pub fn complete(&mut self, until: Moment) {
        let Some(bins) = &mut self.bins else { return };
        bins.complete(until);
        while let Some(reading) = self.bins.as_mut().and_then(Bins::next_busy_reading) {
            self.take(&reading);
        }
    }

    fn take(&mut self, reading: &Reading) {
        let site = &reading.scopes[0];
        for (index, count) in self.endpoints.iter_mut().enumerate() {
            let scope = Scope::Endpoint(EndpointId::from(index));
            *count += reading.scopes[self.names.scope_index(scope)].total();
        }
        let start = self.bins.as_ref().map_or(Moment(0), Bins::start);
        let at = start.plus(Span(reading.from.0));
        let counted = WindowCounts {
            number: at.0.div_euclid(self.options.window.0.max(1) as i64),
            requests: site.total() + site.planned,
            total: site.total(),
            bad: site.bad(),
            latency: site.latency.clone(),
        };
        match &mut self.kept {
            Some(kept) => kept.push(counted),
            None => self.add(&counted),
        }
    }

    /// Adds a whole window, later than all before.
    pub fn add(&mut self, counted: &WindowCounts) {
        let seconds =
            |quantile| counted.latency.quantile(quantile).map(|span| span.seconds() as f32);
        let times = match [seconds(0.5), seconds(0.95), seconds(0.99)] {
            [Some(p50), Some(p95), Some(p99)] => Some([p50, p95, p99]),
            _ => None,
        };
        let number = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let at = start_of(counted.number, self.options.window);
        self.windows.push(LogWindow {
            number: counted.number,
            hour: hour_of_week(at, &self.options.zone),
            requests: number(counted.requests),
            total: number(counted.total),
            bad: number(counted.bad),
            times,
        });
    }

    /// The same, for a part of the logs: whole windows are kept until [`History::finish_part`].
    pub fn of_part(options: HistoryOptions, mapping: LogMapping, names: &Names) -> History {
        History { kept: Some(Vec::new()), ..History::new(options, mapping, names) }
    }

    /// The part, from this many lines and files; `None` if there was no request.
    pub fn finish_part(mut self, last: Moment, read: (u64, u64)) -> Option<PartialHistory> {
        self.complete(last.plus(self.options.window));
        let mut windows = self.kept.take()?;
        windows.retain(|window| window.requests > 0);
        windows.first()?;
        let endpoints = self.names.endpoints.iter().cloned().collect();
        let subject = (self.options.window, zone_name(&self.options.zone));
        let mut header = PartHeader::new(subject, endpoints, read, &windows);
        header.browsers = self.browsers.counts;
        header.routed = self.endpoints;
        header.unrouted = self.bins.as_ref().map_or(0, Bins::unrouted);
        Some(PartialHistory { header, windows })
    }

    /// Takes in what a part says of all of its requests; its windows come by [`History::add`].
    pub fn join(&mut self, part: &PartHeader) {
        for (browser, n) in &part.browsers {
            *self.browsers.counts.entry(browser.clone()).or_default() += n;
        }
        self.endpoints.iter_mut().zip(&part.routed).for_each(|(sum, n)| *sum += n);
        self.unrouted += part.unrouted;
    }

    /// The baseline, from the first window with a request to the last. Fails, with how many there
    /// are, where fewer than [`MIN_WINDOWS`] windows have enough requests.
    pub fn finish(mut self, last: Moment) -> Result<LogBaseline, usize> {
        self.complete(last.plus(self.options.window));
        self.unrouted += self.bins.as_ref().map_or(0, Bins::unrouted);
        self.baseline()
    }

    /// The baseline of the windows that there are.
    pub fn baseline(mut self) -> Result<LogBaseline, usize> {
        let window = self.options.window;
        let busy = |window: &LogWindow| window.requests > 0;
        self.windows.retain(busy);
        let windows = &self.windows[..];
        let (Some(first), Some(last)) = (windows.first(), windows.last()) else { return Err(0) };
        let start = start_of(first.number, window);
        let length = last.number.abs_diff(first.number) + 1;
        let fit: Vec<&LogWindow> =
            windows.iter().filter(|w| u64::from(w.total) >= self.options.min_requests).collect();
        if fit.len() < MIN_WINDOWS {
            return Err(fit.len());
        }
        let hours = match self.options.by_hour {
            true => (0..168).filter_map(|hour| self.hour(hour, &fit)).collect(),
            false => Vec::new(),
        };
        Ok(LogBaseline {
            baseline: 1,
            from: start.timestamp(),
            to: start.plus(window * length).timestamp(),
            zone: zone_name(&self.options.zone),
            requests: windows.iter().map(|w| u64::from(w.requests)).sum(),
            window_s: window.seconds(),
            min_requests: self.options.min_requests,
            windows: fit.len() as u64,
            error_rate: share(&fit),
            latency_s: times(&fit),
            by_hour_of_week: hours,
            arrivals: arrivals(windows, window),
            mix: Mix { browser: self.browsers.shares(), endpoint: self.routed() },
        })
    }

    fn hour(&self, hour: u8, windows: &[&LogWindow]) -> Option<HourOfWeek> {
        let of_it: Vec<&LogWindow> = windows.iter().filter(|w| w.hour == hour).copied().collect();
        if of_it.is_empty() {
            return None;
        }
        Some(HourOfWeek {
            hour,
            windows: of_it.len() as u64,
            requests: of_it.iter().map(|w| u64::from(w.total)).sum(),
            error_rate: share(&of_it),
            latency_s: times(&of_it),
        })
    }

    fn routed(&self) -> IndexMap<String, f64> {
        let names = self.names.endpoints.iter().cloned().zip(self.endpoints.iter().copied());
        let all: Vec<(String, u64)> = match self.names.endpoints.is_empty() {
            true => Vec::new(),
            false => names.chain([("(none)".to_string(), self.unrouted)]).collect(),
        };
        shares(all)
    }
}

/// The first moment of a window.
fn start_of(number: i64, window: Span) -> Moment {
    Moment(number.saturating_mul(window.0.min(i64::MAX as u64) as i64))
}

fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_string()
}

impl Browsers {
    fn count(&mut self, agent: &[u8]) {
        let position = match self.known.get(agent) {
            Some(position) => *position,
            None => {
                let word = agents::agents().words(&String::from_utf8_lossy(agent)).pop();
                let mut word = word.unwrap_or_else(|| "other".to_string());
                if self.counts.len() >= MOST_BROWSERS && !self.counts.contains_key(&word) {
                    word = "other".to_string();
                }
                let position = self.counts.insert_full(word.clone(), 0);
                if let (position, Some(before)) = position {
                    self.counts[position] = before;
                }
                if self.known.len() >= MOST_AGENTS {
                    self.known.clear();
                }
                let position = position.0;
                self.known.insert(agent.into(), position);
                position
            }
        };
        self.counts[position] += 1;
    }

    fn shares(&self) -> IndexMap<String, f64> {
        shares(self.counts.iter().map(|(word, n)| (word.clone(), *n)).collect())
    }
}

/// Shares of a whole, the largest first; what is below one in a thousand together as `other`.
fn shares(mut counts: Vec<(String, u64)>) -> IndexMap<String, f64> {
    let all: u64 = counts.iter().map(|(_, n)| n).sum();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut shares = IndexMap::new();
    let mut rest = 0;
    for (word, n) in counts {
        match n * 1_000 < all || word == "other" {
            true => rest += n,
            false => {
                shares.insert(word, rounded(n as f64 / all as f64));
            }
        }
    }
    if rest > 0 {
        shares.insert("other".to_string(), rounded(rest as f64 / all as f64));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::super::windows::MOST_STEPS;
    use super::*;
    use std::borrow::Cow;

    fn request(second: i64, status: u16, millis: u64) -> Request<'static> {
        Request {
            at: Moment(1_541_376_000_000_000_000).plus(Span::from_secs(second as u64)),
            elapsed: Some(Span::from_millis(millis)),
            status,
            target: Cow::Borrowed(b"/claims/1"),
            agent: Some(Cow::Borrowed(if second % 4 == 0 { b"curl/8" } else { b"" })),
            second: None,
            local: false,
            stream: false,
            address: None,
            named: [const { None }; 4],
        }
    }

    fn options(by_hour: bool) -> HistoryOptions {
        HistoryOptions { window: Span::MINUTE, min_requests: 20, zone: TimeZone::UTC, by_hour }
    }

    fn history(minutes: i64, by_hour: bool) -> Result<LogBaseline, usize> {
        let names = Names {
            endpoints: ["page", "claims"].map(String::from).into_iter().collect(),
            ..Names::default()
        };
        let mut history = History::new(options(by_hour), LogMapping::from_names(&names), &names);
        for second in 0..minutes * 60 {
            // One minute in ten has six errors; minutes get slower one after the other.
            let minute = second / 60;
            let bad = minute % 10 == 9 && second % 10 == 0;
            history.count(&request(second, if bad { 500 } else { 200 }, 100 + minute as u64));
            history
                .complete(Moment(1_541_376_000_000_000_000).plus(Span::from_secs(second as u64)));
        }
        let last = Moment(1_541_376_000_000_000_000).plus(Span::from_secs(minutes as u64 * 60 - 1));
        history.finish(last)
    }

    #[test]
    fn a_known_history() {
        let baseline = history(100, true).expect("enough");
        assert_eq!((baseline.windows, baseline.requests), (100, 6_000));
        assert_eq!(baseline.from.to_string(), "2018-11-05T00:00:00Z");
        assert_eq!(baseline.to.to_string(), "2018-11-05T01:40:00Z");
        let rate = &baseline.error_rate;
        assert!((rate.share - 0.01).abs() < 1e-9, "{rate:?}");
        assert_eq!((rate.p50, rate.p95, rate.max), (0.0, 0.1, 0.1));
        let p95 = &baseline.latency_s.as_ref().expect("timed").p95;
        let known = [(p95.p50, 0.149), (p95.p95, 0.194), (p95.max, 0.199)];
        known.iter().for_each(|(value, known)| assert!((value - known).abs() < 0.001, "{p95:?}"));
        assert_eq!(baseline.arrivals.requests, vec![60; 100]);
        assert_eq!(baseline.mix.endpoint["claims"], 1.0);
        assert_eq!(baseline.mix.browser["curl"], 0.25);
        let hours: Vec<(u8, u64)> =
            baseline.by_hour_of_week.iter().map(|hour| (hour.hour, hour.windows)).collect();
        assert_eq!(hours, [(0, 60), (1, 40)], "a Monday");
    }

    #[test]
    fn fewer_than_fifty_windows_are_refused() {
        assert_eq!(history(49, false).err(), Some(49));
        assert!(history(50, false).is_ok());
    }

    #[test]
    fn the_time_between_requests_costs_nothing() {
        let (names, options) = (Names::default(), options(false));
        let mut history = History::new(options, LogMapping::from_names(&names), &names);
        // A busy minute every week, for forty years.
        let (week, mut last) = (7 * 86_400, Moment(0));
        for second in (0..40 * 52).flat_map(|n| (0..30).map(move |s| n * week + s)) {
            let request = request(second, 200, 100);
            last = request.at;
            history.count(&request);
            history.complete(last);
        }
        assert!(history.windows.len() <= 40 * 52, "{}", history.windows.len());
        let baseline = history.finish(last).expect("enough");
        assert_eq!((baseline.windows, baseline.requests), (40 * 52, 40 * 52 * 30));
        assert!(baseline.arrivals.requests.len() <= MOST_STEPS as usize);
        assert_eq!(baseline.arrivals.requests.iter().sum::<u64>(), baseline.requests);
    }

    #[test]
    fn long_histories_have_longer_steps() {
        let window =
            |number| LogWindow { number, hour: 0, requests: 2, total: 2, bad: 0, times: None };
        let windows: Vec<LogWindow> = (5..25_005).map(window).collect();
        let arrivals = arrivals(&windows, Span::MINUTE);
        assert_eq!((arrivals.every_s, arrivals.requests.len()), (180.0, 8_334));
        assert_eq!(arrivals.requests.iter().sum::<u64>(), 50_000);
    }
}
