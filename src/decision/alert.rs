//! What rules come to: the moves of their state machines, how each fared, and alerts as episodes.

use super::response::{Ids, Named, Vocabulary};
use super::rule::BoundBy;
use crate::names::{Names, worded};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

worded! {
    /// Where a state machine went.
    pub enum AlertState {
        Pending = "pending",
        Firing = "firing",
        /// Pending, then not: it almost fired.
        Cleared = "cleared",
        Resolved = "resolved",
        NoData = "no-data",
        /// Data is back after `NoData`.
        DataBack = "data-back",
    }
}

/// A rule's state machine moved. `A` says what that is attributed to, which those who judge do
/// not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "V::Rule: Serialize, V::Scope: Serialize, V::Incident: Serialize, A: Serialize",
    deserialize = "V::Rule: Deserialize<'de>, V::Scope: Deserialize<'de>, \
                   V::Incident: Deserialize<'de>, A: Deserialize<'de>"
))]
pub struct AlertEvent<V: Vocabulary = Ids, A = ()> {
    #[serde(rename = "alert")]
    pub rule: V::Rule,
    #[serde(flatten)]
    pub scope: V::Scope,
    pub state: AlertState,
    /// The end of the reading that moved it.
    #[serde(rename = "tick")]
    pub at: Time,
    /// In the unit of the measure; `None` for `no_data`.
    pub value: Option<f64>,
    pub threshold: Option<f64>,
    pub bound_by: BoundBy,
    pub baseline: Option<f64>,
    /// Requests in the window.
    pub n: u64,
    /// How long it had been breaching (pending, firing, cleared) or firing (resolved).
    pub held: Span,
    /// The incident that it opened or joined, once firing.
    pub incident: Option<V::Incident>,
    #[serde(flatten)]
    pub attribution: A,
}

impl AlertEvent {
    /// The same in names, with what it is attributed to.
    pub fn named<A>(&self, names: &Names, attribution: A) -> AlertEvent<Named, A> {
        AlertEvent {
            rule: names.rules[self.rule.index()].clone(),
            scope: names.named_scope(self.scope),
            state: self.state,
            at: self.at,
            value: self.value,
            threshold: self.threshold,
            bound_by: self.bound_by,
            baseline: self.baseline,
            n: self.n,
            held: self.held,
            incident: self.incident.map(|incident| incident.number()),
            attribution,
        }
    }
}

/// How a rule fared on one scope, whether it moved or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "V::Rule: Serialize, V::Scope: Serialize",
    deserialize = "V::Rule: Deserialize<'de>, V::Scope: Deserialize<'de>"
))]
pub struct Ticks<V: Vocabulary = Ids> {
    #[serde(rename = "alert")]
    pub rule: V::Rule,
    /// What it looked at.
    #[serde(flatten)]
    pub scope: V::Scope,
    /// Readings that it was shown, those that did not come included.
    pub readings: u64,
    /// Those after which there were enough requests in its window to judge.
    pub judged: u64,
    /// What came closest to a breach, or went furthest beyond it; `None` if nothing was judged.
    pub closest: Option<Closest>,
}

impl Ticks {
    /// The same in names.
    pub fn named(&self, names: &Names) -> Ticks<Named> {
        Ticks {
            rule: names.rules[self.rule.index()].clone(),
            scope: names.named_scope(self.scope),
            readings: self.readings,
            judged: self.judged,
            closest: self.closest,
        }
    }
}

/// A value that a rule judged, and what it was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Closest {
    /// The end of its reading.
    pub tick: Time,
    pub value: f64,
    pub threshold: f64,
}

/// One alert of one scope from pending (or firing, or no data) to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode<'a, V: Vocabulary = Ids, A = ()> {
    /// The move with which it began.
    pub first: &'a AlertEvent<V, A>,
    /// What was judged when it fired, else when it cleared, else when it became pending.
    pub judged: &'a AlertEvent<V, A>,
    /// The tick at which its breach began, if it did not fire at once.
    pub pending_at: Option<Time>,
    /// The tick at which it fired; for no data, at which data had been missing for long enough.
    pub firing_at: Option<Time>,
    /// When people were told that it fired, or that data was missing.
    pub told_at: Option<Time>,
    /// `None` if it outlasted the run.
    pub ended_at: Option<Time>,
    /// When people were told of its end.
    pub end_told_at: Option<Time>,
    /// It is about missing data.
    pub no_data: bool,
}

impl<'a, V: Vocabulary, A> Episode<'a, V, A> {
    /// All episodes of these moves, each with when people were told of it, in the order in which
    /// they began.
    pub fn all(moves: impl IntoIterator<Item = (Time, &'a AlertEvent<V, A>)>) -> Vec<Self> {
        let mut episodes: Vec<Self> = Vec::new();
        for (told, alert) in moves {
            let no_data = matches!(alert.state, AlertState::NoData | AlertState::DataBack);
            let open = episodes.iter_mut().rev().find(|episode| {
                episode.ended_at.is_none()
                    && episode.no_data == no_data
                    && (&episode.judged.rule, &episode.judged.scope) == (&alert.rule, &alert.scope)
            });
            match (alert.state, open) {
                (AlertState::Pending, None) => {
                    let pending_at = Some(alert.at);
                    episodes.push(Episode { pending_at, ..Episode::begun(alert, no_data) });
                }
                (AlertState::Firing | AlertState::NoData, None) => {
                    let (firing_at, told_at) = (Some(alert.at), Some(told));
                    let begun = Episode::begun(alert, no_data);
                    episodes.push(Episode { firing_at, told_at, ..begun });
                }
                (AlertState::Firing, Some(episode)) => {
                    (episode.firing_at, episode.told_at) = (Some(alert.at), Some(told));
                    episode.judged = alert;
                }
                (AlertState::Cleared, Some(episode)) => {
                    (episode.ended_at, episode.end_told_at) = (Some(alert.at), Some(told));
                    episode.judged = alert;
                }
                (AlertState::Resolved | AlertState::DataBack, Some(episode)) => {
                    (episode.ended_at, episode.end_told_at) = (Some(alert.at), Some(told));
                }
                _ => {}
            }
        }
        episodes
    }

    fn begun(first: &'a AlertEvent<V, A>, no_data: bool) -> Self {
        Episode {
            first,
            judged: first,
            pending_at: None,
            firing_at: None,
            told_at: None,
            ended_at: None,
            end_told_at: None,
            no_data,
        }
    }
}
