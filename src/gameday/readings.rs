//! Readings: taken from the site, on their way for a while, and given to the monitor; and what is
//! put down to a fault although no visitor's request is charged with it.

use super::draws::Draws;
use super::{Control, Gameday};
use crate::decision::{AlertEvent, MonitorInput};
use crate::names::{FaultId, Scope};
use crate::telemetry::{Cause, Reading};
use crate::units::Time;

impl Gameday<'_> {
    /// Sends the reading of the interval that ends now, and keeps what spoilt its requests.
    pub(super) fn scrape(&mut self, now: Time) {
        let from = Time(now.0 - self.plan.telemetry.every.0);
        let reading = self.site.scrape(from, now);
        let reports = match self.reports.are_kept() {
            true => self.reports.of_interval(now, self.site.totals().affected.total()),
            false => Vec::new(),
        };
        let charges = self.site.charges(from, now);
        if let Some(kept) = &mut self.charges {
            kept.push(charges.clone());
        }
        self.ledger.charges(now, &charges);
        self.grounds.charged(charges);
        self.start_faults(now, &reading);
        let reading = self.as_seen(reading, &reports);
        self.under_way.push_back(reading);
        self.agenda_enter(now + self.plan.telemetry.delay, Control::Deliver);
        self.next_scrape = now + self.plan.telemetry.every;
    }

    /// What happened in the interval that ends now may bring faults, whether or not anybody sees
    /// it.
    fn start_faults(&mut self, now: Time, reading: &Reading) {
        for fault in self.starters.brought_by(reading) {
            let edges = self.schedule.begin(now, fault);
            self.apply_fault_edges(now, &edges);
        }
    }

    /// The monitor takes a reading in, and everything that it says at once is written down with
    /// what it is put down to.
    pub(super) fn reading(&mut self, now: Time, reading: Reading) {
        let to = reading.to;
        if let Some(hints) = self.grounds.new_hints(to) {
            self.inform(now, MonitorInput::Causes(hints));
        }
        self.inform(now, MonitorInput::Reading(reading));
        self.outputs(now);
        for told in self.grounds.newly_notified(to) {
            let began = self.grounds.began(told.cause, &self.schedule);
            self.ledger.note_notified(now, told, began.unwrap_or(to));
        }
    }

    /// What was drawn so far of people and pipelines.
    pub fn draws(&self) -> Draws {
        self.humans.draws().clone().merge(self.pipelines.draws()).merge(&self.messages.draws)
    }
}

impl Gameday<'_> {
    /// Who or what has brought on what a rule sees, where that is not charged to requests: a fault
    /// that somebody has noticed himself, or that keeps a tier from its work or brings it more.
    pub(super) fn seen_cause(&self, event: &AlertEvent) -> Option<Cause> {
        let noticed = self.notices.seen_by(event.rule).map(Cause::Fault);
        let noticed = noticed.or_else(|| self.backlog_cause(event));
        noticed.or_else(|| self.probe_cause(event))
    }

    /// The latest fault that reaches the tier; without any, more came than the tier can do.
    fn backlog_cause(&self, event: &AlertEvent) -> Option<Cause> {
        let rule = &self.plan.playbook.rules[event.rule.index()];
        let Scope::Tier(tier) = event.scope else { return None };
        if !rule.clauses().any(|clause| clause.measure.is_about_backlog()) {
            return None;
        }
        let fault = self.latest_fault(event).map(Cause::Fault);
        Some(fault.unwrap_or(Cause::Overload { tier, trigger: None }))
    }

    /// The latest fault that reaches what the rule sends its requests to.
    fn probe_cause(&self, event: &AlertEvent) -> Option<Cause> {
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
