//! The change-time table: what can be deployed, how long it takes, on which pipeline, and when it
//! may not.

use crate::names::{ChangeId, EndpointId, PipelineId, PlayId, RoleId, TierId, worded};
use crate::units::{Rate, Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

worded! {
    /// A stage of a change on its way.
    pub enum ChangeStage {
        /// It waits for its pipeline.
        Ordered = "ordered",
        /// Its pipeline works on it.
        Deploying = "deploying",
        /// Done, not yet everywhere.
        Deployed = "deployed",
        /// It has its effect.
        Live = "live",
        /// Done without effect.
        Failed = "failed",
        /// Stopped by a freeze.
        Frozen = "frozen",
    }
}

/// The whole table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChangeTable {
    pub changes: Vec<Change>,
    pub freezes: Vec<Freeze>,
}

/// One row: a kind of change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// From start to done.
    pub takes: Spread,
    /// The text of the table's cell, as the team wrote it (`~45m`).
    pub paper: String,
    /// From done to live, where something caches.
    pub propagate: Option<Spread>,
    /// It takes effect gradually while it propagates, and so does what it cures or causes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rolls: bool,
    /// The chance that it fails at its end and has no effect.
    pub fails: Ratio,
    /// `None`: it never waits for another change.
    pub pipeline: Option<PipelineId>,
    /// Puts up a maintenance page: the whole site answers with a planned 503 while it is up.
    pub maintenance: bool,
    /// Puts up a waiting room: visits beyond this rate are held back while it is in effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admits: Option<Admission>,
    /// The changes that this one ends (takes back), such as a maintenance page.
    pub ends: Vec<ChangeId>,
    /// Instances it adds.
    pub add: Vec<(TierId, u32)>,
    /// Instances that are out of service while it rolls, batch after batch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes_out: Vec<(TierId, BatchSize)>,
    /// Endpoints it sends elsewhere.
    pub routes: Vec<Route>,
}

/// How many instances of a tier a change takes out at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchSize {
    Count(u32),
    /// In whole instances, at least one.
    Share(Ratio),
}

impl BatchSize {
    /// Of this many instances.
    pub fn size_for(self, instances: usize) -> usize {
        match self {
            BatchSize::Count(count) => count as usize,
            BatchSize::Share(share) => ((share.0 * instances as f64).round() as usize).max(1),
        }
    }

    /// How many batches there are of this many instances.
    pub fn batches(self, instances: usize) -> usize {
        instances.div_ceil(self.size_for(instances).max(1)).max(1)
    }
}

/// How many may enter, and how long the others are willing to wait.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Admission {
    /// Visits per second that may begin.
    pub rate: Rate,
    /// How long somebody who is held back waits before leaving; `None`: as long as for a reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Spread>,
}

/// A new path of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub endpoint: EndpointId,
    /// The tiers, the entry first.
    pub path: Vec<TierId>,
}

/// A time in which some changes may not be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub from: Time,
    pub to: Time,
    /// Empty: all of them.
    pub changes: Vec<ChangeId>,
    /// Plays that may make them all the same.
    pub except: Vec<PlayId>,
    /// The role that is told when it begins and whenever it stops a change.
    pub tell: Option<RoleId>,
}

impl ChangeTable {
    /// From when a change may start that could start at a moment: once no freeze stops it. One
    /// freeze may follow another.
    pub fn unfrozen(&self, change: ChangeId, play: Option<PlayId>, mut start: Time) -> Time {
        for _ in 0..=self.freezes.len() {
            let stops = self.freezes.iter().filter(|freeze| freeze.stops(change, play, start));
            start = stops.map(|freeze| freeze.to).max().unwrap_or(start);
        }
        start
    }
}

impl Freeze {
    /// Whether it stops this change at this moment, made for this play (`None`: a launch step).
    pub fn stops(&self, change: ChangeId, play: Option<PlayId>, at: Time) -> bool {
        self.from <= at
            && at < self.to
            && (self.changes.is_empty() || self.changes.contains(&change))
            && !play.is_some_and(|play| self.except.contains(&play))
    }
}

impl Change {
    /// The least time by the table from the start until it is live everywhere.
    pub fn least(&self) -> Span {
        let least = |spread: &Spread| spread.printed_min().unwrap_or(spread.paper_max());
        least(&self.takes) + self.propagate.as_ref().map_or(Span::ZERO, least)
    }

    /// The most time by the table from the start until it is live everywhere.
    pub fn most(&self) -> Span {
        let propagates = self.propagate.as_ref().map_or(Span::ZERO, |spread| spread.paper_max());
        self.takes.paper_max() + propagates
    }

    /// How much longer this took than the change-time table allows; zero if within it.
    pub fn over_paper(&self, took: Span) -> Span {
        Span(took.0.saturating_sub(self.takes.paper_max().0))
    }
}
