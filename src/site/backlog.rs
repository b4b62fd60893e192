//! Work that is kept: callers of a tier with a durable queue have their answer at once, and what
//! they asked for is done when the tier has a thread for it.

use super::backlog_job::BacklogJob;
use super::conditions::InstanceState;
use super::engine::{Frame, FrameAction};
use super::run::Site;
use super::tier::TierAtWork;
use crate::names::TierId;
use crate::telemetry::Backlog;
use crate::units::{Span, Time};

/// From the key of what has failed to that of its next attempt.
const AGAIN: u64 = 8 << 32;

/// No piece of work takes less, so that one that fails again and again lets time pass.
pub(super) const LEAST_WORK: Span = Span::MILLISECOND;

impl TierAtWork {
    /// What came to nothing is work again, before what was asked for later.
    pub(super) fn put_back(&mut self, frame: &Frame) {
        let job = BacklogJob::from_frame(frame, frame.key.child(AGAIN), frame.sent);
        // Only what was being worked on can be older than what waits: that is soon looked through.
        let at = self.backlog.iter().take_while(|waiting| waiting.since < job.since).count();
        self.backlog.insert(at, job);
    }

    /// How much waits, and how long the oldest of it has; `None` for a tier that keeps nothing.
    pub(super) fn backlog_at(&self, now: Time) -> Option<Backlog> {
        let oldest = self.backlog.front().map_or(now, |job| job.since);
        let waiting = self.backlog.len() as u64;
        self.plan.durable.then(|| Backlog { waiting, age: now.since(oldest) })
    }

    /// How much has waited for a minute or more.
    pub(super) fn overdue(&self, now: Time) -> u64 {
        self.backlog.partition_point(|job| now.since(job.since) >= Span::MINUTE) as u64
    }

    /// An instance with a thread for more, in turn.
    fn has_thread(&mut self) -> Option<usize> {
        let (first, count) = (self.turn, self.instances.len());
        let number = (0..count).map(|step| (first + step) % count).find(|number| {
            let instance = &self.instances[*number];
            let works = instance.in_rotation() && instance.state == InstanceState::Up;
            works && self.doors[*number].busy < self.plan.threads
        })?;
        self.turn = (number + 1) % count;
        Some(number)
    }
}

impl Site {
    /// Takes in what is worked on later; whoever asked for it does not wait.
    pub(super) fn keep(&mut self, frame: &Frame) {
        let now = self.engine.agenda.now();
        let tier = &mut self.tiers[frame.tier];
        tier.occupancy.arrived(now);
        // Where something waits already, no thread is free.
        let waits = !tier.backlog.is_empty();
        tier.backlog.push_back(BacklogJob::from_frame(frame, frame.key, now));
        if !waits {
            self.work_off(frame.tier);
        }
    }

    /// Begins as much of what is kept as there are threads for, the oldest first.
    #[inline]
    pub(super) fn work_off(&mut self, id: TierId) {
        if self.tiers[id].plan.durable {
            self.begin_kept(id);
        }
    }

    fn begin_kept(&mut self, id: TierId) {
        while !self.tiers[id].backlog.is_empty() {
            let tier = &mut self.tiers[id];
            let Some(number) = tier.has_thread() else { return };
            let Some(job) = tier.backlog.pop_front() else { return };
            tier.doors[number].busy += 1;
            if let Some(scaler) = &mut tier.scaler {
                scaler.requests += u64::from(tier.instances[number].warm);
            }
            tier.changed(number);
            let frame = self.engine.frames.add(job.frame(id, number));
            self.advance(frame, FrameAction::Start);
        }
    }
}
