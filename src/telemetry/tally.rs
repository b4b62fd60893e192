//! Counting what ends, scope by scope, between two readings.

use super::counts::{Ended, ScopeTally};
use super::errors::ErrorKinds;
use super::outcome::Outcome;
use super::places::ScopePositions;
use super::probes::Probed;
use super::reading::{Reading, ScopeReading};
use super::views::{ObservedCounts, UncountedShare, Views};
use crate::kernel::DrawKey;
use crate::measure::{BucketPosition, Latencies, LatencyTally, Limits};
use crate::names::{EndpointId, Names, RuleId, Segment, TierId};
use crate::units::{Span, Time};

/// Collects one interval: a few array accesses per outcome.
#[derive(Debug, Clone)]
pub struct Tally {
    /// In the order of [`Names::scopes`].
    scopes: Vec<ScopeTally>,
    places: ScopePositions,
    limits: Limits,
    /// Response times of good answers alone, by endpoint and then by tier; `None`: nobody asks.
    good: Option<(Vec<LatencyTally>, Vec<LatencyTally>)>,
    errors: ErrorKinds,
    usual: bool,
    /// Good answers are late after this.
    late_after: Span,
    /// Those from whom something may be hidden.
    views: Views,
    /// For rules that send requests of their own.
    probed: Probed,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(names: &Names) -> Tally {
        let places = ScopePositions::new(names);
        let scopes = vec![ScopeTally::default(); places.count];
        Tally {
            scopes,
            places,
            limits: Limits::default(),
            good: None,
            errors: ErrorKinds::default(),
            usual: true,
            late_after: Span(u64::MAX),
            views: Views::default(),
            probed: Probed::default(),
        }
    }

    /// From now on counts these as errors; a good answer is late after so long.
    pub fn count_as_errors(&mut self, errors: ErrorKinds, late_after: Span) {
        (self.errors, self.usual) = (errors, errors.are_usual());
        self.late_after = late_after;
    }

    /// The same before anything is counted, with these limits of response times exact.
    pub fn with_limits(self, limits: Limits) -> Tally {
        let scopes = vec![ScopeTally::new(&limits); self.scopes.len()];
        let views = self.views.with_limits(&limits);
        let probed = self.probed.with_limits(&limits);
        Tally { scopes, limits, views, probed, ..self }
    }

    /// The same before anything is counted, with the times of good answers kept apart.
    pub fn with_good_times(self, names: &Names) -> Tally {
        let apart = |n: usize| vec![LatencyTally::new(&self.limits); n];
        let good = Some((apart(names.endpoints.len()), apart(names.tiers.len())));
        Tally { good, ..self }
    }

    /// The same before anything is counted; counts again, at these positions, for those from whom
    /// something may be hidden: rules, or the monitoring as a whole.
    pub fn with_views(self, observers: Vec<(Option<RuleId>, Vec<usize>)>) -> Tally {
        Tally { views: Views::new(observers, &self.limits), ..self }
    }

    /// The same before anything is counted; counts apart what the requests say that these rules
    /// send themselves.
    pub fn with_probes(self, rules: Vec<RuleId>) -> Tally {
        Tally { probed: Probed::new(rules, &self.limits), ..self }
    }

    /// From now on these shares of what happens are hidden from those who are counted for again.
    pub fn hide(&mut self, spots: Vec<UncountedShare>) {
        self.views.hide(spots);
    }

    /// The interval since the last call as those have it from whom something of it was hidden.
    pub fn take_views(&mut self) -> Vec<ObservedCounts> {
        let mut seen = self.views.take();
        if self.usual {
            let scopes = seen.iter_mut().flat_map(|(_, scopes)| scopes);
            scopes.for_each(|(_, scope)| scope.errors = None);
        }
        seen
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

    /// An attempt ended at the entry, this long after it was sent, with this status. `who` is the
    /// key of its draws, asked for only where something may be hidden.
    #[inline]
    pub fn attempt(
        &mut self,
        who: impl FnOnce() -> DrawKey,
        endpoint: EndpointId,
        segment: Segment,
        (outcome, status): (Outcome, u16),
        took: Span,
    ) {
        let at = self.limits.place(took);
        if let (Some((endpoints, _)), Outcome::Ok) = (&mut self.good, outcome) {
            endpoints[endpoint.index()].record_at(at);
        }
        // The site is the sum of its endpoints: it is added up when the reading is taken.
        let ended = self.ended((outcome, status), took, at);
        let (mut scopes, mut many) = ([0; 5], 0);
        self.places.attempt(endpoint, segment, |scope| {
            scopes[many] = scope;
            many += 1;
        });
        scopes[..many].iter().for_each(|scope| self.scopes[*scope].count(ended));
        if !self.views.is_empty() {
            let who = who();
            self.views.count(0, ended, who);
            self.places.attempt(endpoint, segment, |scope| self.views.count(scope, ended, who));
        }
    }

    /// A call to a tier ended, this long after it was sent, with this status; its draws have this
    /// key.
    #[inline(always)]
    pub fn call(
        &mut self,
        who: DrawKey,
        tier: TierId,
        (outcome, status): (Outcome, u16),
        took: Span,
    ) {
        let place = self.limits.place(took);
        if let (Some((_, tiers)), Outcome::Ok) = (&mut self.good, outcome) {
            tiers[tier.index()].record_at(place);
        }
        let ended = self.ended((outcome, status), took, place);
        let position = self.places.tier(tier);
        self.scopes[position].count(ended);
        if !self.views.is_empty() {
            self.views.count(position, ended, who);
        }
    }

    /// A request ended that the rule at this position has sent itself; its draws have this key.
    pub fn probe(&mut self, number: usize, who: DrawKey, seen: (Outcome, u16), took: Span) {
        let ended = self.ended(seen, took, self.limits.place(took));
        self.probed.count(number, ended, who, self.views.spots());
    }

    /// What the rules that send requests themselves have seen by them since the last call.
    pub fn take_probes(&mut self) -> Vec<(RuleId, ScopeReading)> {
        let mut seen = self.probed.take();
        if self.usual {
            seen.iter_mut().for_each(|(_, scope)| scope.errors = None);
        }
        seen
    }

    #[inline]
    fn ended(&self, (outcome, status): (Outcome, u16), took: Span, place: BucketPosition) -> Ended {
        let error = !self.usual && self.errors.count(outcome, status, took > self.late_after);
        // Only then does anything count it.
        let good = self.limits.good_apart() && self.errors.is_good(outcome, status);
        Ended { outcome, took: Some(place), error, good }
    }

    /// The position of a tier's scope in a reading.
    pub fn position_of(&self, tier: TierId) -> usize {
        self.places.tier(tier)
    }

    /// Hands out what was counted as the reading of `[from, to)`, and starts again from nothing.
    pub fn take(&mut self, from: Time, to: Time) -> Reading {
        let usual = self.usual;
        let take = |scope: &mut ScopeTally| {
            let reading = scope.take();
            if usual { ScopeReading { errors: None, ..reading } } else { reading }
        };
        let mut scopes: Vec<ScopeReading> = self.scopes.iter_mut().map(take).collect();
        let mut site = ScopeReading::default();
        scopes[self.places.endpoints()].iter().for_each(|endpoint| site.add(endpoint));
        scopes[0] = site;
        Reading::new(from, to, scopes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{Dimension, Scope};

    fn ended(outcome: Outcome) -> (Outcome, u16) {
        (outcome, outcome.status())
    }

    fn nobody() -> DrawKey {
        DrawKey::new(0, 0, "requests")
    }

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
        tally.attempt(nobody, EndpointId(0), Segment([1, 0, 0, 0]), ended(Outcome::Ok), second);
        tally.attempt(
            nobody,
            EndpointId(1),
            Segment([0, 0, 0, 0]),
            ended(Outcome::Failed),
            second * 3,
        );
        tally.attempt(
            nobody,
            EndpointId(1),
            Segment([1, 0, 0, 0]),
            ended(Outcome::Planned),
            Span::ZERO,
        );
        tally.call(nobody(), TierId(1), ended(Outcome::Rejected), Span::ZERO);
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
        assert_eq!(api.latency.count(), 0, "refused at once: no response time");
        let again = tally.take(Time::ZERO, Time::ZERO);
        assert!(again.scopes.iter().all(|scope| *scope == ScopeReading::default()));
    }

    #[test]
    fn errors_are_what_the_team_says() {
        let (names, second) = (names(), Span::SECOND);
        let kinds = |server_errors, given_up, slow| ErrorKinds {
            server_errors,
            given_up,
            slow,
            ..ErrorKinds::default()
        };
        for (errors, bad) in [
            (kinds(true, false, false), 2),
            (kinds(true, true, false), 5),
            (kinds(true, true, true), 9),
            (kinds(false, false, true), 4),
        ] {
            let mut tally = Tally::new(&names);
            tally.count_as_errors(errors, second);
            let mut count = |outcome, took, times: usize| {
                let all =
                    |_| tally.attempt(nobody, EndpointId(0), Segment([0; 4]), ended(outcome), took);
                (0..times).for_each(all);
            };
            count(Outcome::Failed, second * 5, 1);
            count(Outcome::Rejected, Span::ZERO, 1);
            count(Outcome::Abandoned, second * 5, 3);
            count(Outcome::Ok, second * 5, 4);
            count(Outcome::Ok, second, 5);
            count(Outcome::Planned, Span::ZERO, 6);
            let reading = tally.take(Time::ZERO, Time::ZERO + second);
            assert_eq!(reading.scopes[0].bad(), bad, "{errors:?}");
            assert_eq!(reading.scopes[0].total(), 14, "{errors:?}");
        }
    }
}
