//! What users lost: who was affected, and how much of their time went.

use crate::names::{Dimension, Names, Segment};
use crate::units::Span;

/// Users affected and time lost, in all and by category of each dimension.
///
/// A visitor's time is lost from the moment when an attempt that fails is sent until the next good
/// answer of that visit; for one who gives up and leaves, for as long as the rest of the visit
/// would have taken it to think. This is the downtime of "user-uptime" (Hauer et al., "Meaningful
/// Availability", NSDI 2020), except that a simulated visitor's plans are known, so that the end of
/// the visit stands where the paper has a cutoff.
#[derive(Debug, Clone)]
pub(super) struct UserImpact {
    /// Users as they were on the visit that first affected them.
    affected: [Vec<u64>; 4],
    lost: [Vec<Span>; 4],
    all_lost: Span,
}

impl UserImpact {
    /// Nobody affected yet.
    pub fn new(names: &Names) -> UserImpact {
        let categories = names.categories.each_ref().map(|words| words.len().max(1));
        UserImpact {
            affected: categories.map(|categories| vec![0; categories]),
            lost: categories.map(|categories| vec![Span::ZERO; categories]),
            all_lost: Span::ZERO,
        }
    }

    /// Somebody is affected for the first time.
    pub fn affects(&mut self, segment: Segment) {
        for (counts, value) in self.affected.iter_mut().zip(segment.0) {
            counts[usize::from(value)] += 1;
        }
    }

    /// A visitor loses this much time.
    pub fn loses_time(&mut self, segment: Segment, time: Span) {
        self.all_lost = Span(self.all_lost.0.saturating_add(time.0));
        for (sums, value) in self.lost.iter_mut().zip(segment.0) {
            let sum = &mut sums[usize::from(value)].0;
            *sum = sum.saturating_add(time.0);
        }
    }

    /// Distinct visitors affected, by category.
    pub fn affected_by(&self, dimension: Dimension) -> &[u64] {
        &self.affected[dimension as usize]
    }

    /// Time lost, by category.
    pub fn lost_by(&self, dimension: Dimension) -> &[Span] {
        &self.lost[dimension as usize]
    }

    /// The time that all visitors together lost.
    pub fn lost(&self) -> Span {
        self.all_lost
    }
}
