//! The bound: event loops that do nothing but the model, on a four-ary heap.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, Exp1};
use std::collections::VecDeque;

/// A four-ary heap on times; equal times in any order.
pub struct FourAry<E>(Vec<(u64, E)>);

impl<E: Copy> FourAry<E> {
    pub fn new() -> Self {
        FourAry(Vec::new())
    }

    #[inline]
    pub fn push(&mut self, at: u64, event: E) {
        let mut hole = self.0.len();
        self.0.push((at, event));
        while hole > 0 {
            let parent = (hole - 1) / 4;
            if self.0[parent].0 <= at {
                break;
            }
            self.0[hole] = self.0[parent];
            hole = parent;
        }
        self.0[hole] = (at, event);
    }

    #[inline]
    pub fn pop(&mut self) -> Option<(u64, E)> {
        let last = self.0.pop()?;
        let Some(&first) = self.0.first() else { return Some(last) };
        let entries = &mut self.0[..];
        let mut hole = 0;
        loop {
            let from = 4 * hole + 1;
            if from >= entries.len() {
                break;
            }
            let mut least = from;
            for child in from + 1..(from + 4).min(entries.len()) {
                if entries[child].0 < entries[least].0 {
                    least = child;
                }
            }
            if last.0 <= entries[least].0 {
                break;
            }
            entries[hole] = entries[least];
            hole = least;
        }
        entries[hole] = last;
        Some(first)
    }
}

/// Exponential nanoseconds, one after another from one generator.
pub struct Delays(Xoshiro256PlusPlus);

impl Delays {
    pub fn new(seed: u64) -> Self {
        Delays(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    #[inline]
    pub fn exponential(&mut self, mean: f64) -> u64 {
        let spread: f64 = Exp1.sample(&mut self.0);
        (mean * spread) as u64
    }
}

/// Mean nanoseconds between arrivals, and of a service, of M/M/8 at 80 %.
pub const SPACING: f64 = 1.25e6;
pub const SERVICE: f64 = 8e6;
pub const SERVERS: u32 = 8;

#[derive(Clone, Copy)]
enum Step {
    Arrival,
    Departure,
}

/// M/M/8: customers served, and the sum of their times so that nothing is left out.
pub fn one_tier(customers: u64) -> (u64, u64) {
    let (mut heap, mut delays) = (FourAry::new(), Delays::new(1));
    let (mut busy, mut queue) = (0, VecDeque::new());
    let (mut served, mut sum) = (0, 0u64);
    heap.push(delays.exponential(SPACING), Step::Arrival);
    while served < customers {
        let Some((now, step)) = heap.pop() else { break };
        match step {
            Step::Arrival => {
                heap.push(now + delays.exponential(SPACING), Step::Arrival);
                if busy < SERVERS {
                    busy += 1;
                    heap.push(now + delays.exponential(SERVICE), Step::Departure);
                } else {
                    queue.push_back(now);
                }
            }
            Step::Departure => {
                served += 1;
                match queue.pop_front() {
                    Some(arrived) => {
                        sum = sum.wrapping_add(now - arrived);
                        heap.push(now + delays.exponential(SERVICE), Step::Departure);
                    }
                    None => busy -= 1,
                }
            }
        }
    }
    (served, sum)
}

#[derive(Clone, Copy)]
enum Move {
    Arrival,
    Departure { tier: u8, began: u64 },
}

#[derive(Default)]
struct Tier {
    busy: u32,
    queue: VecDeque<u64>,
}

/// Four tiers of M/M/8 in tandem: customers who have left the last, and the sum of their times.
pub fn tandem(customers: u64) -> (u64, u64) {
    let (mut heap, mut delays) = (FourAry::new(), Delays::new(2));
    let mut tiers: [Tier; 4] = Default::default();
    let (mut served, mut sum) = (0, 0u64);
    heap.push(delays.exponential(SPACING), Move::Arrival);
    while served < customers {
        let Some((now, step)) = heap.pop() else { break };
        let (next, began) = match step {
            Move::Arrival => {
                heap.push(now + delays.exponential(SPACING), Move::Arrival);
                (0, now)
            }
            Move::Departure { tier, began } => {
                let left = &mut tiers[usize::from(tier)];
                match left.queue.pop_front() {
                    Some(began) => {
                        let at = now + delays.exponential(SERVICE);
                        heap.push(at, Move::Departure { tier, began });
                    }
                    None => left.busy -= 1,
                }
                (tier + 1, began)
            }
        };
        let Some(tier) = tiers.get_mut(usize::from(next)) else {
            served += 1;
            sum = sum.wrapping_add(now - began);
            continue;
        };
        if tier.busy < SERVERS {
            tier.busy += 1;
            heap.push(now + delays.exponential(SERVICE), Move::Departure { tier: next, began });
        } else {
            tier.queue.push_back(began);
        }
    }
    (served, sum)
}
