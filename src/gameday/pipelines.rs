//! Pipelines: one change at a time on each, drawn times, failures, what blocks them, and which
//! change is taking instances out.

use super::draws::Draws;
use crate::journal::Evidence;
use crate::kernel::DrawKey;
use crate::names::{ChangeId, IncidentId, PersonId, PlayId, TierId};
use crate::scenario::Plan;
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// One execution of a change.
#[derive(Debug, Clone)]
pub(super) struct ChangeRun {
    pub change: ChangeId,
    pub by: Option<PersonId>,
    pub incident: Option<IncidentId>,
    pub play: Option<PlayId>,
    pub takes: Span,
    pub propagates: Span,
    pub fails: bool,
    pub started_at: Option<Time>,
    pub hands: DeployControl,
    /// How the end of its deploy is known.
    pub end: Evidence,
}

/// Who says when the deploy is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeployControl {
    /// The change-time table.
    Table,
    /// Somebody in the room who makes the change.
    Room,
    /// Nobody: it is already over.
    Over,
}

impl ChangeRun {
    /// The drawn end of its deploy still counts.
    pub fn is_left_to_the_table(&self) -> bool {
        self.hands == DeployControl::Table
    }
}

/// All changes that were ordered, and who waits for whom.
#[derive(Clone)]
pub(super) struct Pipelines<'p> {
    plan: &'p Plan,
    key: DrawKey,
    /// How often each change was ordered.
    ordered: Vec<u64>,
    runs: Vec<ChangeRun>,
    /// Per pipeline, and last those that need none: ordered and not started.
    waiting: Vec<VecDeque<usize>>,
    /// Per pipeline: what is being deployed.
    running: Vec<Option<usize>>,
    draws: Draws,
}

impl<'p> Pipelines<'p> {
    /// Switches to other random draws from now on.
    pub(super) fn fork(&mut self, draws: u64) {
        self.key = self.key.forked(draws);
    }

    pub(super) fn new(plan: &'p Plan, key: DrawKey) -> Self {
        let pipelines = plan.names.pipelines.len();
        Pipelines {
            plan,
            key,
            ordered: vec![0; plan.names.changes.len()],
            runs: Vec::new(),
            waiting: vec![VecDeque::new(); pipelines + 1],
            running: vec![None; pipelines],
            draws: Draws::default(),
        }
    }

    /// What was drawn so far.
    pub(super) fn draws(&self) -> &Draws {
        &self.draws
    }

    fn line(&self, change: ChangeId) -> usize {
        let pipeline = self.plan.playbook.changes.changes[change.index()].pipeline;
        pipeline.map_or(self.running.len(), |pipeline| pipeline.index())
    }

    /// Puts a change in line; its times are drawn by (change, nth order).
    pub(super) fn order(
        &mut self,
        change: ChangeId,
        by: Option<PersonId>,
        incident: Option<IncidentId>,
        play: Option<PlayId>,
    ) {
        let row = &self.plan.playbook.changes.changes[change.index()];
        let nth = self.ordered[change.index()];
        self.ordered[change.index()] += 1;
        let key = self.key.named(&self.plan.names.changes[change.index()]).child(nth);
        self.draws.change(change, key.child(2).unit());
        self.runs.push(ChangeRun {
            change,
            by,
            incident,
            play,
            takes: key.child(0).spread(row.takes),
            propagates: row.propagate.map_or(Span::ZERO, |spread| key.child(1).spread(spread)),
            fails: key.child(2).chance(row.fails),
            started_at: None,
            hands: DeployControl::Table,
            end: Evidence::Simulated,
        });
        let line = self.line(change);
        self.waiting[line].push_back(self.runs.len() - 1);
    }

    /// The next change that can start now, if any; it occupies its pipeline from now on.
    pub(super) fn start(&mut self, now: Time, blocked: &[bool]) -> Option<usize> {
        for (line, waiting) in self.waiting.iter_mut().enumerate() {
            let blocked = blocked.get(line).is_some_and(|blocked| *blocked);
            let running = self.running.get_mut(line);
            if blocked || running.as_ref().is_some_and(|running| running.is_some()) {
                continue;
            }
            let Some(run) = waiting.pop_front() else { continue };
            if let Some(running) = running {
                *running = Some(run);
            }
            self.runs[run].started_at = Some(now);
            return Some(run);
        }
        None
    }

    /// The deploy is over: the pipeline is free.
    pub(super) fn free(&mut self, run: usize) {
        self.runs[run].hands = DeployControl::Over;
        let line = self.line(self.runs[run].change);
        if line < self.running.len() {
            assert_eq!(self.running[line], Some(run), "one change at a time per pipeline");
            self.running[line] = None;
        }
    }

    pub(super) fn run(&self, run: usize) -> &ChangeRun {
        &self.runs[run]
    }

    /// Somebody in the room makes the change: the table no longer says when it is over.
    pub(super) fn take_in_hand(&mut self, run: usize) {
        self.runs[run].hands = DeployControl::Room;
    }

    /// Somebody in the room says that the deploy is over.
    pub(super) fn end_by_hand(&mut self, run: usize) {
        self.runs[run].end = Evidence::Measured;
    }

    /// What is being deployed now, in the order of the orders.
    pub(super) fn deploying(&self) -> impl Iterator<Item = (usize, &ChangeRun)> {
        let runs = self.runs.iter().enumerate();
        runs.filter(|(_, run)| run.started_at.is_some() && run.hands != DeployControl::Over)
    }
}

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
    /// The instances of a tier that it goes through, of which there are places for this many.
    pub fn instances(&self, tier: TierId, places: usize) -> Vec<usize> {
        let group = self.groups.iter().find(|(group, _)| *group == tier);
        group.map_or_else(|| (0..places).collect(), |(_, instances)| instances.clone())
    }
}
