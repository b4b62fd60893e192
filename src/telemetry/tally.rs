//! Counting what ends, scope by scope, between two readings.

use super::outcome::Outcome;
use super::places::Places;
use super::reading::{Reading, ScopeReading};
use crate::measure::{LatencyTally, Slot};
use crate::names::{EndpointId, Names, Segment, TierId};
use crate::units::{Span, Time};

/// Collects one interval: a few array accesses per outcome.
#[derive(Debug, Clone)]
pub struct Tally {
    /// In the order of [`Names::scopes`].
    scopes: Vec<ScopeTally>,
    places: Places,
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
        let places = Places::new(names);
        Tally { scopes: vec![ScopeTally::default(); places.count], places }
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
        let slot = Some(Slot::of(took));
        // The site is the sum of its endpoints: it is added up when the reading is taken.
        self.places.attempt(endpoint, segment, |scope| self.scopes[scope].count(outcome, slot));
    }

    /// A call to a tier ended, this long after it was sent.
    #[inline]
    pub fn call(&mut self, tier: TierId, outcome: Outcome, took: Span) {
        self.scopes[self.places.tier(tier)].count(outcome, Some(Slot::of(took)));
    }

    /// Hands out what was counted as the reading of `[from, to)`, and starts again from nothing.
    pub fn take(&mut self, from: Time, to: Time) -> Reading {
        let mut scopes: Vec<ScopeReading> = self.scopes.iter_mut().map(ScopeTally::take).collect();
        let mut site = ScopeReading::default();
        scopes[self.places.endpoints()].iter().for_each(|endpoint| site.add(endpoint));
        scopes[0] = site;
        Reading { from, to, missing: false, scopes }
    }
}

impl ScopeTally {
    /// Something ended, after this long if that is known. Planned answers count without a time.
    #[inline]
    pub fn count(&mut self, outcome: Outcome, took: Option<Slot>) {
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
    use crate::names::{Dimension, Scope};

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
