//! What alerts are attributed to: the charges of the last intervals, seen through the windows of
//! the rules. People in the simulation never see any of it.

use crate::decision::{AlertEvent, AlertState, Clause, Measure, Rule};
use crate::fault::Schedule;
use crate::journal::took_effect;
use crate::names::{IncidentId, RuleId, Scope};
use crate::scenario::Plan;
use crate::telemetry::{Cause, Charge, Charges, Harms, Outcome};
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// The charges of the last intervals, and what is being said about them.
#[derive(Clone)]
pub(super) struct AlertAttribution<'p> {
    plan: &'p Plan,
    slow_after: Span,
    /// Oldest first, as far back as any rule looks.
    recent: VecDeque<Charges>,
    keep: Span,
    harms: Harms,
    /// The rules that are pending or firing, by what they look at.
    watched: Vec<WatchedRule>,
    /// The causes that people were told of, by incident.
    told: Vec<(IncidentId, Cause)>,
    /// The attributions of rules that were reported last.
    hints: Vec<(RuleId, Scope, u32)>,
}

/// A rule that is pending or firing on one scope.
#[derive(Debug, Clone, Copy)]
struct WatchedRule {
    rule: RuleId,
    scope: Scope,
    /// What broke it in the first breaching window.
    cause: Option<Cause>,
    /// The incident that it belongs to once it is firing.
    incident: Option<IncidentId>,
}

/// A cause that people were told of by a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotifiedCause {
    pub incident: IncidentId,
    pub cause: Cause,
    pub rule: RuleId,
    pub scope: Scope,
}

impl<'p> AlertAttribution<'p> {
    pub(super) fn new(plan: &'p Plan) -> AlertAttribution<'p> {
        let longest =
            plan.playbook.rules.iter().map(|rule| rule.longest_window()).max().unwrap_or_default();
        AlertAttribution {
            plan,
            slow_after: plan.telemetry.slow_after(&plan.playbook.latency_limits()),
            recent: VecDeque::new(),
            keep: longest + plan.telemetry.delay + plan.telemetry.every,
            harms: Harms::new(plan.playbook.closes_after),
            watched: Vec::new(),
            told: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Takes in what an interval is charged to.
    pub(super) fn charged(&mut self, charges: Charges) {
        self.harms.add(&charges);
        let oldest = Time(charges.to.0.saturating_sub(self.keep.0));
        while self.recent.front().is_some_and(|front| front.to < oldest) {
            self.recent.pop_front();
        }
        if !charges.rows.is_empty() {
            self.recent.push_back(charges);
        }
    }

    /// A rule has moved; returns what the alert is attributed to. People who notice something by
    /// themselves know what they have seen.
    pub(super) fn moved(&mut self, event: &AlertEvent, seen: Option<Cause>) -> Option<Cause> {
        let same =
            |watched: &WatchedRule| (watched.rule, watched.scope) == (event.rule, event.scope);
        let known = self.watched.iter().position(same);
        let found = known.map(|position| self.watched[position].cause);
        let behind = || seen.or_else(|| self.dominant_cause(event.rule, event.scope, event.at));
        let cause = found.unwrap_or_else(behind);
        match event.state {
            AlertState::Pending | AlertState::Firing => {
                let (rule, scope, incident) = (event.rule, event.scope, event.incident);
                let watched = WatchedRule { rule, scope, cause, incident };
                match known {
                    Some(position) => self.watched[position] = watched,
                    None => self.watched.push(watched),
                }
            }
            AlertState::Cleared | AlertState::Resolved => {
                known.map(|position| self.watched.remove(position));
            }
            AlertState::NoData | AlertState::DataBack => {}
        }
        cause
    }

    /// The causes that people have been told of since this was asked last, now that the reading up
    /// to `to` is known.
    pub(super) fn newly_notified(&mut self, to: Time) -> Vec<NotifiedCause> {
        let mut news = Vec::new();
        for watched in self.watched.clone() {
            let WatchedRule { rule, scope, cause, incident: Some(incident) } = watched else {
                continue;
            };
            let now = self.dominant_cause(rule, scope, to);
            for cause in [cause, now].into_iter().flatten() {
                let known = (incident, cause.root());
                if !self.told.contains(&known) {
                    self.told.push(known);
                    news.push(NotifiedCause { incident, cause, rule, scope });
                }
            }
        }
        news
    }

    /// What the rules that fire with the reading up to `to` are attributed to, if that has changed
    /// since the last time.
    pub(super) fn new_hints(&mut self, to: Time) -> Option<Vec<(RuleId, Scope, u32)>> {
        let hints = self.hints(to);
        if self.hints == hints {
            return None;
        }
        self.hints.clone_from(&hints);
        Some(hints)
    }

    /// The number of the harm that each rule is attributed to, if it fires with the reading up to
    /// `to`; only for rules that are attributed to anything.
    fn hints(&self, to: Time) -> Vec<(RuleId, Scope, u32)> {
        let oldest = Time(to.0.saturating_sub(self.keep.0));
        if self.recent.back().is_none_or(|newest| newest.to < oldest) {
            return Vec::new();
        }
        let mut hints = Vec::new();
        for (index, rule) in self.plan.playbook.rules.iter().enumerate() {
            for scope in rule.scopes(&self.plan.names) {
                let rule = RuleId::from(index);
                let same = |watched: &&WatchedRule| (watched.rule, watched.scope) == (rule, scope);
                let pending = self.watched.iter().find(same).and_then(|watched| watched.cause);
                let Some(cause) = pending.or_else(|| self.dominant_cause(rule, scope, to)) else {
                    continue;
                };
                let number = self.harms.position(&cause.root(), Time::ZERO);
                hints.extend(number.map(|number| (rule, scope, number as u32)));
            }
        }
        hints
    }

    /// When a cause took effect: when the fault began; without effect at once, and of an overload,
    /// the start of the first request that is charged to it.
    pub(super) fn began(&self, cause: Cause, schedule: &Schedule) -> Option<Time> {
        let root = cause.root();
        let harm = self.harms.all().iter().rfind(|harm| harm.cause == root);
        let first = harm.map(|harm| harm.first);
        let begin = root.fault().and_then(|fault| schedule.began(fault));
        took_effect(begin, first, self.plan.telemetry.every)
    }

    /// The cause of most of the requests that break a rule in its window up to a moment.
    fn dominant_cause(&self, rule: RuleId, scope: Scope, to: Time) -> Option<Cause> {
        let rule = &self.plan.playbook.rules[rule.index()];
        let from = Time(to.0.saturating_sub(rule.longest_window().0));
        let position = self.plan.names.scope_index(scope);
        let mut sums: Vec<(Cause, u64)> = Vec::new();
        let within = |charges: &&Charges| charges.from >= from && charges.to <= to;
        for charges in self.recent.iter().filter(within) {
            for row in charges.rows.iter().filter(|row| row.scope == position) {
                let broken = weighed(rule, row, self.broken(rule, &charges.limits, row));
                match sums.iter_mut().find(|(cause, _)| *cause == row.cause) {
                    Some((_, sum)) => *sum += broken,
                    None => sums.push((row.cause, broken)),
                }
            }
        }
        most(&sums)
    }

    /// How many of the requests of a charge broke the conditions of a rule. Where one counts
    /// requests, those that went wrong did.
    fn broken(&self, rule: &Rule, limits: &[Span], row: &Charge) -> u64 {
        let slower = |limit: Span| {
            let position = limits.iter().position(|counted| *counted == limit);
            position.map_or(0, |position| row.slow[position])
        };
        let kinds = self.plan.telemetry.errors;
        let counts = |outcome: Outcome| u64::from(kinds.count(outcome, outcome.status(), false));
        let baseline = &self.plan.playbook.baseline;
        let counts_for = |clause: Clause| match clause.measure {
            Measure::ErrorRate | Measure::Errors => {
                counts(Outcome::Failed) * row.failed
                    + counts(Outcome::Rejected) * row.rejected
                    + counts(Outcome::Abandoned) * row.given_up
                    + u64::from(kinds.slow) * slower(self.slow_after)
            }
            Measure::GivenUp => row.given_up,
            Measure::Requests => row.failed + row.rejected + row.given_up,
            // Users report whatever they meet.
            Measure::Reports(_) => {
                row.failed + row.rejected + row.given_up + slower(self.slow_after)
            }
            Measure::Noticed | Measure::Backlog | Measure::BacklogAge => 0,
            Measure::SlowerThan(_) | Measure::Latency(_) => {
                clause.latency_limit(baseline).map_or(0, slower)
            }
        };
        rule.clauses().map(counts_for).sum()
    }
}

/// The root with the most requests, and of its parts the greatest; of equals the first.
fn most(sums: &[(Cause, u64)]) -> Option<Cause> {
    let of_root = |cause: &Cause| -> u64 {
        let same = sums.iter().filter(|(other, _)| other.root() == cause.root());
        same.map(|(_, sum)| sum).sum()
    };
    let counted = sums.iter().filter(|(_, sum)| *sum > 0);
    let best = counted.max_by_key(|(cause, sum)| (of_root(cause), *sum, std::cmp::Reverse(*cause)));
    best.map(|(cause, _)| *cause)
}

/// What requests weigh that broke a rule. One that was late and failed as well is charged to what
/// made it fail, and may have been late for another reason: it weighs half of what others do.
fn weighed(rule: &Rule, row: &Charge, broken: u64) -> u64 {
    match rule.measure {
        Measure::SlowerThan(_) | Measure::Latency(_) => 2 * broken - row.failed.min(broken),
        _ => broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{FaultId, TierId};

    #[test]
    fn what_a_fault_brings_on_counts_with_it() {
        let (one, other) = (Cause::Fault(FaultId(0)), Cause::Fault(FaultId(1)));
        let full = Cause::Overload { tier: TierId(0), trigger: Some(FaultId(1)) };
        assert_eq!(most(&[(one, 50), (other, 30), (full, 40)]), Some(full));
        assert_eq!(most(&[(one, 5), (other, 5)]), Some(one));
        assert_eq!(most(&[(one, 0)]), None);
        assert_eq!(most(&[]), None);
    }
}
