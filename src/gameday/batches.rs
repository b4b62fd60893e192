//! Which change is taking instances out.

use crate::names::{ChangeId, TierId};
use crate::units::Time;

/// A change that is being rolled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rolling {
    pub change: ChangeId,
    pub from: Time,
    pub until: Time,
    /// The instances that each group that scales had as it began: those launched later have the
    /// change already.
    pub groups: Vec<(TierId, Vec<usize>)>,
}

impl Rolling {
    /// The instances of a tier that it goes through, of which there are places for so many.
    pub fn instances(&self, tier: TierId, places: usize) -> Vec<usize> {
        let group = self.groups.iter().find(|(group, _)| *group == tier);
        group.map_or_else(|| (0..places).collect(), |(_, instances)| instances.clone())
    }
}
