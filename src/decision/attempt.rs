//! One attempt of an incident with all its times: by ids where it is judged, by names where it is
//! written down.

use super::{Interval, Outcome};
use crate::names::{ChangeId, ChannelId, FaultId, IncidentId, PersonId, PlayId};
use crate::units::Time;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// What people, plays and changes are called.
pub trait Naming: Debug + Clone + PartialEq {
    type Incident: Debug + Clone + PartialEq;
    type Play: Debug + Clone + PartialEq;
    type Change: Debug + Clone + PartialEq;
    type Person: Debug + Clone + PartialEq;
    type Channel: Debug + Clone + PartialEq;
    type Fault: Debug + Clone + PartialEq;
}

/// By their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids;

impl Naming for Ids {
    type Incident = IncidentId;
    type Play = PlayId;
    type Change = ChangeId;
    type Person = PersonId;
    type Channel = ChannelId;
    type Fault = FaultId;
}

/// By their names; incidents are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named;

impl Naming for Named {
    type Incident = u32;
    type Play = String;
    type Change = String;
    type Person = String;
    type Channel = String;
    type Fault = String;
}

/// One attempt of an incident: from the previous attempt's end (the first: from onset) to its own.
/// Times that were not reached, or were not part of the play, are `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "N::Incident: Serialize, N::Play: Serialize, N::Change: Serialize, \
                 N::Person: Serialize, N::Channel: Serialize, N::Fault: Serialize",
    deserialize = "N::Incident: Deserialize<'de>, N::Play: Deserialize<'de>, \
                   N::Change: Deserialize<'de>, N::Person: Deserialize<'de>, \
                   N::Channel: Deserialize<'de>, N::Fault: Deserialize<'de>"
))]
pub struct Attempt<N: Naming = Ids> {
    pub incident: N::Incident,
    pub play: Option<N::Play>,
    /// 1 for the first of the incident.
    #[serde(rename = "attempt")]
    pub number: u32,
    pub change: Option<N::Change>,
    /// What opened it: the rule, `verify failed`, `otherwise`, …
    pub cause: String,
    /// The fault that onset is taken from, which only the simulator knows.
    pub fault: Option<N::Fault>,
    /// The previous attempt's end. Of the first, the onset: as far as the judgement knows, when the
    /// first rule of the incident became pending.
    pub started_at: Time,
    /// When the play opened, where that was later than the start (`wait`).
    pub opened_at: Option<Time>,
    /// The alert was delivered.
    pub alerted_at: Option<Time>,
    pub acknowledged_at: Option<Time>,
    pub declared_at: Option<Time>,
    pub chosen_at: Option<Time>,
    pub decided_at: Option<Time>,
    /// The change was ordered: with `deploying_at`, the wait for the pipeline.
    pub ordered_at: Option<Time>,
    pub deploying_at: Option<Time>,
    pub deployed_at: Option<Time>,
    pub live_at: Option<Time>,
    /// The end of the attempt, whatever its outcome.
    pub ended_at: Time,
    pub outcome: Outcome,
    pub responder: Option<N::Person>,
    /// By which the responder was reached.
    pub channel: Option<N::Channel>,
    pub decider: Option<N::Person>,
    /// The intervals whose end somebody was seen to bring about; all others are simulated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Interval>,
}

/// As journals have it.
pub type NamedAttempt = Attempt<Named>;
