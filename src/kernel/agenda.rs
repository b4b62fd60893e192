//! The agenda: what happens next.

use super::belts::{Belts, comes_before};
use super::lanes::Lanes;
use super::radix::RadixHeap;
use crate::units::{Span, Time};

/// Coming events in the order in which they happen.
///
/// The order is: time, then the queue before the lanes, then the lower lane first, then the order
/// of entry. It never depends on anything else, so a run can be repeated event for event. Nothing
/// can be entered before [`Agenda::now`]. An event later than 2⁶³ ns (292 years) never happens.
///
/// Belts and lanes are for events that all come the same time after they are entered: they are in
/// order as they are, which costs next to nothing. Those of belts happen as if they were in the
/// queue. Those of lanes are timeouts, hardly any of which matters when its moment has come. Events
/// are not taken back: whoever takes them knows whether one still matters, and those of lanes that
/// do not are passed over many at a time, long before their moment.
#[derive(Debug, Clone)]
pub struct Agenda<E: Copy> {
    now: Time,
    queue: RadixHeap<E>,
    belts: Belts<E>,
    lanes: Lanes<E>,
    /// Of the next event in the queue or on a belt.
    turn: u32,
}

/// Identifies a lane of one agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneId(u16);

/// Identifies a belt of one agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BeltId(u16);

/// The first moment that never comes.
const TOO_LATE: Time = Time(1 << 63);

impl<E: Copy> Default for Agenda<E> {
    fn default() -> Self {
        Agenda {
            now: Time::ZERO,
            queue: RadixHeap::new(),
            belts: Belts::new(),
            lanes: Lanes::new(),
            turn: 0,
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
        LaneId(u16::try_from(self.lanes.add(delay)).expect("fewer than 65,536 lanes"))
    }

    /// Adds a belt whose events come `delay` after they are entered, in turn with the queue.
    pub fn add_belt(&mut self, delay: Span) -> BeltId {
        BeltId(u16::try_from(self.belts.add(delay)).expect("fewer than 65,536 belts"))
    }

    /// Enters an event at a moment. Panics if the moment is before [`Agenda::now`].
    #[inline(always)]
    pub fn enter(&mut self, at: Time, event: E) {
        assert!(at >= self.now, "an event at {at:?} is entered at {:?}", self.now);
        if at < TOO_LATE {
            self.turn = self.turn.wrapping_add(1);
            self.queue.push(at.0, self.turn, event);
        }
    }

    /// Enters an event one delay of the belt from now.
    #[inline(always)]
    pub fn enter_belt(&mut self, belt: BeltId, event: E) {
        self.turn = self.turn.wrapping_add(1);
        self.belts.enter(self.now, usize::from(belt.0), self.turn, event, TOO_LATE);
    }

    /// Enters an event one delay of the lane from now.
    #[inline(always)]
    pub fn enter_lane(&mut self, lane: LaneId, event: E) {
        self.lanes.enter(self.now, usize::from(lane.0), event, TOO_LATE);
    }

    /// When the next event happens; one that does not matter any more may count as none.
    #[inline]
    pub fn next_at(&self) -> Option<Time> {
        let queued = self.queue.next().0.min(self.belts.next.0);
        let next = self.lanes.first().0.min(Time(queued));
        (next != Time::NEVER).then_some(next)
    }

    /// Takes the next event if it happens before `horizon`, and moves [`Agenda::now`] to it.
    #[inline]
    pub fn next_before(&mut self, horizon: Time) -> Option<(Time, E)> {
        self.next_that_matters(horizon, |_| true, |_, _| {})
    }

    /// The same, passing over events of lanes that do not matter. What does not matter once never
    /// does again. What is told `soon` comes before long, unless something else comes first: time
    /// to fetch from memory what it is about. What has been told is told again when it is nearer,
    /// with `true`, if that is worth while.
    #[inline]
    pub fn next_that_matters(
        &mut self,
        horizon: Time,
        matters: impl Fn(E) -> bool,
        soon: impl Fn(E, bool),
    ) -> Option<(Time, E)> {
        loop {
            let (queued, carried) = (self.queue.next(), self.belts.next);
            let from_queue = Time(queued.0.min(carried.0));
            let (from_lane, lane) = self.lanes.first();
            if from_queue.min(from_lane) >= horizon {
                return None;
            }
            if from_queue <= from_lane {
                self.now = from_queue;
                let event = match comes_before(carried, queued) {
                    true => self.belts.take(&soon)?,
                    false => self.queue.pop(&soon)?,
                };
                return Some((from_queue, event));
            }
            if let Some(event) = self.lanes.take(lane, &matters, &soon) {
                self.now = from_lane;
                return Some((from_lane, event));
            }
        }
    }

    /// How many events of lanes would have happened before `to` and have been passed over. Nothing
    /// that matters happens before it any more.
    pub fn skipped_events(&self, to: Time) -> u64 {
        self.lanes.skipped_events(to)
    }

    /// Moves [`Agenda::now`] forward to `to`. Panics if something is still to happen before it.
    pub fn advance(&mut self, to: Time) {
        assert!(to >= self.now, "{to:?} is before {:?}", self.now);
        assert!(self.next_at().is_none_or(|next| next >= to), "something happens before {to:?}");
        self.now = to;
    }

    /// How many events have been entered and have not happened; of those that do not matter, some
    /// count although their moment has passed.
    pub fn len(&self) -> usize {
        self.queue.len() + self.belts.len() + self.lanes.len()
    }

    /// Whether nothing is to happen any more.
    pub fn is_empty(&self) -> bool {
        self.next_at().is_none()
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
    enum Operation {
        Enter(u64),
        EnterLane(usize),
        EnterBelt(usize),
        RunUntil(u64),
        Take,
    }

    const DELAYS: [u64; 3] = [5, 0, 40];
    const BELTS: [u64; 3] = [3, 0, 11];

    fn operations() -> impl Strategy<Value = Vec<Operation>> {
        let deed = prop_oneof![
            4 => (0u64..12).prop_map(Operation::Enter),
            2 => (0u64..100_000).prop_map(Operation::Enter),
            4 => (0usize..3).prop_map(Operation::EnterLane),
            4 => (0usize..3).prop_map(Operation::EnterBelt),
            1 => (0u64..30).prop_map(Operation::RunUntil),
            5 => Just(Operation::Take),
        ];
        prop::collection::vec(deed, 0..400)
    }

    proptest! {
        /// The oracle orders by (time, queue or lane, order of entry), as the contract says.
        #[test]
        fn the_order_is_that_of_the_contract(deeds in operations()) {
            let mut agenda = Agenda::new();
            let lanes = DELAYS.map(|delay| agenda.add_lane(Span(delay)));
            let belts = BELTS.map(|delay| agenda.add_belt(Span(delay)));
            let mut oracle = BinaryHeap::new();
            for (number, deed) in deeds.into_iter().enumerate() {
                let now = agenda.now();
                match deed {
                    Operation::Enter(after) => {
                        agenda.enter(now + Span(after), number);
                        oracle.push(Reverse((now.0 + after, 0, number)));
                    }
                    Operation::EnterLane(lane) => {
                        agenda.enter_lane(lanes[lane], number);
                        oracle.push(Reverse((now.0 + DELAYS[lane], lane + 1, number)));
                    }
                    Operation::EnterBelt(belt) => {
                        agenda.enter_belt(belts[belt], number);
                        oracle.push(Reverse((now.0 + BELTS[belt], 0, number)));
                    }
                    Operation::RunUntil(after) => {
                        let horizon = now + Span(after);
                        while let Some((at, event)) = agenda.next_before(horizon) {
                            let Reverse(expected) = oracle.pop().expect("as many");
                            prop_assert_eq!((at.0, event), (expected.0, expected.2));
                            prop_assert!(at < horizon);
                        }
                        agenda.advance(horizon);
                    }
                    Operation::Take => {
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

    proptest! {
        /// Odd numbers stop to matter when their half is dealt with; who asks for all of them finds
        /// the others in the same order, and as many as are passed over.
        #[test]
        fn what_does_not_matter_is_passed_over(deeds in operations()) {
            let mut agenda = Agenda::new();
            let mut all = Agenda::new();
            let lanes = DELAYS.map(Span);
            let lanes = lanes.map(|delay| (agenda.add_lane(delay), all.add_lane(delay)));
            let gone: std::cell::RefCell<Vec<usize>> = Default::default();
            let matters = |n: usize| n.is_multiple_of(2) || !gone.borrow().contains(&(n / 2));
            let (mut handled, mut happened) = (0, 0);
            for (number, deed) in deeds.into_iter().enumerate() {
                let horizon = match deed {
                    Operation::Enter(after) => {
                        agenda.enter(agenda.now() + Span(after), number * 2);
                        all.enter(all.now() + Span(after), number * 2);
                        continue;
                    }
                    Operation::EnterLane(lane) => {
                        agenda.enter_lane(lanes[lane].0, number * 2 + 1);
                        all.enter_lane(lanes[lane].1, number * 2 + 1);
                        continue;
                    }
                    Operation::EnterBelt(_) => continue,
                    Operation::RunUntil(after) => agenda.now() + Span(after),
                    Operation::Take => agenda.now() + Span(9),
                };
                let mut next = || agenda.next_that_matters(horizon, matters, |_, _| {});
                while let Some((at, event)) = next() {
                    handled += 1;
                    // Those that do not matter come up in the other one first.
                    let mut other = all.next_before(horizon);
                    while other.is_some_and(|(_, event)| !matters(event)) {
                        happened += 1;
                        other = all.next_before(horizon);
                    }
                    happened += 1;
                    prop_assert_eq!(Some((at, event)), other);
                    gone.borrow_mut().extend([event / 2 + 1, event / 2 + 3]);
                }
                while let Some((_, event)) = all.next_before(horizon) {
                    happened += 1;
                    prop_assert!(!matters(event));
                }
                agenda.advance(horizon);
                all.advance(horizon);
                prop_assert_eq!(handled + agenda.skipped_events(horizon), happened);
            }
        }

        /// Far more at a time than lie sorted, of few and of many different times.
        #[test]
        fn crowds_leave_in_order(
            crowds in prop::collection::vec((1u64..1 << 40, 1usize..300, 1u64..1_000), 1..12),
        ) {
            let mut agenda = Agenda::new();
            let mut oracle = BinaryHeap::new();
            let mut number = 0;
            for (within, many, leave) in crowds {
                for n in 0..many as u64 {
                    let at = agenda.now() + Span(n * n * 7_919 % within);
                    agenda.enter(at, number);
                    oracle.push(Reverse((at.0, number)));
                    number += 1;
                }
                for _ in 0..leave {
                    let taken = agenda.next_before(Time::NEVER).map(|(at, n)| (at.0, n));
                    prop_assert_eq!(taken, oracle.pop().map(|Reverse(next)| next));
                }
            }
        }
    }

    #[test]
    fn what_comes_between_leaves_before_what_was_far_away() {
        let mut agenda = Agenda::new();
        let mut oracle = Vec::new();
        // Twenty that are far away are spread as soon as nothing is nearer; then hundreds come.
        let far = (0..20u64).map(|n| (5_000_000_000 + n, n));
        let near = (0..500u64).map(|n| (1 + n * 7_919 % 4_000_000_000, 20 + n));
        agenda.enter(Time(0), 1_000);
        far.clone().for_each(|(at, n)| agenda.enter(Time(at), n));
        assert_eq!(agenda.next_before(Time::NEVER), Some((Time(0), 1_000)));
        near.clone().for_each(|(at, n)| agenda.enter(Time(at), n));
        oracle.extend(far.chain(near).map(|(at, n)| (Time(at), n)));
        oracle.sort_unstable();
        let order: Vec<_> = std::iter::from_fn(|| agenda.next_before(Time::NEVER)).collect();
        assert_eq!(order, oracle);
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
