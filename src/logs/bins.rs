//! Requests of a log counted into readings: the same structs that the simulator's telemetry makes.

use super::mapping::Mapping;
use super::{Counts, Moment, Request};
use crate::measure::Limits;
use crate::names::{Dimension, Names, Scope};
use crate::telemetry::{Outcome, Reading, ScopeTally};
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// Counts requests into intervals of one length, and hands out those that are complete. Only
/// intervals that may still grow are held.
#[derive(Debug)]
pub struct Bins {
    mapping: Mapping,
    scopes: usize,
    endpoints: usize,
    dimensions: [usize; 4],
    start: Moment,
    every: Span,
    /// Number of the first interval that has not been handed out.
    front: u64,
    /// Intervals with a request in them, by number.
    open: BTreeMap<u64, Interval>,
    /// Intervals before this one are complete.
    complete: u64,
    /// Requests that came when their interval had been handed out, or before the start.
    late: u64,
    /// Requests whose path is no endpoint's.
    unrouted: u64,
    spare: Vec<Interval>,
    limits: Limits,
}

/// What was counted in one interval, scope by scope.
type Interval = Vec<ScopeTally>;

impl Bins {
    /// Nothing counted yet. Time zero of the readings is `start`; an interval is `every` long.
    pub fn new(mapping: Mapping, names: &Names, start: Moment, every: Span) -> Bins {
        assert!(every > Span::ZERO, "an interval has a length");
        let first = |dimension: Dimension| names.scope_index(Scope::Segment(dimension, 0));
        Bins {
            mapping,
            scopes: names.scopes().len(),
            endpoints: names.scope_index(Scope::Endpoint(0.into())),
            dimensions: Dimension::ALL.map(first),
            start,
            every,
            front: 0,
            open: BTreeMap::new(),
            complete: 0,
            late: 0,
            unrouted: 0,
            spare: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// The same before anything is counted, with these limits of response times exact.
    pub fn with_limits(self, limits: Limits) -> Bins {
        Bins { limits, ..self }
    }

    /// Counts one request where the mapping says it belongs.
    pub fn count(&mut self, request: &Request<'_>) {
        if request.at < self.start {
            self.late += 1;
            return;
        }
        let number = request.at.since(self.start).0 / self.every.0;
        if number < self.front {
            self.late += 1;
            return;
        }
        let seen = self.mapping.see(request);
        self.unrouted += u64::from(seen.endpoint.is_none());
        let (scopes, spare, limits) = (self.scopes, &mut self.spare, &self.limits);
        let fresh = || spare.pop().unwrap_or_else(|| vec![ScopeTally::new(limits); scopes]);
        let interval = self.open.entry(number).or_insert_with(fresh);
        let elapsed = request.elapsed.filter(|_| seen.outcome != Outcome::Planned);
        let place = elapsed.map(|elapsed| limits.place(elapsed));
        interval[0].count(seen.outcome, place);
        if let Some(endpoint) = seen.endpoint {
            interval[self.endpoints + endpoint.index()].count(seen.outcome, place);
        }
        for (first, value) in self.dimensions.iter().zip(seen.segment) {
            if let Some(value) = value {
                interval[first + usize::from(value)].count(seen.outcome, place);
            }
        }
    }

    /// Nothing before this moment will come any more: intervals that end by then are complete.
    pub fn complete(&mut self, until: Moment) {
        let number = until.since(self.start).0 / self.every.0;
        self.complete = self.complete.max(number);
    }

    /// The next complete interval. A quiet one is a reading of zero requests.
    pub fn next_reading(&mut self) -> Option<Reading> {
        if self.front >= self.complete {
            return None;
        }
        let from = Time(self.front.saturating_mul(self.every.0));
        let to = from + self.every;
        let number = self.front;
        self.front += 1;
        let scopes = match self.open.remove(&number) {
            Some(mut interval) => {
                let scopes = interval.iter_mut().map(ScopeTally::take).collect();
                self.spare.push(interval);
                scopes
            }
            None => vec![Default::default(); self.scopes],
        };
        Some(Reading { from, to, missing: false, scopes })
    }

    /// The moment of time zero.
    pub fn start(&self) -> Moment {
        self.start
    }

    /// Requests left out because their interval had been handed out, or lies before the start.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Requests whose path no route leads to an endpoint: they count for the site alone.
    pub fn unrouted(&self) -> u64 {
        self.unrouted
    }
}

/// What a log can tell of a scenario's scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// Whether requests say how long they took.
    pub elapsed: bool,
    /// Whether anything tells browser, login, account and tool.
    pub dimensions: [bool; 4],
}

/// Why a log cannot say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// An access log sees the entry, not the calls behind it.
    Tier,
    /// The format says nothing of this dimension.
    Dimension(Dimension),
    /// The format has no response times.
    Elapsed,
}

impl Unknown {
    /// The words of a report.
    pub fn words(self) -> &'static str {
        match self {
            Unknown::Tier => "an access log sees the entry, not the calls between tiers",
            Unknown::Dimension(Dimension::Browser) => "the log has no user agents",
            Unknown::Dimension(_) => "the log does not say it; JSON lines can, with a field",
            Unknown::Elapsed => "the log has no response times",
        }
    }
}

impl Knowledge {
    /// What logs can tell, after they were read (or after their first lines).
    pub fn of(counts: &Counts, mapping: &Mapping) -> Knowledge {
        let formats = counts.files.iter().filter_map(|(_, file)| file.format);
        let agents = formats.into_iter().any(super::Format::has_agent);
        let mut dimensions = mapping.named();
        dimensions[Dimension::Browser as usize] |= agents;
        Knowledge { elapsed: counts.timed(), dimensions }
    }

    /// Whether a rule on this scope can be judged, `latency` saying whether it is about response
    /// times.
    pub fn judges(self, scope: Scope, latency: bool) -> Result<(), Unknown> {
        match scope {
            Scope::Tier(_) => Err(Unknown::Tier),
            Scope::Segment(dimension, _) if !self.dimensions[dimension as usize] => {
                Err(Unknown::Dimension(dimension))
            }
            _ if latency && !self.elapsed => Err(Unknown::Elapsed),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{FileCounts, Format};
    use std::borrow::Cow;

    fn names() -> Names {
        let set = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        Names {
            tiers: set(&["proxy"]),
            endpoints: set(&["page", "claims"]),
            categories: [set(&["chrome", "other"]), set(&["none"]), set(&[]), set(&["browse"])],
            ..Names::default()
        }
    }

    fn request(second: i64, target: &'static str, status: u16) -> Request<'static> {
        Request {
            at: Moment(second * 1_000_000_000),
            elapsed: Some(Span::from_secs(1)),
            status,
            target: Cow::Borrowed(target.as_bytes()),
            agent: Some(Cow::Borrowed(b"Mozilla/5.0 (compatible; sim; chrome)")),
            named: [const { None }; 4],
        }
    }

    fn bins(names: &Names) -> Bins {
        Bins::new(Mapping::of(names), names, Moment(1_000_000_000_000), Span::from_secs(10))
    }

    #[test]
    fn requests_count_where_they_belong() {
        let names = names();
        let mut bins = bins(&names);
        bins.count(&request(1000, "/page", 200));
        bins.count(&request(1009, "/claims?x=1", 500));
        bins.count(&request(1010, "/elsewhere", 503));
        bins.count(&request(1009, "/claims", 499));
        bins.count(&request(999, "/claims", 200));
        assert_eq!((bins.next_reading(), bins.late(), bins.unrouted()), (None, 1, 1));
        bins.complete(Moment(1_019_999_999_999));
        let reading = bins.next_reading().expect("complete");
        let ten = Span::from_secs(10);
        assert_eq!((reading.from, reading.to), (Time::ZERO, Time::ZERO + ten));
        let scope = |scope| &reading.scopes[names.scope_index(scope)];
        let site = scope(Scope::Site);
        assert_eq!((site.ok, site.failed, site.abandoned, site.rejected), (1, 1, 1, 0));
        assert_eq!(site.latency.count(), 3);
        assert_eq!(scope(Scope::Endpoint(1.into())).total(), 2);
        assert_eq!(scope(Scope::Tier(0.into())).total(), 0);
        assert_eq!(scope(Scope::Segment(Dimension::Browser, 0)).total(), 3);
        assert_eq!(scope(Scope::Segment(Dimension::Login, 0)).total(), 0);
        assert_eq!(bins.next_reading(), None, "the second one may still grow");
        bins.count(&request(1005, "/page", 200));
        assert_eq!(bins.late(), 2, "handed out already");
        bins.complete(Moment(1_040_000_000_000));
        assert_eq!(bins.next_reading().expect("complete").scopes[0].rejected, 1);
        let quiet = bins.next_reading().expect("quiet, not missing");
        assert!(!quiet.missing && quiet.scopes.len() == names.scopes().len());
        assert_eq!(quiet.scopes[0].total(), 0);
        assert!(bins.next_reading().is_some() && bins.next_reading().is_none());
    }

    #[test]
    fn planned_answers_have_no_response_time() {
        let names = names();
        let mut bins = bins(&names);
        bins.count(&request(1000, "/claims?sim=planned", 503));
        bins.complete(Moment::MAX);
        let reading = bins.next_reading().expect("complete");
        let site = &reading.scopes[0];
        assert_eq!((site.planned, site.total(), site.latency.count()), (1, 0, 0));
    }

    #[test]
    fn what_a_log_cannot_know_is_said() {
        let known = |format, untimed| {
            let file =
                FileCounts { requests: 2, untimed, format: Some(format), ..FileCounts::default() };
            let counts = Counts { files: vec![("a.log".to_string(), file)] };
            Knowledge::of(&counts, &Mapping::of(&names()))
        };
        let alb = known(Format::Alb, 0);
        assert_eq!(alb.judges(Scope::Site, true), Ok(()));
        assert_eq!(alb.judges(Scope::Segment(Dimension::Browser, 0), false), Ok(()));
        assert_eq!(alb.judges(Scope::Tier(0.into()), false), Err(Unknown::Tier));
        let login = Scope::Segment(Dimension::Login, 0);
        assert_eq!(alb.judges(login, false), Err(Unknown::Dimension(Dimension::Login)));
        let untimed = known(Format::Json, 2);
        assert_eq!(untimed.judges(Scope::Site, true), Err(Unknown::Elapsed));
        assert_eq!(untimed.judges(Scope::Site, false), Ok(()));
    }
}
