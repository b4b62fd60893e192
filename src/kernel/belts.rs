//! Events that all come the same time after they are entered, in turn with all others: they are in
//! order as they are, and need not be sorted.

use super::entry::QueuedEvent;
use super::lanes::AHEAD;
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// Belts, each in order as it is.
#[derive(Debug, Clone)]
pub(super) struct Belts<E: Copy> {
    belts: Vec<Belt<E>>,
    /// When the first event of all belts comes, and which it is in order of entry; the time is the
    /// largest number without one.
    pub(super) next: (u64, u32),
    /// The belt that has it.
    first: usize,
}

#[derive(Debug, Clone)]
struct Belt<E: Copy> {
    delay: Span,
    events: VecDeque<QueuedEvent<E>>,
    /// How many at the front have been told of.
    told: usize,
}

/// Later than all that can be on a belt: there is nothing.
const NONE: (u64, u32) = (u64::MAX, 0);

impl<E: Copy> Belts<E> {
    pub(super) fn new() -> Self {
        Belts { belts: Vec::new(), next: NONE, first: 0 }
    }

    /// Adds a belt: its number.
    pub(super) fn add(&mut self, delay: Span) -> usize {
        self.belts.push(Belt { delay, events: VecDeque::new(), told: 0 });
        self.belts.len() - 1
    }

    /// Enters an event of a belt at this moment, if it comes before `too_late`.
    #[inline(always)]
    pub(super) fn enter(&mut self, now: Time, number: usize, turn: u32, event: E, too_late: Time) {
        let belt = &mut self.belts[number];
        let at = now + belt.delay;
        if at >= too_late {
            return;
        }
        // Of two belts' events of one moment, that which was entered first is the first already.
        if at.0 < self.next.0 {
            (self.next, self.first) = ((at.0, turn), number);
        }
        belt.events.push_back(QueuedEvent { at: at.0, turn, event });
    }

    /// Takes the first event. Some of those after it are told `soon`, long before it is their turn.
    #[inline]
    pub(super) fn take(&mut self, soon: impl Fn(E, bool)) -> Option<E> {
        let belt = self.belts.get_mut(self.first)?;
        let QueuedEvent { event, .. } = belt.events.pop_front()?;
        belt.told = match belt.told {
            0 => {
                let ahead = belt.events.range(..).take(AHEAD);
                let told = ahead.len();
                ahead.for_each(|entry| soon(entry.event, false));
                told
            }
            told => told - 1,
        };
        self.next = NONE;
        for (number, belt) in self.belts.iter().enumerate() {
            if let Some(head) = belt.events.front()
                && comes_before((head.at, head.turn), self.next)
            {
                (self.next, self.first) = ((head.at, head.turn), number);
            }
        }
        Some(event)
    }

    pub(super) fn len(&self) -> usize {
        self.belts.iter().map(|belt| belt.events.len()).sum()
    }
}

/// Whether an event comes before another, by time and then by entry. Turns are counted round and
/// round: what is entered at about the same time is told apart rightly.
#[inline]
pub(super) fn comes_before(one: (u64, u32), other: (u64, u32)) -> bool {
    one.0 < other.0 || (one.0 == other.0 && one.1.wrapping_sub(other.1) > u32::MAX / 2)
}
