//! Response times in log-linear buckets, two significant digits, as HdrHistogram lays them out.
//!
//! The layout is that of the `hdrhistogram` crate, and a test holds it against the crate. The crate
//! itself keeps every bucket of its range, which a reading of ten seconds and forty scopes cannot
//! afford, and knows no limit to the nanosecond; `cargo bench --bench latencies` has both sides.

use super::limits::Limits;
use super::slots::{SLOTS, just_above, slot, value};
use crate::units::{Span, nearest_rank};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A finished, compact histogram: sorted buckets that are not empty. A bucket that has counted to
/// the end of its 32 bits stays there, as in HdrHistogram's saturating ways.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Latencies {
    buckets: Vec<(u16, u32)>,
    /// For each limit that was counted exactly and whose bucket is not empty: how many of the
    /// values in that bucket are longer than the limit.
    exact: Vec<(Span, u32)>,
}

impl Latencies {
    /// How many values of each kind, with these limits exact.
    pub fn counted(values: &[(Span, u32)], limits: &Limits) -> Latencies {
        let mut tally: BTreeMap<u16, u32> = BTreeMap::new();
        for (value, n) in values.iter().filter(|(_, n)| *n > 0) {
            let count = tally.entry(slot(*value) as u16).or_default();
            *count = count.saturating_add(*n);
        }
        let beyond = |limit: &Span| {
            let own = slot(*limit);
            tally.contains_key(&(own as u16)).then(|| {
                let longer = values.iter().filter(|(v, _)| v > limit && slot(*v) == own);
                (*limit, longer.fold(0, |sum: u32, (_, n)| sum.saturating_add(*n)))
            })
        };
        let exact = limits.all().iter().filter_map(beyond).collect();
        Latencies { buckets: tally.into_iter().collect(), exact }
    }

    pub(super) fn of_parts(buckets: Vec<(u16, u32)>, exact: Vec<(Span, u32)>) -> Latencies {
        Latencies { buckets, exact }
    }

    /// How many values it holds.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, n)| u64::from(*n)).sum()
    }

    /// How many values are longer than `limit`: exactly, if the limit was known while they were
    /// counted; else as far as two digits can tell, values in the limit's own bucket (within 0.8 %
    /// of it) not being longer.
    pub fn slower_than(&self, limit: Span) -> u64 {
        let own = slot(limit);
        let longer = self.buckets.iter().rev().take_while(|(s, _)| usize::from(*s) > own);
        let longer: u64 = longer.map(|(_, n)| u64::from(*n)).sum();
        longer + u64::from(self.beyond(limit).unwrap_or(0))
    }

    /// Of the values in the limit's own bucket, those that are longer; `None`: not known.
    fn beyond(&self, limit: Span) -> Option<u32> {
        if let Ok(at) = self.exact.binary_search_by_key(&limit, |(limit, _)| *limit) {
            return Some(self.exact[at].1);
        }
        let own = slot(limit) as u16;
        self.buckets.binary_search_by_key(&own, |(slot, _)| *slot).is_err().then_some(0)
    }

    /// The value at a quantile between 0 and 1 (nearest rank), within 0.4 %; `None` when empty.
    pub fn quantile(&self, quantile: f64) -> Option<Span> {
        let rank = nearest_rank(quantile, self.count());
        let mut seen = 0;
        for (slot, n) in &self.buckets {
            seen += u64::from(*n);
            if seen >= rank {
                return Some(value(usize::from(*slot)));
            }
        }
        None
    }

    /// The same, moved to the side of a limit that it is known to be on.
    pub fn quantile_beside(&self, quantile: f64, limit: Span, longer: bool) -> Option<Span> {
        let value = self.quantile(quantile)?;
        Some(match longer {
            true if value <= limit => just_above(limit),
            false => value.min(limit),
            true => value,
        })
    }

    /// The same with few buckets: [`Latencies::slower_than`] stays as it is for these limits, which
    /// are in ascending order, and nothing else does.
    pub fn reduced_to(&self, limits: &[Span]) -> Latencies {
        let kept_limits = limits;
        let limits: Vec<usize> = limits.iter().map(|limit| slot(*limit)).collect();
        let mut buckets: Vec<(u16, u32)> = Vec::new();
        for (at, n) in &self.buckets {
            let passed = limits.partition_point(|limit| *limit < usize::from(*at));
            let kept = if passed == 0 { 0 } else { limits[passed - 1] as u16 + 1 };
            match buckets.last_mut().filter(|(last, _)| *last == kept) {
                Some((_, sum)) => *sum = sum.saturating_add(*n),
                None => buckets.push((kept, *n)),
            }
        }
        let exact = self.exact.iter().filter(|(limit, _)| kept_limits.contains(limit));
        let exact = exact.copied().collect();
        Latencies { buckets, exact }
    }

    /// Adds all values of another one.
    pub fn add(&mut self, other: &Latencies) {
        if other.buckets.is_empty() {
            return;
        }
        if !self.exact.is_empty() || !other.exact.is_empty() {
            self.exact = self.exact_with(other);
        }
        let mut merged = Vec::with_capacity(self.buckets.len() + other.buckets.len());
        let (mut left, mut right) = (&self.buckets[..], &other.buckets[..]);
        while let (Some(a), Some(b)) = (left.first(), right.first()) {
            let slot = a.0.min(b.0);
            let mut n = 0_u32;
            if a.0 == slot {
                n += a.1;
                left = &left[1..];
            }
            if b.0 == slot {
                n = n.saturating_add(b.1);
                right = &right[1..];
            }
            merged.push((slot, n));
        }
        merged.extend_from_slice(left);
        merged.extend_from_slice(right);
        self.buckets = merged;
    }

    /// The exact counts of both together; a limit that one of them does not know is lost.
    fn exact_with(&self, other: &Latencies) -> Vec<(Span, u32)> {
        let limits = self.exact.iter().chain(&other.exact).map(|(limit, _)| *limit);
        let limits: std::collections::BTreeSet<Span> = limits.collect();
        let both =
            |limit: Span| Some((limit, self.beyond(limit)?.saturating_add(other.beyond(limit)?)));
        limits.into_iter().filter_map(both).collect()
    }

    /// The numbers of the buckets that are not empty, smallest first, with what is in them.
    pub fn buckets(&self) -> &[(u16, u32)] {
        &self.buckets
    }

    /// The limits counted exactly whose buckets are not empty, with how many of the values in that
    /// bucket are longer.
    pub fn exact(&self) -> &[(Span, u32)] {
        &self.exact
    }

    /// The histogram of these parts; `None` if they are out of order, empty, do not exist or
    /// contradict each other.
    pub fn from_parts(buckets: Vec<(u16, u32)>, exact: Vec<(Span, u32)>) -> Option<Latencies> {
        let ordered = buckets.windows(2).all(|pair| pair[0].0 < pair[1].0)
            && exact.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let there = buckets.iter().all(|(slot, n)| usize::from(*slot) < SLOTS && *n > 0);
        let within = |(limit, n): &(Span, u32)| {
            let own = slot(*limit) as u16;
            let bucket = buckets.binary_search_by_key(&own, |(slot, _)| *slot);
            bucket.is_ok_and(|at| *n <= buckets[at].1)
        };
        let fits = exact.iter().all(within);
        (ordered && there && fits).then_some(Latencies { buckets, exact })
    }

    /// The buckets as (upper-middle value, count), shortest first.
    pub fn iter(&self) -> impl Iterator<Item = (Span, u32)> + '_ {
        self.buckets.iter().map(|(s, n)| (value(usize::from(*s)), *n))
    }
}

impl FromIterator<Span> for Latencies {
    fn from_iter<I: IntoIterator<Item = Span>>(values: I) -> Self {
        let mut tally: BTreeMap<u16, u32> = BTreeMap::new();
        for value in values {
            let count = tally.entry(slot(value) as u16).or_default();
            *count = count.saturating_add(1);
        }
        Latencies { buckets: tally.into_iter().collect(), exact: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::slots::MAX_MICROS;
    use super::*;

    #[test]
    fn the_layout_is_that_of_hdr_histogram_with_two_digits() {
        let mut oracle = hdrhistogram::Histogram::<u64>::new_with_max(MAX_MICROS, 2).expect("fits");
        let micros = (1..20_000u64).map(|n| n * n * n % 3_000_000_017);
        let ours: Latencies = micros.clone().map(|value| Span(value * 1_000)).collect();
        micros.for_each(|value| oracle.saturating_record(value));
        for quantile in [0.0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0] {
            let value = ours.quantile(quantile).expect("not empty").0 / 1_000;
            let theirs = oracle.value_at_quantile(quantile);
            assert!(oracle.equivalent(value, theirs), "{quantile}: {value} and {theirs}");
        }
    }

    #[test]
    fn quantiles_and_tails_of_known_values() {
        let values: Latencies = (1..=100).map(|n| Span::from_millis(n * 100)).collect();
        assert_eq!(values.count(), 100);
        let p95 = values.quantile(0.95).expect("not empty").seconds();
        assert!((p95 - 9.5).abs() < 0.04, "{p95}");
        assert_eq!(values.slower_than(Span::from_millis(9_000)), 10);
        assert_eq!(values.slower_than(Span::ZERO), 100);
        assert_eq!(Latencies::default().quantile(0.5), None);
    }

    #[test]
    fn a_reduced_histogram_is_as_slow_as_before() {
        let all: Latencies = (0..5_000u64).map(|n| Span::from_millis(n * n % 9_973)).collect();
        let limits = [0, 1, 500, 501, 3_000, 3_000, 9_990].map(Span::from_millis);
        let reduced = all.reduced_to(&limits);
        assert!(reduced.buckets.len() <= limits.len() + 1);
        assert!(Latencies::from_parts(reduced.buckets.clone(), Vec::new()).is_some());
        for limit in limits {
            assert_eq!(reduced.slower_than(limit), all.slower_than(limit), "{limit}");
        }
        assert_eq!(reduced.count(), all.count());
    }

    #[test]
    fn adding_is_the_same_as_collecting_together() {
        let spans = |from: u64| (0..50).map(move |n| Span::from_millis(from + n * 7));
        let mut sum: Latencies = spans(3).collect();
        sum.add(&spans(90).collect());
        assert_eq!(sum, spans(3).chain(spans(90)).collect());
    }

    #[test]
    fn full_buckets_stay_full() {
        let limit = Span::from_millis(3_000);
        let limits = Limits::new(vec![limit]);
        let many = |n: u32| Latencies::counted(&[(Span::from_millis(3_001), n)], &limits);
        let mut sum = many(u32::MAX - 1);
        sum.add(&many(5));
        let full = u64::from(u32::MAX);
        assert_eq!((sum.count(), sum.slower_than(limit)), (full, full));
        let twice = [(Span::from_millis(10), u32::MAX), (Span::from_millis(10), 7)];
        assert_eq!(Latencies::counted(&twice, &limits).count(), u64::from(u32::MAX));
    }
}
