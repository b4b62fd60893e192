//! The agenda against a `BinaryHeap`: hold model (take one, enter one) and a mix heavy in timeouts.

use sim::kernel::{Agenda, Key};
use sim::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;

const HOLDS: usize = 2_000_000;
const TIMEOUT: Span = Span::SECOND;

/// What both sides offer to the models.
trait Coming {
    fn enter(&mut self, at: Time, event: u64);
    fn enter_timeout(&mut self, event: u64);
    fn next(&mut self) -> (Time, u64);
}

struct WithLane(Agenda<u64>, sim::kernel::LaneId);

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
    let key = Key::new(1, 0, "bench");
    (0..1 << 16).map(|n| Span::from_seconds(0.01 * key.child(n).exponential())).collect()
}

/// Nanoseconds per hold with so many pending.
fn hold(coming: &mut impl Coming, pending: usize, delays: &[Span]) -> f64 {
    let delay = |n: usize| delays[n % delays.len()];
    (0..pending).for_each(|n| coming.enter(Time::ZERO + delay(n), n as u64));
    let mut run = |holds: usize| {
        for n in 0..holds {
            let (at, event) = coming.next();
            coming.enter(at + delay(n * 7 + 3), black_box(event));
        }
    };
    run(pending);
    let start = Instant::now();
    run(HOLDS);
    start.elapsed().as_nanos() as f64 / HOLDS as f64
}

/// Nanoseconds per event where every event that is drawn sets a timeout that nobody needs.
fn timeouts(coming: &mut impl Coming, delays: &[Span]) -> f64 {
    let delay = |n: usize| delays[n % delays.len()];
    (0..200).for_each(|n| coming.enter(Time::ZERO + delay(n), n as u64));
    let start = Instant::now();
    for n in 0..HOLDS {
        let (at, event) = coming.next();
        if event != u64::MAX {
            coming.enter(at + delay(n * 7 + 3), black_box(event));
            coming.enter_timeout(u64::MAX);
        }
    }
    start.elapsed().as_nanos() as f64 / HOLDS as f64
}

fn main() {
    let delays = delays();
    println!("{:>12} {:>12} {:>12}   ns per hold", "pending", "agenda", "BinaryHeap");
    for pending in [64, 256, 1_024, 16_384, 131_072, 1_048_576] {
        let ours = hold(&mut agenda(), pending, &delays);
        let heap = hold(&mut Heap::default(), pending, &delays);
        println!("{pending:>12} {ours:>12.1} {heap:>12.1}");
    }
    let ours = timeouts(&mut agenda(), &delays);
    let heap = timeouts(&mut Heap::default(), &delays);
    println!("{:>12} {ours:>12.1} {heap:>12.1}", "timeouts");
}
