//! A tier at work: its instances, their threads and queues.

use super::engine::Frame;
use super::group::Scaler;
use super::lanes::DelayLanes;
use super::least_busy::LeastBusy;
use super::slab::Id;

use super::accounting::{Occupancy, RequestLedger, TierTotals};
use super::backlog_job::BacklogJob;
use super::blame::CauseId;
use super::conditions::{InstanceState, TierCondition};
use super::plan::{Balance, Tier};
use super::shortage::Shortage;
use crate::kernel::{BeltId, PreparedSpread};
use crate::names::{FaultId, TierId};
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// A tier and everything in it.
#[derive(Clone)]
pub(super) struct TierAtWork {
    pub plan: Tier,
    /// How long its own work takes, laid out for drawing.
    pub takes: PreparedSpread,
    /// That of its own work, where it always takes the same time.
    pub belt: Option<BeltId>,
    pub condition: TierCondition,
    /// Own work takes no longer than on an ordinary day, in any instance.
    pub usual: bool,
    /// What every request looks at of each instance.
    pub doors: Vec<Door>,
    pub instances: Vec<Instance>,
    /// What waits for a thread of any instance, oldest first; only with a durable queue.
    pub backlog: VecDeque<BacklogJob>,
    /// The instance whose turn it is.
    pub turn: usize,
    /// Kept only where callers pick by it.
    least_busy: LeastBusy,
    pub ledger: RequestLedger,
    pub occupancy: Occupancy,
    pub refused: u64,
    pub cycles: u64,
    /// Only where the number of instances follows the load.
    pub scaler: Option<Scaler>,
    /// What has held its threads since it has been out of room.
    pub shortage: Shortage,
}

/// What every request looks at of an instance: of a thousand of them, eight to a line of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Door {
    /// Threads held.
    pub busy: u32,
    /// Callers may pick it.
    pub in_rotation: bool,
    /// It does not refuse whoever comes.
    pub admits: bool,
    /// Somebody is in its queue.
    pub waits: bool,
}

// Eight of them are one cache line, and every request reads one.
const _: () = assert!(size_of::<Door>() == 8);

/// One instance, but for what is kept in its [`Door`].
#[derive(Clone, Default)]
pub(super) struct Instance {
    pub queue: VecDeque<Id<Frame>>,
    pub state: InstanceState,
    /// Taken out by health checks, waiting for its replacement.
    pub out: bool,
    pub life: InstanceStage,
    /// Past its warm-up.
    pub warm: bool,
    /// Since when its state is what it is.
    pub since: Time,
    /// Which fault made it so.
    pub broken_by: Option<FaultId>,
    /// Why it was taken out last.
    pub out_by: CauseId,
    /// Health checks failed in a row.
    pub failures: u32,
    /// Launches and ends in this place so far: what was entered before the last is stale.
    pub launch: u32,
    /// When the state before this one began.
    pub broken_since: Time,
    pub launched_at: Time,
    /// Failed health checks do not count before this.
    pub grace_until: Time,
    /// Since when it takes requests again, if it has not always.
    pub cold_since: Option<Time>,
    /// What it was away for.
    pub cold_by: CauseId,
}

/// Where an instance is between its launch and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum InstanceStage {
    #[default]
    InService,
    /// Launched, and not able to answer anything yet.
    Booting,
    /// Has booted and has not passed a health check yet.
    Checking,
    /// Taken away: ends what it has, and gets nothing new.
    Draining,
    /// No instance: a place for one.
    Off,
}

/// What became of a request that was not refused.
pub(super) enum Acceptance {
    /// It is in an instance, and its caller waits.
    In(Id<Frame>),
    /// It is kept, and its caller has its answer.
    Kept,
}

/// Where a request has found room.
pub(super) enum Reservation {
    Thread,
    Queue,
}

impl TierAtWork {
    pub(super) fn new(plan: &Tier, condition: &TierCondition, lanes: &DelayLanes) -> TierAtWork {
        TierAtWork {
            plan: plan.clone(),
            takes: PreparedSpread::from(plan.takes),
            belt: lanes.steady(plan.takes),
            condition: condition.clone(),
            usual: condition.slow.is_empty() && plan.warming.is_none(),
            doors: Vec::new(),
            instances: Vec::new(),
            backlog: VecDeque::new(),
            turn: 0,
            least_busy: LeastBusy::default(),
            ledger: RequestLedger::default(),
            occupancy: Occupancy::default(),
            refused: 0,
            cycles: 0,
            scaler: plan.autoscaling.map(|scaling| Scaler::new(scaling, plan.instances)),
            shortage: Shortage::default(),
        }
    }

    /// An instance that comes with the plan, or an empty place for one to be launched in.
    pub(super) fn first_instance(&self, number: usize) -> Instance {
        let off = self.scaler.is_some() && number >= self.plan.instances as usize;
        Instance {
            life: if off { InstanceStage::Off } else { InstanceStage::InService },
            warm: !off,
            ..Instance::default()
        }
    }

    /// The instance that a caller picks now; `None` if none is in rotation.
    #[inline]
    pub(super) fn pick(&mut self) -> Option<usize> {
        match self.plan.balance {
            Balance::RoundRobin => {
                if let Some(scaler) = &self.scaler {
                    let rotation = &scaler.rotation;
                    self.turn = if self.turn + 1 >= rotation.len() { 0 } else { self.turn + 1 };
                    return rotation.get(self.turn).map(|number| *number as usize);
                }
                for _ in 0..self.doors.len() {
                    let number = self.turn;
                    self.turn = if number + 1 == self.doors.len() { 0 } else { number + 1 };
                    if self.doors[number].in_rotation {
                        return Some(number);
                    }
                }
                None
            }
            Balance::LeastBusy => self.least_busy.pick(),
        }
    }

    /// An instance has come into rotation or left it, or is to be looked at again for all it has.
    pub(super) fn changed(&mut self, number: usize) {
        let (instance, door) = (&self.instances[number], &mut self.doors[number]);
        door.in_rotation = instance.in_rotation();
        door.admits = door.in_rotation && instance.state != InstanceState::Refusing;
        door.waits = !instance.queue.is_empty();
        self.counted(number);
    }

    /// An instance has more or less to do.
    #[inline]
    pub(super) fn counted(&mut self, number: usize) {
        if self.plan.balance == Balance::LeastBusy {
            let requests = self.doors[number].in_rotation.then(|| self.requests(number));
            self.least_busy.set(number, requests);
        }
    }

    /// Finds room for a request: in this instance, if it is a health check of it, else in the one
    /// that a caller picks; or says why it is refused.
    #[inline]
    pub(super) fn find_room(
        &mut self,
        id: TierId,
        checked: Option<usize>,
    ) -> Result<(usize, Reservation), CauseId> {
        let instance = match checked {
            Some(instance) => Some(instance),
            None => self.pick(),
        };
        if let (Some(scaler), Some(instance)) = (&mut self.scaler, instance) {
            let counts = checked.is_none() && self.instances[instance].warm;
            scaler.requests += u64::from(counts);
        }
        if let Some(instance) = instance
            && let Some(room) = self.reserve(instance)
        {
            return Ok((instance, room));
        }
        self.refused += u64::from(checked.is_none());
        Err(match instance {
            Some(instance) => self.no_room(id, instance),
            None => self.why_none_serves(id),
        })
    }

    /// Takes a thread or a place in the queue of an instance, if there is room.
    #[inline]
    pub(super) fn reserve(&mut self, number: usize) -> Option<Reservation> {
        let door = &mut self.doors[number];
        debug_assert_eq!(door.in_rotation, self.instances[number].in_rotation());
        if !door.admits {
            return None;
        }
        if door.busy < self.plan.threads {
            door.busy += 1;
            return Some(Reservation::Thread);
        }
        let queue = &self.instances[number].queue;
        (queue.len() < self.plan.queue as usize).then_some(Reservation::Queue)
    }

    /// Requests in an instance.
    #[inline]
    pub(super) fn requests(&self, number: usize) -> usize {
        let door = self.doors[number];
        let waiting = if door.waits { self.instances[number].queue.len() } else { 0 };
        door.busy as usize + waiting
    }

    /// Why an instance that is in rotation gives no thread now.
    pub(super) fn no_room(&self, id: TierId, instance: usize) -> CauseId {
        let instance = &self.instances[instance];
        match instance.state {
            InstanceState::Up => CauseId::no_room(id),
            _ => CauseId::from_fault(instance.broken_by),
        }
    }

    /// Why no instance is in rotation: lost ones first, then those that health checks took out.
    pub(super) fn why_none_serves(&self, id: TierId) -> CauseId {
        let gone = |one: &&Instance| one.state == InstanceState::Gone && one.broken_by.is_some();
        if let Some(lost) = self.instances.iter().find(gone) {
            return CauseId::from_fault(lost.broken_by);
        }
        let out = self.instances.iter().find(|instance| instance.out);
        out.map_or(CauseId::no_room(id), |instance| instance.out_by)
    }

    pub(super) fn totals(&self, now: Time) -> TierTotals {
        TierTotals {
            calls: self.ledger,
            arrivals: self.occupancy.arrivals,
            departures: self.occupancy.departures,
            refused: self.refused,
            cycles: self.cycles,
            backlog: self.backlog.len() as u64,
            request_seconds: self.occupancy.request_seconds(now),
        }
    }
}

impl Instance {
    /// Whether callers may pick it.
    #[inline]
    pub(super) fn in_rotation(&self) -> bool {
        !matches!(self.state, InstanceState::Gone | InstanceState::Draining)
            && !self.out
            && self.life == InstanceStage::InService
    }

    /// The fault that keeps it from working, if one does.
    pub(super) fn broken(&self) -> Option<FaultId> {
        self.broken_by.filter(|_| self.state != InstanceState::Up)
    }

    /// Launched, and not serving yet.
    pub(super) fn starts_up(&self) -> bool {
        matches!(self.life, InstanceStage::Booting | InstanceStage::Checking)
    }

    /// It begins again, or its replacement does.
    pub(super) fn launched(&mut self, life: InstanceStage, now: Time, grace: Span) {
        self.life = life;
        self.warm = false;
        self.launch += 1;
        self.launched_at = now;
        self.failures = 0;
        self.grace_until = now + grace;
    }

    /// Whether it does any work.
    #[inline]
    pub(super) fn works(&self) -> bool {
        self.state != InstanceState::Hanging
    }
}
