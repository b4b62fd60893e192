//! What each cause has done from its first spoilt request to its last.

use super::charges::{Cause, Charges};
use crate::names::{FaultId, TierId};
use crate::units::{Span, Time};

/// The harm that one cause has done at the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Harm<F = FaultId, T = TierId> {
    /// A fault with all that it brought on, or a tier that ordinary traffic was too much for; see
    /// [`Cause::root`].
    pub cause: Cause<F, T>,
    /// The start of the earliest request that it spoilt.
    pub first: Time,
    /// The end of the last.
    pub last: Time,
    /// The same of each way in which it did harm: the fault itself, and the tiers out of room.
    pub ways: Vec<(Cause<F, T>, Time, Time)>,
}

/// All harm so far, in the order in which it was first counted. A fault is one cause to its end; a
/// tier that has had room for a while and is out of it again is another cause.
#[derive(Debug, Clone)]
pub struct Harms<F = FaultId, T = TierId> {
    /// Overloads that are further apart than this are two.
    apart: Span,
    all: Vec<Harm<F, T>>,
}

impl<F: Clone + PartialEq, T: Clone + PartialEq> Harms<F, T> {
    /// No harm yet.
    pub fn new(apart: Span) -> Harms<F, T> {
        Harms { apart, all: Vec::new() }
    }

    /// Adds what is charged in the next interval.
    pub fn add(&mut self, charges: &Charges<F, T>) {
        for (cause, first, last) in &charges.times {
            let root = cause.root();
            let position = self.position(&root, *first);
            let position = position.unwrap_or_else(|| {
                let (cause, ways) = (root, Vec::new());
                self.all.push(Harm { cause, first: *first, last: *last, ways });
                self.all.len() - 1
            });
            let harm = &mut self.all[position];
            (harm.first, harm.last) = (harm.first.min(*first), harm.last.max(*last));
            match harm.ways.iter_mut().find(|(known, ..)| known == cause) {
                Some((_, _, until)) => *until = (*until).max(*last),
                None => harm.ways.push((cause.clone(), *first, *last)),
            }
        }
    }

    /// The position of the harm of this root that a request belongs to which began then.
    pub fn position(&self, root: &Cause<F, T>, began: Time) -> Option<usize> {
        let position = self.all.iter().rposition(|harm| harm.cause == *root)?;
        let lasts = matches!(root, Cause::Fault(_));
        (lasts || began <= self.all[position].last + self.apart).then_some(position)
    }

    /// All of it.
    pub fn all(&self) -> &[Harm<F, T>] {
        &self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charges(times: Vec<(Cause, u64, u64)>) -> Charges {
        let at = |seconds| Time::ZERO + Span::from_secs(seconds);
        let times = times.into_iter().map(|(cause, first, last)| (cause, at(first), at(last)));
        Charges {
            from: Time::ZERO,
            to: Time::ZERO,
            limits: Vec::new(),
            rows: Vec::new(),
            nobody: Vec::new(),
            times: times.collect(),
        }
    }

    #[test]
    fn a_fault_is_one_cause_and_overloads_are_told_apart_by_the_time_between() {
        let fault = Cause::Fault(FaultId(0));
        let full = |trigger| Cause::Overload { tier: TierId(0), trigger };
        let mut harms = Harms::new(Span::from_secs(600));
        harms.add(&charges(vec![(fault, 10, 20), (full(None), 12, 14)]));
        harms.add(&charges(vec![(full(None), 600, 601), (full(Some(FaultId(0))), 600, 700)]));
        harms.add(&charges(vec![(fault, 9_000, 9_001), (full(None), 1_300, 1_301)]));
        let spans: Vec<(Cause, u64, u64)> = harms
            .all()
            .iter()
            .map(|harm| (harm.cause, harm.first.0 / 1_000_000_000, harm.last.0 / 1_000_000_000))
            .collect();
        let expected = [(fault, 10, 9_001), (full(None), 12, 601), (full(None), 1_300, 1_301)];
        assert_eq!(spans, expected);
        assert_eq!(harms.all()[0].ways.len(), 2, "what it brought on is its harm too");
    }
}
