//! The log-linear layout of response times: two significant digits, as HdrHistogram lays them out.

use crate::units::Span;

/// Buckets per octave above the first linear range, as a power of two: a bucket is at most 1/128 of
/// its value wide.
const SUB_BITS: u32 = 7;
/// The largest value kept apart, in microseconds (about 19 hours); longer ones count as this.
pub(super) const MAX_MICROS: u64 = (1 << 36) - 1;
/// Number of buckets.
pub(super) const SLOTS: usize = (36 - SUB_BITS as usize + 1) << SUB_BITS;

/// The bucket of a value.
#[inline]
pub(super) fn slot(span: Span) -> usize {
    let micros = (span.0 / 1_000).min(MAX_MICROS);
    if micros < 1 << (SUB_BITS + 1) {
        return micros as usize;
    }
    let shift = 63 - micros.leading_zeros() - SUB_BITS;
    ((shift as usize) << SUB_BITS) + (micros >> shift) as usize
}

/// The middle of a bucket.
pub(super) fn value(slot: usize) -> Span {
    let (low, width) = bounds(slot);
    Span((low + width / 2) * 1_000)
}

/// The middle of the part of a value's bucket that lies above the value.
pub(super) fn just_above(span: Span) -> Span {
    let (low, width) = bounds(slot(span));
    let end = (low + width) * 1_000;
    Span((span.0 + end.saturating_sub(span.0) / 2).max(span.0 + 1))
}

/// Where a bucket begins and how wide it is, in microseconds.
fn bounds(slot: usize) -> (u64, u64) {
    if slot < 1 << (SUB_BITS + 1) {
        return (slot as u64, 1);
    }
    let shift = (slot >> SUB_BITS) - 1;
    (((slot - (shift << SUB_BITS)) as u64) << shift, 1 << shift)
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
    fn just_above_stays_in_the_bucket() {
        for span in [Span::ZERO, Span(1_500), Span::from_millis(2_000), Span::from_millis(3_011)] {
            let above = just_above(span);
            assert!(above > span && slot(above) == slot(span), "{span} {above}");
        }
    }
}
