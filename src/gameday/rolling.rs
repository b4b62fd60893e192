//! Changes that are rolled out: which instances are out of service, batch after batch.

use super::pipelines::Rolling;
use super::{Control, Gameday};
use crate::fault::Conditions;
use crate::names::{ChangeId, TierId};
use crate::units::Time;

impl Gameday<'_> {
    /// A change has reached nobody yet, and will have reached everybody by then. One that rolls
    /// takes effect on the way, and may take instances out.
    pub(super) fn rolls(&mut self, now: Time, change: ChangeId, until: Time) {
        let row = &self.plan.playbook.changes.changes[change.index()];
        if !row.rolls {
            return;
        }
        if !row.takes_out.is_empty() {
            let scale = |tier: &TierId| self.plan.site.tiers[tier.index()].autoscaling.is_some();
            let groups = row.takes_out.iter().map(|(tier, _)| *tier).filter(scale);
            let groups = groups.map(|tier| (tier, self.site.serving(tier))).collect();
            let rolling = Rolling { change, from: now, until, groups };
            for (tier, batch) in &row.takes_out {
                let places = self.conditions.site.tiers[tier.index()].instances.len();
                let batches = batch.batches(rolling.instances(*tier, places).len());
                let length = until.since(now) / batches as u64;
                for number in 1..batches as u64 {
                    self.agenda_enter(now + length * number, Control::Batch);
                }
            }
            self.rolling.push(rolling);
        }
        let edges = self.schedule.change_rolls(now, until, change);
        self.apply_fault_edges(now, &edges);
    }

    /// A change has reached everybody: all instances are back.
    pub(super) fn rolled(&mut self, change: ChangeId) {
        self.rolling.retain(|rolling| rolling.change != change);
    }

    /// Takes out of service what is being changed at this moment.
    pub(super) fn take_out(&self, now: Time, conditions: &mut Conditions) {
        for rolling in self.rolling.iter().filter(|rolling| now < rolling.until) {
            let row = &self.plan.playbook.changes.changes[rolling.change.index()];
            for (tier, batch) in &row.takes_out {
                let places = conditions.site.tiers[tier.index()].instances.len();
                let instances = rolling.instances(*tier, places);
                let batches = batch.batches(instances.len());
                let length = rolling.until.since(rolling.from) / batches as u64;
                let number = now.since(rolling.from).0 / length.0.max(1);
                let size = batch.size_for(instances.len());
                let from = size * (number as usize).min(batches - 1);
                let to = (from + size).min(instances.len());
                conditions.take_out(*tier, instances.get(from..to).unwrap_or_default());
            }
        }
    }
}
