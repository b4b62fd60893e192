//! Faults that nothing cures.

use crate::decision::{ChangeChoice, LaunchAction, Reply, Step};
use crate::fault::FaultKind;
use crate::language::problem::quoted;
use crate::language::written::OneOrMany;
use crate::names::ChangeId;
use crate::scenario::lint::Linter;

impl Linter<'_> {
    /// A fault of the site that has no end, or one that nobody ever brings about.
    pub fn faults(&mut self) {
        // Whoever expects the fault to be contained means that nothing cures it.
        let contained = self.document.expect.as_ref().and_then(|expect| expect.contained.as_ref());
        if contained.is_some() {
            return;
        }
        for (index, fault) in self.plan.faults.iter().enumerate() {
            let lasting = matches!(
                fault.kind,
                FaultKind::Surge { .. } | FaultKind::Unreachable { .. } | FaultKind::Blocked { .. }
            );
            if fault.end.after.is_some() || lasting {
                continue;
            }
            let made = |change: &ChangeId| self.is_made(*change);
            if fault.end.until.iter().any(made) {
                continue;
            }
            let written = &self.document.faults.as_ref().expect("the plan has faults")[index];
            let name = quoted(&self.names().faults[index]);
            match written.until.as_ref() {
                Some(OneOrMany(changes)) if !changes.is_empty() => {
                    let cures: Vec<_> =
                        changes.iter().map(|change| quoted(&change.value)).collect();
                    let cures = cures.join(" or ");
                    let message =
                        format!("nothing cures {name}: no play and no step makes {cures}");
                    let hint =
                        "name it in a play's `change` or `triage`, or give the fault a `for:`";
                    self.warning(changes[0].place, message, hint);
                }
                _ => {
                    let message = format!("nothing cures {name}: it lasts to the end of the run");
                    let hint = "say what ends it: `until: [a change]`, or `for: 20m`";
                    let place = written.written.first().map_or(written.place, |key| key.place);
                    self.warning(place, message, hint);
                }
            }
        }
    }

    /// Whether some play or launch step makes this change.
    pub fn is_made(&self, change: ChangeId) -> bool {
        let playbook = &self.plan.playbook;
        let in_step = |step: &Step| match step {
            Step::Diagnose { among, .. } => among.iter().any(|(candidate, _)| *candidate == change),
            Step::Change(chosen) => *chosen == ChangeChoice::This(change),
            Step::Ask(ask) => ask.others.iter().any(|(reply, _)| *reply == Reply::Instead(change)),
            _ => false,
        };
        let in_launch = |action: &LaunchAction| match action {
            LaunchAction::Change { change: made, .. } => *made == change,
            LaunchAction::Tell { .. } => false,
        };
        playbook.plays.iter().flat_map(|play| &play.steps).any(in_step)
            || playbook.launch.iter().any(|step| step.at.is_some() && in_launch(&step.action))
    }
}
