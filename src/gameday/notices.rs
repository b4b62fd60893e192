//! People who notice a fault by themselves, after a time that is drawn per fault and source.

use super::{Control, Gameday};
use crate::decision::Input;
use crate::fault::Edge;
use crate::kernel::Key;
use crate::names::{FaultId, RuleId};
use crate::units::{Span, Time};

/// Which faults have been noticed and are still there.
pub(super) struct Notices {
    key: Key,
    seen: Vec<(FaultId, RuleId)>,
}

impl Notices {
    pub(super) fn new(key: Key) -> Notices {
        Notices { key, seen: Vec::new() }
    }

    fn is_seen_by(&self, rule: RuleId) -> bool {
        self.seen.iter().any(|(_, by)| *by == rule)
    }
}

impl Gameday<'_> {
    /// A fault began: the time until people notice is drawn. Or it ended: they see that too.
    pub(super) fn expect_notices(&mut self, now: Time, edge: Edge) {
        let plan = self.plan;
        let name = &plan.names.faults[edge.fault.index()];
        for (number, notice) in plan.faults[edge.fault.index()].notices.iter().enumerate() {
            if edge.begins {
                let source = &plan.names.rules[notice.rule.index()];
                let after = self.notices.key.named(name).named(source).spread(notice.after);
                if let Some(at) = notice.at(now, after) {
                    self.agenda_enter(at, Control::Noticed(edge.fault, number));
                }
            }
        }
        match self.schedule.fades(edge.fault) {
            _ if edge.begins => {}
            Span::ZERO => self.gone(now, edge.fault),
            fades => self.agenda_enter(now + fades, Control::Faded(edge.fault)),
        }
    }

    /// Nothing is left of a fault: whoever had noticed it sees that.
    pub(super) fn gone(&mut self, now: Time, fault: FaultId) {
        let plan = self.plan;
        for notice in &plan.faults[fault.index()].notices {
            let before = self.notices.is_seen_by(notice.rule);
            self.notices.seen.retain(|seen| *seen != (fault, notice.rule));
            if before && !self.notices.is_seen_by(notice.rule) {
                self.inform(now, Input::Noticed { rule: notice.rule, there: false });
            }
        }
    }

    /// It is the time at which a fault is noticed, unless it is over.
    pub(super) fn noticed(&mut self, now: Time, fault: FaultId, number: usize) {
        if !self.schedule.active().any(|(active, _)| active == fault) {
            return;
        }
        let rule = self.plan.faults[fault.index()].notices[number].rule;
        let before = self.notices.is_seen_by(rule);
        self.notices.seen.push((fault, rule));
        if !before {
            self.inform(now, Input::Noticed { rule, there: true });
        }
    }
}
