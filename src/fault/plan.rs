//! The faults of a scenario, resolved.

use crate::names::{ChangeId, EndpointId, PersonId, PipelineId, TierId, ToolId, ZoneId};
use crate::traffic::Only;
use crate::units::{Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// A fault: what, from when, until when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub kind: FaultKind,
    pub start: FaultStart,
    /// Whichever of these comes first ends it; none: it lasts to the end of the run.
    pub end: FaultEnd,
}

/// When a fault begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultStart {
    At(Time),
    /// When this change goes live for the first time (a bad release comes with a planned change).
    With(ChangeId),
}

/// What ends a fault.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FaultEnd {
    /// After this time.
    pub after: Option<Span>,
    /// When any of these changes is live.
    pub until: Vec<ChangeId>,
}

/// What a fault does while it lasts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// Instances refuse at once, or hang; they stay in rotation.
    Outage { tier: TierId, which: Which, mode: OutageMode },
    /// Own work takes longer.
    Slow { target: Target, which: Which, only: Only, takes: Option<Spread>, times: f64, add: Span },
    /// A share of requests ends in an error.
    Failing { target: Target, which: Which, only: Only, errors: Ratio },
    /// The same as failing, but brought by a planned change.
    BadRelease { target: Target, only: Only, errors: Ratio },
    /// Instances vanish and leave the rotation.
    LostServers { tier: TierId, which: Which },
    /// All instances in the zone vanish.
    LostZone { zone: ZoneId },
    /// Traffic at `times` what the curve says, of one tool or part of the mix only if so said.
    Surge { times: f64, tool: Option<ToolId>, only: Only },
    /// A person answers nobody.
    Unreachable { person: PersonId },
    /// No reading comes.
    Blind,
    /// No change starts on this pipeline (a running one finishes).
    Blocked { pipeline: PipelineId },
}

/// Where a slowness or a failure sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    Tier(TierId),
    Endpoint(EndpointId),
}

/// Which instances of a tier: by share (rounded to whole instances, at least one), number or zone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    All,
    Share(Ratio),
    Count(u32),
    Zone(ZoneId),
}

/// What a client of a dead instance sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutageMode {
    /// The connection is refused at once.
    #[default]
    Refuse,
    /// Nothing comes back until the caller's timeout.
    Hang,
}
