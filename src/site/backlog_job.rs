//! A piece of work that a tier keeps until it has a thread for it.

use super::blame::DelayAttribution;
use super::engine::{Caller, Frame};
use crate::kernel::DrawKey;
use crate::names::{EndpointId, Segment, TierId};
use crate::units::Time;

/// A piece of work that waits.
#[derive(Clone, Copy)]
pub(super) struct BacklogJob {
    key: DrawKey,
    /// When it was asked for.
    pub since: Time,
    segment: Segment,
    endpoint: EndpointId,
    path: u16,
    hop: u8,
}

impl BacklogJob {
    /// What a frame asks for.
    pub fn from_frame(frame: &Frame, key: DrawKey, since: Time) -> BacklogJob {
        let Frame { segment, endpoint, path, hop, .. } = *frame;
        BacklogJob { key, since, segment, endpoint, path, hop }
    }

    /// The work begun in an instance.
    pub fn frame(self, tier: TierId, instance: usize) -> Frame {
        Frame {
            key: self.key,
            sent: self.since,
            caller: Caller::Nobody,
            callee: None,
            segment: self.segment,
            instance: instance as u32,
            blame: DelayAttribution::default(),
            tier,
            endpoint: self.endpoint,
            path: self.path,
            hop: self.hop,
            retries: 0,
            breaker_probe: false,
            health_check: false,
            queued: false,
            suspended: None,
        }
    }
}
