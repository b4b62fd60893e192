//! The faults of a scenario, resolved, and how people notice them by themselves where no rule has
//! to.

use crate::decision::Rule;
use crate::names::{
    ChangeId, Dimension, EndpointId, PersonId, PipelineId, RuleId, Scope, TierId, ToolId, ZoneId,
};
use crate::site::{SeenAs, SitePlan, Tier};
use crate::traffic::{TrafficPlan, VisitorFilter};
use crate::units::{Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// A fault: what, from when, until when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    pub kind: FaultKind,
    pub start: FaultStart,
    /// What must be seen of the site as a whole for it to begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_when: Option<StartsWhen>,
    /// Whichever of these comes first ends it; none: it lasts to the end of the run.
    pub end: FaultEnd,
    /// What of it is drawn for each run; `None`: it is exactly as given here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub varies: Option<VaryingValues>,
    /// How its failures look to the monitoring.
    #[serde(default, skip_serializing_if = "SeenAs::is_told")]
    pub seen_as: SeenAs,
    /// How long its damage takes to be gone once it has ended; `None`: it is gone at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fades: Option<Spread>,
    /// Who notices it without an alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
}

/// A condition that brings a fault: as that of a rule, but nobody is told. What is compared is what
/// happens, whether or not the monitoring sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartsWhen {
    /// As it was written.
    pub text: String,
    pub rule: Rule,
}

/// The values of a fault that differ from run to run. The fault itself has the middle of
/// each.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct VaryingValues {
    /// When it begins, after the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Spread>,
    /// How long it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Spread>,
    /// What it adds to the time of each request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Spread>,
    /// The least and the greatest share of requests that fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<(Ratio, Ratio)>,
    /// The least and the greatest share of instances that are hit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<(Ratio, Ratio)>,
}

/// When a fault begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultStart {
    At(Time),
    /// When this change goes live for the first time (a bad release comes with a planned change).
    With(ChangeId),
    /// When the condition in [`Fault::starts_when`] is first met.
    When,
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
    Outage { tier: TierId, which: InstanceSelector, mode: OutageMode },
    /// Own work takes longer.
    Slow {
        target: FaultTarget,
        which: InstanceSelector,
        only: VisitorFilter,
        takes: Option<Spread>,
        /// How much of `takes` replaces the usual time; all of it unless the fault fades.
        #[serde(skip, default = "whole")]
        part: Ratio,
        times: f64,
        add: Span,
    },
    /// A share of requests ends in an error.
    Failing { target: FaultTarget, which: InstanceSelector, only: VisitorFilter, errors: Ratio },
    /// The same as failing, but brought by a planned change.
    BadRelease { target: FaultTarget, only: VisitorFilter, errors: Ratio },
    /// Instances vanish and leave the rotation.
    LostServers { tier: TierId, which: InstanceSelector },
    /// All instances in the zone vanish.
    LostZone { zone: ZoneId },
    /// Traffic at `times` what the curve says, of one tool or part of the mix only if so said.
    Surge { times: f64, tool: Option<ToolId>, only: VisitorFilter },
    /// A person answers nobody.
    Unreachable { person: PersonId },
    /// No reading comes.
    Blind,
    /// Part of what the monitoring would see does not come; all of it with a share of 1.
    BlindSpot { blinded: Blinded, share: Ratio },
    /// No change starts on this pipeline (a running one finishes).
    Blocked { pipeline: PipelineId },
}

/// What does not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blinded {
    /// Requests, whatever they are.
    Telemetry,
    /// What this rule looks at, for it alone.
    Rule(RuleId),
    /// Requests to this tier, as it tells of them itself.
    Tier(TierId),
    /// Reports to the source of this name.
    Source(String),
}

/// Where a slowness or a failure sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultTarget {
    Tier(TierId),
    Endpoint(EndpointId),
}

/// Which instances of a tier: by share (rounded to whole instances, at least one), number or zone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceSelector {
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

impl InstanceSelector {
    /// Which of a tier's instances these are, one flag per instance. A share is rounded to whole
    /// instances, at least one, and takes the first ones, so that it spreads over the zones. With
    /// autoscaling, shares and counts are of the instances that there are at the start; all of
    /// them, or a zone, are also those launched later.
    pub fn instances(self, tier: &Tier, count: usize) -> Vec<bool> {
        let first = |n: usize| (0..count).map(|i| i < n).collect();
        let at_start = if tier.autoscaling.is_some() { tier.instances as usize } else { count };
        match self {
            InstanceSelector::All => vec![true; count],
            InstanceSelector::Share(share) => {
                first(((share.0 * at_start as f64).round() as usize).max(1))
            }
            InstanceSelector::Count(n) => first((n as usize).min(at_start)),
            InstanceSelector::Zone(zone) => {
                let zones = &tier.zones;
                let in_zone = |i: usize| !zones.is_empty() && zones[i % zones.len()] == zone;
                (0..count).map(in_zone).collect()
            }
        }
    }
}

fn whole() -> Ratio {
    Ratio(1.0)
}

impl FaultKind {
    /// The part of the visitors that it is restricted to.
    pub fn only(&self) -> Option<&VisitorFilter> {
        match self {
            FaultKind::Slow { only, .. }
            | FaultKind::Failing { only, .. }
            | FaultKind::BadRelease { only, .. }
            | FaultKind::Surge { only, .. } => Some(only),
            _ => None,
        }
    }

    /// Whether requests of this scope pass what the fault hits. What reaches other requests through
    /// threads that are held, or queues that are full, is not looked for.
    pub fn reaches(&self, scope: Scope, site: &SitePlan, traffic: &TrafficPlan) -> bool {
        let hit = |endpoint: usize, seen_from: usize| {
            let path = &site.endpoints[endpoint].path[seen_from..];
            match self {
                FaultKind::Outage { tier, .. } | FaultKind::LostServers { tier, .. } => {
                    path.contains(tier)
                }
                FaultKind::Slow { target, .. }
                | FaultKind::Failing { target, .. }
                | FaultKind::BadRelease { target, .. } => match target {
                    FaultTarget::Tier(tier) => path.contains(tier),
                    FaultTarget::Endpoint(hit) => hit.index() == endpoint,
                },
                FaultKind::LostZone { zone } => path.iter().any(|tier| {
                    let tier = &site.tiers[tier.index()];
                    !tier.external && tier.zones.contains(zone)
                }),
                FaultKind::Surge { .. } => true,
                _ => false,
            }
        };
        let mut endpoints = 0..site.endpoints.len();
        match scope {
            Scope::Tier(tier) => endpoints.any(|endpoint| {
                let path = &site.endpoints[endpoint].path;
                path.iter().position(|at| *at == tier).is_some_and(|from| hit(endpoint, from))
            }),
            Scope::Endpoint(endpoint) => hit(endpoint.index(), 0),
            Scope::Site => endpoints.any(|endpoint| hit(endpoint, 0)),
            Scope::Segment(dimension, value) => {
                let only = self.only().map(|VisitorFilter(parts)| &parts[dimension as usize]);
                let of_segment = only.is_none_or(|part| part.is_empty() || part.contains(&value));
                let uses = |endpoint: usize| {
                    let tool = traffic.tools.get(usize::from(value));
                    let mut uses = tool.into_iter().flat_map(|tool| &tool.uses);
                    dimension != Dimension::Tool || uses.any(|(used, _)| used.index() == endpoint)
                };
                of_segment && endpoints.any(|endpoint| uses(endpoint) && hit(endpoint, 0))
            }
        }
    }

    /// Whether nothing comes because of it for a rule that looks at this scope.
    pub fn blinds(&self, rule: RuleId, scope: Scope) -> bool {
        match self {
            FaultKind::Blind => true,
            FaultKind::BlindSpot { blinded, share } if share.0 >= 1.0 => match blinded {
                Blinded::Telemetry => true,
                Blinded::Rule(blinded) => *blinded == rule,
                Blinded::Tier(tier) => scope == Scope::Tier(*tier),
                Blinded::Source(_) => false,
            },
            _ => false,
        }
    }

    /// Whether it hits the site itself, not only people, telemetry or pipelines.
    pub fn hits_site(&self) -> bool {
        !matches!(
            self,
            FaultKind::Unreachable { .. }
                | FaultKind::Blind
                | FaultKind::BlindSpot { .. }
                | FaultKind::Blocked { .. }
        )
    }
}

/// Somebody notices a fault some time after it began, if it is still there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The alert that it is reported as.
    pub rule: RuleId,
    pub after: Spread,
    /// The time passes only in these intervals, sorted and disjoint; none: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Vec<(Time, Time)>>,
}

impl Notice {
    /// When it is noticed, this long after it began; `None`: not within the hours of the run.
    pub fn at(&self, began: Time, after: Span) -> Option<Time> {
        let Some(hours) = &self.hours else { return Some(began + after) };
        let mut left = after;
        for (from, to) in hours.iter().filter(|(_, to)| *to > began) {
            let from = (*from).max(began);
            let there = *to - from;
            if left <= there {
                return Some(from + left);
            }
            left = left - there;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_no_time_for_those_who_work_by_day() {
        let hour = |n: u64| Time::ZERO + Span::from_secs(3600 * n);
        let hours = Some(vec![(hour(9), hour(17)), (hour(33), hour(41))]);
        let notice = Notice { rule: RuleId(0), after: Spread::Fixed(Span::ZERO), hours };
        let after = |began: Time, hours: u64| notice.at(began, Span::from_secs(3600 * hours));
        assert_eq!(after(hour(10), 2), Some(hour(12)));
        assert_eq!(after(hour(16), 2), Some(hour(34)), "an hour today and one tomorrow");
        assert_eq!(after(hour(20), 1), Some(hour(34)), "it waits for the morning");
        assert_eq!(after(hour(40), 2), None, "the run is over first");
        let always = Notice { hours: None, ..notice.clone() };
        assert_eq!(always.at(hour(20), Span::from_secs(60)), Some(hour(20) + Span::MINUTE));
    }
}
