//! What-if: a change that somebody in the room asks for, with the random draws of the unchanged
//! plan. The runs of the plan as it is are kept, so that the next question costs only its own.

use super::headline::{HeadlineSubject, UsualHeadline};
use super::replays::{BaseRuns, Players};
use super::{Campaign, CampaignIdentity, CampaignObserver, JudgedRun, TrialRow};
use crate::decision::Phase;
use crate::journal::RunOutcome;
use crate::measure::estimate::{Estimate, Estimator, PairedDifference};
use crate::scenario::{self, Plan, Problems, SourceText};

/// The most pairs of runs of one question. A choice: a share is then known to about three
/// percentage points (95 %), and more would hardly change the answer.
pub const MOST_PAIRS: u64 = 1_000;

/// How many pairs are played between two checks of the clock.
const EACH: u64 = 16;

/// A plan that questions are asked of, with the runs of it that were played already.
pub struct WhatIfSession<'p> {
    campaign: Campaign<'p>,
    source: &'p SourceText,
    sets: &'p [(String, String)],
    rows: Vec<TrialRow>,
}

/// What came of a question. Everything in it is simulated.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIf {
    /// Pairs of runs, as it is and with the change.
    pub pairs: u64,
    /// How many of these runs the change could affect; only they were played again.
    pub may_differ: u64,
    /// Ways to lose, each in how many runs as it is and with the change; those that none was lost
    /// by are not there.
    pub lost: Vec<(RunOutcome, [u64; 2])>,
    /// Runs that keep all that the plan expects, as it is and with the change.
    pub kept: [u64; 2],
    /// Whether the plan expects anything.
    pub expects: bool,
    /// Runs in which users are well again both ways.
    pub both: u64,
    /// By how many seconds sooner (below 0) or later they are, in the middle of these.
    pub median_shift: Option<f64>,
    /// By how much the share of runs that are lost changes, pair by pair, with its 95 % interval.
    pub difference: Option<Estimate>,
}

impl WhatIf {
    /// Runs that are lost, as it is and with the change.
    pub fn all_lost(&self) -> [u64; 2] {
        let sum = |side: usize| self.lost.iter().map(|(_, runs)| runs[side]).sum();
        [sum(0), sum(1)]
    }

    /// Whether the number of lost runs changes by more than chance alone explains.
    pub fn is_clear(&self) -> bool {
        let ends = self.difference.and_then(|difference| difference.low.zip(difference.high));
        ends.is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }
}

impl<'p> WhatIfSession<'p> {
    /// A plan as it was read from this text with these values set, played with this seed.
    pub fn new(
        plan: &'p Plan,
        source: &'p SourceText,
        sets: &'p [(String, String)],
        seed: u64,
    ) -> WhatIfSession<'p> {
        let campaign = Campaign::new(plan, seed).keeping_draws();
        WhatIfSession { campaign, source, sets, rows: Vec::new() }
    }

    /// Plays pairs of runs, as it is and with these values set besides, in the order of their
    /// numbers: `most` of them, or as many as there are when the players stop. `None`: not one
    /// pair was over. The error says why the change is none.
    pub fn ask(
        &mut self,
        change: &[(String, String)],
        most: u64,
        players: &Players,
    ) -> Result<Option<WhatIf>, Problems> {
        let all: Vec<_> = self.sets.iter().chain(change).cloned().collect();
        let plan = scenario::load(self.source, &all)?.plan;
        let again = Campaign::new(&plan, self.campaign.identity().seed);
        let (mut whole, mut pairs) = (true, Vec::new());
        while whole && (pairs.len() as u64) < most {
            let from = pairs.len() as u64;
            let to = (from + EACH).min(most);
            self.play_up_to(to, players);
            let there = to.min(self.rows.len() as u64);
            let block = self.block(from..there, &again, players);
            whole = block.len() as u64 == to - from;
            pairs.extend(block);
        }
        Ok((!pairs.is_empty()).then(|| self.outcome_of(&pairs)))
    }

    /// How the plan as it is usually goes: in `most` runs, or as many as there are when the players
    /// stop.
    pub fn usual(&mut self, most: u64, players: &Players) -> UsualRuns {
        let mut known = None;
        while known != Some(self.rows.len()) && (self.rows.len() as u64) < most {
            known = Some(self.rows.len());
            self.play_up_to((self.rows.len() as u64 + EACH).min(most), players);
        }
        let rows = &self.rows[..self.rows.len().min(most as usize)];
        UsualRuns::from_rows(self.campaign.identity(), rows)
    }

    /// Plays the plan as it is up to this run; what a stop breaks off is not there, nor what is
    /// after it.
    fn play_up_to(&mut self, to: u64, players: &Players) {
        let from = self.rows.len() as u64;
        if from >= to {
            return;
        }
        let watch = CampaignObserver { stop: players.stop, done: &|_| (players.done)() };
        let rows = self.campaign.run(from..to, players.workers, &watch);
        let numbered = rows.into_iter().zip(from..).take_while(|(row, n)| row.trial == *n);
        self.rows.extend(numbered.map(|(row, _)| row));
    }

    /// These runs, as they are and with the change; up to the first that a stop broke off.
    fn block(
        &self,
        trials: std::ops::Range<u64>,
        again: &Campaign,
        players: &Players,
    ) -> Vec<Pair> {
        let rows = &self.rows[trials.start as usize..trials.end as usize];
        let draws = self.campaign.draws();
        let ground = BaseRuns {
            campaign: &self.campaign,
            source: self.source,
            sets: self.sets,
            rows,
            draws: &draws,
        };
        let may_differ = ground.may_differ(again.plan);
        let played = players.workers.collect(0..rows.len() as u64, &|at| {
            let row = &rows[at as usize];
            let now = Side { outcome: row.conclusion.outcome, judged: self.campaign.judged(row) };
            let differs = may_differ.contains(&(at as usize));
            let then = match differs {
                false => now,
                true => {
                    let row = again.play(row.trial, players.stop)?;
                    Side { outcome: row.conclusion.outcome, judged: again.judged(&row) }
                }
            };
            (players.done)();
            Some(Pair { now, then, differs, at })
        });
        let whole = played.into_iter().zip(0..).take_while(|(pair, n)| pair.at == *n);
        whole.map(|(pair, _)| pair).collect()
    }

    fn outcome_of(&self, pairs: &[Pair]) -> WhatIf {
        let count = |holds: &dyn Fn(&Side) -> bool| {
            let figure =
                |side: fn(&Pair) -> &Side| pairs.iter().filter(|pair| holds(side(pair))).count();
            [figure(|pair| &pair.now) as u64, figure(|pair| &pair.then) as u64]
        };
        let lost = [RunOutcome::StillDown, RunOutcome::PageUp, RunOutcome::NotDetected];
        let ways = lost.map(|outcome| (outcome, count(&|side| side.outcome == outcome)));
        let is_lost = |side: &Side| f64::from(u8::from(side.outcome.is_lost()));
        let values = pairs.iter().map(|pair| (is_lost(&pair.now), is_lost(&pair.then)));
        let both = pairs.iter().filter_map(|pair| {
            let [now, then] = [pair.now, pair.then].map(|side| side.judged.recovered);
            Some(then?.seconds() - now?.seconds())
        });
        let mut moved: Vec<f64> = both.collect();
        moved.sort_by(f64::total_cmp);
        WhatIf {
            pairs: pairs.len() as u64,
            may_differ: pairs.iter().filter(|pair| pair.differs).count() as u64,
            lost: ways.into_iter().filter(|(_, runs)| *runs != [0, 0]).collect(),
            kept: count(&|side| side.judged.good),
            expects: !self.campaign.identity().expect.is_empty(),
            both: moved.len() as u64,
            median_shift: moved.get(moved.len() / 2).copied(),
            difference: PairedDifference::from_pairs(values).estimate(),
        }
    }
}

/// One run, as it is and with the change.
struct Pair {
    now: Side,
    then: Side,
    differs: bool,
    at: u64,
}

/// What came of a run.
#[derive(Clone, Copy)]
struct Side {
    outcome: RunOutcome,
    judged: JudgedRun,
}

/// How runs of the plan as it is usually go.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsualRuns {
    /// After how many seconds users are well again, run by run; `None`: they are not.
    pub recovery_times: Vec<Option<f64>>,
    /// What takes longest, run by run; `None`: there was no incident.
    pub longest: Vec<Option<Phase>>,
    /// What is expected, in how many runs it is missed, of how many in which it can be judged.
    pub missed: Vec<(String, u64, u64)>,
}

impl UsualRuns {
    /// How many runs there are.
    pub fn runs(&self) -> u64 {
        self.recovery_times.len() as u64
    }

    fn from_rows(identity: &CampaignIdentity, rows: &[TrialRow]) -> UsualRuns {
        let value = |row: &TrialRow, subject: HeadlineSubject| {
            identity.place(subject).and_then(|at| row.values[at])
        };
        let longest = |row: &TrialRow| {
            let spent = Phase::ALL.into_iter().rev().filter(|phase| *phase != Phase::Clear);
            let spent = spent.filter_map(|phase| Some((phase, value(row, phase.into())?)));
            spent.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(phase, _)| phase)
        };
        let missed = identity.expect.iter().map(|expectation| {
            let judged = rows.iter().filter_map(|row| value(row, expectation.into()));
            let (all, met) =
                judged.fold((0, 0), |(all, met), value| (all + 1, met + u64::from(value > 0.5)));
            (expectation.to_string(), all - met, all)
        });
        UsualRuns {
            recovery_times: rows
                .iter()
                .map(|row| value(row, UsualHeadline::Recovered.into()))
                .collect(),
            longest: rows.iter().map(longest).collect(),
            missed: missed.collect(),
        }
    }
}
