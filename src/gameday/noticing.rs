//! What people notice by themselves, as it happens on a simulated day.

use super::{Control, Gameday};
use crate::decision::MonitorInput;
use crate::fault::Edge;
use crate::journal::IncidentState;
use crate::names::{FaultId, IncidentId};
use crate::telemetry::Cause;
use crate::units::{Span, Time};

impl Gameday<'_> {
    /// A fault began: the time until people notice is drawn. Or it ended: they see that too.
    pub(super) fn expect_notices(&mut self, now: Time, edge: Edge) {
        let plan = self.plan;
        let name = &plan.names.faults[edge.fault.index()];
        for (number, notice) in plan.faults[edge.fault.index()].notices.iter().enumerate() {
            if edge.begins {
                let source = &plan.names.rules[notice.rule.index()];
                let after = self.notices.after(name, source, notice.after);
                if let Some(at) = notice.at(now, after) {
                    self.agenda_enter(at, Control::Noticed(edge.fault, number));
                }
            }
        }
        match self.schedule.fades(edge.fault) {
            _ if edge.begins => {}
            Span::ZERO => self.fault_cleared(now, edge.fault),
            fades => self.agenda_enter(now + fades, Control::Faded(edge.fault)),
        }
    }

    /// Nothing is left of a fault: whoever had noticed it sees that.
    pub(super) fn fault_cleared(&mut self, now: Time, fault: FaultId) {
        let plan = self.plan;
        for notice in &plan.faults[fault.index()].notices {
            if self.notices.stop_seeing(fault, notice.rule) {
                self.inform(now, MonitorInput::Noticed { rule: notice.rule, there: false });
            }
        }
    }

    /// It is the time at which a fault is noticed, unless it is over.
    pub(super) fn noticed(&mut self, now: Time, fault: FaultId, number: usize) {
        if !self.schedule.active().any(|(active, _)| active == fault) {
            return;
        }
        let rule = self.plan.faults[fault.index()].notices[number].rule;
        if self.notices.see(fault, rule) {
            self.inform(now, MonitorInput::Noticed { rule, there: true });
        }
    }

    /// People call something an incident for which no rule has fired: what they see is what broke
    /// first of all that is broken, if anything is.
    pub(super) fn opened_by_hand(&mut self, now: Time, incident: IncidentId) {
        let broken = self.schedule.active().filter(|(_, fault)| fault.kind.hits_site());
        let began = broken.filter_map(|(fault, _)| {
            let cause = Cause::Fault(fault);
            Some((cause, self.grounds.began(cause, &self.schedule)?))
        });
        let cause = began.min_by_key(|(_, at)| *at);
        self.ledger.onset_of(incident, cause);
        self.incident(now, incident, IncidentState::Opened, None, None);
        if let Some((cause, began)) = cause {
            self.ledger.told_by_hand(now, incident, cause, began);
        }
    }
}
