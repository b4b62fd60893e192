//! The plan: a scenario with every name interned and every default filled in. Running it cannot
//! fail.

use crate::decision::{Criterion, DecisionRecord, Measure, Playbook};
use crate::fault::Fault;
use crate::journal::{Expectation, FindingRow, Header, InputRow};
use crate::logs::LogPlan;
use crate::names::{Names, RuleId, Scope};
use crate::scenario::capacity::CapacityPlan;
use crate::scenario::limit::Limit;
use crate::scenario::sentence::Knob;
use crate::site::SitePlan;
use crate::telemetry::TelemetryPlan;
use crate::traffic::TrafficPlan;
use crate::units::{Calendar, Span};
use serde::{Deserialize, Serialize};

/// A whole scenario, ready to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The scenario's own words.
    pub scenario: String,
    pub calendar: Calendar,
    pub lasts: Span,
    pub seed: u64,
    pub names: Names,
    pub traffic: TrafficPlan,
    pub site: SitePlan,
    /// What runs out and is not a thread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    pub faults: Vec<Fault>,
    pub telemetry: TelemetryPlan,
    pub playbook: Playbook,
    pub go_no_go: Vec<Criterion>,
    pub decision: DecisionRecord,
    pub expect: Vec<Expectation>,
    /// How logs of the site are read. Not part of the run id.
    #[serde(skip)]
    pub logs: LogPlan,
    /// `None`: nothing is written, [`CapacityPlan::default`] counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<CapacityPlan>,
    /// Gaps of the launch plan that the file itself shows. Not part of the run id.
    #[serde(skip)]
    pub findings: Vec<FindingRow>,
    /// What `sim tune` tries. Not part of the run id.
    #[serde(skip)]
    pub tune: Vec<TuneRow>,
    /// What it rests on, value by value. Not part of the run id.
    #[serde(skip)]
    pub inputs: Vec<InputRow>,
}

/// Values that `sim tune` tries for a number of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TuneRow {
    /// The rule.
    pub rule: RuleId,
    /// Which of its numbers.
    pub knob: Knob,
    /// As they stand in the rule's sentence, in ascending order.
    pub points: Vec<String>,
}

impl Plan {
    /// The plan that a journal's header carries; `None` if it carries none, or one of another
    /// version. Findings and inputs are not part of it.
    pub fn of_header(header: &Header) -> Option<Plan> {
        let plan: Plan = serde_json::from_value(header.plan.clone()).ok()?;
        (crate::scenario::header::plan_hash(&plan) == header.scenario_hash).then_some(plan)
    }

    /// Positions, in [`Names::scopes`], of the scopes that reports list: all but the tiers that no
    /// endpoint and no change leads through.
    pub fn reported_scopes(&self) -> Vec<usize> {
        let mut used = vec![false; self.site.tiers.len()];
        let routes = self.playbook.changes.changes.iter().flat_map(|change| &change.routes);
        let paths = self.site.endpoints.iter().map(|endpoint| &endpoint.path);
        for tier in paths.chain(routes.map(|route| &route.path)).flatten() {
            used[tier.index()] = true;
        }
        let reported = |scope: &Scope| !matches!(scope, Scope::Tier(t) if !used[t.index()]);
        let scopes = self.names.scopes().into_iter().enumerate();
        scopes.filter(|(_, scope)| reported(scope)).map(|(index, _)| index).collect()
    }

    /// The response times that rules and reports count requests by.
    pub fn limits(&self) -> Vec<Span> {
        let mut limits = self.playbook.limits();
        limits.push(self.slow_limit());
        limits
    }

    /// The limit that reports call slow: that of the first latency rule, else two seconds.
    pub fn slow_limit(&self) -> Span {
        let limits = self.playbook.rules.iter().find_map(|rule| match rule.measure {
            Measure::SlowerThan(limit) if limit > Span::ZERO => Some(limit),
            _ => None,
        });
        limits.unwrap_or(Span::from_secs(2))
    }
}
