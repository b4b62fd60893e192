//! Everything that is broken or changed right now, for all four rooms that feel it.

use super::{Fault, FaultKind, Which};
use super::{blind, blocked, failing, lost, outage, slow, surge, unreachable};
use crate::change::ChangeTable;
use crate::names::{ChangeId, FaultId, Names};
use crate::site::{self, SitePlan, Tier};

/// What is broken or changed right now.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    /// For the simulated production.
    pub site: site::Conditions,
    /// Per person: answers nobody.
    pub unreachable: Vec<bool>,
    /// No reading comes.
    pub blind: bool,
    /// Per pipeline: starts nothing.
    pub blocked: Vec<bool>,
}

impl Conditions {
    /// The conditions under these changes, in the order in which they went live, and these faults.
    pub fn of<'p>(
        plan: &SitePlan,
        names: &Names,
        changes: &ChangeTable,
        in_effect: &[ChangeId],
        faults: impl Iterator<Item = (FaultId, &'p Fault)>,
    ) -> Conditions {
        let mut conditions = Conditions {
            site: site::Conditions::quiet(plan),
            unreachable: vec![false; names.people.len()],
            blind: false,
            blocked: vec![false; names.pipelines.len()],
        };
        for change in in_effect {
            conditions.changed(changes, *change);
        }
        for (id, fault) in faults {
            let key = crate::kernel::Key::new(0, 0, &names.faults[id.index()]).bits();
            conditions.broken(plan, key, fault);
        }
        conditions
    }

    fn changed(&mut self, changes: &ChangeTable, change: ChangeId) {
        let change = &changes.changes[change.index()];
        self.site.maintenance |= change.maintenance;
        for (tier, count) in &change.add {
            let instances = &mut self.site.tiers[tier.index()].instances;
            instances.resize(instances.len() + *count as usize, Default::default());
        }
        for route in &change.routes {
            self.site.paths[route.endpoint.index()].clone_from(&route.path);
        }
    }

    fn broken(&mut self, plan: &SitePlan, key: u64, fault: &Fault) {
        match &fault.kind {
            FaultKind::Outage { tier, which, mode } => {
                outage::apply(self, plan, *tier, *which, *mode);
            }
            FaultKind::Slow { target, which, only, takes, times, add } => {
                let slow = slow::Slowness { takes: *takes, times: *times, add: *add };
                slow::apply(self, plan, key, *target, *which, only, slow);
            }
            FaultKind::Failing { target, which, only, errors } => {
                failing::apply(self, plan, key, *target, *which, only, *errors);
            }
            FaultKind::BadRelease { target, only, errors } => {
                failing::apply(self, plan, key, *target, Which::All, only, *errors);
            }
            FaultKind::LostServers { tier, which } => lost::servers(self, plan, *tier, *which),
            FaultKind::LostZone { zone } => lost::zone(self, plan, *zone),
            FaultKind::Surge { times, tool, only } => {
                surge::apply(self, key, *times, *tool, only);
            }
            FaultKind::Unreachable { person } => unreachable::apply(self, *person),
            FaultKind::Blind => blind::apply(self),
            FaultKind::Blocked { pipeline } => blocked::apply(self, *pipeline),
        }
    }
}

impl Which {
    /// Which of a tier's instances these are, one flag per instance. A share is rounded to whole
    /// instances, at least one, and takes the first ones, so that it spreads over the zones. With
    /// autoscaling, shares and counts are of the instances that there are at the start; all of
    /// them, or a zone, are also those launched later.
    pub fn instances(self, tier: &Tier, count: usize) -> Vec<bool> {
        let first = |n: usize| (0..count).map(|i| i < n).collect();
        let at_start = if tier.autoscaling.is_some() { tier.instances as usize } else { count };
        match self {
            Which::All => vec![true; count],
            Which::Share(share) => first(((share.0 * at_start as f64).round() as usize).max(1)),
            Which::Count(n) => first((n as usize).min(at_start)),
            Which::Zone(zone) => {
                let zones = &tier.zones;
                let stands = |i: usize| !zones.is_empty() && zones[i % zones.len()] == zone;
                (0..count).map(stands).collect()
            }
        }
    }
}

impl FaultKind {
    /// Whether it hits the site itself, not only people, telemetry or pipelines.
    pub fn hits_site(&self) -> bool {
        !matches!(
            self,
            FaultKind::Unreachable { .. } | FaultKind::Blind | FaultKind::Blocked { .. }
        )
    }
}
