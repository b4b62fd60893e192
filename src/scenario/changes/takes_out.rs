//! Changes that take instances out while they roll (`takes_out: {web: 25%}`), and waiting rooms
//! that hold nobody back.

use crate::change::BatchSize;
use crate::fault::FaultKind;
use crate::language::problem::quoted;
use crate::names::{Names, TierId};
use crate::scenario::changes::written::{Row as RowKeys, WrittenChange};
use crate::scenario::document::Document;
use crate::scenario::lint::Linter;
use crate::scenario::phrases::load_sum;
use crate::scenario::plan::peak;
use crate::scenario::resolver::Resolver;
use crate::site::offered;

impl Resolver<'_> {
    /// What is out of service at a time, by tier.
    pub fn takes_out(&mut self, row: &RowKeys, document: &Document) -> Vec<(TierId, BatchSize)> {
        let names = self.names;
        let Some(takes_out) = &row.takes_out else { return Vec::new() };
        if row.rolls.is_none() && !row.written.iter().any(|key| key.value == "rolls") {
            let place = takes_out.0.first().map_or(row.place, |(tier, _)| tier.place);
            let message = "instances are taken out while a change rolls, and this one does not";
            self.error(place, message, "say for how long: `rolls: 20m`");
        }
        let mut all = Vec::new();
        for (tier, batch) in &takes_out.0 {
            let (id, Some(batch)) = (self.find::<TierId>(&names.tiers, tier, "tier"), batch) else {
                continue;
            };
            let Some(id) = id else { continue };
            let site = document.site.as_ref().and_then(|site| site.tiers.as_ref());
            let keys = site.and_then(|tiers| tiers.0[id.index()].1.as_ref());
            let name = quoted(&tier.value);
            // A group may be as small as it is allowed to be when it is changed.
            let least = keys.and_then(|keys| keys.autoscaling.as_ref()?.min_capacity.as_ref());
            let instances = keys.and_then(|keys| keys.instances.as_ref());
            let instances = least.or(instances).map_or(1, |instances| instances.value) as usize;
            let out = batch.value.size_for(instances);
            if matches!(batch.value, BatchSize::Count(0))
                || matches!(batch.value, BatchSize::Share(share) if share.0 <= 0.0)
            {
                self.error(batch.place, "this takes nothing out", "leave it out");
                continue;
            }
            if out >= instances {
                let one = if instances == 1 { "instance" } else { "instances" };
                let at_least = if least.is_some() { "at least " } else { "" };
                let message =
                    format!("{name} has {at_least}{instances} {one}: none would be left to serve");
                let hint = match instances {
                    0 | 1 => "leave it out, or give the tier more instances".to_string(),
                    _ => format!("take out {} or fewer at a time", instances - 1),
                };
                self.error(batch.place, message, &hint);
                continue;
            }
            all.push((id, batch.value));
        }
        all
    }
}

/// `1 of 4 instances of web out at a time`, for each tier.
pub fn batches(
    takes_out: &[(TierId, BatchSize)],
    names: &Names,
    instances: &dyn Fn(TierId) -> u32,
    scales: &dyn Fn(TierId) -> bool,
) -> String {
    let describe = |(tier, batch): &(TierId, BatchSize)| {
        let all = instances(*tier);
        let out = batch.size_for(all as usize);
        let name = &names.tiers[tier.index()];
        match (*batch, scales(*tier)) {
            (BatchSize::Share(share), true) => {
                format!("{share} of the instances of {name} out at a time, at least one")
            }
            (BatchSize::Count(_), true) => format!("{out} instances of {name} out at a time"),
            _ => format!("{out} of {all} instances of {name} out at a time"),
        }
    };
    takes_out.iter().map(describe).collect::<Vec<_>>().join(", ")
}

impl Linter<'_> {
    /// With a batch out, the others cannot bear the load of the peak.
    pub fn rolled(&mut self) {
        let (at, visits) = peak(self.plan);
        let before = offered(&self.plan.site, &self.plan.traffic, visits);
        let rows = self.document.changes.iter().flat_map(|changes| &changes.0);
        for ((name, row), change) in rows.zip(&self.plan.playbook.changes.changes) {
            let Some(WrittenChange(row)) = row else { continue };
            let written = row.takes_out.iter().flat_map(|takes_out| &takes_out.0);
            for ((tier, batch), (key, _)) in change.takes_out.iter().zip(written) {
                let mut site = self.plan.site.clone();
                // How large a group is by then, its load decides.
                if site.tiers[tier.index()].autoscaling.is_some() {
                    continue;
                }
                let whole = &mut site.tiers[tier.index()];
                whole.instances -= batch.size_for(whole.instances as usize) as u32;
                let load = offered(&site, &self.plan.traffic, visits)[tier.index()];
                if load.utilisation() < 1.0 || before[tier.index()].utilisation() >= 1.0 {
                    continue;
                }
                let message = format!(
                    "while {} rolls, {} is over its capacity: {}",
                    quoted(&name.value),
                    quoted(&key.value),
                    load_sum(&load)
                );
                let clock = self.plan.calendar.clock(at);
                let hint = format!("at the peak ({clock}); take fewer out at a time");
                self.warning(key.place, message, hint);
            }
        }
    }
}

impl Linter<'_> {
    /// A waiting room is wide enough for all that come.
    pub fn waiting_rooms(&mut self) {
        let surge = |kind: &FaultKind| matches!(kind, FaultKind::Surge { .. });
        let surges = self.plan.faults.iter().any(|fault| surge(&fault.kind));
        let (_, most) = peak(self.plan);
        let rows = self.document.changes.iter().flat_map(|changes| &changes.0);
        let rows: Vec<_> = rows.filter_map(|(_, row)| row.as_ref()?.0.admits).collect();
        for admits in rows.iter().filter(|admits| !surges && admits.value.0 >= most.0) {
            let message = format!(
                "this waiting room holds nobody back: at most {:.1} visits per second come",
                most.0
            );
            self.warning(admits.place, message, "admit fewer, or raise the traffic");
        }
    }
}
