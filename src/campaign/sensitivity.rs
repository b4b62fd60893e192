//! What many runs hinge on and what would have saved most, beside the answer that they give.

use super::hinges::{Hinges, Race};
use super::remedies::{Remedies, remedies};
use super::replays::{BaseRuns, Players, ReplayBudget};
use super::{Campaign, CampaignIdentity};
use crate::scenario::RunEstimate;
use serde::{Deserialize, Serialize};

/// With fewer runs there is no answer that could hinge on anything: even a plan that never misses
/// cannot show 95 % (Wilson).
const LEAST_RUNS: u64 = 73;
/// With more runs than this, draws are not kept: a choice that bounds memory. `sim hinges`, which
/// is asked for, keeps those of up to 100,000.
const MOST_RUNS: u64 = 2_000;
/// About how many events are played for it, by [`RunEstimate::events`]: a count, not time, so every
/// machine finds the same. Two cores play them in eight seconds.
const EVENTS: f64 = 3e8;
/// Runs with fewer events than this still cost as much as this many. A choice: the budget is then
/// never more than 1,500 runs.
const LEAST_EVENTS: f64 = 2e5;

/// What was found, and of which runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// Version of the program that played them.
    pub program: String,
    /// Hash of the plan, whatever its seed.
    pub scenario_hash: String,
    /// Of all runs.
    pub seed: u64,
    /// How many runs there are.
    pub trials: u64,
    /// What the verdict hinges on; `None`: there was no time for it.
    pub hinges: Option<Hinges>,
    /// What would have saved most; `None`: there was no time for it.
    pub remedies: Option<Remedies>,
}

impl Sensitivity {
    /// Whether to look for it, given this many runs.
    pub fn is_wanted(trials: u64) -> bool {
        (LEAST_RUNS..=MOST_RUNS).contains(&trials)
    }

    /// Looks for both with a budget that depends on the plan alone, half of it each. A stage that
    /// is not whole when the players stop is not there. Of the half for hinges, a quarter goes to
    /// inputs that change few runs, as where hinges are looked for alone.
    pub fn search(ground: &BaseRuns, players: &Players) -> Sensitivity {
        let CampaignIdentity { program, scenario_hash, seed, .. } = ground.campaign.identity();
        let budget = budget(ground.campaign);
        let whole = || !(players.stop)();
        // What costs least comes first, so that a slow machine has something to say of each.
        let mut race = Race::new(ground, players);
        race.play_cheap(budget.share(1, 8));
        let few = whole().then(|| race.so_far());
        let remedies = Some(remedies(ground, budget.share(1, 2), players)).filter(|_| whole());
        race.all(budget.share(3, 8));
        let hinges = if whole() { Some(race.so_far()) } else { few };
        Sensitivity {
            program: program.clone(),
            scenario_hash: scenario_hash.clone(),
            seed: *seed,
            trials: ground.rows.len() as u64,
            hinges,
            remedies,
        }
    }

    /// Whether these are the runs that it was found for.
    pub fn is_of(&self, identity: &CampaignIdentity, trials: u64) -> bool {
        self.program == identity.program
            && self.scenario_hash == identity.scenario_hash
            && (self.seed, self.trials) == (identity.seed, trials)
    }
}

fn budget(campaign: &Campaign) -> ReplayBudget {
    ReplayBudget::runs(
        (EVENTS / RunEstimate::from_plan(campaign.plan).events.max(LEAST_EVENTS)) as u64,
    )
}
