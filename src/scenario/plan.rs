//! The plan: a scenario with every name interned and every default filled in. Running it cannot
//! fail.

use crate::decision::{Criterion, DecisionRecord, Measure, Message, Playbook, Rule, written_limit};
use crate::fault::Fault;
use crate::journal::{Actual, CrewRow, Expectation, InputRow, PlanFinding, draft_and_title};
use crate::logs::{LogMapping, LogPlan};
use crate::measure::Limits;
use crate::names::{Names, RuleId, Scope, TierId};
use crate::scenario::limits::limit::Limit;
use crate::scenario::rules::sentence::Parameter;
use crate::site::SitePlan;
use crate::telemetry::{ReportSource, TelemetryPlan};
use crate::traffic::TrafficPlan;
use crate::units::{Calendar, Rate, Ratio, Span, Time};
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
    /// Which affected users report it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<ReportSource>,
    /// What runs out and is not a thread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    pub faults: Vec<Fault>,
    pub telemetry: TelemetryPlan,
    pub playbook: Playbook,
    /// Messages from people who are in no play.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    pub go_no_go: Vec<Criterion>,
    pub decision: DecisionRecord,
    pub expect: Vec<Expectation>,
    /// The share of runs in which each expectation must be met.
    #[serde(default = "usual_share", skip_serializing_if = "is_usual")]
    pub expect_on: Ratio,
    /// What it really took, where it is a past incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Actual>,
    /// How logs of the site are read. Not part of the run id.
    #[serde(skip)]
    pub logs: LogPlan,
    /// `None`: nothing is written, [`CapacityPlan::default`] counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<CapacityPlan>,
    /// Gaps of the launch plan that the file itself shows. Not part of the run id.
    #[serde(skip)]
    pub findings: Vec<PlanFinding>,
    /// Whose people these are. Not part of the run id.
    #[serde(skip)]
    pub crew: Option<CrewRow>,
    /// What `sim tune` tries. Not part of the run id.
    #[serde(skip)]
    pub tune: Vec<TuneRow>,
    /// What it rests on, value by value. Not part of the run id.
    #[serde(skip)]
    pub inputs: Vec<InputRow>,
}

/// The share of runs in which expectations must be met unless a scenario says another.
pub const USUAL_SHARE: Ratio = Ratio(0.95);

fn usual_share() -> Ratio {
    USUAL_SHARE
}

fn is_usual(share: &Ratio) -> bool {
    *share == USUAL_SHARE
}

/// Values that `sim tune` tries for a number of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TuneRow {
    /// The rule.
    pub rule: RuleId,
    /// Which of its numbers.
    pub parameter: Parameter,
    /// As they stand in the rule's sentence, in ascending order.
    pub points: Vec<String>,
}

impl Plan {
    /// Whether it says of itself that it is still being filled in.
    pub fn is_draft(&self) -> bool {
        draft_and_title(&self.scenario).0.is_some()
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

    /// Where the requests of a log belong, and which of them are errors.
    pub fn log_mapping(&self) -> LogMapping {
        let limits = self.playbook.latency_limits();
        let late_after = self.telemetry.slow_after(&limits);
        self.logs.mapping(&self.names).with_errors(self.telemetry.errors, late_after)
    }

    /// What readings keep of response times.
    pub fn kept_times(&self) -> Limits {
        let good = |rule: &Rule| rule.looks_at_good_answers();
        let good = self.playbook.looks_at_good_answers() || self.fault_conditions().any(good);
        Limits::new(self.limits()).with_good_apart(good)
    }

    /// The conditions that bring faults.
    fn fault_conditions(&self) -> impl Iterator<Item = &Rule> {
        self.faults.iter().filter_map(|fault| Some(&fault.starts_when.as_ref()?.rule))
    }

    /// The limit that reports call slow: that of the first latency rule, else two seconds.
    pub fn slow_limit(&self) -> Span {
        let limits = self.playbook.rules.iter().find_map(|rule| match rule.measure {
            Measure::SlowerThan(limit) if limit > Span::ZERO => Some(written_limit(limit).1),
            _ => None,
        });
        limits.unwrap_or(Span::from_secs(2))
    }
}

/// What the site must keep to at the expected peak, and what the cases of the check need to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityPlan {
    /// The share of the capacity that the peak leaves unused: 1 − peak ÷ the most that is carried.
    pub headroom: Ratio,
    /// The percentile of response times that is judged, between 0 and 1.
    pub quantile: f64,
    /// What it must stay below.
    pub latency: Span,
    /// The share of requests that get no good answer must stay below this.
    pub errors: Ratio,
    /// How many zones may be lost at a time.
    pub zones_lost: u32,
    /// Tiers with a cache, and how many times as long they take while it is cold.
    pub cold: Vec<(TierId, f64)>,
    /// The share of a tier's instances that a rolling deploy takes out at once; `None`: one.
    pub deploy: Option<Ratio>,
}

impl Default for CapacityPlan {
    fn default() -> CapacityPlan {
        CapacityPlan {
            headroom: Ratio(0.3),
            quantile: 0.95,
            latency: Span::from_secs(2),
            errors: Ratio(0.001),
            zones_lost: 1,
            cold: Vec::new(),
            deploy: None,
        }
    }
}

/// Moments at which the expected traffic is looked at: its corners, and a grid between them.
pub fn moments(plan: &Plan) -> Vec<(Time, Rate)> {
    let end = Time::ZERO + plan.lasts;
    let grid = (0..24).map(|n| Time(end.0 / 24 * n));
    let corners = plan.traffic.curve.points.iter().map(|point| point.at);
    let hours = plan.traffic.curve.profile.iter().map(|(from, _)| *from);
    // A factor ends just before the next begins.
    let corners = corners.chain(hours).flat_map(|at| [Time(at.0.saturating_sub(1)), at]);
    let mut moments: Vec<Time> =
        grid.chain(corners).chain([Time(end.0.saturating_sub(1))]).collect();
    moments.retain(|at| *at < end);
    moments.sort_unstable();
    moments.dedup();
    moments.into_iter().map(|at| (at, plan.traffic.curve.rate(at))).collect()
}

/// When most visits are expected, and how many per second.
pub fn peak(plan: &Plan) -> (Time, Rate) {
    let later = |a: &(Time, Rate), b: &(Time, Rate)| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0));
    moments(plan).into_iter().max_by(later).unwrap_or((Time::ZERO, Rate(0.0)))
}
