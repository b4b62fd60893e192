//! Events that come the same time after they are entered and are seldom looked at: timeouts.

use super::entry::CompactEntry;
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// Lanes, each in order as it is.
#[derive(Debug, Clone)]
pub(super) struct Lanes<E: Copy> {
    lanes: Vec<Lane<E>>,
    /// The time of each lane's first event, [`Time::NEVER`] without one.
    heads: Vec<Time>,
    /// The lane whose first event comes first, and when.
    first: (Time, usize),
    /// Events that did not matter and have been cleared away.
    passed: u64,
}

#[derive(Debug, Clone)]
struct Lane<E: Copy> {
    delay: Span,
    events: VecDeque<CompactEntry<E>>,
    /// How many at the front no longer matter.
    idle: usize,
    /// How many at the front have been told of.
    told: usize,
}

/// Events that do not matter are cleared away in batches of this many.
const BATCH: usize = 64;

/// Events that are told of at a time.
pub(super) const AHEAD: usize = 16;

impl<E: Copy> Lanes<E> {
    pub(super) fn new() -> Self {
        Lanes { lanes: Vec::new(), heads: Vec::new(), first: (Time::NEVER, 0), passed: 0 }
    }

    /// Adds a lane behind the others: its number.
    pub(super) fn add(&mut self, delay: Span) -> usize {
        self.lanes.push(Lane { delay, events: VecDeque::new(), idle: 0, told: 0 });
        self.heads.push(Time::NEVER);
        self.lanes.len() - 1
    }

    /// When the first event of all lanes comes that is not known not to matter, and in which lane.
    #[inline]
    pub(super) fn first(&self) -> (Time, usize) {
        self.first
    }

    /// Enters an event of a lane at this moment, if it comes before `too_late`.
    #[inline(always)]
    pub(super) fn enter(&mut self, now: Time, number: usize, event: E, too_late: Time) {
        let lane = &mut self.lanes[number];
        let at = now + lane.delay;
        if at >= too_late {
            return;
        }
        if lane.idle >= BATCH && { lane.events[BATCH - 1].at } < now.0 {
            lane.clear();
            self.passed += BATCH as u64;
        }
        lane.events.push_back(CompactEntry { at: at.0, event });
        if self.heads[number] == Time::NEVER {
            self.heads[number] = at;
            self.first = self.first.min((at, number));
        }
    }

    /// Takes the first event of a lane that is not known not to matter, if it still does. Some of
    /// those after it are told `soon`, long before it is their turn.
    pub(super) fn take(
        &mut self,
        number: usize,
        matters: impl Fn(E) -> bool,
        soon: impl Fn(E, bool),
    ) -> Option<E> {
        let lane = &mut self.lanes[number];
        lane.events.drain(..lane.idle);
        self.passed += lane.idle as u64;
        let CompactEntry { event, .. } = lane.events.pop_front().expect("it has a first event");
        let taken = matters(event).then_some(event);
        self.passed += u64::from(taken.is_none());
        lane.told = lane.told.saturating_sub(lane.idle + 1);
        let next = lane.events.iter().position(|entry| matters(entry.event));
        lane.idle = next.unwrap_or(lane.events.len());
        if lane.told <= lane.idle {
            let next = lane.events.range(lane.idle..).take(AHEAD);
            lane.told = lane.idle + next.len();
            next.for_each(|entry| soon(entry.event, true));
            let later = lane.events.range(lane.told..).take(AHEAD);
            later.for_each(|entry| soon(entry.event, false));
        }
        self.heads[number] = next.map_or(Time::NEVER, |next| Time(lane.events[next].at));
        self.first = (Time::NEVER, 0);
        for (lane, head) in self.heads.iter().enumerate() {
            if *head < self.first.0 {
                self.first = (*head, lane);
            }
        }
        taken
    }

    /// How many events would have happened before `to` and have been passed over.
    pub(super) fn skipped_events(&self, to: Time) -> u64 {
        let due = |lane: &Lane<E>| {
            let late = lane.events.partition_point(|entry| Time(entry.at) < to);
            late.min(lane.idle) as u64
        };
        self.passed + self.lanes.iter().map(due).sum::<u64>()
    }

    pub(super) fn len(&self) -> usize {
        self.lanes.iter().map(|lane| lane.events.len()).sum()
    }
}

impl<E: Copy> Lane<E> {
    #[cold]
    #[inline(never)]
    fn clear(&mut self) {
        self.events.drain(..BATCH);
        self.idle -= BATCH;
        self.told = self.told.saturating_sub(BATCH);
    }
}
