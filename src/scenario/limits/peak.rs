//! Limits that are not threads: how much of each the expected traffic uses at its peak.

use crate::journal::{LimitRow, LimitStatus};
use crate::scenario::limits::amount::AmountKind;
use crate::scenario::limits::limit::{Limit, LimitUse, UsedPer, is_tight};
use crate::scenario::plan::{Plan, moments, peak};
use crate::site::{offered, per_visit};
use crate::units::{Rate, Span, Time};

impl Limit {
    /// What is used of it at this multiple of the expected peak; `None`: nobody knows.
    ///
    /// Amounts per visit and request follow the traffic; over a window longer than a second it is
    /// the busiest one within the scenario. Busy threads follow it too, up to all that there are
    /// (Little's law, waiting left out). A use that is given is taken to grow in proportion.
    pub fn used(&self, plan: &Plan, times: f64) -> Option<f64> {
        if self.uses.is_empty() {
            return self.at_peak.map(|used| used * times);
        }
        let (_, Rate(most)) = peak(plan);
        let visits = times
            * match self.measure {
                AmountKind::Within(window) if window > Span::SECOND => busiest(plan, window),
                _ => most,
            };
        let loads = offered(&plan.site, &plan.traffic, Rate(most * times));
        let used = |one: &LimitUse| {
            one.amount
                * match one.per {
                    UsedPer::Visit => visits,
                    UsedPer::Request(scope) => visits * per_visit(scope, &plan.site, &plan.traffic),
                    UsedPer::Instance(tier) => {
                        f64::from(plan.site.tiers[tier.index()].most_instances())
                    }
                    UsedPer::Thread(tier) => loads[tier.index()].threads,
                    UsedPer::BusyThread(tier) => {
                        let load = &loads[tier.index()];
                        load.busy.min(load.threads)
                    }
                }
        };
        Some(self.uses.iter().map(used).sum())
    }
}

/// Every limit of a plan as reports show it, at this multiple of the expected peak.
pub fn limit_rows(plan: &Plan, times: f64) -> Vec<LimitRow> {
    let row = |limit: &Limit| {
        let used = limit.used(plan, times);
        let status = match used.zip(limit.value).map(|(used, value)| used / value) {
            None => LimitStatus::Unknown,
            Some(share) if share > 1.0 => LimitStatus::Over,
            Some(share) if is_tight(share) => LimitStatus::Tight,
            Some(_) => LimitStatus::Ok,
        };
        LimitRow {
            limit: limit.name.clone(),
            kind: limit.kind,
            unit: limit.unit(),
            value: limit.value,
            used,
            used_by: limit.used_by(),
            status,
            checked_by: limit.checked_by.clone(),
            checked_on: limit.checked_on.clone(),
        }
    };
    plan.limits.iter().map(row).collect()
}

/// Visits expected in the busiest window of this length: one that begins or ends at a corner of the
/// curve or at a moment of a grid. The scenario's own length where that is shorter.
fn busiest(plan: &Plan, window: Span) -> f64 {
    let curve = &plan.traffic.curve;
    let end = plan.lasts.0;
    let window = window.0.min(end);
    let within = |from: u64| {
        let from = from.min(end - window);
        curve.cumulative(Time(from + window)) - curve.cumulative(Time(from))
    };
    let starts = moments(plan).into_iter().flat_map(|(at, _)| [at.0, at.0.saturating_sub(window)]);
    starts.map(within).fold(0.0, f64::max)
}
