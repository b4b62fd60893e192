//! Users who report what they met, some time after they met it.

use crate::kernel::DrawKey;
use crate::telemetry::ReportSource;
use crate::units::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The reports that are still to come, by source.
#[derive(Clone)]
pub(super) struct Reports<'p> {
    sources: &'p [ReportSource],
    key: DrawKey,
    /// Users affected up to the last interval.
    affected: u64,
    coming: Vec<BinaryHeap<Reverse<(Time, u64)>>>,
}

impl<'p> Reports<'p> {
    /// Switches to other random draws from now on.
    pub(super) fn fork(&mut self, draws: u64) {
        self.key = self.key.forked(draws);
    }

    pub(super) fn new(sources: &'p [ReportSource], key: DrawKey) -> Self {
        Reports { sources, key, affected: 0, coming: vec![BinaryHeap::new(); sources.len()] }
    }

    /// Whether anybody reports anything.
    pub(super) fn are_kept(&self) -> bool {
        !self.sources.is_empty()
    }

    /// The reports of an interval that ends now, by source, each with the key of its draws, where
    /// this many users have been affected so far. Whether and when a user reports belongs to their
    /// number among them, so that another source shifts nothing.
    pub(super) fn of_interval(&mut self, now: Time, affected: u64) -> Vec<Vec<DrawKey>> {
        for (source, coming) in self.sources.iter().zip(&mut self.coming) {
            let key = self.key.named(&source.name);
            for user in self.affected..affected {
                let own = key.child(user);
                if own.child(1).chance(source.share) {
                    coming.push(Reverse((now + own.child(2).spread(source.after), user)));
                }
            }
        }
        self.affected = self.affected.max(affected);
        let due = |(source, coming): (&ReportSource, &mut BinaryHeap<Reverse<(Time, u64)>>)| {
            let key = self.key.named(&source.name);
            let mut reports = Vec::new();
            while coming.peek().is_some_and(|Reverse((at, _))| *at <= now) {
                reports.extend(coming.pop().map(|Reverse((_, user))| key.child(user)));
            }
            reports
        };
        self.sources.iter().zip(&mut self.coming).map(due).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Ratio, Span, Spread};

    #[test]
    fn a_share_of_those_affected_reports_each_once_and_later() {
        let source = |name: &str, share| ReportSource {
            name: name.to_string(),
            share: Ratio(share),
            after: Spread::Between(Span::from_secs(600), Span::from_secs(1200)),
        };
        let sources = [source("call-center", 0.1), source("social", 1.0)];
        let mut reports = Reports::new(&sources, DrawKey::new(17, 0, "reports"));
        let mut of_interval = |now, affected| -> Vec<usize> {
            reports.of_interval(now, affected).iter().map(Vec::len).collect()
        };
        let at = |seconds| Time::ZERO + Span::from_secs(seconds);
        assert_eq!(of_interval(at(0), 2_000), [0, 0], "nobody reports at once");
        assert_eq!(of_interval(at(599), 2_000), [0, 0]);
        let later = of_interval(at(1_200), 2_000);
        assert!((160..240).contains(&later[0]) && later[1] == 2_000, "{later:?}");
        assert_eq!(of_interval(at(5_000), 2_000), [0, 0]);
    }
}
