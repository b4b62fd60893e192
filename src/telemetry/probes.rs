//! What synthetic requests say, for the rules that send them.

use super::counts::{Ended, ScopeTally};
use super::reading::ScopeReading;
use super::views::{Uncounted, UncountedShare};
use crate::kernel::DrawKey;
use crate::measure::Limits;
use crate::names::RuleId;

/// The counts of every rule that sends requests of its own, in one interval.
#[derive(Debug, Clone, Default)]
pub(super) struct Probed(Vec<(RuleId, ScopeTally)>);

impl Probed {
    /// Nothing counted yet.
    pub fn new(rules: Vec<RuleId>, limits: &Limits) -> Probed {
        Probed(rules.into_iter().map(|rule| (rule, ScopeTally::new(limits))).collect())
    }

    /// The same before anything is counted, these limits of response times being exact.
    pub fn with_limits(self, limits: &Limits) -> Probed {
        Probed::new(self.0.into_iter().map(|(rule, _)| rule).collect(), limits)
    }

    /// A request of the rule at this position ended; its draws have this key.
    pub fn count(&mut self, number: usize, ended: Ended, key: DrawKey, spots: &[UncountedShare]) {
        let (rule, tally) = &mut self.0[number];
        let felt = |spot: &&UncountedShare| spot.is_about(Some(*rule), Uncounted::Rule(*rule));
        if !spots.iter().filter(felt).any(|spot| spot.hides(key)) {
            tally.count(ended);
        }
    }

    /// Hands out what was counted, and starts again from nothing.
    pub fn take(&mut self) -> Vec<(RuleId, ScopeReading)> {
        self.0.iter_mut().map(|(rule, tally)| (*rule, tally.take())).collect()
    }
}
