//! A frame: one request in one instance of one tier, from its arrival to its reply.

use super::slab::Id;
use super::visits::Visit;
use crate::kernel::Key;
use crate::names::{EndpointId, Segment, TierId};
use crate::units::Time;

/// A request in an instance. It waits in the queue, or holds a thread.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Frame {
    /// From which its draws come.
    pub key: Key,
    pub sent: Time,
    pub caller: Caller,
    /// The call that it waits for.
    pub callee: Option<Id<Frame>>,
    pub segment: Segment,
    pub instance: u32,
    pub tier: TierId,
    pub endpoint: EndpointId,
    /// The path of its request, and how far along it is.
    pub path: u16,
    pub hop: u8,
    /// Retries of its call so far.
    pub retries: u8,
    /// Its call is the one that a breaker lets through to retest.
    pub trial: bool,
    /// A health check: it has no path.
    pub probe: bool,
    /// What it will do when its hanging instance is up again.
    pub frozen: Option<Doing>,
}

// A frame that has gone cold costs one line of memory to come back, not two.
const _: () = assert!(size_of::<Frame>() == 64);

/// Who waits for a frame's reply.
#[derive(Clone, Copy)]
pub(super) enum Caller {
    Visit(Id<Visit>),
    Frame(Id<Frame>),
    HealthCheck,
    /// An orphan: whoever sent it has stopped waiting, and the work goes on.
    Nobody,
}

/// What a frame does next in its instance.
#[derive(Clone, Copy)]
pub(super) enum Doing {
    /// Begins its own work.
    Start,
    /// Has done its own work.
    Served,
    /// Has the answer to its call.
    Answered { ok: bool },
    /// Calls again.
    Retry,
}
