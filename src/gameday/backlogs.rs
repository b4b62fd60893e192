//! What is put down to a fault although no visitor's request is charged with it: a backlog, and
//! what a rule's own requests meet.

use super::Gameday;
use crate::decision::AlertEvent;
use crate::names::{FaultId, Scope};
use crate::telemetry::Cause;

impl Gameday<'_> {
    /// Who or what has brought on what a rule sees, where that is not charged to requests: a fault
    /// that somebody has noticed himself, or that keeps a tier from its work or brings it more.
    pub(super) fn seen_cause(&self, event: &AlertEvent) -> Option<Cause> {
        let noticed = self.notices.seen_by(event.rule).map(Cause::Fault);
        let noticed = noticed.or_else(|| self.behind_backlog(event));
        noticed.or_else(|| self.behind_probes(event))
    }

    /// The latest fault that reaches the tier; without any, more came than the tier can do.
    fn behind_backlog(&self, event: &AlertEvent) -> Option<Cause> {
        let rule = &self.plan.playbook.rules[event.rule.index()];
        let Scope::Tier(tier) = event.scope else { return None };
        if !rule.clauses().any(|clause| clause.measure.is_about_backlog()) {
            return None;
        }
        let fault = self.latest_fault(event).map(Cause::Fault);
        Some(fault.unwrap_or(Cause::Overload { tier, trigger: None }))
    }

    /// The latest fault that reaches what the rule sends its requests to.
    fn behind_probes(&self, event: &AlertEvent) -> Option<Cause> {
        self.plan.playbook.rules[event.rule.index()].probe?;
        self.latest_fault(event).map(Cause::Fault)
    }

    /// The fault that began last of those that reach what a rule looks at, one that goes on before
    /// one that has ended.
    fn latest_fault(&self, event: &AlertEvent) -> Option<FaultId> {
        let (site, traffic) = (&self.plan.site, &self.plan.traffic);
        let faults = self.plan.faults.iter().enumerate();
        let reaching = faults.filter(|(_, fault)| fault.kind.reaches(event.scope, site, traffic));
        let begun = reaching.filter_map(|(index, _)| {
            let fault = FaultId::from(index);
            let began = self.schedule.began(fault).filter(|began| *began <= event.at)?;
            let active = self.schedule.active().any(|(active, _)| active == fault);
            Some((active, began, fault))
        });
        begun.max().map(|(.., fault)| fault)
    }
}
