//! Collecting the response times of one interval.

use super::latencies::Latencies;
use super::limits::{BucketPosition, Limits};
use super::slots::{SLOTS, slot};
use crate::units::Span;

/// Words of a set of buckets, which one word is enough to tell which are not zero.
const WORDS: usize = SLOTS / 64;
const _: () = assert!(WORDS <= 64 && SLOTS == 64 * WORDS);

/// Collects the values of one interval: one array access per value, and a cost per interval that
/// depends on how many different buckets were hit, not on how many there are.
#[derive(Debug, Clone)]
pub struct LatencyTally {
    counts: Box<[u32]>,
    touched: Box<[u64; WORDS]>,
    /// The words of it that are not zero.
    words: u64,
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
            touched: Box::new([0; WORDS]),
            words: 0,
            limits: limits.clone(),
            beyond: vec![0; limits.all().len()].into_boxed_slice(),
        }
    }

    /// Counts one value, whose place is one of the same limits.
    #[inline]
    pub fn record_at(&mut self, place: BucketPosition) {
        let slot = usize::from(place.slot);
        self.counts[slot] += 1;
        self.touched[slot / 64] |= 1 << (slot % 64);
        self.words |= 1 << (slot / 64);
        if place.beyond > 0 {
            self.beyond[usize::from(place.beyond) - 1] += 1;
        }
    }

    /// Hands out what was collected and starts again from nothing.
    pub fn take(&mut self) -> Latencies {
        if self.words == 0 {
            return Latencies::default();
        }
        let exact = self.take_exact();
        let hit: u32 = set_bits(self.words).map(|word| self.touched[word].count_ones()).sum();
        let mut buckets = Vec::with_capacity(hit as usize);
        for word in set_bits(std::mem::take(&mut self.words)) {
            let bits = std::mem::take(&mut self.touched[word]);
            let counts = &mut self.counts[word * 64..][..64];
            let slots = set_bits(bits)
                .map(|bit| ((word * 64 + bit) as u16, std::mem::take(&mut counts[bit])));
            buckets.extend(slots);
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

/// The numbers of the bits that are set, the lowest first.
fn set_bits(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (lowest < 64).then_some(lowest)
    })
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
