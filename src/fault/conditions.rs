//! Everything that is broken or changed right now, for all four modules that it affects.

use super::plan::Blinded;
use crate::change::ChangeTable;
use crate::names::{ChangeId, Names, TierId};
use crate::site::{self, InstanceState, SitePlan};
use crate::units::Ratio;

/// A share of what would be seen does not come.
#[derive(Debug, Clone, PartialEq)]
pub struct BlindSpot {
    /// Names the fault that it comes from: part of the draw key.
    pub key: u64,
    pub blinded: Blinded,
    pub share: Ratio,
}

/// What is broken or changed right now.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    /// For the simulated production.
    pub site: site::SiteConditions,
    /// Per person: answers nobody.
    pub unreachable: Vec<bool>,
    /// No reading comes.
    pub blind: bool,
    /// Part of what would be seen does not come.
    pub blind_spots: Vec<BlindSpot>,
    /// Per pipeline: starts nothing.
    pub blocked: Vec<bool>,
}

impl Conditions {
    /// Nothing broken, nothing changed.
    pub fn quiet(plan: &SitePlan, names: &Names) -> Conditions {
        Conditions {
            site: site::SiteConditions::quiet(plan),
            unreachable: vec![false; names.people.len()],
            blind: false,
            blind_spots: Vec::new(),
            blocked: vec![false; names.pipelines.len()],
        }
    }

    /// Takes these instances of a tier out of service. One that is lost stays so, and one that
    /// hangs goes on hanging.
    pub fn take_out(&mut self, tier: TierId, batch: &[usize]) {
        let instances = &mut self.site.tiers[tier.index()].instances;
        for number in batch {
            let Some(state) = instances.get_mut(*number) else { continue };
            if matches!(state, InstanceState::Up | InstanceState::Refusing) {
                *state = InstanceState::Draining;
            }
        }
    }

    /// Adds what a change does while it is in effect.
    pub(super) fn change(&mut self, changes: &ChangeTable, change: ChangeId) {
        let change = &changes.changes[change.index()];
        self.site.maintenance |= change.maintenance;
        // Of several waiting rooms, the one that was put up last counts.
        self.site.admits = change.admits.or(self.site.admits);
        for (tier, count) in &change.add {
            let instances = &mut self.site.tiers[tier.index()].instances;
            instances.resize(instances.len() + *count as usize, Default::default());
        }
        for route in &change.routes {
            self.site.paths[route.endpoint.index()].clone_from(&route.path);
        }
    }
}
