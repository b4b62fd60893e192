//! Response times in log-linear buckets, two significant digits, as HdrHistogram lays them out.

use crate::units::Span;

/// Buckets per octave above the first linear range, as a power of two: a bucket is at most 1/128 of
/// its value wide.
const SUB_BITS: u32 = 7;
/// The largest value kept apart, in microseconds (about 19 hours); longer ones count as this.
const MAX_MICROS: u64 = (1 << 36) - 1;
/// Number of buckets.
const SLOTS: usize = (36 - SUB_BITS as usize + 1) << SUB_BITS;

fn slot(span: Span) -> usize {
    let micros = (span.0 / 1_000).min(MAX_MICROS);
    if micros < 1 << (SUB_BITS + 1) {
        return micros as usize;
    }
    let shift = 63 - micros.leading_zeros() - SUB_BITS;
    ((shift as usize) << SUB_BITS) + (micros >> shift) as usize
}

/// The middle of a bucket.
fn value(slot: usize) -> Span {
    if slot < 1 << (SUB_BITS + 1) {
        return Span(slot as u64 * 1_000);
    }
    let shift = (slot >> SUB_BITS) - 1;
    let low = ((slot - (shift << SUB_BITS)) as u64) << shift;
    Span((low + (1 << shift) / 2) * 1_000)
}

/// The bucket of a value, looked up once for all the tallies that count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(u16);

impl Slot {
    /// Where a value lies.
    #[inline]
    pub fn of(span: Span) -> Slot {
        Slot(slot(span) as u16)
    }
}

/// A finished, compact histogram: sorted buckets that are not empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Latencies {
    buckets: Vec<(u16, u32)>,
}

impl Latencies {
    /// So many values of each kind.
    pub fn of(values: &[(Span, u32)]) -> Latencies {
        let mut tally: std::collections::BTreeMap<u16, u32> = std::collections::BTreeMap::new();
        for (value, n) in values.iter().filter(|(_, n)| *n > 0) {
            *tally.entry(slot(*value) as u16).or_default() += n;
        }
        Latencies { buckets: tally.into_iter().collect() }
    }

    /// How many values it holds.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, n)| u64::from(*n)).sum()
    }

    /// How many values are longer than `limit`, as far as two digits can tell: values in the
    /// limit's own bucket (within 0.8 % of it) are not.
    pub fn slower_than(&self, limit: Span) -> u64 {
        let limit = slot(limit);
        let longer = self.buckets.iter().rev().take_while(|(s, _)| usize::from(*s) > limit);
        longer.map(|(_, n)| u64::from(*n)).sum()
    }

    /// The value at a quantile between 0 and 1 (nearest rank), within 0.4 %; `None` when empty.
    pub fn quantile(&self, quantile: f64) -> Option<Span> {
        let rank = ((quantile * self.count() as f64).ceil() as u64).max(1);
        let mut seen = 0;
        for (slot, n) in &self.buckets {
            seen += u64::from(*n);
            if seen >= rank {
                return Some(value(usize::from(*slot)));
            }
        }
        None
    }

    /// The same with few buckets: [`Latencies::slower_than`] stays as it is for these limits, which
    /// are in ascending order, and nothing else does.
    pub fn thinned(&self, limits: &[Span]) -> Latencies {
        let limits: Vec<usize> = limits.iter().map(|limit| slot(*limit)).collect();
        let mut buckets: Vec<(u16, u32)> = Vec::new();
        for (at, n) in &self.buckets {
            let passed = limits.partition_point(|limit| *limit < usize::from(*at));
            let kept = if passed == 0 { 0 } else { limits[passed - 1] as u16 + 1 };
            match buckets.last_mut().filter(|(last, _)| *last == kept) {
                Some((_, sum)) => *sum += n,
                None => buckets.push((kept, *n)),
            }
        }
        Latencies { buckets }
    }

    /// Adds all values of another one.
    pub fn add(&mut self, other: &Latencies) {
        if other.buckets.is_empty() {
            return;
        }
        let mut merged = Vec::with_capacity(self.buckets.len() + other.buckets.len());
        let (mut left, mut right) = (&self.buckets[..], &other.buckets[..]);
        while let (Some(a), Some(b)) = (left.first(), right.first()) {
            let slot = a.0.min(b.0);
            let mut n = 0;
            if a.0 == slot {
                n += a.1;
                left = &left[1..];
            }
            if b.0 == slot {
                n += b.1;
                right = &right[1..];
            }
            merged.push((slot, n));
        }
        merged.extend_from_slice(left);
        merged.extend_from_slice(right);
        self.buckets = merged;
    }

    /// The numbers of the buckets that are not empty, smallest first, with what is in them.
    pub fn buckets(&self) -> &[(u16, u32)] {
        &self.buckets
    }

    /// The histogram of these buckets; `None` if they are out of order, empty or do not exist.
    pub fn from_buckets(buckets: Vec<(u16, u32)>) -> Option<Latencies> {
        let ordered = buckets.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let there = buckets.iter().all(|(slot, n)| usize::from(*slot) < SLOTS && *n > 0);
        (ordered && there).then_some(Latencies { buckets })
    }

    /// The buckets as (upper-middle value, count), shortest first.
    pub fn iter(&self) -> impl Iterator<Item = (Span, u32)> + '_ {
        self.buckets.iter().map(|(s, n)| (value(usize::from(*s)), *n))
    }
}

/// Collects the values of one interval: one array access per value, and a cost per interval that
/// depends on how many different buckets were hit, not on how many there are.
#[derive(Debug, Clone)]
pub struct LatencyTally {
    counts: Box<[u32]>,
    touched: Box<[u64]>,
}

impl Default for LatencyTally {
    fn default() -> Self {
        LatencyTally {
            counts: vec![0; SLOTS].into_boxed_slice(),
            touched: vec![0; SLOTS.div_ceil(64)].into_boxed_slice(),
        }
    }
}

impl LatencyTally {
    /// Counts one value.
    #[inline]
    pub fn record(&mut self, span: Span) {
        self.record_at(Slot::of(span));
    }

    /// Counts one value whose bucket is known.
    #[inline]
    pub fn record_at(&mut self, slot: Slot) {
        let slot = usize::from(slot.0);
        self.counts[slot] += 1;
        self.touched[slot / 64] |= 1 << (slot % 64);
    }

    /// Hands out what was collected and starts again from nothing.
    pub fn take(&mut self) -> Latencies {
        let mut buckets = Vec::new();
        for (word, bits) in self.touched.iter_mut().enumerate() {
            while *bits != 0 {
                let slot = word * 64 + bits.trailing_zeros() as usize;
                buckets.push((slot as u16, std::mem::take(&mut self.counts[slot])));
                *bits &= *bits - 1;
            }
        }
        Latencies { buckets }
    }
}

impl FromIterator<Span> for Latencies {
    fn from_iter<I: IntoIterator<Item = Span>>(values: I) -> Self {
        let mut tally = LatencyTally::default();
        values.into_iter().for_each(|value| tally.record(value));
        tally.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_narrow_and_in_order() {
        let mut previous = 0;
        for micros in (0..2_000_000u64).step_by(37).chain([MAX_MICROS, MAX_MICROS * 2]) {
            let slot = slot(Span(micros * 1_000));
            assert!(slot >= previous && slot < SLOTS, "{micros} µs in bucket {slot}");
            previous = slot;
            if micros <= MAX_MICROS {
                let off = value(slot).0.abs_diff(micros * 1_000) as f64;
                assert!(off <= micros as f64 * 1_000.0 / 128.0 / 2.0 + 1.0, "{micros} µs: {off}");
            }
        }
    }

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
    fn a_thinned_histogram_is_as_slow_as_before() {
        let all: Latencies = (0..5_000u64).map(|n| Span::from_millis(n * n % 9_973)).collect();
        let limits = [0, 1, 500, 501, 3_000, 3_000, 9_990].map(Span::from_millis);
        let thinned = all.thinned(&limits);
        assert!(thinned.buckets.len() <= limits.len() + 1);
        assert!(Latencies::from_buckets(thinned.buckets.clone()).is_some());
        for limit in limits {
            assert_eq!(thinned.slower_than(limit), all.slower_than(limit), "{limit}");
        }
        assert_eq!(thinned.count(), all.count());
    }

    #[test]
    fn adding_is_the_same_as_collecting_together() {
        let spans = |from: u64| (0..50).map(move |n| Span::from_millis(from + n * 7));
        let mut sum: Latencies = spans(3).collect();
        sum.add(&spans(90).collect());
        assert_eq!(sum, spans(3).chain(spans(90)).collect());
    }
}
