//! The agenda: what happens next.

use super::entry::Entry;
use super::radix::RadixHeap;
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// Coming events in the order in which they happen.
///
/// The order is: time, then the queue before the lanes, then the lower lane first, then the order
/// of entry. It never depends on anything else, so a run can be repeated event for event. Nothing
/// can be entered before [`Agenda::now`]. An event later than 2⁶³ ns (292 years) never happens.
///
/// A lane is for events that all come the same time after they are entered, as timeouts do: they
/// are in order as they are, which costs next to nothing. Events are not taken back: whoever
/// handles one knows whether it still matters.
#[derive(Debug, Clone)]
pub struct Agenda<E: Copy> {
    now: Time,
    queue: RadixHeap<E>,
    lanes: Vec<Lane<E>>,
    /// The time of each lane's first event, [`Time::NEVER`] without one.
    heads: Vec<Time>,
    /// The lane whose first event comes first, and when.
    first: (Time, usize),
}

#[derive(Debug, Clone)]
struct Lane<E: Copy> {
    delay: Span,
    events: VecDeque<Entry<E>>,
}

/// Identifies a lane of one agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneId(u16);

/// The first moment that never comes.
const TOO_LATE: Time = Time(1 << 63);

impl<E: Copy> Default for Agenda<E> {
    fn default() -> Self {
        Agenda {
            now: Time::ZERO,
            queue: RadixHeap::new(),
            lanes: Vec::new(),
            heads: Vec::new(),
            first: (Time::NEVER, 0),
        }
    }
}

impl<E: Copy> Agenda<E> {
    /// An empty agenda at time zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time of the event taken last, or what [`Agenda::advance`] made of it.
    #[inline]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Adds a lane, behind those that are there, whose events come `delay` after they are entered.
    pub fn add_lane(&mut self, delay: Span) -> LaneId {
        let id = u16::try_from(self.lanes.len()).expect("fewer than 65,536 lanes");
        self.lanes.push(Lane { delay, events: VecDeque::new() });
        self.heads.push(Time::NEVER);
        LaneId(id)
    }

    /// Enters an event at a moment. Panics if the moment is before [`Agenda::now`].
    #[inline]
    pub fn enter(&mut self, at: Time, event: E) {
        assert!(at >= self.now, "an event at {at:?} is entered at {:?}", self.now);
        if at < TOO_LATE {
            self.queue.push(at.0, event);
        }
    }

    /// Enters an event one delay of the lane from now.
    #[inline]
    pub fn enter_lane(&mut self, lane: LaneId, event: E) {
        let number = usize::from(lane.0);
        let lane = &mut self.lanes[number];
        let at = self.now + lane.delay;
        if at >= TOO_LATE {
            return;
        }
        match lane.events.back() {
            Some(last) => assert!({ last.at } <= at.0, "lanes are in order of time"),
            None => {
                self.heads[number] = at;
                self.first = self.first.min((at, number));
            }
        }
        lane.events.push_back(Entry { at: at.0, event });
    }

    /// When the next event happens.
    #[inline]
    pub fn next_at(&self) -> Option<Time> {
        let queued = self.queue.next_at().map_or(Time::NEVER, Time);
        let next = queued.min(self.first.0);
        (next != Time::NEVER).then_some(next)
    }

    /// Takes the next event if it happens before `horizon`, and moves [`Agenda::now`] to it.
    #[inline]
    pub fn next_before(&mut self, horizon: Time) -> Option<(Time, E)> {
        let queued = self.queue.next_at().map_or(Time::NEVER, Time);
        let (from_lane, lane) = self.first;
        if queued.min(from_lane) >= horizon {
            return None;
        }
        if from_lane < queued {
            self.now = from_lane;
            return Some((from_lane, self.take_from_lane(lane)));
        }
        let (at, event) = self.queue.pop()?;
        self.now = Time(at);
        Some((self.now, event))
    }

    /// Moves [`Agenda::now`] forward to `to`. Panics if something is still to happen before it.
    pub fn advance(&mut self, to: Time) {
        assert!(to >= self.now, "{to:?} is before {:?}", self.now);
        assert!(self.next_at().is_none_or(|next| next >= to), "something happens before {to:?}");
        self.now = to;
    }

    /// How many events have been entered and have not happened.
    pub fn len(&self) -> usize {
        self.queue.len() + self.lanes.iter().map(|lane| lane.events.len()).sum::<usize>()
    }

    /// Whether nothing is to happen any more.
    pub fn is_empty(&self) -> bool {
        self.next_at().is_none()
    }

    #[inline]
    fn take_from_lane(&mut self, number: usize) -> E {
        let events = &mut self.lanes[number].events;
        let Entry { event, .. } = events.pop_front().expect("it has a first event");
        self.heads[number] = events.front().map_or(Time::NEVER, |next| Time(next.at));
        self.first = (Time::NEVER, 0);
        for (lane, head) in self.heads.iter().enumerate() {
            if *head < self.first.0 {
                self.first = (*head, lane);
            }
        }
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    /// What a user of an agenda may do.
    #[derive(Debug, Clone)]
    enum Deed {
        Enter(u64),
        EnterLane(usize),
        RunUntil(u64),
        Take,
    }

    const DELAYS: [u64; 3] = [5, 0, 40];

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let deed = prop_oneof![
            4 => (0u64..12).prop_map(Deed::Enter),
            2 => (0u64..100_000).prop_map(Deed::Enter),
            4 => (0usize..3).prop_map(Deed::EnterLane),
            1 => (0u64..30).prop_map(Deed::RunUntil),
            5 => Just(Deed::Take),
        ];
        prop::collection::vec(deed, 0..400)
    }

    proptest! {
        /// The oracle orders by (time, queue or lane, order of entry), as the contract says.
        #[test]
        fn the_order_is_that_of_the_contract(deeds in deeds()) {
            let mut agenda = Agenda::new();
            let lanes = DELAYS.map(|delay| agenda.add_lane(Span(delay)));
            let mut oracle = BinaryHeap::new();
            for (number, deed) in deeds.into_iter().enumerate() {
                let now = agenda.now();
                match deed {
                    Deed::Enter(after) => {
                        agenda.enter(now + Span(after), number);
                        oracle.push(Reverse((now.0 + after, 0, number)));
                    }
                    Deed::EnterLane(lane) => {
                        agenda.enter_lane(lanes[lane], number);
                        oracle.push(Reverse((now.0 + DELAYS[lane], lane + 1, number)));
                    }
                    Deed::RunUntil(after) => {
                        let horizon = now + Span(after);
                        while let Some((at, event)) = agenda.next_before(horizon) {
                            let Reverse(expected) = oracle.pop().expect("as many");
                            prop_assert_eq!((at.0, event), (expected.0, expected.2));
                            prop_assert!(at < horizon);
                        }
                        agenda.advance(horizon);
                    }
                    Deed::Take => {
                        let taken = agenda.next_before(Time::NEVER).map(|(at, e)| (at.0, e));
                        let expected = oracle.pop().map(|Reverse((at, _, e))| (at, e));
                        prop_assert_eq!(taken, expected);
                    }
                }
                prop_assert_eq!(agenda.len(), oracle.len());
                let next = oracle.peek().map(|Reverse((at, ..))| Time(*at));
                prop_assert_eq!(agenda.next_at(), next);
            }
        }
    }

    #[test]
    fn many_events_of_one_moment_leave_as_they_came() {
        let mut agenda = Agenda::new();
        (0..1_000).for_each(|n| agenda.enter(Time(7 + n % 3), n));
        let order: Vec<u64> = std::iter::from_fn(|| agenda.next_before(Time::NEVER))
            .map(|(at, n)| {
                assert_eq!(at.0, 7 + n % 3);
                n
            })
            .collect();
        let expected: Vec<u64> =
            (0..3).flat_map(|r| (0..1_000).filter(move |n| n % 3 == r)).collect();
        assert_eq!(order, expected);
    }

    #[test]
    fn the_horizon_itself_is_not_reached() {
        let mut agenda = Agenda::new();
        agenda.enter(Time(10), 'a');
        assert_eq!(agenda.next_before(Time(10)), None);
        agenda.advance(Time(10));
        agenda.enter(Time(10), 'b');
        assert_eq!(agenda.next_before(Time(11)), Some((Time(10), 'a')));
        assert_eq!(agenda.next_before(Time(11)), Some((Time(10), 'b')));
        assert!(agenda.is_empty());
    }

    #[test]
    fn an_event_after_the_end_of_time_never_happens() {
        let mut agenda = Agenda::new();
        let lane = agenda.add_lane(Span(u64::MAX));
        agenda.enter_lane(lane, 'a');
        agenda.enter(Time::NEVER, 'b');
        assert!(agenda.is_empty());
    }

    #[test]
    #[should_panic(expected = "is entered at")]
    fn nothing_is_entered_in_the_past() {
        let mut agenda = Agenda::new();
        agenda.advance(Time(2));
        agenda.enter(Time(1), ());
    }

    #[test]
    #[should_panic(expected = "something happens before")]
    fn nothing_is_passed_over() {
        let mut agenda = Agenda::new();
        agenda.enter(Time(1), ());
        agenda.advance(Time(2));
    }
}
