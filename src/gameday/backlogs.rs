//! What a backlog is put down to: nobody's request is charged with it.

use super::Gameday;
use crate::decision::AlertEvent;
use crate::names::{FaultId, Scope};
use crate::telemetry::Cause;

impl Gameday<'_> {
    /// Who or what has brought on what a rule sees, where that is not charged to requests: a fault
    /// that somebody has noticed himself, or that keeps a tier from its work or brings it more.
    pub(super) fn seen_cause(&self, event: &AlertEvent) -> Option<Cause> {
        let noticed = self.notices.seen_by(event.rule).map(Cause::Fault);
        noticed.or_else(|| self.behind_backlog(event))
    }

    /// The fault that began last of those that reach the tier, one that goes on before one that
    /// has ended; without any, more came than the tier can do.
    fn behind_backlog(&self, event: &AlertEvent) -> Option<Cause> {
        let rule = &self.plan.playbook.rules[event.rule.index()];
        let Scope::Tier(tier) = event.scope else { return None };
        if !rule.clauses().any(|clause| clause.measure.is_about_backlog()) {
            return None;
        }
        let (site, traffic) = (&self.plan.site, &self.plan.traffic);
        let faults = self.plan.faults.iter().enumerate();
        let reaching = faults.filter(|(_, fault)| fault.kind.reaches(event.scope, site, traffic));
        let begun = reaching.filter_map(|(index, _)| {
            let fault = FaultId::from(index);
            let began = self.schedule.began(fault).filter(|began| *began <= event.at)?;
            let active = self.schedule.active().any(|(active, _)| active == fault);
            Some((active, began, fault))
        });
        let fault = begun.max().map(|(.., fault)| Cause::Fault(fault));
        Some(fault.unwrap_or(Cause::Overload { tier, trigger: None }))
    }
}
