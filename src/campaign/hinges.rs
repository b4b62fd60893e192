//! Which assumed inputs the verdict hinges on: each is set to fixed other values, and the runs that
//! this may change are played again with the same random draws.

use super::inputs::{AssumedInput, inputs};
use super::replays::{BaseRuns, Players, ReplayBudget, VariedPlan};
use crate::measure::estimate::{Estimate, Estimator, PairedDifference};
use serde::{Deserialize, Serialize};

/// How many runs of each changed plan are played to find out which ones are worth playing in full.
/// A choice: what turns 15 % of the runs shows in 96 of 100 such samples of 20.
pub const SCREENED: usize = 20;
/// How many inputs are played in full. A choice: each may cost as many runs as there are, and the
/// first screen must have room for all of them.
pub const BEST: usize = 3;

/// An assumed input with another value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hinge {
    /// Its name as people read it, with its value: `the decider says yes 95%`.
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
    /// Out of how many runs: all of them if all are known, else those that were played.
    #[serde(rename = "of")]
    pub total: u64,
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

    /// The difference may be due to chance alone, or there are too few runs to tell.
    pub fn is_luck_only(&self) -> bool {
        let ends = self.difference.and_then(|difference| difference.low.zip(difference.high));
        ends.is_none_or(|(low, high)| low <= 0.0 && high >= 0.0)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
    #[serde(rename = "of")]
    pub total: u64,
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
struct HingeCandidate {
    input: usize,
    other: usize,
}

/// What the verdict hinges on, by the runs of this ground. Inputs about people come first, and of
/// two equally strong ones the first. A pure function of the ground and the budget, as long as
/// nobody stops it. Where the budget has an end, the inputs race: what changes few runs is known
/// whole, and a few runs decide which of the others are worth more.
pub fn hinges(ground: &BaseRuns, budget: ReplayBudget, players: &Players) -> Hinges {
    let mut race = Race::new(ground, players);
    if budget.is_bounded() {
        race.play_cheap(budget.share(1, 4));
        race.all(budget.share(3, 4));
    } else {
        race.play_whole(budget);
    }
    race.so_far()
}

/// Inputs that are still being tested.
pub(super) struct Race<'g> {
    ground: &'g BaseRuns<'g>,
    players: &'g Players<'g>,
    inputs: Vec<AssumedInput>,
    candidates: Vec<HingeCandidate>,
    varied: Vec<VariedPlan>,
    found: Hinges,
}

impl<'g> Race<'g> {
    /// All other values of all inputs, none of them played.
    pub fn new(ground: &'g BaseRuns<'g>, players: &'g Players<'g>) -> Race<'g> {
        let inputs = inputs(ground.campaign.plan);
        let (kept, of) = (ground.expectations_met(), ground.rows.len() as u64);
        let mut found = Hinges { kept, total: of, ..Hinges::default() };
        let (candidates, varied) = others(ground, &inputs, players, &mut found);
        Race { ground, players, inputs, candidates, varied, found }
    }

    /// Plays in full those that can change only a few runs, such as a chance: little effort tells
    /// all there is to know.
    pub fn play_cheap(&mut self, mut budget: ReplayBudget) {
        let most = (self.ground.rows.len() / FEW).max(1);
        let runs = |which: &usize| self.varied[*which].may_differ.len();
        let mut few = self.worse();
        few.retain(|which| (1..=most).contains(&runs(which)));
        few.sort_by_key(runs);
        self.round(&mut budget, &few, usize::MAX);
    }

    /// Plays a few runs of all, more of those that move most, and the best whole.
    pub fn all(&mut self, budget: ReplayBudget) {
        // A third for each round.
        let (mut first, mut second) = (budget.share(1, 3), budget.share(1, 3));
        let mut unknown = self.worse();
        unknown.retain(|which| !self.varied[*which].is_whole());
        let pairs = if first.spends(RACE.0 * unknown.len()) { RACE.0 } else { 1 };
        self.round(&mut first, &unknown, pairs);
        let best = self.strongest(RACERS);
        self.round(&mut second, &best, RACE.1);
        self.best_whole(budget.share(1, 3));
    }

    /// Plays some runs of every value, and the best whole.
    fn play_whole(&mut self, mut budget: ReplayBudget) {
        let all: Vec<usize> = (0..self.varied.len()).collect();
        self.round(&mut budget, &all, SCREENED);
        self.best_whole(budget);
    }

    fn best_whole(&mut self, mut budget: ReplayBudget) {
        for which in self.strongest(BEST) {
            self.round(&mut budget, &[which], SCREENED);
            self.round(&mut budget, &[which], usize::MAX);
        }
    }

    fn round(&mut self, budget: &mut ReplayBudget, order: &[usize], pairs: usize) {
        if (self.players.stop)() {
            return;
        }
        let turn = (order, pairs);
        let (_, played) =
            self.ground.race(&mut self.varied, turn, (budget, self.players), |_| true);
        self.found.replayed += played;
    }

    /// The worse value of each input.
    fn worse(&self) -> Vec<usize> {
        let is_worse = |which: &usize| {
            let HingeCandidate { input, other } = self.candidates[*which];
            other == self.inputs[input].worse
        };
        (0..self.varied.len()).filter(is_worse).collect()
    }

    fn strongest(&self, most: usize) -> Vec<usize> {
        strongest(self.ground, &self.candidates, &self.varied, most)
    }

    /// What is known so far.
    pub fn so_far(&self) -> Hinges {
        let mut found = self.found.clone();
        let hinge = |which: usize| {
            let HingeCandidate { input, other } = self.candidates[which];
            hinge_of(self.ground, &self.inputs[input], other, &self.varied[which])
        };
        found.best = self.strongest(BEST).into_iter().map(hinge).collect();
        found.best.retain(|hinge| hinge.effect != 0.0);
        found.tried = (0..self.varied.len()).map(hinge).collect();
        // Whoever stopped it did not want to wait for these, or they were too many for the budget.
        found.tried.retain(|hinge| hinge.may_differ == 0 || hinge.replayed > 0);
        let is_tried =
            |input: &AssumedInput| found.tried.iter().any(|hinge| hinge.path == input.path);
        let left = self.candidates.iter().map(|candidate| &self.inputs[candidate.input]);
        let mut left: Vec<String> =
            left.filter(|input| !is_tried(input)).map(|input| input.words.clone()).collect();
        left.dedup();
        found.left_out.extend(left);
        found
    }
}

/// An input that changes at most one run in this many counts as changing few. A choice: of the
/// usual 200 runs that is 25, about as many as a screening ([`SCREENED`]).
const FEW: usize = 8;
/// How many pairs of each input's worse value decide in the first round of a race, one if that
/// is too much for the budget; and how many more in the second. A choice: few, because the budget
/// of a day such as the shipped launch is some 160 runs for everything.
const RACE: (usize, usize) = (2, 4);
/// How many inputs reach the second round. A choice: three for each that is played in full.
const RACERS: usize = 9;

/// Every other value of every input, as far as nobody stops it.
fn others(
    ground: &BaseRuns,
    inputs: &[AssumedInput],
    players: &Players,
    found: &mut Hinges,
) -> (Vec<HingeCandidate>, Vec<VariedPlan>) {
    let (mut candidates, mut varied) = (Vec::new(), Vec::new());
    for (number, input) in inputs.iter().enumerate() {
        if (players.stop)() {
            found.left_out.push(input.words.clone());
            continue;
        }
        let before = varied.len();
        for (other, value) in input.others.iter().enumerate() {
            let set = (input.path.clone(), value.value.clone());
            if let Some(one) = ground.varied(&[set]) {
                candidates.push(HingeCandidate { input: number, other });
                varied.push(one);
            }
        }
        if varied.len() == before {
            found.fixed.push(input.words.clone());
        }
    }
    (candidates, varied)
}

/// The strongest value of each of the strongest inputs, at most this many.
fn strongest(
    ground: &BaseRuns,
    candidates: &[HingeCandidate],
    varied: &[VariedPlan],
    most: usize,
) -> Vec<usize> {
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
        if best.len() < most && best.iter().all(|other| candidates[*other].input != input) {
            best.push(which);
        }
    }
    best
}

/// How much more often the runs keep what is expected, by those that were played of the ones that
/// may differ; and by how many minutes recovery moves.
fn effect(ground: &BaseRuns, varied: &VariedPlan) -> (f64, f64) {
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
fn hinge_of(ground: &BaseRuns, input: &AssumedInput, other: usize, varied: &VariedPlan) -> Hinge {
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
        total: pairs.len() as u64,
        difference: PairedDifference::from_pairs(values).estimate(),
        effect: effect(ground, varied).0,
    }
}
