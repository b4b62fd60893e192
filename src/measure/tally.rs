//! Collecting the response times of one interval.

use super::latencies::Latencies;
use super::limits::{Limits, Place};
use super::slots::{SLOTS, slot};
use crate::units::Span;

/// Collects the values of one interval: one array access per value, and a cost per interval that
/// depends on how many different buckets were hit, not on how many there are.
#[derive(Debug, Clone)]
pub struct LatencyTally {
    counts: Box<[u32]>,
    touched: Box<[u64]>,
    limits: Limits,
    /// By limit: values whose place names it as the last that they are beyond.
    beyond: Box<[u32]>,
}

impl Default for LatencyTally {
    fn default() -> Self {
        LatencyTally::new(&Limits::default())
    }
}

impl LatencyTally {
    /// Nothing counted yet. These limits are counted exactly.
    pub fn new(limits: &Limits) -> LatencyTally {
        LatencyTally {
            counts: vec![0; SLOTS].into_boxed_slice(),
            touched: vec![0; SLOTS.div_ceil(64)].into_boxed_slice(),
            limits: limits.clone(),
            beyond: vec![0; limits.all().len()].into_boxed_slice(),
        }
    }

    /// Counts one value, whose place is one of the same limits.
    #[inline]
    pub fn record_at(&mut self, place: Place) {
        let slot = usize::from(place.slot);
        self.counts[slot] += 1;
        self.touched[slot / 64] |= 1 << (slot % 64);
        if place.beyond > 0 {
            self.beyond[usize::from(place.beyond) - 1] += 1;
        }
    }

    /// Hands out what was collected and starts again from nothing.
    pub fn take(&mut self) -> Latencies {
        let exact = self.take_exact();
        let hit: u32 = self.touched.iter().map(|bits| bits.count_ones()).sum();
        let mut buckets = Vec::with_capacity(hit as usize);
        for (word, bits) in self.touched.iter_mut().enumerate() {
            while *bits != 0 {
                let slot = word * 64 + bits.trailing_zeros() as usize;
                buckets.push((slot as u16, std::mem::take(&mut self.counts[slot])));
                *bits &= *bits - 1;
            }
        }
        Latencies::of_parts(buckets, exact)
    }

    /// For each limit in whose bucket something lies, how much of it is beyond the limit.
    fn take_exact(&mut self) -> Vec<(Span, u32)> {
        let mut exact = Vec::new();
        let mut last = (usize::MAX, 0);
        for (limit, beyond) in self.limits.all().iter().zip(&mut self.beyond).rev() {
            let slot = slot(*limit);
            if self.touched[slot / 64] & (1 << (slot % 64)) == 0 {
                continue;
            }
            // What is beyond a higher limit of the same bucket is beyond this one too.
            let higher = if last.0 == slot { last.1 } else { 0 };
            last = (slot, higher + std::mem::take(beyond));
            exact.push((*limit, last.1));
        }
        exact.reverse();
        exact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_exact_to_the_nanosecond() {
        let seconds = [2.0, 2.001, 3.0, 3.01];
        let limits = Limits::new(seconds.map(Span::from_seconds).to_vec());
        let mut tally = LatencyTally::new(&limits);
        let nanos = [1_999_999_999, 2_000_000_000, 2_000_000_001, 2_001_000_001, 3_009_999_999];
        nanos.iter().for_each(|nanos| tally.record_at(limits.place(Span(*nanos))));
        let mut seen = tally.take();
        let longer =
            |seen: &Latencies| seconds.map(|limit| seen.slower_than(Span::from_seconds(limit)));
        assert_eq!(longer(&seen), [3, 2, 1, 0]);
        assert_eq!(seen.count(), 5);
        // Nothing is left for the next interval, and sums are exact too.
        let mut again = LatencyTally::new(&limits);
        again.record_at(limits.place(Span::from_seconds(2.0005)));
        assert_eq!(longer(&tally.take()), [0; 4]);
        seen.add(&again.take());
        assert_eq!(longer(&seen), [4, 2, 1, 0]);
    }
}
