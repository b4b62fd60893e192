//! A waiting room in front of the site: this many visits per second begin, the others wait.

use super::slab::PoolSlot;
use super::visitors::Visit;
use crate::change::Admission;
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What has become of visits that were held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HeldBack {
    /// Visits that did not begin at once.
    pub held: u64,
    /// Of these, those who left before it was their turn.
    pub left: u64,
    /// Those who are still waiting.
    pub waiting: u64,
    /// The longest that anybody waited who came in.
    pub longest: Span,
}

impl HeldBack {
    /// Whether nobody was ever held back.
    pub fn is_none(&self) -> bool {
        self.held == 0
    }
}

/// Those who wait, in the order in which they came.
///
/// Admission is by the generic cell rate algorithm (a token bucket in whole nanoseconds): it holds
/// a second's worth of visits, so that a crowd below the rate is not held back for coming unevenly.
#[derive(Clone, Default)]
pub(super) struct WaitingRoom {
    pub gate: Option<Admission>,
    /// Whoever has come in is paid for up to here.
    paid_until: Time,
    /// The first of them by number; `None` has left.
    held: VecDeque<Option<Held>>,
    first: u32,
    /// Admissions that were entered before this are stale.
    pub run: u32,
    pub totals: HeldBack,
}

/// A visit that is held back.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub visit: PoolSlot<Visit>,
    pub since: Time,
}

impl WaitingRoom {
    /// What one visit pays.
    fn price(&self) -> Span {
        let rate = self.gate.map_or(1.0, |gate| gate.rate.0);
        Span::from_seconds(1.0 / rate)
    }

    /// When the next visit may begin.
    pub fn opens_at(&self) -> Time {
        let ahead = Span(Span::SECOND.0.saturating_sub(self.price().0));
        Time(self.paid_until.0.saturating_sub(ahead.0))
    }

    /// Another rate: whoever waits goes on waiting, and nothing is owed for the time before.
    pub fn set_rate(&mut self, now: Time, gate: Option<Admission>) {
        self.gate = gate;
        self.run += 1;
        self.paid_until = now;
    }

    /// A visit begins.
    pub fn spend_token(&mut self, now: Time) {
        self.paid_until = self.paid_until.max(now) + self.price();
    }

    /// Somebody who has just come has to wait: the number to leave by.
    pub fn hold(&mut self, now: Time, visit: PoolSlot<Visit>) -> u32 {
        let number = self.first.wrapping_add(self.held.len() as u32);
        self.held.push_back(Some(Held { visit, since: now }));
        self.totals.held += 1;
        self.totals.waiting += 1;
        number
    }

    /// Whoever has waited longest comes in.
    pub fn next(&mut self, now: Time) -> Option<Held> {
        while let Some(first) = self.held.pop_front() {
            self.first = self.first.wrapping_add(1);
            if let Some(held) = first {
                self.totals.waiting -= 1;
                self.totals.longest = self.totals.longest.max(now - held.since);
                return Some(held);
            }
        }
        None
    }

    /// This one has waited long enough; `None`: it is in already.
    pub fn leave(&mut self, number: u32) -> Option<Held> {
        let place = number.wrapping_sub(self.first) as usize;
        let held = self.held.get_mut(place)?.take()?;
        self.totals.waiting -= 1;
        self.totals.left += 1;
        Some(held)
    }
}
