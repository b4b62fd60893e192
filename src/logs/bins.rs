//! Requests of a log counted into readings: the same structs that the simulator's telemetry makes.

use super::mapping::LogMapping;
use super::moment::Moment;
use super::request::Request;
use crate::measure::Limits;
use crate::names::{Dimension, Names, Scope};
use crate::telemetry::{Ended, Outcome, Reading, ScopeReading, ScopeTally};
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// Counts requests into intervals of one length, and hands out those that are complete. Requests
/// may come in any order: intervals that may still grow are held, compactly where nothing has come
/// for a while, so that memory goes with hours and not with lines.
#[derive(Debug)]
pub struct Bins {
    mapping: LogMapping,
    scopes: usize,
    endpoints: usize,
    dimensions: [usize; 4],
    /// Intervals are counted from here.
    anchor: Moment,
    every: Span,
    /// Number of the interval at time zero of the readings; `None`: the first that is handed out.
    first: Option<i64>,
    /// Number of the first interval that has not been handed out.
    front: Option<i64>,
    /// Intervals in which requests came lately, by number.
    open: BTreeMap<i64, CountedInterval>,
    /// Other intervals with a request in them.
    folded: BTreeMap<i64, Vec<ScopeReading>>,
    /// Buckets of response times in `folded`.
    buckets: usize,
    /// Intervals before this one are complete.
    complete: i64,
    /// Requests that came when their interval had been handed out, or before the start.
    late: u64,
    /// Requests whose path is not an endpoint's.
    unrouted: u64,
    requests: u64,
    spare: Vec<CountedInterval>,
    limits: Limits,
}

/// What was counted in one interval, scope by scope.
#[derive(Debug)]
struct CountedInterval {
    scopes: Vec<ScopeTally>,
    /// The number of requests so far when the last one came.
    touched: u64,
}

/// How many intervals are held in full; each costs fifteen kilobytes a scope.
const OPEN: usize = 24;
/// How many buckets are held in all (a quarter of a gigabyte) before the earliest intervals are
/// handed out, complete or not.
const MOST_BUCKETS: usize = 32_000_000;

impl Bins {
    /// Nothing counted yet. Time zero of the readings is `start`; an interval is `every` long.
    pub fn new(mapping: LogMapping, names: &Names, start: Moment, every: Span) -> Bins {
        let mut bins = Bins::anywhere(mapping, names, start, every);
        (bins.first, bins.front) = (Some(0), Some(0));
        bins
    }

    /// Nothing counted yet. Intervals lie as one that begins at `anchor`; time zero of the readings
    /// is the beginning of the first that is handed out.
    pub fn anywhere(mapping: LogMapping, names: &Names, anchor: Moment, every: Span) -> Bins {
        assert!(every > Span::ZERO, "an interval has a length");
        let first = |dimension: Dimension| names.scope_index(Scope::Segment(dimension, 0));
        Bins {
            mapping,
            scopes: names.scopes().len(),
            endpoints: names.scope_index(Scope::Endpoint(0.into())),
            dimensions: Dimension::ALL.map(first),
            anchor,
            every,
            first: None,
            front: None,
            open: BTreeMap::new(),
            folded: BTreeMap::new(),
            buckets: 0,
            complete: i64::MIN,
            late: 0,
            unrouted: 0,
            requests: 0,
            spare: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// The same before anything is counted, with these limits of response times exact.
    pub fn with_limits(self, limits: Limits) -> Bins {
        Bins { limits, ..self }
    }

    fn number(&self, at: Moment) -> i64 {
        let since = i128::from(at.0) - i128::from(self.anchor.0);
        since.div_euclid(i128::from(self.every.0)) as i64
    }

    /// Counts one request where the mapping says it belongs.
    pub fn count(&mut self, request: &Request<'_>) {
        let number = self.number(request.at);
        if self.front.is_some_and(|front| number < front) {
            self.late += 1;
            return;
        }
        self.requests += 1;
        let seen = self.mapping.see(request);
        self.unrouted += u64::from(seen.endpoint.is_none());
        if self.open.len() >= OPEN && !self.open.contains_key(&number) {
            self.fold();
        }
        let (scopes, spare, limits) = (self.scopes, &mut self.spare, &self.limits);
        let fresh = || {
            spare.pop().unwrap_or_else(|| CountedInterval {
                scopes: vec![ScopeTally::new(limits); scopes],
                touched: 0,
            })
        };
        let interval = self.open.entry(number).or_insert_with(fresh);
        interval.touched = self.requests;
        let interval = &mut interval.scopes;
        let elapsed = request.elapsed.filter(|_| seen.outcome != Outcome::Planned);
        let (outcome, status) = (seen.outcome, request.status);
        let (errors, late_after) = self.mapping.errors();
        let late = elapsed.is_some_and(|elapsed| elapsed > late_after);
        let ended = Ended {
            outcome,
            took: elapsed.map(|elapsed| limits.place(elapsed)),
            error: errors.count(outcome, status, late),
            good: errors.is_good(outcome, status),
        };
        interval[0].count(ended);
        if let Some(endpoint) = seen.endpoint {
            interval[self.endpoints + endpoint.index()].count(ended);
        }
        for (first, value) in self.dimensions.iter().zip(seen.segment) {
            if let Some(value) = value {
                interval[first + usize::from(value)].count(ended);
            }
        }
    }

    /// Holds the interval compactly in which nothing has come for the longest.
    fn fold(&mut self) {
        let oldest = self.open.iter().min_by_key(|(_, interval)| interval.touched);
        let Some(number) = oldest.map(|(number, _)| *number) else { return };
        let readings = self.take(number);
        self.buckets += readings.iter().map(|scope| scope.latency.buckets().len()).sum::<usize>();
        self.folded.insert(number, readings);
        if self.buckets > MOST_BUCKETS {
            let middle = self.folded.keys().nth(self.folded.len() / 4).copied();
            self.complete = self.complete.max(middle.unwrap_or(number));
        }
    }

    /// All that was counted of an interval, taken out.
    fn take(&mut self, number: i64) -> Vec<ScopeReading> {
        let folded = self.folded.remove(&number);
        if let Some(folded) = &folded {
            let buckets = folded.iter().map(|scope| scope.latency.buckets().len()).sum::<usize>();
            self.buckets = self.buckets.saturating_sub(buckets);
        }
        let usual = self.mapping.errors().0.are_usual();
        let open = self.open.remove(&number).map(|mut interval| {
            let scopes = interval.scopes.iter_mut().map(|scope| {
                let reading = scope.take();
                ScopeReading { errors: reading.errors.filter(|_| !usual), ..reading }
            });
            let scopes: Vec<ScopeReading> = scopes.collect();
            self.spare.push(interval);
            scopes
        });
        match (folded, open) {
            (Some(mut folded), Some(open)) => {
                folded.iter_mut().zip(&open).for_each(|(scope, more)| scope.add(more));
                folded
            }
            (Some(scopes), None) | (None, Some(scopes)) => scopes,
            (None, None) => {
                let errors = (!usual).then_some(0);
                vec![ScopeReading { errors, ..ScopeReading::default() }; self.scopes]
            }
        }
    }

    /// Nothing before this moment will come any more: intervals that end by then are complete.
    pub fn complete(&mut self, until: Moment) {
        self.complete = self.complete.max(self.number(until));
    }

    /// The next complete interval. A quiet one is a reading of zero requests.
    pub fn next_reading(&mut self) -> Option<Reading> {
        let number = match self.front {
            Some(front) => front,
            None => self.earliest()?,
        };
        if number >= self.complete {
            return None;
        }
        self.front = Some(number + 1);
        let first = *self.first.get_or_insert(number);
        let from = Time(((number - first) as u64).saturating_mul(self.every.0));
        let scopes = self.take(number);
        Some(Reading::new(from, from + self.every, scopes))
    }

    /// The next complete interval with a request in it; the quiet ones before it are passed over,
    /// however many years they are.
    pub fn next_busy_reading(&mut self) -> Option<Reading> {
        let busy = self.earliest().filter(|busy| *busy < self.complete)?;
        self.front = self.front.map(|front| front.max(busy));
        self.next_reading()
    }

    /// The earliest interval with a request that has not been handed out.
    fn earliest(&self) -> Option<i64> {
        let open = self.open.keys().next().copied();
        open.into_iter().chain(self.folded.keys().next().copied()).min()
    }

    /// The moment of time zero: of the first interval with a request, while none is handed out.
    pub fn start(&self) -> Moment {
        let first = self.first.or_else(|| self.earliest()).unwrap_or(0);
        let nanos = i128::from(first) * i128::from(self.every.0) + i128::from(self.anchor.0);
        Moment(i64::try_from(nanos).unwrap_or(i64::MAX))
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::borrow::Cow;

    pub(in crate::logs) fn names() -> Names {
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
            second: None,
            local: false,
            stream: false,
            address: None,
            named: [const { None }; 4],
        }
    }

    fn bins(names: &Names) -> Bins {
        Bins::new(
            LogMapping::from_names(names),
            names,
            Moment(1_000_000_000_000),
            Span::from_secs(10),
        )
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
}
