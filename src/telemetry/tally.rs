//! Counting what ends, scope by scope, between two readings.

use super::{Reading, ScopeReading};
use crate::measure::{Latencies, LatencyTally, Limits, Place};
use crate::names::{Dimension, EndpointId, Names, Scope, Segment, TierId};
use crate::units::{Span, Time};

/// How an attempt or a call ended, as the one who sent it saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// An error came back, or (of a call) nothing did in time.
    Failed,
    /// Refused because there was no room or nobody to serve it.
    Rejected,
    /// Whoever sent it went away before an answer came.
    Abandoned,
    /// Answered by a maintenance page.
    Planned,
}

/// One attempt that has ended at the entry, for those who want to see each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// When it ended.
    pub at: Time,
    /// Who sent it: a number of its own per visitor, as long as there are fewer than a million.
    pub visitor: u32,
    pub endpoint: EndpointId,
    pub segment: Segment,
    pub outcome: Outcome,
    /// From its sending to its end.
    pub took: Span,
}

/// Collects one interval: a few array accesses per outcome.
#[derive(Debug, Clone)]
pub struct Tally {
    /// In the order of [`Names::scopes`].
    scopes: Vec<ScopeTally>,
    endpoints: usize,
    tiers: usize,
    /// Where each dimension's categories begin, `None` without any.
    dimensions: [Option<usize>; 4],
    limits: Limits,
    /// Response times of good answers alone, by endpoint and then by tier; `None`: nobody asks.
    good: Option<(Vec<LatencyTally>, Vec<LatencyTally>)>,
}

/// Collects one interval of one scope.
#[derive(Debug, Clone, Default)]
pub struct ScopeTally {
    counts: [u64; 5],
    latency: LatencyTally,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(names: &Names) -> Tally {
        let start = |dimension: Dimension| {
            let any = !names.categories[dimension as usize].is_empty();
            any.then(|| names.scope_index(Scope::Segment(dimension, 0)))
        };
        Tally {
            scopes: vec![ScopeTally::default(); names.scopes().len()],
            endpoints: names.scope_index(Scope::Endpoint(EndpointId(0))),
            tiers: names.scope_index(Scope::Tier(TierId(0))),
            dimensions: Dimension::ALL.map(start),
            limits: Limits::default(),
            good: None,
        }
    }

    /// The same before anything is counted, with these limits of response times exact.
    pub fn with_limits(self, limits: Limits) -> Tally {
        let scopes = vec![ScopeTally::new(&limits); self.scopes.len()];
        Tally { scopes, limits, ..self }
    }

    /// The same before anything is counted, with the times of good answers kept apart.
    pub fn with_good_times(self, names: &Names) -> Tally {
        let apart = |n: usize| vec![LatencyTally::new(&self.limits); n];
        let good = Some((apart(names.endpoints.len()), apart(names.tiers.len())));
        Tally { good, ..self }
    }

    /// Hands out the times of good answers, by endpoint and by tier, and starts again from nothing;
    /// empty unless they are kept.
    pub fn take_good_times(&mut self) -> (Vec<Latencies>, Vec<Latencies>) {
        let take = |tallies: &mut Vec<LatencyTally>| {
            tallies.iter_mut().map(LatencyTally::take).collect::<Vec<_>>()
        };
        let good = self.good.as_mut();
        good.map(|(endpoints, tiers)| (take(endpoints), take(tiers))).unwrap_or_default()
    }

    /// An attempt ended at the entry, this long after it was sent.
    #[inline]
    pub fn attempt(
        &mut self,
        endpoint: EndpointId,
        segment: Segment,
        outcome: Outcome,
        took: Span,
    ) {
        let at = self.limits.place(took);
        let place = Some(at);
        if let (Some((endpoints, _)), Outcome::Ok) = (&mut self.good, outcome) {
            endpoints[endpoint.index()].record_at(at);
        }
        // The site is the sum of its endpoints: it is added up when the reading is taken.
        self.scopes[self.endpoints + endpoint.index()].count(outcome, place);
        for (start, value) in self.dimensions.iter().zip(segment.0) {
            if let Some(start) = start {
                self.scopes[start + usize::from(value)].count(outcome, place);
            }
        }
    }

    /// A call to a tier ended, this long after it was sent.
    #[inline]
    pub fn call(&mut self, tier: TierId, outcome: Outcome, took: Span) {
        let place = self.limits.place(took);
        if let (Some((_, tiers)), Outcome::Ok) = (&mut self.good, outcome) {
            tiers[tier.index()].record_at(place);
        }
        self.scopes[self.tiers + tier.index()].count(outcome, Some(place));
    }

    /// Hands out what was counted as the reading of `[from, to)`, and starts again from nothing.
    pub fn take(&mut self, from: Time, to: Time) -> Reading {
        let mut scopes: Vec<ScopeReading> = self.scopes.iter_mut().map(ScopeTally::take).collect();
        let segments = self.dimensions.iter().flatten().next();
        let endpoints = self.endpoints..segments.copied().unwrap_or(scopes.len());
        let mut site = ScopeReading::default();
        scopes[endpoints].iter().for_each(|endpoint| site.add(endpoint));
        scopes[0] = site;
        Reading { from, to, missing: false, scopes }
    }
}

impl ScopeTally {
    /// Nothing counted yet, these limits of response times being exact.
    pub fn new(limits: &Limits) -> ScopeTally {
        ScopeTally { counts: [0; 5], latency: LatencyTally::new(limits) }
    }

    /// Something ended, after this long if that is known. Planned answers count without a time.
    #[inline]
    pub fn count(&mut self, outcome: Outcome, took: Option<Place>) {
        self.counts[outcome as usize] += 1;
        if let (Some(took), true) = (took, outcome != Outcome::Planned) {
            self.latency.record_at(took);
        }
    }

    /// Hands out what was counted, and starts again from nothing.
    pub fn take(&mut self) -> ScopeReading {
        let [ok, failed, rejected, abandoned, planned] = std::mem::take(&mut self.counts);
        ScopeReading { ok, failed, rejected, abandoned, planned, latency: self.latency.take() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let set = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        Names {
            tiers: set(&["proxy", "api"]),
            endpoints: set(&["page", "claims"]),
            categories: [set(&["chrome", "ie11"]), set(&[]), set(&["loa1"]), set(&["browse"])],
            ..Names::default()
        }
    }

    #[test]
    fn every_scope_counts_its_own() {
        let names = names();
        let mut tally = Tally::new(&names);
        let second = Span::SECOND;
        tally.attempt(EndpointId(0), Segment([1, 0, 0, 0]), Outcome::Ok, second);
        tally.attempt(EndpointId(1), Segment([0, 0, 0, 0]), Outcome::Failed, second * 3);
        tally.attempt(EndpointId(1), Segment([1, 0, 0, 0]), Outcome::Planned, Span::ZERO);
        tally.call(TierId(1), Outcome::Rejected, Span::ZERO);
        let reading = tally.take(Time::ZERO, Time::ZERO + second);
        let scope = |scope| &reading.scopes[names.scope_index(scope)];
        let site = scope(Scope::Site);
        assert_eq!((site.ok, site.failed, site.planned, site.total()), (1, 1, 1, 2));
        assert_eq!(site.latency.slower_than(second * 2), 1);
        assert_eq!(site.latency.count(), 2, "planned answers have no response time");
        let ie11 = scope(Scope::Segment(Dimension::Browser, 1));
        assert_eq!((ie11.ok, ie11.failed, ie11.planned), (1, 0, 1));
        let account = scope(Scope::Segment(Dimension::Account, 0));
        assert_eq!((account.ok, account.failed), (1, 1));
        let (proxy, api) = (scope(Scope::Tier(TierId(0))), scope(Scope::Tier(TierId(1))));
        assert_eq!((proxy.total(), api.total(), api.rejected), (0, 1, 1));
        let again = tally.take(Time::ZERO, Time::ZERO);
        assert!(again.scopes.iter().all(|scope| *scope == ScopeReading::default()));
    }
}
