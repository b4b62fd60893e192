//! Who holds the threads of a tier that is out of room.

use crate::names::FaultId;
use crate::units::{Span, Time};

/// Looking through all requests is costly, so it is done at most once in this time. A choice: twice
/// in a reading at the usual 10 s.
const EVERY: Span = Span::from_secs(5);
/// A tier that has not been full, and has turned nobody away, for so long has recovered, and what
/// filled it is forgotten. A choice: two health checks at the usual 30 s, so that instances that go
/// out and come back do not end it.
const CALM: Span = Span::from_secs(60);
/// From this share of its threads held, a tier is full. A choice: one that turns requests away is
/// not full at each look, since threads become free in between.
const FULL: f64 = 0.8;
/// A fault whose requests hold less than this share of the threads that are held did not fill the
/// tier. A choice, so that a fault that only passes through is not named.
const COUNTS: f64 = 0.05;

/// The shortage of one tier: which faults' requests have held its threads since it became full.
#[derive(Debug, Clone, Default)]
pub(super) struct Shortage {
    /// Not looked at again before this.
    next: Time,
    full_at: Option<Time>,
    /// When something was last charged to it.
    charged_at: Option<Time>,
    /// Nothing had been charged to it for a while when it was looked at again.
    calm: bool,
    /// Threads held in the samples that were taken, by fault.
    held: Vec<(FaultId, f64)>,
    trigger: Option<FaultId>,
}

impl Shortage {
    /// Whether it is time to look again; if so, the next time is a while later.
    pub fn is_due(&mut self, now: Time) -> bool {
        let due = now >= self.next;
        if due {
            self.next = now + EVERY;
        }
        self.calm |= self.charged_at.is_some_and(|charged_at| now - charged_at > CALM);
        self.charged_at = Some(now);
        due
    }

    /// Threads are held like this now, of this many: in all, and by the requests of faults.
    pub fn sample(&mut self, now: Time, threads: f64, all: f64, by_fault: &[(FaultId, f64)]) {
        if std::mem::take(&mut self.calm) && self.full_at.is_none_or(|at| now - at > CALM) {
            self.held.clear();
            self.trigger = None;
        }
        if all >= FULL * threads {
            self.full_at = Some(now);
        }
        for (fault, held) in by_fault.iter().filter(|(_, held)| *held >= COUNTS * all.max(1.0)) {
            match self.held.iter_mut().find(|(known, _)| known == fault) {
                Some((_, sum)) => *sum += held,
                None => self.held.push((*fault, *held)),
            }
        }
        let most = |one: &&(FaultId, f64), other: &&(FaultId, f64)| {
            one.1.total_cmp(&other.1).then(other.0.cmp(&one.0))
        };
        self.trigger = self.held.iter().max_by(most).map(|(fault, _)| *fault);
    }

    /// The fault whose requests have held most; `None`: ordinary traffic fills the tier.
    pub fn trigger(&self) -> Option<FaultId> {
        self.trigger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    #[test]
    fn a_collapse_keeps_its_trigger_until_the_tier_has_been_calm() {
        let (first, second) = (FaultId(1), FaultId(2));
        let mut shortage = Shortage::default();
        shortage.sample(at(0), 100.0, 100.0, &[(first, 60.0)]);
        shortage.sample(at(30), 100.0, 95.0, &[(second, 4.0)]);
        assert_eq!(shortage.trigger(), Some(first), "4 of 95 threads fill nothing");
        shortage.sample(at(60), 100.0, 100.0, &[(second, 50.0)]);
        assert_eq!(shortage.trigger(), Some(first), "60 and then 50: the first has held more");
        shortage.sample(at(65), 100.0, 100.0, &[(second, 50.0)]);
        assert_eq!(shortage.trigger(), Some(second));
        assert!(shortage.is_due(at(66)) && shortage.is_due(at(126)));
        shortage.sample(at(126), 100.0, 20.0, &[]);
        assert_eq!(shortage.trigger(), Some(second), "it still turns requests away");
        assert!(shortage.is_due(at(187)));
        shortage.sample(at(187), 100.0, 90.0, &[]);
        assert_eq!(shortage.trigger(), None, "it had room for a minute");
    }

    #[test]
    fn it_is_looked_at_once_in_a_while() {
        let mut shortage = Shortage::default();
        assert!(shortage.is_due(at(7)));
        assert!(!shortage.is_due(at(11)));
        assert!(shortage.is_due(at(12)));
    }
}
