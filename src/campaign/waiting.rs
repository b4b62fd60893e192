//! Decide now or wait: how each turns out, in runs forked from a gameday under way.

use super::replays::Players;
use super::{Campaign, WorkerPool};
use crate::gameday::{Gameday, Intervention};
use crate::journal::{Header, Story};
use crate::scenario::Plan;
use crate::units::{Span, Time};

/// The waits that are compared, from none upwards. A choice: five minutes are as long as a
/// "not yet" without a time, and 15 are three of them.
pub const WAITS: [Span; 3] = [Span::ZERO, Span::from_secs(300), Span::from_secs(900)];

/// The most forks of one question. A choice: as many as `sim run` plays; a share is then known to
/// seven percentage points (95 %).
const MOST_FORKS: u64 = 200;

/// How many are played between two checks of the clock.
const EACH: u64 = 4;

/// A gameday under way, and what could be done.
#[derive(Clone, Copy)]
pub struct WaitingChoice<'g, 'p> {
    /// As far as it has come.
    pub gameday: &'g Gameday<'p>,
    /// What it is played from.
    pub plan: &'p Plan,
    pub header: &'p Header,
    pub seed: u64,
    /// The moment reached.
    pub at: Time,
    pub intervention: Intervention,
}

/// What comes of doing it after one of [`WAITS`]. Everything in it is simulated.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DelayedOutcome {
    /// Runs that keep what the plan expects; without a limit, in which users are well again.
    pub kept: u64,
    /// When users are well again in the middle of the runs; `None`: in half of them they are not.
    pub recovered_at: Option<Time>,
    /// Users affected in the middle of the runs, from the start of the day.
    pub users: u64,
}

/// What comes of all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingOdds {
    /// Forks, each with the same random draws for every one of [`WAITS`].
    pub forks: u64,
    pub each: [DelayedOutcome; 3],
}

/// What came of a fork.
struct ForkOutcome {
    kept: bool,
    back: Option<Time>,
    users: u64,
}

impl WaitingChoice<'_, '_> {
    /// Plays forks, the same draws for every wait: `most`, or as many as are done when the players
    /// stop. `None`: not one was over for all of the waits.
    pub fn ask(&self, most: u64, players: &Players) -> Option<WaitingOdds> {
        let campaign = Campaign::new(self.plan, self.seed);
        let mut all: Vec<[ForkOutcome; 3]> = Vec::new();
        while (all.len() as u64) < most.min(MOST_FORKS) {
            let from = all.len() as u64;
            let to = (from + EACH).min(most).min(MOST_FORKS);
            let block = self.block(&campaign, from..to, players.workers, players.stop);
            let whole = block.len() as u64 == to - from;
            all.extend(block);
            if !whole {
                break;
            }
        }
        (!all.is_empty()).then(|| summarise(&all))
    }

    /// These forks, as far as they are all there.
    fn block(
        &self,
        campaign: &Campaign,
        forks: std::ops::Range<u64>,
        workers: &WorkerPool,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Vec<[ForkOutcome; 3]> {
        let waits = WAITS.len() as u64;
        let from = forks.start * waits;
        let played = workers.collect(from..forks.end * waits, &|number| {
            let (fork_number, wait) = (number / waits, WAITS[(number % waits) as usize]);
            let fork: Gameday = self.gameday.fork(fork_number).without_readings();
            let story = fork.stopped_by(stop).played_on(self.at, wait, self.intervention)?;
            Some((number, self.one(campaign, &story)))
        });
        let numbered = played.into_iter().zip(from..).take_while(|((at, _), n)| at == n);
        let mut ones = numbered.map(|((_, one), _)| one);
        let mut block = Vec::new();
        while let (Some(now), Some(soon), Some(later)) = (ones.next(), ones.next(), ones.next()) {
            block.push([now, soon, later]);
        }
        block
    }

    fn one(&self, campaign: &Campaign, story: &Story) -> ForkOutcome {
        let newest = self.gameday.newest_open().map(|(incident, ..)| incident.number());
        let incidents = story.incidents();
        let incident = incidents.iter().find(|incident| Some(incident.number) == newest);
        let back = incident.and_then(|incident| {
            let records = story.causes_of_incident(self.header, incident.number);
            let harmed: Vec<_> = records.iter().filter(|one| one.harmed.is_some()).collect();
            if harmed.is_empty() {
                let took = story.recovery(self.header, incident)?;
                return Some(incident.first().start.started_at + took);
            }
            let restored: Option<Vec<Time>> = harmed.iter().map(|one| one.restored).collect();
            restored?.into_iter().max()
        });
        let totals = story.totals().expect("it is over");
        ForkOutcome { kept: campaign.keeps(story), back, users: totals.site.affected.total() }
    }
}

fn summarise(all: &[[ForkOutcome; 3]]) -> WaitingOdds {
    let each = [0, 1, 2].map(|wait| {
        let ones = || all.iter().map(|fork| &fork[wait]);
        let mut back: Vec<Time> = ones().map(|one| one.back.unwrap_or(Time::NEVER)).collect();
        back.sort_unstable();
        let mut users: Vec<u64> = ones().map(|one| one.users).collect();
        users.sort_unstable();
        DelayedOutcome {
            kept: ones().filter(|one| one.kept).count() as u64,
            recovered_at: Some(back[back.len() / 2]).filter(|back| *back < Time::NEVER),
            users: users[users.len() / 2],
        }
    });
    WaitingOdds { forks: all.len() as u64, each }
}
