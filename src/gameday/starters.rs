//! Faults that wait for something to be true of the site.

use crate::decision::Drill;
use crate::names::FaultId;
use crate::scenario::Plan;
use crate::telemetry::Reading;

/// The conditions of the faults that have not begun.
#[derive(Debug, Clone)]
pub(super) struct Starters<'p>(Vec<(FaultId, Drill<'p>)>);

impl<'p> Starters<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let faults = plan.faults.iter().enumerate();
        let drill = |rule: &'p crate::decision::Rule| Drill::new(rule, &plan.playbook.baseline);
        let waiting = faults.filter_map(|(index, fault)| {
            Some((index.into(), drill(&fault.starts_when.as_ref()?.rule)))
        });
        Starters(waiting.collect())
    }

    /// The faults that begin with what was seen; they are not waited for any more.
    pub(super) fn brought_by(&mut self, reading: &Reading) -> Vec<FaultId> {
        let mut brought = Vec::new();
        self.0.retain_mut(|(fault, drill)| {
            let begins = drill.observe(reading.from, reading.to, Some(&reading.scopes[0])).fires;
            brought.extend(begins.then_some(*fault));
            !begins
        });
        brought
    }
}
