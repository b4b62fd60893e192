//! What users lost: who was affected and how, and how much of their time went.

use crate::names::{Dimension, Names, Segment};
use crate::traffic::VisitorHarm;
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// Distinct users affected, each in the column of the worst that happened to them, so that the
/// columns add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UsersAffected {
    /// Got an error, or were refused.
    pub failed: u64,
    /// Gave up waiting.
    pub given_up: u64,
    /// Were met by a maintenance page.
    pub page: u64,
    /// Got their answers, but some of them late.
    pub slow: u64,
}

impl UsersAffected {
    /// All of them.
    pub fn total(self) -> u64 {
        self.failed + self.given_up + self.page + self.slow
    }

    fn column(&mut self, harm: VisitorHarm) -> &mut u64 {
        match harm {
            VisitorHarm::Slow => &mut self.slow,
            VisitorHarm::Page => &mut self.page,
            VisitorHarm::GivenUp => &mut self.given_up,
            VisitorHarm::Failed => &mut self.failed,
        }
    }
}

/// Users affected and time lost, in all and by category of each dimension.
///
/// A visitor's time is lost from the moment when an attempt that fails is sent until the next good
/// answer of that visit; for one who gives up and leaves, for as long as the rest of the visit
/// would have taken it to think. The same holds for one who meets a maintenance page. This is the
/// downtime of "user-uptime" (Hauer et al., "Meaningful Availability", NSDI 2020), except that a
/// simulated visitor's plans are known, so that the end of the visit takes the place of a cutoff.
#[derive(Debug, Clone)]
pub(super) struct UserImpact {
    all: UsersAffected,
    /// Users as they were on the visit that first affected them so badly.
    affected: [Vec<UsersAffected>; 4],
    lost: [Vec<Span>; 4],
    all_lost: Span,
}

impl UserImpact {
    /// Nobody affected yet.
    pub fn new(names: &Names) -> UserImpact {
        let categories = names.categories.each_ref().map(|words| words.len().max(1));
        UserImpact {
            all: UsersAffected::default(),
            affected: categories.map(|categories| vec![UsersAffected::default(); categories]),
            lost: categories.map(|categories| vec![Span::ZERO; categories]),
            all_lost: Span::ZERO,
        }
    }

    /// Somebody is affected more badly than ever before, if they were.
    pub fn affects(&mut self, before: Option<(VisitorHarm, Segment)>, now: (VisitorHarm, Segment)) {
        if let Some((harm, segment)) = before {
            self.each(segment, |users| *users.column(harm) -= 1);
        }
        let (harm, segment) = now;
        self.each(segment, |users| *users.column(harm) += 1);
    }

    fn each(&mut self, segment: Segment, change: impl Fn(&mut UsersAffected)) {
        change(&mut self.all);
        for (users, value) in self.affected.iter_mut().zip(segment.0) {
            change(&mut users[usize::from(value)]);
        }
    }

    /// Distinct visitors affected.
    pub fn affected(&self) -> UsersAffected {
        self.all
    }

    /// A visitor loses this much time.
    pub fn add_lost_time(&mut self, segment: Segment, time: Span) {
        self.all_lost = Span(self.all_lost.0.saturating_add(time.0));
        for (sums, value) in self.lost.iter_mut().zip(segment.0) {
            let sum = &mut sums[usize::from(value)].0;
            *sum = sum.saturating_add(time.0);
        }
    }

    /// Distinct visitors affected, by category.
    pub fn affected_by(&self, dimension: Dimension) -> &[UsersAffected] {
        &self.affected[dimension as usize]
    }

    /// Time lost, by category.
    pub fn lost_time_by(&self, dimension: Dimension) -> &[Span] {
        &self.lost[dimension as usize]
    }

    /// The time that all visitors together lost.
    pub fn lost(&self) -> Span {
        self.all_lost
    }
}
