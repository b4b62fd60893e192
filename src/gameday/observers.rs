//! What the plan has people and faults look at: who sees something else than everybody, who sends
//! requests of their own, and which faults wait for something to be true of the site.

use crate::decision::RuleEvaluator;
use crate::fault::{Blinded, FaultKind};
use crate::names::{FaultId, RuleId, Scope};
use crate::scenario::Plan;
use crate::site::Probe;
use crate::telemetry::Reading;

/// The rules from whom something may be hidden, and the monitoring as a whole, each with the
/// positions of the scopes that it looks at; none in a plan without blind spots.
pub(super) fn observers(plan: &Plan) -> Vec<(Option<RuleId>, Vec<usize>)> {
    let names = &plan.names;
    let mut rules: Vec<RuleId> = Vec::new();
    let mut whole: Vec<usize> = Vec::new();
    for fault in &plan.faults {
        let FaultKind::BlindSpot { blinded, .. } = &fault.kind else { continue };
        match blinded {
            Blinded::Telemetry => whole.extend(0..names.scopes().len()),
            Blinded::Tier(tier) => whole.push(names.scope_index(Scope::Tier(*tier))),
            Blinded::Rule(rule) => rules.push(*rule),
            Blinded::Source(_) => {}
        }
    }
    whole.sort_unstable();
    whole.dedup();
    rules.sort_unstable();
    rules.dedup();
    let of_rule = |rule: RuleId| {
        let scopes = plan.playbook.rules[rule.index()].scopes(names);
        (Some(rule), scopes.into_iter().map(|scope| names.scope_index(scope)).collect())
    };
    let all = (!whole.is_empty()).then_some((None, whole));
    all.into_iter().chain(rules.into_iter().map(of_rule)).collect()
}

/// The rules that judge by requests of their own; none that is not filled in yet.
pub(super) fn probes(plan: &Plan) -> Vec<Probe> {
    let rules = plan.playbook.rules.iter().zip(&plan.names.rules).enumerate();
    let probes =
        rules.filter(|(_, (rule, _))| !rule.is_open()).filter_map(|(index, (rule, name))| {
            let (name, scope) = (name.clone(), rule.scope);
            Some(Probe { rule: index.into(), name, scope, every: rule.probe? })
        });
    probes.collect()
}

/// The conditions of the faults that have not begun.
#[derive(Debug, Clone)]
pub(super) struct ConditionalFaults<'p>(Vec<(FaultId, RuleEvaluator<'p>)>);

impl<'p> ConditionalFaults<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let faults = plan.faults.iter().enumerate();
        let drill =
            |rule: &'p crate::decision::Rule| RuleEvaluator::new(rule, &plan.playbook.baseline);
        let waiting = faults.filter_map(|(index, fault)| {
            Some((index.into(), drill(&fault.starts_when.as_ref()?.rule)))
        });
        ConditionalFaults(waiting.collect())
    }

    /// The faults that begin with what was seen; they are no longer waited for.
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
