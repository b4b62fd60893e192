//! Counting again for those who do not see every request: the monitoring as a whole, or one rule.

use super::counts::{Ended, ScopeTally};
use super::reading::ScopeReading;
use crate::kernel::DrawKey;
use crate::measure::Limits;
use crate::names::RuleId;
use crate::units::Ratio;

/// The purpose of the draw whether a request is counted; what a request draws for its own work has
/// smaller numbers.
const COUNTED: u64 = 7 << 32;

/// A share of what happens that is not counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UncountedShare {
    /// Names what brings it: part of the draw key.
    pub key: u64,
    /// What is not counted.
    pub uncounted: Uncounted,
    pub share: Ratio,
}

/// What a share of is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uncounted {
    /// Every request.
    All,
    /// What belongs to the scope at this position.
    Scope(usize),
    /// What this rule looks at.
    Rule(RuleId),
    /// Reports to this source.
    Source(usize),
}

impl UncountedShare {
    /// Whether it is about what is of this kind, as this rule (`None`: the monitoring) sees it.
    pub fn is_about(&self, rule: Option<RuleId>, what: Uncounted) -> bool {
        match self.uncounted {
            Uncounted::All => true,
            Uncounted::Rule(blinded) => rule == Some(blinded),
            of => of == what,
        }
    }

    /// Whether it hides what has this key. Each has one draw for each spot, so that all scopes
    /// miss the same requests, and a greater share hides what a smaller one hides.
    pub fn hides(&self, key: DrawKey) -> bool {
        key.child(COUNTED.wrapping_add(self.key)).chance(self.share)
    }
}

/// The counts of one interval as one observer has them.
#[derive(Debug, Clone)]
struct View {
    /// The rule that sees this; `None`: the monitoring as a whole.
    observer: Option<RuleId>,
    /// The scopes that it looks at, and what it has counted of each.
    scopes: Vec<(usize, ScopeTally)>,
    /// Something of this interval is hidden from it.
    partial: bool,
}

impl View {
    fn is_affected_by(&self, spot: &UncountedShare, position: usize) -> bool {
        spot.is_about(self.observer, Uncounted::Scope(position))
    }

    fn is_partial(&self, spots: &[UncountedShare]) -> bool {
        let felt = |spot: &UncountedShare| {
            self.scopes.iter().any(|(at, _)| self.is_affected_by(spot, *at))
        };
        spots.iter().any(felt)
    }
}

/// What an observer has counted in an interval, by position of the scope.
pub type ObservedCounts = (Option<RuleId>, Vec<(usize, ScopeReading)>);

/// All observers from whom something may be hidden, and what is hidden now.
#[derive(Debug, Clone, Default)]
pub(super) struct Views {
    views: Vec<View>,
    spots: Vec<UncountedShare>,
}

impl Views {
    /// Nothing is hidden from these, who look at these positions.
    pub fn new(observers: Vec<(Option<RuleId>, Vec<usize>)>, limits: &Limits) -> Views {
        let view = |(observer, positions): (Option<RuleId>, Vec<usize>)| {
            let scopes = positions.into_iter().map(|at| (at, ScopeTally::new(limits))).collect();
            View { observer, scopes, partial: false }
        };
        Views { views: observers.into_iter().map(view).collect(), spots: Vec::new() }
    }

    /// Nobody is there from whom anything could be hidden.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// The same observers before anything is counted, these limits of response times being exact.
    pub fn with_limits(self, limits: &Limits) -> Views {
        let observers = self.views.into_iter().map(|view| {
            (view.observer, view.scopes.into_iter().map(|(position, _)| position).collect())
        });
        Views::new(observers.collect(), limits)
    }

    /// From now on these are hidden.
    pub fn hide(&mut self, spots: Vec<UncountedShare>) {
        for view in &mut self.views {
            view.partial |= view.is_partial(&spots);
        }
        self.spots = spots;
    }

    /// What is hidden now.
    pub fn spots(&self) -> &[UncountedShare] {
        &self.spots
    }

    /// Something ended that counts at this position; its draws have this key.
    pub fn count(&mut self, position: usize, ended: Ended, key: DrawKey) {
        let spots = &self.spots;
        for view in &mut self.views {
            let Some(at) = view.scopes.iter().position(|(at, _)| *at == position) else {
                continue;
            };
            let hidden =
                |spot: &UncountedShare| view.is_affected_by(spot, position) && spot.hides(key);
            if !spots.iter().any(hidden) {
                view.scopes[at].1.count(ended);
            }
        }
    }

    /// Hands out the interval as those have it from whom something of it was hidden, and starts
    /// again from nothing.
    pub fn take(&mut self) -> Vec<ObservedCounts> {
        let mut seen = Vec::new();
        for view in &mut self.views {
            let scopes: Vec<(usize, ScopeReading)> =
                view.scopes.iter_mut().map(|(at, tally)| (*at, tally.take())).collect();
            if view.partial {
                seen.push((view.observer, scopes));
            }
            view.partial = view.is_partial(&self.spots);
        }
        seen
    }
}
