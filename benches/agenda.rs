//! The agenda against `BinaryHeap` in the hold model and under timeouts, and an M/M/8 program on it
//! against the same program on a four-ary heap written by hand.

mod bound;

use bound::by_hand::{self, Delays, SERVERS, SERVICE, SPACING};
use bound::{Side, contest, print};
use sim::kernel::{Agenda, LaneId};
use sim::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hint::black_box;

const HOLDS: u64 = 1_000_000;
const CUSTOMERS: u64 = 2_000_000;
const TIMEOUT: Span = Span::SECOND;

/// What both sides offer to the models.
trait Coming {
    fn enter(&mut self, at: Time, event: u64);
    fn enter_timeout(&mut self, event: u64);
    fn next(&mut self) -> (Time, u64);
}

struct WithLane(Agenda<u64>, LaneId);

impl Coming for WithLane {
    fn enter(&mut self, at: Time, event: u64) {
        self.0.enter(at, event);
    }

    fn enter_timeout(&mut self, event: u64) {
        self.0.enter_lane(self.1, event);
    }

    fn next(&mut self) -> (Time, u64) {
        self.0.next_before(Time::NEVER).expect("never empty")
    }
}

/// The standard library's heap, with a number so that equal times leave as they came.
#[derive(Default)]
struct Heap {
    heap: BinaryHeap<Reverse<(Time, u64, u64)>>,
    entered: u64,
    now: Time,
}

impl Coming for Heap {
    fn enter(&mut self, at: Time, event: u64) {
        self.entered += 1;
        self.heap.push(Reverse((at, self.entered, event)));
    }

    fn enter_timeout(&mut self, event: u64) {
        self.enter(self.now + TIMEOUT, event);
    }

    fn next(&mut self) -> (Time, u64) {
        let Reverse((at, _, event)) = self.heap.pop().expect("never empty");
        self.now = at;
        (at, event)
    }
}

fn agenda() -> WithLane {
    let mut agenda = Agenda::new();
    let lane = agenda.add_lane(TIMEOUT);
    WithLane(agenda, lane)
}

/// Exponential delays with a mean of 10 ms, drawn before the clock starts.
fn delays() -> Vec<Span> {
    let mut delays = Delays::new(3);
    (0..1 << 16).map(|_| Span(delays.exponential(1e7))).collect()
}

/// An agenda with this many events pending, in steady state after each has been taken once.
fn filled<C: Coming>(mut coming: C, pending: u64, delays: &[Span]) -> C {
    let delay = |n: u64| delays[n as usize % delays.len()];
    (0..pending).for_each(|n| coming.enter(Time::ZERO + delay(n), n));
    hold(&mut coming, pending, delays);
    coming
}

/// The hold model: takes one event and enters one, this many times.
fn hold(coming: &mut impl Coming, holds: u64, delays: &[Span]) -> u64 {
    for n in 0..holds {
        let (at, event) = coming.next();
        let delay = delays[(n * 7 + 3) as usize % delays.len()];
        coming.enter(at + delay, black_box(event));
    }
    holds
}

/// Every event that is drawn sets a timeout that nobody needs.
fn timeouts(coming: &mut impl Coming, events: u64, delays: &[Span]) -> u64 {
    for n in 0..events {
        let (at, event) = coming.next();
        if event != u64::MAX {
            let delay = delays[(n * 7 + 3) as usize % delays.len()];
            coming.enter(at + delay, black_box(event));
            coming.enter_timeout(u64::MAX);
        }
    }
    events
}

#[derive(Clone, Copy)]
enum Step {
    Arrival,
    Departure,
}

/// The program of [`by_hand::one_tier`], word for word, on the agenda.
fn one_tier(customers: u64) -> (u64, u64) {
    let (mut agenda, mut delays) = (Agenda::new(), Delays::new(1));
    let (mut busy, mut queue) = (0, VecDeque::new());
    let (mut served, mut sum) = (0, 0u64);
    let after = |now: Time, delay: u64| Time(now.0 + delay);
    agenda.enter(after(Time::ZERO, delays.exponential(SPACING)), Step::Arrival);
    while served < customers {
        let Some((now, step)) = agenda.next_before(Time::NEVER) else { break };
        match step {
            Step::Arrival => {
                agenda.enter(after(now, delays.exponential(SPACING)), Step::Arrival);
                if busy < SERVERS {
                    busy += 1;
                    agenda.enter(after(now, delays.exponential(SERVICE)), Step::Departure);
                } else {
                    queue.push_back(now.0);
                }
            }
            Step::Departure => {
                served += 1;
                match queue.pop_front() {
                    Some(arrived) => {
                        sum = sum.wrapping_add(now.0 - arrived);
                        agenda.enter(after(now, delays.exponential(SERVICE)), Step::Departure);
                    }
                    None => busy -= 1,
                }
            }
        }
    }
    (served, sum)
}

fn against(name: &str, ours: impl FnMut() -> u64, heap: impl FnMut() -> u64) {
    let times = contest(&mut [Side::new("agenda", ours), Side::new("heap", heap)]);
    println!("{name:<28} {:>10.1} {:>12.1} {:>10.2}", times[0], times[1], times[1] / times[0]);
}

fn main() {
    let delays = delays();
    println!("{:<28} {:>10} {:>12} {:>10}", "ns per hold", "agenda", "BinaryHeap", "times");
    for pending in [64, 256, 1_024, 16_384, 131_072, 1_048_576] {
        let mut ours = filled(agenda(), pending, &delays);
        let mut heap = filled(Heap::default(), pending, &delays);
        against(
            &format!("{pending} pending"),
            || hold(&mut ours, HOLDS, &delays),
            || hold(&mut heap, HOLDS, &delays),
        );
    }
    let (mut ours, mut heap) =
        (filled(agenda(), 200, &delays), filled(Heap::default(), 200, &delays));
    against(
        "timeouts nobody needs",
        || timeouts(&mut ours, HOLDS, &delays),
        || timeouts(&mut heap, HOLDS, &delays),
    );

    bound::heading("M/M/8 at 80 %, the same program", "customer");
    assert_eq!(one_tier(10_000), by_hand::one_tier(10_000), "both simulate the same");
    print(&mut [
        Side::new("by hand, four-ary heap", || black_box(by_hand::one_tier(CUSTOMERS)).0),
        Side::new("on the agenda", || black_box(one_tier(CUSTOMERS)).0),
    ]);
}
