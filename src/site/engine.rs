//! What drives the site: the agenda of its events, the requests in its instances, and the
//! conditions and paths that they meet.

use super::blame::DelayAttribution;
use super::conditions::SiteConditions;
use super::group::InstanceMilestone;
use super::slab::{Id, Pool, PoolSlot, Slab};
use super::visitors::Visit;
use crate::kernel::{Agenda, DrawKey};
use crate::names::{EndpointId, Segment, TierId};
use crate::units::Time;

/// The moving parts that every event needs.
#[derive(Clone)]
pub(super) struct Engine {
    /// The key from which every draw of the site comes.
    pub root: DrawKey,
    pub agenda: Agenda<SiteEvent>,
    pub frames: Slab<Frame>,
    pub conditions: SiteConditions,
    /// Every path that any endpoint has or had.
    pub paths: Vec<Vec<TierId>>,
    /// The path of each endpoint as it is now.
    pub routes: Vec<u16>,
    /// Events handled; those that are passed over are not among them.
    pub events: u64,
}

/// What happens. The one `match` over it is in `run.rs`.
#[derive(Clone, Copy)]
pub(super) enum SiteEvent {
    /// The next visit of a source begins, unless the source has been stopped since.
    Arrival { source: u16, run: u32 },
    /// It is the turn of whoever waits longest in the waiting room, unless it has changed since.
    Admit { run: u32 },
    /// Somebody who is held back has waited long enough.
    Leaves { number: u32 },
    /// A visitor has thought, or waited, and sends an attempt.
    Attempt { visit: PoolSlot<Visit> },
    /// A tier's own work on a request is done.
    Served { frame: Id<Frame> },
    /// A caller has waited and calls again.
    Retry { frame: Id<Frame> },
    /// Whoever sent this has waited long enough, if it is still waiting.
    Timeout { frame: Id<Frame> },
    /// The next request of a rule that sends its own.
    Probe { number: u16 },
    /// The next health check of an instance.
    HealthCheck { tier: TierId, instance: u32 },
    /// The replacement of an instance that was taken out is ready.
    Replaced { tier: TierId, instance: u32 },
    /// A period of the metric that a tier's group tracks is over.
    Minute { tier: TierId },
    /// The moment to see how busy a tier's threads are.
    Sample { tier: TierId },
    /// An instance has booted, is warm, or has had its time to drain.
    Staged { tier: TierId, instance: u32, launch: u32, stage: InstanceMilestone },
}

// Timeouts of calls that have long been answered make up most of the agenda.
const _: () = assert!(size_of::<SiteEvent>() == 12);

/// A request in an instance. It waits in the queue, or holds a thread.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Frame {
    /// The key from which its draws come.
    pub key: DrawKey,
    pub sent: Time,
    pub caller: Caller,
    /// The call that it waits for.
    pub callee: Option<Id<Frame>>,
    pub segment: Segment,
    pub instance: u32,
    /// What has spoilt it so far.
    pub blame: DelayAttribution,
    pub tier: TierId,
    pub endpoint: EndpointId,
    /// The path of its request, and how far along it is.
    pub path: u16,
    pub hop: u8,
    /// Retries of its call so far.
    pub retries: u8,
    /// Its call is the one that a breaker lets through to retest.
    pub breaker_probe: bool,
    /// A health check: it has no path.
    pub health_check: bool,
    /// It waits in the queue.
    pub queued: bool,
    /// What it will do when its hanging instance is up again.
    pub suspended: Option<FrameAction>,
}

// A frame that has gone cold costs one line of memory to come back, not two.
const _: () = assert!(size_of::<Frame>() == 64);

/// Who waits for a frame's reply.
#[derive(Clone, Copy)]
pub(super) enum Caller {
    Visit(PoolSlot<Visit>),
    Frame(Id<Frame>),
    HealthCheck,
    /// The rule that has sent it itself.
    Probe(u16),
    /// Abandoned: whoever sent it has stopped waiting, and the work goes on.
    Nobody,
}

/// What a frame does next in its instance.
#[derive(Clone, Copy)]
pub(super) enum FrameAction {
    /// Begins its own work.
    Start,
    /// Has done its own work.
    Served,
    /// Has the answer to its call.
    Answered { ok: bool },
    /// Calls again.
    Retry,
}

impl Slab<Frame> {
    /// Has fetched what the end of a request leads to: whoever waits for it, and what it waits for.
    fn around(&self, frame: Id<Frame>, visits: &Pool<Visit>) {
        if !self.has_many() {
            return;
        }
        let Some(frame) = self.get(frame) else { return };
        match frame.caller {
            Caller::Visit(visit) => visits.fetch(visit),
            Caller::Frame(caller) => self.fetch(caller),
            _ => {}
        }
        frame.callee.iter().for_each(|callee| self.fetch(*callee));
    }
}

impl Engine {
    /// Takes the next event before `to` that matters: timeouts of requests that have gone do not.
    #[inline]
    pub fn next_before(&mut self, to: Time, visits: &Pool<Visit>) -> Option<SiteEvent> {
        let frames = &self.frames;
        let matters = |event| match event {
            SiteEvent::Timeout { frame } => frames.holds(frame),
            _ => true,
        };
        let soon = |event, nearer| match event {
            SiteEvent::Attempt { visit } => visits.fetch(visit),
            SiteEvent::Timeout { frame } if nearer => frames.around(frame, visits),
            SiteEvent::Served { frame } | SiteEvent::Timeout { frame } => frames.fetch(frame),
            _ => {}
        };
        self.agenda.next_that_matters(to, matters, soon).map(|(_, event)| event)
    }

    /// New attempts of an endpoint take this path; those under way keep theirs.
    pub fn lay_path(&mut self, endpoint: EndpointId, path: &[TierId]) {
        assert!(!path.is_empty(), "a path has an entry");
        let known = self.paths.iter().position(|known| known == path);
        let number = known.unwrap_or_else(|| {
            self.paths.push(path.to_vec());
            self.paths.len() - 1
        });
        let number = u16::try_from(number).expect("fewer than 65,536 paths");
        self.routes[endpoint.index()] = number;
    }

    /// The frames in an instance, in order of their places.
    pub fn frames_in(&self, tier: TierId, instance: usize) -> std::vec::IntoIter<Id<Frame>> {
        let here = |frame: &Frame| frame.tier == tier && frame.instance as usize == instance;
        let ids = self.frames.iter().filter(|(_, frame)| here(frame)).map(|(id, _)| id);
        ids.collect::<Vec<_>>().into_iter()
    }
}
