//! Nested calls that hold threads, against a continuous-time Markov chain solved here.

use super::replications::{Window, replicate, tier_agrees};
use crate::site::build::{exponential, site, tier};
use std::collections::VecDeque;

/// Rates per second, and what there is of each thing.
struct Nested {
    arrivals: f64,
    /// Of the front tier, which holds a thread while the back tier works.
    threads: usize,
    room: usize,
    work: f64,
    back_threads: usize,
    back_work: f64,
}

/// Waiting in front, at work in front, and held while in the back tier.
type State = (usize, usize, usize);

impl Nested {
    /// Where a state can go, and how often per second. An arrival that finds no room is lost.
    fn moves(&self, (waiting, working, calling): State) -> Vec<(State, f64)> {
        let mut moves = Vec::new();
        if working + calling < self.threads {
            moves.push(((waiting, working + 1, calling), self.arrivals));
        } else if waiting < self.room {
            moves.push(((waiting + 1, working, calling), self.arrivals));
        }
        if working > 0 {
            moves.push(((waiting, working - 1, calling + 1), working as f64 * self.work));
        }
        if calling > 0 {
            let served = calling.min(self.back_threads) as f64 * self.back_work;
            let next = waiting.min(1);
            moves.push(((waiting - next, working + next, calling - 1), served));
        }
        moves
    }

    /// All states that can be reached, and how much of the time is spent in each.
    fn stationary(&self) -> Vec<(State, f64)> {
        let mut states = vec![(0, 0, 0)];
        let mut fresh = VecDeque::from(states.clone());
        while let Some(state) = fresh.pop_front() {
            for (to, _) in self.moves(state) {
                if !states.contains(&to) {
                    states.push(to);
                    fresh.push_back(to);
                }
            }
        }
        let mut rates = vec![vec![0.0; states.len()]; states.len()];
        for (from, state) in states.iter().enumerate() {
            for (to, rate) in self.moves(*state) {
                let to = states.iter().position(|state| *state == to).expect("it is known");
                rates[from][to] += rate;
            }
        }
        states.into_iter().zip(solved(rates)).collect()
    }
}

/// The stationary distribution of a chain with these rates: states are taken out one by one
/// (Grassmann, Taksar and Heyman), which subtracts nothing and so loses no digits.
fn solved(mut rates: Vec<Vec<f64>>) -> Vec<f64> {
    for last in (1..rates.len()).rev() {
        let leaving: f64 = rates[last][..last].iter().sum();
        for from in 0..last {
            let share = rates[from][last] / leaving;
            rates[from][last] = share;
            for to in (0..last).filter(|to| *to != from) {
                rates[from][to] += share * rates[last][to];
            }
        }
    }
    let mut weights = vec![1.0];
    while weights.len() < rates.len() {
        let state = weights.len();
        let weight = weights.iter().zip(&rates).map(|(weight, from)| weight * from[state]).sum();
        weights.push(weight);
    }
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

fn agrees(nested: &Nested, requests: f64) {
    let chain = nested.stationary();
    let mean = |of: &dyn Fn(State) -> usize| -> f64 {
        chain.iter().map(|(state, share)| share * of(*state) as f64).sum()
    };
    let full = |(waiting, working, calling)| {
        usize::from(waiting == nested.room && working + calling == nested.threads)
    };
    let lost = mean(&full);
    let taken = nested.arrivals * (1.0 - lost);

    let mut front = tier(1, nested.threads as u32, exponential(1.0 / nested.work));
    front.queue = nested.room as u32;
    let back = tier(1, nested.back_threads as u32, exponential(1.0 / nested.back_work));
    let built = site(nested.arrivals, vec![front, back]);
    let runs = replicate(&built, requests / 20.0 / nested.arrivals);
    let share = |window: &Window| window.refused / (window.refused + window.arrivals);
    tier_agrees("lost in front of held threads", &runs, 0, share, lost);
    let time = mean(&|(waiting, working, calling)| waiting + working + calling) / taken;
    tier_agrees("time in the tier that holds threads", &runs, 0, Window::time, time);
    let back = mean(&|(_, _, calling)| calling) / taken;
    tier_agrees("time in the tier behind it", &runs, 1, Window::time, back);
}

#[test]
fn a_chain_whose_answer_is_known_is_solved_right() {
    // M/M/1 with room for three: shares proportional to 1, r, r², r³.
    let rates = |from: usize| -> Vec<f64> {
        let rate = |to| if to == from + 1 { 2.0 } else { f64::from(u8::from(to + 1 == from)) };
        (0..4).map(rate).collect()
    };
    let shares = solved((0..4).map(rates).collect());
    for (share, known) in shares.iter().zip([1.0, 2.0, 4.0, 8.0]) {
        assert!((share - known / 15.0).abs() < 1e-12, "{shares:?}");
    }
}

#[test]
fn threads_held_while_the_back_tier_works() {
    let nested =
        Nested { arrivals: 1.5, threads: 3, room: 4, work: 2.0, back_threads: 1, back_work: 1.6 };
    agrees(&nested, 1.2e6);
}

#[test]
fn a_slow_back_tier_exhausts_the_threads_in_front() {
    let nested =
        Nested { arrivals: 4.0, threads: 8, room: 6, work: 20.0, back_threads: 2, back_work: 1.5 };
    // Little of what comes in front is work: without the held threads nothing would be lost.
    agrees(&nested, 1.3e6);
}
