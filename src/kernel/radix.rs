//! A monotone radix heap: the nearer an entry is to the last one taken, the finer its bucket.
//!
//! An entry lies in the bucket of the highest bit in which its time differs from `last`. Since
//! `last` only moves within the lowest bucket in use, entries of equal time always lie in the same
//! bucket, and since buckets are only appended to and emptied in order, they leave as they came.
//!
//! By hand, because the heaps of the library and of crates let equal times leave in any order, and
//! a run must be the same on every machine.

use super::entry::Entry;
use std::collections::VecDeque;

/// Buckets up to this size are searched; larger ones are spread over the finer buckets. A choice
/// about speed alone: entries leave in the same order with any other number.
const SEARCHED: usize = 8;

/// A priority queue that never goes back in time; equal times leave in the order they entered.
#[derive(Debug, Clone)]
pub(super) struct RadixHeap<E: Copy> {
    /// A lower bound of every entry's time.
    last: u64,
    /// Entries whose time is exactly `last`.
    front: VecDeque<E>,
    buckets: Vec<Bucket<E>>,
    /// Bit `b` is set when bucket `b` holds something; bit 0 stands for `front`.
    filled: u64,
    len: usize,
}

#[derive(Debug, Clone)]
struct Bucket<E: Copy> {
    entries: Vec<Entry<E>>,
    earliest: u64,
}

impl<E: Copy> RadixHeap<E> {
    pub(super) fn new() -> Self {
        let bucket = || Bucket { entries: Vec::new(), earliest: u64::MAX };
        let buckets = (0..64).map(|_| bucket()).collect();
        RadixHeap { last: 0, front: VecDeque::new(), buckets, filled: 0, len: 0 }
    }

    /// Adds an entry. Its time is at least that of the last one taken, and below 2⁶³.
    #[inline]
    pub(super) fn push(&mut self, at: u64, event: E) {
        debug_assert!(at >= self.last && at < 1 << 63);
        self.len += 1;
        self.place(at, event);
    }

    /// The time of the next entry.
    #[inline]
    pub(super) fn next_at(&self) -> Option<u64> {
        match self.filled.trailing_zeros() {
            0 => Some(self.last),
            64 => None,
            bucket => Some(self.buckets[bucket as usize].earliest),
        }
    }

    /// Takes the next entry.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<(u64, E)> {
        let lowest = self.filled.trailing_zeros() as usize;
        if lowest == 64 {
            return None;
        }
        self.len -= 1;
        if lowest > 0 {
            if self.buckets[lowest].entries.len() <= SEARCHED {
                return Some(self.take_earliest(lowest));
            }
            self.spread(lowest);
        }
        let event = self.front.pop_front().expect("its bit is set");
        self.filled &= !u64::from(self.front.is_empty());
        Some((self.last, event))
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    fn place(&mut self, at: u64, event: E) {
        let number = 64 - (at ^ self.last).leading_zeros();
        self.filled |= 1 << number;
        if number == 0 {
            self.front.push_back(event);
        } else {
            let bucket = &mut self.buckets[number as usize];
            bucket.earliest = bucket.earliest.min(at);
            bucket.entries.push(Entry { at, event });
        }
    }

    /// Takes the earliest entry out of a small bucket, the first of equals.
    #[inline]
    fn take_earliest(&mut self, number: usize) -> (u64, E) {
        let bucket = &mut self.buckets[number];
        let (mut first, mut second) = ((0, u64::MAX), u64::MAX);
        for (position, entry) in bucket.entries.iter().enumerate() {
            let at = entry.at;
            if at < first.1 {
                second = first.1;
                first = (position, at);
            } else if at < second {
                second = at;
            }
        }
        bucket.earliest = second;
        let Entry { at, event } = bucket.entries.remove(first.0);
        if bucket.entries.is_empty() {
            self.filled &= !(1 << number);
        }
        (at, event)
    }

    /// Moves `last` to a bucket's earliest time and its entries to the finer buckets, all empty.
    fn spread(&mut self, number: usize) {
        let bucket = &mut self.buckets[number];
        self.last = bucket.earliest;
        bucket.earliest = u64::MAX;
        let mut entries = std::mem::take(&mut bucket.entries);
        self.filled &= !(1 << number);
        for Entry { at, event } in entries.drain(..) {
            self.place(at, event);
        }
        self.buckets[number].entries = entries;
    }
}
