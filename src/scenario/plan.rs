//! The plan: a scenario with every name interned and every default filled in. Running it cannot
//! fail.

use crate::decision::{Criterion, DecisionRecord, Playbook};
use crate::fault::Fault;
use crate::journal::{Expectation, FindingRow};
use crate::names::Names;
use crate::site::SitePlan;
use crate::telemetry::TelemetryPlan;
use crate::traffic::TrafficPlan;
use crate::units::{Calendar, Span};
use serde::Serialize;

/// A whole scenario, ready to run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// The scenario's own words.
    pub scenario: String,
    pub calendar: Calendar,
    pub lasts: Span,
    pub seed: u64,
    pub names: Names,
    pub traffic: TrafficPlan,
    pub site: SitePlan,
    pub faults: Vec<Fault>,
    pub telemetry: TelemetryPlan,
    pub playbook: Playbook,
    pub go_no_go: Vec<Criterion>,
    pub decision: DecisionRecord,
    pub expect: Vec<Expectation>,
    /// Gaps of the launch plan that the file itself shows. Not part of the run id.
    #[serde(skip)]
    pub findings: Vec<FindingRow>,
    /// Path and line of every part of the plan in its file. Not part of the run id.
    #[serde(skip)]
    pub lines: Vec<(String, u32)>,
}
