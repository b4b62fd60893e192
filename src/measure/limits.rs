//! Limits that response times are compared with exactly.
//!
//! A histogram tells times apart to two digits only: 3.010 s lies in the bucket of 3 s. So the
//! limits that rules name are known while requests are counted, and of the values in a limit's own
//! bucket those beyond the limit are counted apart. The histogram stays the same whatever the
//! rules.

use super::slots::{SLOTS, slot};
use crate::units::Span;
use std::sync::Arc;

/// Words of a set of buckets.
const WORDS: usize = SLOTS.div_ceil(64);

/// A set of limits, in ascending order.
#[derive(Debug, Clone)]
pub struct Limits {
    limits: Arc<[Span]>,
    /// The buckets that a limit lies in.
    split: Arc<[u64; WORDS]>,
    good_apart: bool,
}

/// Where a value lies: its bucket, and which of the limits in that bucket it is beyond. Looked up
/// once for all the tallies that count it.
#[derive(Debug, Clone, Copy)]
pub struct BucketPosition {
    pub(super) slot: u16,
    /// One more than the number of the last limit of this bucket that it is beyond; 0: none.
    pub(super) beyond: u16,
}

impl BucketPosition {
    /// Whether it took no time at all that a histogram could tell.
    #[inline]
    pub fn is_at_once(self) -> bool {
        self.slot == 0
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::new(Vec::new())
    }
}

impl Limits {
    /// These limits; each counts once.
    pub fn new(mut limits: Vec<Span>) -> Limits {
        limits.sort_unstable();
        limits.dedup();
        // A place has room for this many; a scenario cannot have as many rules.
        limits.truncate(usize::from(u16::MAX) - 1);
        let mut split = [0; WORDS];
        for limit in &limits {
            let slot = slot(*limit);
            split[slot / 64] |= 1 << (slot % 64);
        }
        Limits { limits: limits.into(), split: Arc::new(split), good_apart: false }
    }

    /// The same, with the times of good answers kept apart as well, if this is so.
    pub fn with_good_apart(self, good_apart: bool) -> Limits {
        Limits { good_apart, ..self }
    }

    /// Whether the times of good answers are kept apart as well.
    pub fn good_apart(&self) -> bool {
        self.good_apart
    }

    /// Where a value lies.
    #[inline]
    pub fn place(&self, span: Span) -> BucketPosition {
        let slot = slot(span);
        let splits = self.split[slot / 64] & (1 << (slot % 64)) != 0;
        let beyond = if splits { self.beyond(span, slot) } else { 0 };
        BucketPosition { slot: slot as u16, beyond }
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Span] {
        &self.limits
    }

    // Hardly any request lies in the bucket of a limit.
    #[cold]
    fn beyond(&self, span: Span, own: usize) -> u16 {
        let passed = self.limits.partition_point(|limit| *limit < span);
        let here = passed > 0 && slot(self.limits[passed - 1]) == own;
        if here { passed as u16 } else { 0 }
    }
}
