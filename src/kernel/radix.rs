//! A monotone radix heap: the nearer an entry is to the last one taken, the finer its bucket.
//!
//! What comes next lies sorted. Everything else lies in buckets by the highest digit in which its
//! time differs from `last`, and by its own digit there; the first bucket in use is sorted when it
//! is its turn, or spread over finer ones if it is large. `last` only moves within the first bucket
//! in use, so that entries of equal time always lie in the same bucket; and since buckets are only
//! appended to and emptied in order, they leave as they came.
//!
//! By hand, because the heaps of the library and of crates let equal times leave in any order, and
//! a run must be the same on every machine.

use super::entry::QueuedEvent;

/// Bits of a digit.
const BITS: u32 = 4;
/// Values of a digit.
const DIGITS: usize = 1 << BITS;
/// Digits of a time.
const LEVELS: usize = 64 / BITS as usize;
/// Buckets up to this size are sorted; larger ones are spread over the finer buckets. This and the
/// numbers after it are choices about speed alone: entries leave in the same order with any others.
const SORTED: usize = 12;
/// When more than this lie sorted, the later half goes back to the buckets.
const NEAR: usize = 32;
/// Those that have left are cleared away when the sorted ones with them are more than this.
const ROOM: usize = 4 * NEAR;

/// The next of none.
const NONE: (u64, u32) = (u64::MAX, 0);

/// A priority queue that never goes back in time; equal times leave in the order they entered.
#[derive(Debug, Clone)]
pub(super) struct RadixHeap<E: Copy> {
    /// The entries before `bound`, in the order in which they leave, from `head` on. Empty only
    /// when there are no others.
    near: Vec<QueuedEvent<E>>,
    head: usize,
    /// What has left is cleared away when `near` is as long as this.
    room: usize,
    bound: u64,
    /// The time and the turn of the first entry; the time is the largest number without one.
    next: (u64, u32),
    /// A lower bound of every time in a bucket.
    last: u64,
    /// By level and digit.
    buckets: Vec<Vec<QueuedEvent<E>>>,
    /// By level: bit `d` is set when the bucket of digit `d` holds something.
    filled: [u16; LEVELS],
    /// Bit `l` is set when something of level `l` is filled.
    levels: u32,
    len: usize,
}

impl<E: Copy> RadixHeap<E> {
    pub(super) fn new() -> Self {
        RadixHeap {
            near: Vec::new(),
            head: 0,
            room: ROOM,
            bound: 0,
            next: NONE,
            last: 0,
            buckets: vec![Vec::new(); LEVELS * DIGITS],
            filled: [0; LEVELS],
            levels: 0,
            len: 0,
        }
    }

    /// Adds an entry. Its time is at least that of the last one taken, and below 2⁶³.
    #[inline(always)]
    pub(super) fn push(&mut self, at: u64, turn: u32, event: E) {
        debug_assert!(at < 1 << 63);
        self.len += 1;
        let entry = QueuedEvent { at, turn, event };
        if at < self.bound {
            self.insert_in_order(entry);
        } else {
            self.place(entry);
            if self.next == NONE {
                self.refill();
            }
        }
    }

    /// The time and the turn of the next entry; the time is the largest number without one.
    #[inline]
    pub(super) fn next(&self) -> (u64, u32) {
        self.next
    }

    /// Takes the next entry; those that are sorted after it, many at a time, are told `soon`.
    #[inline]
    pub(super) fn pop(&mut self, soon: impl Fn(E, bool)) -> Option<E> {
        let QueuedEvent { event, .. } = *self.near.get(self.head)?;
        self.len -= 1;
        self.head += 1;
        match self.near.get(self.head) {
            Some(next) => self.next = (next.at, next.turn),
            None => {
                self.refill();
                self.near.iter().for_each(|entry| soon(entry.event, false));
            }
        }
        Some(event)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Puts an entry into its bucket.
    #[inline]
    fn place(&mut self, entry: QueuedEvent<E>) {
        let level = (63 - ((entry.at ^ self.last) | 1).leading_zeros()) / BITS;
        let digit = (entry.at >> (level * BITS)) as usize % DIGITS;
        self.buckets[level as usize * DIGITS + digit].push(entry);
        self.filled[level as usize] |= 1 << digit;
        self.levels |= 1 << level;
    }

    /// Puts an entry among those that come next, behind those of the same time.
    #[inline]
    fn insert_in_order(&mut self, entry: QueuedEvent<E>) {
        let at = entry.at;
        if at < self.next.0 {
            self.next = (at, entry.turn);
            if self.head > 0 {
                self.head -= 1;
                self.near[self.head] = entry;
                return;
            }
        }
        // What is all of one time is only ever appended to.
        let crowded = self.near.len() - self.head >= NEAR && self.bound > self.next.0 + 1;
        if crowded || self.near.len() >= self.room {
            self.make_room();
            if at >= self.bound {
                return self.place(entry);
            }
        }
        self.near.push(entry);
        let near = &mut self.near[self.head..];
        let mut hole = near.len() - 1;
        while hole > 0 && near[hole - 1].at > at {
            near[hole] = near[hole - 1];
            hole -= 1;
        }
        near[hole] = entry;
    }

    /// Moves what lies sorted to the front of its room, and the later half of much of it back to
    /// the buckets.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self) {
        self.near.copy_within(self.head.., 0);
        self.near.truncate(self.near.len() - self.head);
        self.head = 0;
        self.room = ROOM.max(2 * self.near.len());
        if self.near.len() < NEAR || self.bound == self.next.0 + 1 {
            return;
        }
        // What is of one time stays together; if that is nearly all, it comes first.
        self.bound = self.near[NEAR / 2].at.max(self.next.0 + 1);
        let kept = self.near.partition_point(|entry| entry.at < self.bound);
        let mut later = self.near.split_off(kept);
        if self.bound < self.last {
            // Hardly ever: much has been entered before the earliest of what was spread last.
            self.last = self.next.0;
            let buckets = self.buckets.iter_mut().flat_map(std::mem::take);
            later.extend(buckets);
            (self.filled, self.levels) = ([0; LEVELS], 0);
        }
        later.into_iter().for_each(|entry| self.place(entry));
    }

    /// Sorts the first bucket in use, when nothing lies sorted any more.
    #[inline(never)]
    fn refill(&mut self) {
        self.near.clear();
        (self.head, self.room) = (0, ROOM);
        self.next = NONE;
        while self.levels != 0 {
            let level = self.levels.trailing_zeros();
            let digits = &mut self.filled[level as usize];
            let digit = digits.trailing_zeros();
            *digits &= *digits - 1;
            if *digits == 0 {
                self.levels &= self.levels - 1;
            }
            let number = level as usize * DIGITS + digit as usize;
            if level == 0 || self.buckets[number].len() <= SORTED {
                std::mem::swap(&mut self.near, &mut self.buckets[number]);
                if level > 0 {
                    sort(&mut self.near);
                }
                self.next = (self.near[0].at, self.near[0].turn);
                // The end of the range of times that the bucket is for.
                let coarser = self.last >> (level * BITS) >> BITS << BITS;
                self.bound = ((coarser | u64::from(digit)) + 1) << (level * BITS);
                return;
            }
            self.spread(number);
        }
    }

    /// Moves `last` to a bucket's earliest time and its entries to the finer buckets, all empty.
    fn spread(&mut self, number: usize) {
        let mut entries = std::mem::take(&mut self.buckets[number]);
        self.last = entries.iter().map(|entry| entry.at).min().expect("its bit was set");
        entries.drain(..).for_each(|entry| self.place(entry));
        self.buckets[number] = entries;
    }
}

/// Sorts a few entries by time, and leaves those of one time as they are.
#[inline]
fn sort<E: Copy>(entries: &mut [QueuedEvent<E>]) {
    for sorted in 1..entries.len() {
        let entry = entries[sorted];
        let mut hole = sorted;
        while hole > 0 && entries[hole - 1].at > entry.at {
            entries[hole] = entries[hole - 1];
            hole -= 1;
        }
        entries[hole] = entry;
    }
}
