//! Which assumed inputs the verdict hinges on: each is set to fixed other values, and the runs that
//! this may change are played again on the same luck.

use super::inputs::{Input, inputs};
use super::replays::{Budget, Ground, Players, Varied};
use crate::measure::estimate::{Estimate, Estimator, PairedDifference};

/// As many runs of each changed plan are played to find out which ones are worth playing whole.
pub const SCREENED: usize = 20;
/// So many inputs are played whole.
pub const BEST: usize = 3;

/// An assumed input with another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Hinge {
    /// How a person calls it, with its value: `the decider says yes 95%`.
    pub input: String,
    /// Its path, as `--set` takes it.
    pub path: String,
    /// As the plan has it.
    pub from: String,
    /// What it is set to, as it is shown.
    pub to: String,
    /// The same as `--set` takes it.
    pub value: String,
    /// In how many of the runs it could change anything; in the others, it stays as it was.
    pub may_differ: u64,
    /// How many of these were played again.
    pub replayed: u64,
    /// Runs that keep what the plan expects, as it is.
    pub now: u64,
    /// The same runs with the other value.
    pub then: u64,
    /// How many runs that is of: all of them if all are known, else those that were played.
    pub of: u64,
    /// The difference of the share of runs that keep it, pair by pair, with its 95 % interval.
    pub difference: Option<Estimate>,
    /// How much more often the limit would be kept, −1 to 1, by all runs that are known.
    pub effect: f64,
}

impl Hinge {
    /// All runs are known, not only a sample.
    pub fn is_whole(&self) -> bool {
        self.may_differ == self.replayed
    }

    /// The difference is not beyond what luck alone does, or there are too few runs to say.
    pub fn is_luck_only(&self) -> bool {
        let ends = self.difference.and_then(|difference| difference.low.zip(difference.high));
        ends.is_none_or(|(low, high)| low <= 0.0 && high >= 0.0)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hinges {
    /// The inputs that move the verdict most, the strongest first, each with the stronger value.
    pub best: Vec<Hinge>,
    /// Every value that was tried, in the order of the inputs.
    pub tried: Vec<Hinge>,
    /// Inputs that were not looked at, because there was no time.
    pub left_out: Vec<String>,
    /// Inputs that cannot be set to another value in this plan.
    pub fixed: Vec<String>,
    /// Runs that keep what the plan expects, as it is.
    pub kept: u64,
    /// How many runs that is of.
    pub of: u64,
    /// How many runs were played again.
    pub replayed: u64,
}

impl Hinges {
    /// How many inputs were tried.
    pub fn inputs(&self) -> usize {
        let mut paths: Vec<&str> = self.tried.iter().map(|hinge| hinge.path.as_str()).collect();
        paths.dedup();
        paths.len()
    }
}

/// One value of one input.
#[derive(Clone, Copy)]
struct Candidate {
    input: usize,
    other: usize,
}

/// What the verdict hinges on, by the runs of this ground. Inputs about people come first, and of
/// two equally strong ones the first. A pure function of the ground and the budget, as long as
/// nobody stops it.
pub fn hinges(ground: &Ground, mut budget: Budget, players: &Players) -> Hinges {
    let inputs = inputs(ground.campaign.plan);
    let mut found =
        Hinges { kept: ground.kept(), of: ground.rows.len() as u64, ..Hinges::default() };
    let (candidates, mut varied) = screened(ground, &inputs, &mut budget, players, &mut found);
    for which in strongest(ground, &candidates, &varied) {
        let rest: Vec<(usize, usize)> =
            varied[which].sample(usize::MAX).into_iter().map(|at| (which, at)).collect();
        if !(players.stop)() && budget.spend(rest.len() as u64) {
            found.replayed += rest.len() as u64;
            ground.play(&mut varied, &rest, players);
        }
    }
    let hinge = |which: usize| {
        let Candidate { input, other } = candidates[which];
        told(ground, &inputs[input], other, &varied[which])
    };
    found.best = strongest(ground, &candidates, &varied).into_iter().map(hinge).collect();
    found.best.retain(|hinge| hinge.effect != 0.0);
    found.tried = (0..candidates.len()).map(hinge).collect();
    // Whoever stopped it did not want to wait for these.
    let untried = |hinge: &Hinge| hinge.may_differ > 0 && hinge.replayed == 0;
    found.left_out.extend(found.tried.iter().filter(|h| untried(h)).map(|h| h.input.clone()));
    found.left_out.dedup();
    found.tried.retain(|hinge| !untried(hinge));
    found
}

/// Every value of every input that the budget allows, and a few runs with each.
fn screened(
    ground: &Ground,
    inputs: &[Input],
    budget: &mut Budget,
    players: &Players,
    found: &mut Hinges,
) -> (Vec<Candidate>, Vec<Varied>) {
    let (mut candidates, mut varied, mut runs) = (Vec::new(), Vec::new(), Vec::new());
    // The rest is for the best of them.
    let mut screen = budget.share(2, 3);
    for (number, input) in inputs.iter().enumerate() {
        let (mut theirs, mut sampled) = (Vec::new(), Vec::new());
        for (other, value) in input.others.iter().enumerate() {
            if (players.stop)() {
                break;
            }
            let Some(one) = ground.varied(&[(input.path.clone(), value.value.clone())]) else {
                continue;
            };
            sampled.extend(one.sample(SCREENED).into_iter().map(|at| (theirs.len(), at)));
            theirs.push((Candidate { input: number, other }, one));
        }
        let count = sampled.len() as u64;
        if (players.stop)() || !screen.spend(count) || !budget.spend(count) {
            found.left_out.push(input.words.clone());
            continue;
        }
        if theirs.is_empty() {
            found.fixed.push(input.words.clone());
        }
        let first = varied.len();
        runs.extend(sampled.into_iter().map(|(which, at)| (first + which, at)));
        for (candidate, one) in theirs {
            candidates.push(candidate);
            varied.push(one);
        }
    }
    ground.play(&mut varied, &runs, players);
    found.replayed = runs.len() as u64;
    (candidates, varied)
}

/// The strongest value of each of the strongest inputs.
fn strongest(ground: &Ground, candidates: &[Candidate], varied: &[Varied]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..varied.len()).collect();
    let strength = |which: usize| {
        let (effect, minutes) = effect(ground, &varied[which]);
        (effect.abs(), minutes)
    };
    order.sort_by(|a, b| {
        let (a, b) = (strength(*a), strength(*b));
        b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let mut best: Vec<usize> = Vec::new();
    for which in order {
        let input = candidates[which].input;
        if best.len() < BEST && best.iter().all(|other| candidates[*other].input != input) {
            best.push(which);
        }
    }
    best
}

/// How much more often the runs keep what is expected, by those that were played of the ones that
/// may differ; and by how many minutes recovery moves.
fn effect(ground: &Ground, varied: &Varied) -> (f64, f64) {
    let played = varied.played.len();
    if played == 0 {
        return (0.0, 0.0);
    }
    let share = varied.may_differ.len() as f64 / ground.rows.len() as f64 / played as f64;
    let (mut more, mut minutes) = (0.0, 0.0);
    for (at, then) in &varied.played {
        let now = ground.judged(*at);
        more += f64::from(u8::from(then.good)) - f64::from(u8::from(now.good));
        let both = now.recovered.zip(then.recovered);
        minutes += both.map_or(0.0, |(now, then)| (then.seconds() - now.seconds()).abs() / 60.0);
    }
    (more * share, minutes * share)
}

/// What is said of one value of an input.
fn told(ground: &Ground, input: &Input, other: usize, varied: &Varied) -> Hinge {
    let known: Vec<usize> = match varied.is_whole() {
        true => (0..ground.rows.len()).collect(),
        false => varied.played.keys().copied().collect(),
    };
    let good = |at: usize| {
        let now = ground.judged(at).good;
        (now, varied.played.get(&at).map_or(now, |then| then.good))
    };
    let pairs: Vec<(bool, bool)> = known.into_iter().map(good).collect();
    let number = |good: bool| f64::from(u8::from(good));
    let values = pairs.iter().map(|(now, then)| (number(*now), number(*then)));
    let other = &input.others[other];
    Hinge {
        input: input.words.clone(),
        path: input.path.clone(),
        from: input.from.clone(),
        to: other.shown.clone(),
        value: other.value.clone(),
        may_differ: varied.may_differ.len() as u64,
        replayed: varied.played.len() as u64,
        now: pairs.iter().filter(|(now, _)| *now).count() as u64,
        then: pairs.iter().filter(|(_, then)| *then).count() as u64,
        of: pairs.len() as u64,
        difference: PairedDifference::of(values).estimate(),
        effect: effect(ground, varied).0,
    }
}
