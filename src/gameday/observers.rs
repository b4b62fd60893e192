//! Those who see something else than everybody: from whom a blind spot may hide something, and who
//! send requests of their own.

use crate::fault::{Blinded, FaultKind};
use crate::names::{RuleId, Scope};
use crate::scenario::Plan;
use crate::site::Probe;

/// The rules from whom something may be hidden, and the monitoring as a whole, each with the
/// positions of the scopes that it looks at; none in a plan without blind spots.
pub(super) fn observers(plan: &Plan) -> Vec<(Option<RuleId>, Vec<usize>)> {
    let names = &plan.names;
    let mut rules: Vec<RuleId> = Vec::new();
    let mut whole: Vec<usize> = Vec::new();
    for fault in &plan.faults {
        let FaultKind::BlindSpot { of, .. } = &fault.kind else { continue };
        match of {
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
