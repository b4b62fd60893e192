//! People who notice a fault by themselves, after a time that is drawn per fault and source.

use crate::fault::Fault;
use crate::kernel::DrawKey;
use crate::names::{FaultId, RuleId};
use crate::scenario::Plan;
use crate::units::{Span, Spread};

/// Which faults have been noticed and are still there.
#[derive(Clone)]
pub(super) struct Notices {
    key: DrawKey,
    seen: Vec<(FaultId, RuleId)>,
}

impl Notices {
    /// Switches to other random draws from now on.
    pub(super) fn fork(&mut self, draws: u64) {
        self.key = self.key.forked(draws);
    }

    pub(super) fn new(key: DrawKey) -> Notices {
        Notices { key, seen: Vec::new() }
    }

    /// The fault that this source sees, the first of them.
    pub(super) fn seen_by(&self, rule: RuleId) -> Option<FaultId> {
        self.seen.iter().find(|(_, by)| *by == rule).map(|(fault, _)| *fault)
    }

    fn is_seen_by(&self, rule: RuleId) -> bool {
        self.seen.iter().any(|(_, by)| *by == rule)
    }

    /// From now on this source sees this fault; says whether it sees anything for the first time.
    pub(super) fn see(&mut self, fault: FaultId, rule: RuleId) -> bool {
        let first = !self.is_seen_by(rule);
        self.seen.push((fault, rule));
        first
    }

    /// This source no longer sees this fault; says whether it sees nothing any more.
    pub(super) fn stop_seeing(&mut self, fault: FaultId, rule: RuleId) -> bool {
        let before = self.is_seen_by(rule);
        self.seen.retain(|seen| *seen != (fault, rule));
        before && !self.is_seen_by(rule)
    }

    /// How long after the beginning of a fault this source notices it.
    pub(super) fn after(&self, fault: &str, source: &str, after: Spread) -> Span {
        self.key.named(fault).named(source).spread(after)
    }
}

/// How long the damage of each fault takes to be gone, drawn by name.
pub(super) fn fades(plan: &Plan, key: DrawKey) -> Vec<Span> {
    let faults = plan.faults.iter().zip(&plan.names.faults);
    let fades = |(fault, name): (&Fault, &String)| {
        fault.fades.map_or(Span::ZERO, |fades| key.named(name).spread(fades))
    };
    faults.map(fades).collect()
}

/// The faults as they are on this day.
pub(super) fn drawn(plan: &Plan, key: DrawKey) -> Vec<Fault> {
    let faults = plan.faults.iter().zip(&plan.names.faults);
    faults.map(|(fault, name)| fault.drawn(key.named(name))).collect()
}
