//! What can be said of two plans without a run: whether their results can differ at all, and why.

use crate::decision::{LaunchAction, Play};
use crate::logs::LogPlan;
use crate::names::ChangeId;
use crate::scenario::Plan;
use serde::{Deserialize, Serialize};

/// How the plans of two sides differ, as far as that can explain why their runs do not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contrast {
    /// They differ in nothing that a run depends on.
    pub same_plan: bool,
    /// They differ in these changes and in nothing else.
    pub only_changes: bool,
    /// The changes that differ.
    pub changes: Vec<ChangeUse>,
}

/// Where a change may be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeUse {
    /// The change.
    pub name: String,
    /// The plays that make it, or may choose it.
    pub plays: Vec<String>,
    /// A launch step that has its time makes it.
    pub launched: bool,
}

impl Contrast {
    /// Compares these two plans.
    pub fn diff(first: &Plan, second: &Plan) -> Contrast {
        let [one, mut other] = [first, second].map(without_unused);
        let names = |plan: &Plan| plan.names.changes.clone();
        // Ids mean the same only where the same changes are there.
        if names(first) != names(second) {
            return Contrast { same_plan: one == other, ..Contrast::default() };
        }
        let same_plan = one == other;
        let [before, after] = [first, second].map(|plan| &plan.playbook.changes.changes);
        let differing = (0..before.len()).filter(|at| before[*at] != after[*at]);
        let differing: Vec<ChangeId> = differing.map(ChangeId::from).collect();
        other.playbook.changes.changes.clone_from(before);
        let changes = differing.iter().map(|change| ChangeUse::new([first, second], *change));
        let changes: Vec<ChangeUse> = changes.collect();
        Contrast { same_plan, only_changes: !changes.is_empty() && one == other, changes }
    }
}

impl ChangeUse {
    fn new(plans: [&Plan; 2], change: ChangeId) -> ChangeUse {
        let makes = |play: &Play| play.steps.iter().any(|step| step.changes().contains(&change));
        let mut plays: Vec<String> = Vec::new();
        for plan in plans {
            let own = plan.playbook.plays.iter().zip(&plan.names.plays);
            let own = own.filter(|(play, _)| makes(play)).map(|(_, name)| name);
            plays.extend(own.filter(|name| !plays.contains(name)).cloned().collect::<Vec<_>>());
        }
        let launched = plans.into_iter().flat_map(|plan| &plan.playbook.launch).any(|step| {
            let made =
                matches!(&step.action, LaunchAction::Change { change: c, .. } if *c == change);
            made && step.at.is_some()
        });
        let name = plans[0].names.changes.get_index(change.index());
        ChangeUse { name: name.cloned().unwrap_or_default(), plays, launched }
    }

    /// Nobody ever makes it.
    pub fn is_unused(&self) -> bool {
        self.plays.is_empty() && !self.launched
    }
}

/// The plan without what no run depends on.
fn without_unused(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    plan.scenario.clear();
    plan.findings.clear();
    plan.inputs.clear();
    plan.tune.clear();
    plan.expect.clear();
    // Both sides are played with the seed of the first.
    plan.seed = 0;
    plan.logs = LogPlan::default();
    (plan.capacity, plan.crew, plan.actual) = (None, None, None);
    plan
}
