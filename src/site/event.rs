//! Everything that can happen at the site.

use super::frame::Frame;
use super::scaler::Stage;
use super::slab::Id;
use super::visits::Visit;
use crate::names::TierId;

/// What happens. The one `match` over it is in `run.rs`.
#[derive(Clone, Copy)]
pub(super) enum Event {
    /// The next visit of a source begins, unless the source has been stopped since.
    Arrival { source: u16, run: u32 },
    /// A visitor has thought, or waited, and sends an attempt.
    Attempt { visit: Id<Visit> },
    /// A tier's own work on a request is done.
    Served { frame: Id<Frame> },
    /// A caller has waited and calls again.
    Retry { frame: Id<Frame> },
    /// Whoever sent this has waited long enough, if it is still waiting.
    Timeout { frame: Id<Frame> },
    /// The next health check of an instance.
    Probe { tier: TierId, instance: u32 },
    /// The replacement of an instance that was taken out is ready.
    Replaced { tier: TierId, instance: u32 },
    /// A period of the metric that a tier's group tracks is over.
    Minute { tier: TierId },
    /// The moment to see how busy a tier's threads are.
    Sample { tier: TierId },
    /// An instance has booted, is warm, or has had its time to drain.
    Staged { tier: TierId, instance: u32, launch: u32, stage: Stage },
}

const _: () = assert!(size_of::<Event>() <= 16);
