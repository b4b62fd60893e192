//! The position of each scope in a reading.

use crate::names::{Dimension, EndpointId, Names, Scope, Segment, TierId};
use std::ops::Range;

/// The positions of scopes in the order of [`Names::scopes`].
#[derive(Debug, Clone)]
pub(super) struct ScopePositions {
    pub count: usize,
    tiers: usize,
    endpoints: usize,
    /// Where each dimension's categories begin, `None` without any.
    dimensions: [Option<usize>; 4],
}

impl ScopePositions {
    /// The positions under these names.
    pub fn new(names: &Names) -> ScopePositions {
        let start = |dimension: Dimension| {
            let any = !names.categories[dimension as usize].is_empty();
            any.then(|| names.scope_index(Scope::Segment(dimension, 0)))
        };
        ScopePositions {
            count: names.scopes().len(),
            tiers: names.scope_index(Scope::Tier(TierId(0))),
            endpoints: names.scope_index(Scope::Endpoint(EndpointId(0))),
            dimensions: Dimension::ALL.map(start),
        }
    }

    /// Every scope that an attempt at the entry counts in, but for the site: that is the sum of
    /// its endpoints, and added up when an interval is over.
    #[inline]
    pub fn attempt(&self, endpoint: EndpointId, segment: Segment, mut count: impl FnMut(usize)) {
        count(self.endpoints + endpoint.index());
        for (start, value) in self.dimensions.iter().zip(segment.0) {
            if let Some(start) = start {
                count(start + usize::from(value));
            }
        }
    }

    /// The scope of a tier.
    #[inline]
    pub fn tier(&self, tier: TierId) -> usize {
        self.tiers + tier.index()
    }

    /// The scopes of all endpoints.
    pub fn endpoints(&self) -> Range<usize> {
        let segments = self.dimensions.iter().flatten().next();
        self.endpoints..segments.copied().unwrap_or(self.count)
    }
}
