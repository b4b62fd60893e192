//! What would have saved most: what the plan itself suggests, tried on the runs that were lost.

use super::JudgedRun;
use super::hinges::BEST;
use super::replays::{BaseRuns, Players, ReplayBudget, VariedPlan};
use super::suggestions::{Suggestion, SuggestionKind, suggestions};
use crate::units::Span;
use serde::{Deserialize, Serialize};

/// The most lost runs that are played for each suggestion, evenly spread. A choice: of 60, a share
/// is known to 13 percentage points or better (95 %).
const LOST: usize = 60;
/// The same in the first round of a race. A choice: what saves half of the lost runs saves at least
/// one of three with a chance of 7 in 8.
const FIRST: usize = 3;
/// The most other runs that are played to check that none is broken, and which recover sooner.
/// A choice: if none of 20 is broken, at most one in seven would be (95 %).
const KEPT: usize = 20;
/// A recovery that is sooner by less, in seconds, is not worth reporting. A choice: half of it
/// would report what nobody in the room would notice.
const WORTH: f64 = 60.0;

/// Something to agree on, and what it would have done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// What to do: `plan what follows a refusal in rollback: try the next change`.
    pub words: String,
    /// The changes of the plan, as `--set` takes them.
    pub sets: Vec<(String, String)>,
    /// Lost runs that would keep what the plan expects.
    pub saved: u64,
    /// How many of the lost runs that is of.
    pub lost: u64,
    /// Kept runs that would be lost.
    pub broken: u64,
    /// How many of the kept runs that is of; those that cannot be other runs count.
    pub kept: u64,
    /// How much sooner users are well again in the middle of the kept runs; `None`: not known, or
    /// later.
    pub sooner: Option<Span>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Remedies {
    /// What saves something, the best first; of several ways to do the same, the best one.
    pub best: Vec<Remedy>,
    /// How many suggestions were tried.
    pub tried: usize,
    /// What was not tried, because there was no time.
    pub left_out: Vec<String>,
    /// How many runs were lost.
    pub lost: u64,
    /// How many runs there are.
    #[serde(rename = "of")]
    pub total: u64,
    /// How many runs were played again.
    pub replayed: u64,
}

/// What would have saved most of the lost runs of this ground, or most time. A pure function of the
/// ground and the budget, as long as nobody stops it. Where the budget has an end, the suggestions
/// race: a few runs decide which ones are worth more.
pub fn remedies(ground: &BaseRuns, mut budget: ReplayBudget, players: &Players) -> Remedies {
    let of = ground.rows.len() as u64;
    let mut found =
        Remedies { lost: of - ground.expectations_met(), total: of, ..Remedies::default() };
    let (mut tried, mut varied) = (Vec::new(), Vec::new());
    for suggestion in suggestions(ground.campaign.plan) {
        if (players.stop)() {
            found.left_out.push(suggestion.words);
            continue;
        }
        let Some(mut one) = ground.varied(&suggestion.sets) else { continue };
        only_after_no(ground, &suggestion, &mut one);
        tried.push(suggestion);
        varied.push(one);
    }
    let good = |at| ground.judged(at).good;
    let lost = |at| !good(at);
    let racing = budget.is_bounded();
    let first = if racing { FIRST } else { LOST };
    let all = in_turns(&tried);
    // The first round of a race leaves something for the second.
    let mut share = if racing { budget.share(1, 2) } else { budget };
    let (beyond, played) = ground.race(&mut varied, (&all, first), (&mut share, players), lost);
    budget.spend(played);
    found.replayed = played;
    if racing {
        let best = best_of(ground, &tried, &varied);
        let (_, played) = ground.race(&mut varied, (&best, LOST), (&mut budget, players), lost);
        found.replayed += played;
    }
    // What saves most is looked at for what it breaks; time is looked at where nothing is lost.
    let mut checked = ranked(ground, &tried, &varied);
    checked.retain(|which| {
        let worth = saved(ground, &varied[*which]).0 > 0 || TIMED.contains(&tried[*which].kind.0);
        worth && !beyond.contains(which)
    });
    checked.truncate(if racing { BEST + 1 } else { usize::MAX });
    // A quarter in a race, so that the budget is enough for all that are checked: a choice.
    let kept = if racing { KEPT / 4 } else { KEPT };
    let (_, played) = ground.race(&mut varied, (&checked, kept), (&mut budget, players), good);
    found.replayed += played;
    found.left_out.extend(beyond.iter().map(|which| tried[*which].words.clone()));
    found.tried = tried.len() - beyond.len();
    let best = ranked(ground, &tried, &varied).into_iter().filter(|which| !beyond.contains(which));
    let told = best.map(|which| remedy_of(ground, &tried[which], &varied[which]));
    found.best = told.filter(Remedy::is_worthwhile).collect();
    found.best.sort_by_key(|one| std::cmp::Reverse((one.net(), one.sooner)));
    found
}

/// The first of each kind, then the second of each: other ways to do the same come later.
fn in_turns(tried: &[Suggestion]) -> Vec<usize> {
    let turn = |which: &usize| {
        let before = tried[..*which].iter();
        before.filter(|other| other.kind == tried[*which].kind).count()
    };
    let mut order: Vec<usize> = (0..tried.len()).collect();
    order.sort_by_key(turn);
    order
}

/// Those that are played whole in a race.
fn best_of(ground: &BaseRuns, tried: &[Suggestion], varied: &[VariedPlan]) -> Vec<usize> {
    let mut best = ranked(ground, tried, varied);
    best.retain(|which| saved(ground, &varied[*which]).0 > 0);
    best.truncate(BEST + 1);
    best
}

/// What makes the response faster even where nothing is lost.
const TIMED: [SuggestionKind; 3] =
    [SuggestionKind::Channel, SuggestionKind::Change, SuggestionKind::Approval];

impl Remedy {
    /// Runs that are saved, less those that are lost by it.
    fn net(&self) -> i64 {
        self.saved as i64 - self.broken as i64
    }

    fn is_worthwhile(&self) -> bool {
        let sooner = self.sooner.is_some_and(|sooner| sooner.seconds() >= WORTH);
        self.net() > 0 || (self.net() == 0 && self.broken == 0 && sooner)
    }
}

/// Runs in which nobody said no stay as they are where something follows only after a no.
fn only_after_no(ground: &BaseRuns, suggestion: &Suggestion, varied: &mut VariedPlan) {
    let Some(play) = suggestion.after_no else { return };
    varied.may_differ.retain(|at| {
        let draws = ground.draws.get(&ground.rows[*at].trial);
        draws.is_none_or(|draws| draws.refused(play.into()))
    });
}

/// How many lost runs are saved, of how many that are known.
fn saved(ground: &BaseRuns, varied: &VariedPlan) -> (u64, u64) {
    let lost: Vec<&JudgedRun> = varied
        .played
        .iter()
        .filter(|(at, _)| !ground.judged(**at).good)
        .map(|(_, then)| then)
        .collect();
    (lost.iter().filter(|then| then.good).count() as u64, lost.len() as u64)
}

/// The best way of each kind, those that save most first.
fn ranked(ground: &BaseRuns, tried: &[Suggestion], varied: &[VariedPlan]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..tried.len()).collect();
    let rank = |which: usize| {
        let Remedy { saved, broken, sooner, .. } = remedy_of(ground, &tried[which], &varied[which]);
        std::cmp::Reverse((saved as i64 - broken as i64, sooner))
    };
    order.sort_by_key(|which| rank(*which));
    let mut best: Vec<usize> = Vec::new();
    for which in order {
        if best.iter().all(|other| tried[*other].kind != tried[which].kind) {
            best.push(which);
        }
    }
    best
}

/// What is said of a suggestion.
fn remedy_of(ground: &BaseRuns, suggestion: &Suggestion, varied: &VariedPlan) -> Remedy {
    let all = ground.rows.len();
    let unchanged =
        (0..all).filter(|at| !varied.may_differ.contains(at)).map(|at| ground.judged(at).good);
    let (mut same_kept, mut same_lost) = (0, 0);
    unchanged.for_each(|good| if good { same_kept += 1 } else { same_lost += 1 });
    let (saved, lost) = saved(ground, varied);
    let kept: Vec<(JudgedRun, &JudgedRun)> = varied
        .played
        .iter()
        .map(|(at, then)| (ground.judged(*at), then))
        .filter(|(now, _)| now.good)
        .collect();
    let recovered = kept.iter().filter_map(|(now, then)| now.recovered.zip(then.recovered));
    let mut sooner: Vec<f64> =
        recovered.map(|(now, then)| now.seconds() - then.seconds()).collect();
    sooner.sort_by(f64::total_cmp);
    let middle = sooner.get(sooner.len() / 2).copied().filter(|seconds| *seconds > 0.0);
    Remedy {
        words: suggestion.words.clone(),
        sets: suggestion.sets.clone(),
        saved,
        lost: lost + same_lost,
        broken: kept.iter().filter(|(_, then)| !then.good).count() as u64,
        kept: kept.len() as u64 + same_kept,
        sooner: middle.map(Span::from_seconds),
    }
}
