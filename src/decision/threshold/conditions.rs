//! The conditions of a rule together: `and`, `or`, and the hours in which it is active.

use super::tick::{ReadingWindow, Tick, TickVerdict};
use crate::decision::{Baseline, Join, Rule};
use crate::telemetry::ScopeReading;
use crate::units::Time;

/// What a rule sees of one scope.
#[derive(Debug, Clone)]
pub(super) struct RuleConditions<'a> {
    first: ReadingWindow<'a>,
    joined: Vec<(Join, ReadingWindow<'a>)>,
    active: Option<&'a [(Time, Time)]>,
}

impl<'a> RuleConditions<'a> {
    /// Empty windows; `None` for a rule that is not filled in.
    pub fn new(rule: &'a Rule, baseline: &'a Baseline) -> Option<RuleConditions<'a>> {
        let first = ReadingWindow::new(rule.clauses().next()?, baseline).resolved_by(rule);
        let further = rule.joined.iter();
        let joined = further.map(|next| (next.by, ReadingWindow::new(next.clause, baseline)));
        Some(RuleConditions { first, joined: joined.collect(), active: rule.active.as_deref() })
    }

    /// Moves all windows on to `to` and judges them together; `None`: the reading did not come.
    ///
    /// What is certain counts: of conditions joined by `and`, one that is ok is enough for ok,
    /// however few requests another has; of those joined by `or`, one breach is enough.
    pub fn observe(&mut self, from: Time, to: Time, scope: Option<&ScopeReading>) -> Tick {
        let mut all_so_far = self.first.observe(from, to, scope);
        let unit = self.first.measure();
        let mut any_so_far: Option<Tick> = None;
        for (by, window) in &mut self.joined {
            let mut tick = window.observe(from, to, scope);
            if !window.measure().has_unit_of(unit) {
                (tick.value, tick.line) = (None, None);
            }
            match by {
                Join::And if tick.verdict.weight() < all_so_far.verdict.weight() => {
                    all_so_far = tick;
                }
                Join::And => {}
                Join::Or => {
                    any_so_far =
                        Some(stronger(any_so_far, std::mem::replace(&mut all_so_far, tick)))
                }
            }
        }
        let tick = stronger(any_so_far, all_so_far);
        if self.is_active(to) { tick } else { Tick { verdict: TickVerdict::Ok, ..tick } }
    }

    /// Whether a reading that ends then counts.
    fn is_active(&self, to: Time) -> bool {
        let Some(active) = self.active else { return true };
        let begun = active.partition_point(|(from, _)| *from < to);
        begun > 0 && to <= active[begun - 1].1
    }

    /// Whether the value was judged, not only seen.
    pub fn counts(&self, tick: &Tick, to: Time) -> bool {
        tick.verdict.is_judged() && self.is_active(to)
    }

    /// Whether one value is further on the way to a breach than another, each beside its threshold.
    pub fn closer_to_breach(&self, one: (f64, f64), than: (f64, f64)) -> bool {
        self.first.closer_to_breach(one, than)
    }
}

fn stronger(before: Option<Tick>, tick: Tick) -> Tick {
    match before {
        Some(before) if before.verdict.weight() >= tick.verdict.weight() => before,
        _ => tick,
    }
}
