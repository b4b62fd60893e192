//! Runs of a changed plan, replayed with the random draws of the unchanged one.

use super::{Campaign, JudgedRun, TrialRow, WorkerPool};
use crate::gameday::{Draws, differ_only_in_draws};
use crate::scenario::{self, Plan, SourceText};
use std::collections::BTreeMap;

/// What was run and judged already: the plan as it is.
pub struct BaseRuns<'a> {
    /// Whose runs these are.
    pub campaign: &'a Campaign<'a>,
    /// Where the plan was read from.
    pub source: &'a SourceText,
    /// What was set when it was read.
    pub sets: &'a [(String, String)],
    /// Its runs.
    pub rows: &'a [TrialRow],
    /// What each of them drew, as far as it is known.
    pub draws: &'a BTreeMap<u64, Draws>,
}

/// How many runs may still be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayBudget(Option<u64>);

impl ReplayBudget {
    /// As many as it takes.
    pub fn unlimited() -> ReplayBudget {
        ReplayBudget(None)
    }

    /// At most this many.
    pub fn runs(most: u64) -> ReplayBudget {
        ReplayBudget(Some(most))
    }

    /// Whether it can come to an end.
    pub(super) fn is_bounded(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it allows this many runs.
    pub(super) fn spends(self, runs: usize) -> bool {
        self.0.is_none_or(|left| left >= runs as u64)
    }

    /// Takes these runs out of it, or none of them.
    pub(super) fn spend(&mut self, runs: u64) -> bool {
        match &mut self.0 {
            None => true,
            Some(left) if *left >= runs => {
                *left -= runs;
                true
            }
            Some(_) => false,
        }
    }

    /// This fraction of it: `parts` out of `of`.
    pub fn share(self, parts: u64, of: u64) -> ReplayBudget {
        ReplayBudget(self.0.map(|left| left / of * parts))
    }
}

/// The threads that play, and the callbacks that decide when to stop and hear of every run.
pub struct Players<'w> {
    /// The threads.
    pub workers: &'w WorkerPool,
    /// Whether to stop; what is done is kept.
    pub stop: &'w (dyn Fn() -> bool + Sync),
    /// Told of every run that is over.
    pub done: &'w (dyn Fn() + Sync),
}

/// A plan that differs in one thing, and what is known of its runs.
pub(super) struct VariedPlan {
    pub plan: Plan,
    /// Positions in [`BaseRuns::rows`] of the runs that may come out differently, those that went
    /// worst first.
    pub may_differ: Vec<usize>,
    /// What came of those that were played, by their position.
    pub played: BTreeMap<usize, JudgedRun>,
}

/// What each of these trials drew; those without a record of it are played again.
pub fn draws_of(campaign: &Campaign, rows: &[TrialRow], players: &Players) -> BTreeMap<u64, Draws> {
    let mut draws = campaign.draws();
    let unknown: Vec<u64> =
        rows.iter().map(|row| row.trial).filter(|trial| !draws.contains_key(trial)).collect();
    let again = players.workers.collect(0..unknown.len() as u64, &|task| {
        let trial = unknown[task as usize];
        let mut gameday = campaign.gameday(trial).stopped_by(players.stop);
        while gameday.step().is_some() {}
        (!gameday.is_stopped()).then(|| (trial, gameday.draws()))
    });
    draws.extend(again);
    draws
}

impl BaseRuns<'_> {
    pub(super) fn judged(&self, position: usize) -> JudgedRun {
        self.campaign.judged(&self.rows[position])
    }

    /// How many of the runs keep what the plan expects.
    pub fn expectations_met(&self) -> u64 {
        (0..self.rows.len()).filter(|at| self.judged(*at).good).count() as u64
    }

    /// All runs, those that went worst first.
    pub(super) fn worst_first(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.rows.len()).collect();
        all.sort_by_key(|at| {
            let JudgedRun { good, recovered } = self.judged(*at);
            (good, recovered.is_some(), std::cmp::Reverse(recovered), *at)
        });
        all
    }

    /// The plan with something else set; `None` if it cannot be.
    pub(super) fn varied(&self, sets: &[(String, String)]) -> Option<VariedPlan> {
        let all: Vec<_> = self.sets.iter().chain(sets).cloned().collect();
        let plan = scenario::load(self.source, &all).ok()?.plan;
        let may_differ = self.may_differ(&plan);
        Some(VariedPlan { plan, may_differ, played: BTreeMap::new() })
    }

    /// The runs that may come out differently under another plan, those that went worst first.
    pub(super) fn may_differ(&self, plan: &Plan) -> Vec<usize> {
        let base = self.campaign.plan;
        let same = differ_only_in_draws(base, plan);
        let stays = |at: &usize| {
            let draws = self.draws.get(&self.rows[*at].trial);
            same && draws.is_some_and(|draws| draws.are_the_same_in(base, plan))
        };
        self.worst_first().into_iter().filter(|at| !stays(at)).collect()
    }

    /// Plays at most `pairs` more runs of each of these plans, in their order as far as the budget
    /// goes; those for which it did not reach, and how many runs were played.
    pub(super) fn race(
        &self,
        varied: &mut [VariedPlan],
        (order, pairs): (&[usize], usize),
        (budget, players): (&mut ReplayBudget, &Players),
        holds: impl Fn(usize) -> bool,
    ) -> (Vec<usize>, u64) {
        let (mut runs, mut beyond) = (Vec::new(), Vec::new());
        for &which in order {
            let sample = varied[which].sample_of(pairs, &holds);
            match budget.spend(sample.len() as u64) {
                true => runs.extend(sample.into_iter().map(|at| (which, at))),
                false => beyond.push(which),
            }
        }
        self.play(varied, &runs, players);
        (beyond, runs.len() as u64)
    }

    /// Plays these runs of these plans side by side, each once.
    pub(super) fn play(
        &self,
        varied: &mut [VariedPlan],
        runs: &[(usize, usize)],
        players: &Players,
    ) {
        let seed = self.campaign.identity().seed;
        let played = {
            let campaigns: BTreeMap<usize, Campaign> = runs
                .iter()
                .map(|(which, _)| (*which, Campaign::new(&varied[*which].plan, seed)))
                .collect();
            players.workers.collect(0..runs.len() as u64, &|task| {
                let (which, at) = runs[task as usize];
                let campaign = &campaigns[&which];
                let row = campaign.play(self.rows[at].trial, players.stop)?;
                (players.done)();
                Some((which, at, campaign.judged(&row)))
            })
        };
        for (which, at, judged) in played {
            varied[which].played.insert(at, judged);
        }
    }
}

impl VariedPlan {
    /// Runs that may come out differently, meet a condition and were not played yet: at
    /// most this many, spread evenly from the worst to the best.
    fn sample_of(&self, most: usize, holds: impl Fn(usize) -> bool) -> Vec<usize> {
        let left = self.may_differ.iter().copied();
        let left: Vec<usize> =
            left.filter(|at| holds(*at) && !self.played.contains_key(at)).collect();
        let count = left.len().min(most);
        (0..count).map(|n| left[(2 * n + 1) * left.len() / (2 * count)]).collect()
    }

    /// Whether all runs are known.
    pub fn is_whole(&self) -> bool {
        self.may_differ.len() == self.played.len()
    }
}
