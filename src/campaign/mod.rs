//! Many trials of one plan: played side by side, kept as one row each, summarised with intervals.
//!
//! A [`Campaign`] asks the same [`Headline`]s of every trial. What it gives is a pure function of
//! plan, seed and trials: rows come back in order whatever the number of threads, and figures are
//! folded in that order.

mod alternatives;
mod backtest;
mod columns;
mod compare;
mod contrast;
mod figure;
#[cfg(test)]
pub(crate) mod fixture;
mod headline;
mod hinges;
mod inputs;
mod merge;
mod odds;
mod question;
mod remedies;
mod replays;
mod results;
mod sensitivity;
mod shard;
mod suggestions;
mod summary;
mod task;
mod waiting;
mod what_if;
mod workers;

pub use alternatives::{Alternatives, TriedChoice, alternatives, choices};
pub use backtest::{Backtest, BacktestRow, LEAST_TRIALS};
pub use columns::{Columns, ValueColumn};
pub use compare::{Comparing, Comparison, HeadlineDifference, PairsIdentity, TrialPairs};
pub use contrast::{ChangeUse, Contrast};
pub use figure::{HeadlineFigure, Precisions, figures};
pub use headline::{Effect, Headline, HeadlineSubject, HeadlineUnit, UsualHeadline};
pub use hinges::{BEST, Hinge, Hinges, SCREENED, hinges};
pub use merge::{MergeError, interrupted, listed, merge, order};
pub use odds::{Ends, ExpectationOdds, Odds, RunsVerdict};
pub use remedies::{Remedies, Remedy, remedies};
pub use replays::{BaseRuns, Players, ReplayBudget, draws_of};
pub use results::{CampaignEnding, CampaignIdentity, JudgedRun, Results, TrialRow};
pub use sensitivity::Sensitivity;
pub use shard::{
    FORMAT, Shard, ShardHeader, ShardKind, ShardPosition, ShardReader, Trials, command_of,
};
pub use summary::{Summary, SummaryBuilder, Unfinished};
pub use task::{TaskNeeds, TaskSplit, TimedRuns};
pub use waiting::{DelayedOutcome, WAITS, WaitingChoice, WaitingOdds};
pub use what_if::{MOST_PAIRS, UsualRuns, WhatIf, WhatIfSession};
pub use workers::WorkerPool;

use crate::gameday::{Draws, Gameday, Trial};
use crate::journal::{Entry, Expectation, Header, Story};
use crate::measure::Stopping;
use crate::scenario::{self, Plan, RunIds};
use crate::units::Span;
use question::FinishedTrial;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The most trials of one campaign.
pub const MOST_TRIALS: u64 = 10_000_000;

/// A plan and a seed, ready to be played many times.
pub struct Campaign<'p> {
    plan: &'p Plan,
    header: Header,
    identity: CampaignIdentity,
    run_ids: RunIds,
    /// Trials that were played before.
    known: BTreeMap<u64, TrialRow>,
    /// What each trial drew; `None`: nobody wants to know.
    draws: Option<Mutex<BTreeMap<u64, Draws>>>,
}

impl<'p> Campaign<'p> {
    /// The campaign of a plan with this seed.
    pub fn new(plan: &'p Plan, seed: u64) -> Self {
        let header = scenario::header(plan, 0, seed);
        let identity = CampaignIdentity {
            program: header.program.clone(),
            run_id: header.run_id.clone(),
            scenario: header.scenario.clone(),
            mode: header.mode,
            scenario_hash: header.scenario_hash.clone(),
            seed,
            lasts: plan.lasts,
            expect: plan.expect.clone(),
            expect_on: plan.expect_on,
            headlines: question::headlines(plan),
        };
        let run_ids = RunIds::new(plan, seed);
        Campaign { plan, header, identity, run_ids, known: BTreeMap::new(), draws: None }
    }

    /// Which campaign this is.
    pub fn identity(&self) -> &CampaignIdentity {
        &self.identity
    }

    /// The same campaign, of which these trials need not be played again. Rows that cannot be of it
    /// are left out.
    pub fn with_known(mut self, rows: Vec<TrialRow>) -> Self {
        let headlines = self.identity.headlines.len();
        let of_it = rows.into_iter().filter(|row| row.values.len() == headlines);
        self.known.extend(of_it.map(|row| (row.trial, row)));
        self
    }

    /// The same campaign, which keeps what each trial draws from now on, for [`hinges`].
    pub fn keeping_draws(mut self) -> Self {
        self.draws = Some(Mutex::default());
        self
    }

    /// What each trial drew that was played since it is kept.
    pub fn draws(&self) -> BTreeMap<u64, Draws> {
        let draws = self.draws.as_ref().map(|draws| draws.lock());
        draws.map_or_else(BTreeMap::new, |draws| {
            draws.unwrap_or_else(PoisonError::into_inner).clone()
        })
    }

    /// Whether a run keeps what the plan expects. A plan that sets no limit on recovery or
    /// containment, nor wants no alert, wants its incident, if there is one, to be over besides.
    pub fn judged(&self, row: &TrialRow) -> JudgedRun {
        let value = |usual: UsualHeadline| self.identity.place(usual).and_then(|at| row.values[at]);
        let headlines = self.identity.headlines.iter();
        let mut expected =
            headlines.zip(&row.values).filter(|(headline, _)| headline.subject.is_expectation());
        let recovered = value(UsualHeadline::Recovered);
        let limited = self.plan.expect.iter().any(Expectation::is_limit);
        let over = || recovered.is_some() || value(UsualHeadline::IncidentOpens) == Some(0.0);
        let good = expected.all(|(_, value)| *value == Some(1.0)) && (limited || over());
        JudgedRun { good, recovered: recovered.map(Span::from_seconds) }
    }

    /// Whether a trial need not be played again.
    pub fn knows(&self, number: u64) -> bool {
        self.known.contains_key(&number)
    }

    /// Plays one trial to its end; `None` if it was stopped before.
    pub fn play(&self, number: u64, stop: &(dyn Fn() -> bool + Sync)) -> Option<TrialRow> {
        if let Some(row) = self.known.get(&number) {
            return Some(row.clone());
        }
        let mut gameday = self.gameday(number).without_readings().stopped_by(stop);
        while gameday.step().is_some() {}
        if gameday.is_stopped() {
            return None;
        }
        if let Some(draws) = &self.draws {
            let mut draws = draws.lock().unwrap_or_else(PoisonError::into_inner);
            draws.insert(number, gameday.draws());
        }
        Some(self.row(number, &gameday.finish().story))
    }

    /// What is asked of a trial, of its story.
    fn row(&self, number: u64, story: &Story) -> TrialRow {
        let evidence = FinishedTrial::new(self.plan, &self.header, story);
        let headlines = self.identity.headlines.iter();
        let values = headlines.map(|headline| headline.answer(&evidence)).collect();
        let conclusion = story.conclusion(&self.header);
        TrialRow { trial: number, run_id: self.run_ids.run_id(number), conclusion, values }
    }

    /// Whether a story keeps what the plan expects, as [`Campaign::judged`] says of a row.
    fn keeps(&self, story: &Story) -> bool {
        self.judged(&self.row(0, story)).good
    }

    /// Plays one trial to its end and returns its story.
    pub fn story(&self, number: u64) -> Story {
        let mut gameday = self.gameday(number).without_readings();
        while gameday.step().is_some() {}
        gameday.finish().story
    }

    /// Plays one trial to its end and hands out every entry of its journal, readings included.
    pub fn entries(&self, number: u64, told: &mut dyn FnMut(&Entry)) {
        let mut gameday = self.gameday(number);
        while gameday.step().is_some() {
            gameday.drain().iter().for_each(&mut *told);
        }
        gameday.finish().entries.iter().for_each(told);
    }

    fn gameday(&self, number: u64) -> Gameday<'_> {
        let trial = Trial { seed: self.identity.seed, number };
        Gameday::new(self.plan, &self.header, trial)
    }

    /// Plays these trials side by side, in order; those that were stopped are not there.
    pub fn run(
        &self,
        trials: Range<u64>,
        workers: &WorkerPool,
        watch: &CampaignObserver,
    ) -> Vec<TrialRow> {
        let play = |number| {
            let row = self.play(number, watch.stop)?;
            (watch.done)(&row);
            Some(row)
        };
        workers.collect(trials, &play)
    }

    /// Plays trials until every headline that the plan can give a value is known within
    /// `precision`, or there are `most` of them.
    pub fn run_until_precise(
        &self,
        precision: f64,
        most: u64,
        workers: &WorkerPool,
        watch: &CampaignObserver,
    ) -> Results {
        let mut results = Results {
            identity: self.identity.clone(),
            rows: Vec::new(),
            ending: CampaignEnding::Whole,
        };
        let headlines = self.identity.headlines.iter();
        let possible: Vec<bool> = headlines.map(|headline| headline.possible(self.plan)).collect();
        let mut stopping = Stopping::new(precision, most);
        let mut confidence = stopping.confidence();
        while let Some(to) = stopping.next() {
            let from = results.rows.len() as u64;
            results.rows.extend(self.run(from..to, workers, watch));
            if (results.rows.len() as u64) < to {
                results.ending = CampaignEnding::Interrupted { wanted: most };
                return results;
            }
            confidence = stopping.confidence();
            let known = figure::known(&results, confidence);
            let asked = known.into_iter().zip(&possible).filter(|(_, possible)| **possible);
            if stopping.should_stop(asked.map(|(precision, _)| precision)) {
                results.ending = CampaignEnding::Precise { precision, confidence };
                return results;
            }
        }
        results.ending = CampaignEnding::PrecisionNotReached { precision, confidence };
        results
    }

    /// The results of trials from 0 that were played by [`Campaign::run`].
    pub fn results(&self, rows: Vec<TrialRow>, wanted: u64) -> Results {
        let whole = rows.len() as u64 == wanted;
        let ending =
            if whole { CampaignEnding::Whole } else { CampaignEnding::Interrupted { wanted } };
        Results { identity: self.identity.clone(), rows, ending }
    }
}

/// Observes a campaign: asked between control events whether to stop, notified of every trial.
pub struct CampaignObserver<'w> {
    /// Whether the user wants to stop.
    pub stop: &'w (dyn Fn() -> bool + Sync),
    /// Told of every finished trial, from whichever thread played it.
    pub done: &'w (dyn Fn(&TrialRow) + Sync),
}
