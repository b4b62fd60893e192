//! A tuning day by day, so that machines can share its days: what is tried, which days there are,
//! and what is kept of one.

use super::days::{KeptDay, ReadingSelection};
use super::grid::Candidate;
use super::tally::{DayJudge, DayTally};
use crate::campaign::ShardKind;
use crate::decision::Baseline;
use crate::names::{Names, RuleId};
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// What is tried for one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedRule {
    /// The rule.
    pub rule: RuleId,
    /// Its name.
    pub alert: String,
    /// In the order of the grid.
    pub candidates: Vec<Candidate>,
}

/// What the quiet days are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuietDays {
    /// How many; a log is one, however long.
    pub days: u64,
    /// In words: `60 simulated days of 3h`.
    pub words: String,
    /// They are a log's.
    pub measured: bool,
}

/// Which tuning: everything that its table and page say but what the days were like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TuneIdentity {
    /// Version of the program.
    pub program: String,
    /// The scenario's own words.
    pub scenario: String,
    /// Hash of the plan, whatever its seed.
    pub scenario_hash: String,
    /// Seed of all days.
    pub seed: u64,
    /// Days on which nothing is broken; they come first.
    pub quiet: QuietDays,
    /// Then as many with each fault.
    pub trials: u64,
    /// The faults that hit the site.
    pub faults: Vec<String>,
    /// The interval of readings.
    pub every: Span,
    /// What is normal.
    pub baseline: Baseline,
    /// The most false alarms a week that a recommendation may have.
    pub allowed: f64,
    /// The command that tunes again, without the names of files.
    pub replay: String,
    /// What is tried, rule by rule.
    pub tried: Vec<TriedRule>,
}

/// Which of a tuning's days one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOf {
    /// This one of those on which nothing is broken.
    Quiet(u64),
    /// This one of those with this fault, by its position.
    Fault(usize, u64),
}

impl TuneIdentity {
    /// How many days there are in all.
    pub fn days(&self) -> u64 {
        self.trials.saturating_mul(self.faults.len() as u64).saturating_add(self.quiet.days)
    }

    /// Which day has this number; `None`: there is no such day.
    pub fn day(&self, trial: u64) -> Option<DayOf> {
        let Some(bad) = trial.checked_sub(self.quiet.days) else {
            return Some(DayOf::Quiet(trial));
        };
        let fault = usize::try_from(bad.checked_div(self.trials)?).ok()?;
        (fault < self.faults.len()).then_some(DayOf::Fault(fault, bad % self.trials))
    }

    /// Every candidate, rule by rule.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.tried.iter().flat_map(|tried| &tried.candidates)
    }
}

/// One day as all candidates saw it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedDay {
    /// Its number among all days.
    pub trial: u64,
    /// How long it was watched.
    pub watched: Span,
    /// In the order of [`TuneIdentity::candidates`].
    pub tallies: Vec<DayTally>,
}

/// Days as `sim tune` judges them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedDays;

impl ShardKind for JudgedDays {
    const COMMAND: &'static str = "tune";
    const TRIALS: &'static str = "days";
    type Identity = TuneIdentity;
    type Row = JudgedDay;

    fn trial(row: &JudgedDay) -> u64 {
        row.trial
    }

    fn fits(identity: &TuneIdentity, row: &JudgedDay) -> bool {
        let quiet = matches!(identity.day(row.trial), Some(DayOf::Quiet(_)));
        identity.day(row.trial).is_some()
            && row.tallies.len() == identity.candidates().count()
            && !(quiet && row.tallies.iter().any(|tally| tally.found.is_some()))
    }

    fn origin(identity: &TuneIdentity) -> [String; 3] {
        [identity.program.clone(), identity.scenario_hash.clone(), identity.seed.to_string()]
    }

    fn amount(identity: &TuneIdentity, _: u64) -> String {
        let quiet = match identity.quiet.measured {
            true => String::new(),
            false => format!("--days {} ", identity.quiet.days),
        };
        format!("{quiet}--trials {}", identity.trials)
    }
}

/// All candidates, ready to judge days.
#[derive(Debug)]
pub struct Judges<'i> {
    identity: &'i TuneIdentity,
    each: Vec<DayJudge<'i>>,
}

impl<'i> Judges<'i> {
    /// Those of a tuning, for days of which `wanted` is kept.
    pub fn new(identity: &'i TuneIdentity, names: &Names, wanted: &ReadingSelection) -> Judges<'i> {
        let judge = |candidate: &'i Candidate| {
            DayJudge::new(&candidate.rule, &identity.baseline, names, wanted)
        };
        Judges { identity, each: identity.candidates().map(judge).collect() }
    }

    /// What the day with this number says.
    pub fn judge(&self, trial: u64, day: &KeptDay) -> JudgedDay {
        let judged = |judge: &DayJudge| match self.identity.day(trial) {
            Some(DayOf::Fault(..)) => judge.troubled(day),
            _ => judge.quiet(day),
        };
        JudgedDay { trial, watched: day.watched, tallies: self.each.iter().map(judged).collect() }
    }
}
