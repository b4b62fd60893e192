//! The cases of the check: the plan itself, changed a little.

use crate::fault::{self, Fault, FaultEnd, FaultKind, FaultStart, InstanceSelector};
use crate::names::{FaultId, TierId, ZoneId};
use crate::scenario::{CapacityPlan, Plan};
use crate::site::{self, InstanceState, ScalingTarget, SitePlan, offered};
use crate::units::{Rate, Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// What is different about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseKind {
    /// Nothing.
    Normal,
    /// As many zones as the objectives allow are gone, the worst to lose.
    ZoneLost,
    /// An instance is gone, of the tier that it affects most.
    InstanceLost,
    /// Tiers with a cache take longer.
    CacheCold,
    /// A deploy has taken a batch of instances out, of the tier it affects most. It drains them
    /// first, so no request is lost with them.
    RollingDeploy,
    /// The external tier with the longest p99 always takes that long.
    SlowExternal,
}

impl CaseKind {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            CaseKind::Normal => "normal",
            CaseKind::ZoneLost => "zone-lost",
            CaseKind::InstanceLost => "instance-lost",
            CaseKind::CacheCold => "cache-cold",
            CaseKind::RollingDeploy => "rolling-deploy",
            CaseKind::SlowExternal => "slow-external",
        }
    }
}

/// The site in one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub kind: CaseKind,
    /// `zone a lost`, `evss takes 3s`.
    pub title: String,
    /// The site with its work times as they are in this case.
    pub site: SitePlan,
    /// What takes instances away.
    pub lost: Vec<FaultKind>,
    /// Per endpoint: its response times are judged. Those that lead through the slow external tier
    /// are not, where there are others: the question is whether it drags them along.
    pub judged: Vec<bool>,
    /// The slow external tier.
    pub slow: Option<TierId>,
}

/// The cases of a scenario, and why some are not among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// The first is [`CaseKind::Normal`].
    pub cases: Vec<Case>,
    /// A sentence for each that the scenario does not have.
    pub left_out: Vec<String>,
}

/// An external tier, and how long it takes in the slow case.
pub type SlowTier = (TierId, Span);

impl Case {
    /// What is broken in this case, for the site. Without `lost`, before it is.
    pub fn conditions(&self, plan: &Plan, lost: bool) -> site::SiteConditions {
        let faults = if lost { &self.lost[..] } else { &[] };
        let fault = |kind: &FaultKind| Fault {
            kind: kind.clone(),
            start: FaultStart::At(Time::ZERO),
            end: FaultEnd::default(),
            varies: None,
            seen_as: Default::default(),
            fades: None,
            starts_when: None,
            notices: Vec::new(),
        };
        let faults: Vec<Fault> = faults.iter().map(fault).collect();
        let mut names = plan.names.clone();
        names.faults = (0..faults.len()).map(|number| format!("lost {number}")).collect();
        let faults = faults.iter().enumerate().map(|(id, fault)| (FaultId::from(id), fault));
        let changes = &plan.playbook.changes;
        fault::Conditions::new(&self.site, &names, changes, &[], faults).site
    }

    /// The same case with groups as large as this traffic makes them: they have had the time.
    pub fn scaled(&self, plan: &Plan, visits: Rate) -> Case {
        let mut case = self.clone();
        for load in offered(&self.site, &plan.traffic, visits) {
            let tier = &mut case.site.tiers[load.tier.index()];
            let Some(group) = tier.autoscaling else { continue };
            let metric = match group.target {
                ScalingTarget::RequestsPerTarget(_) => load.calls * 60.0,
                ScalingTarget::ThreadUse(_) => load.busy / f64::from(tier.threads),
            };
            tier.instances = group.wanted(1.0, metric);
        }
        case
    }

    /// The site as it is in this case, with the instances that are left. A group launches again
    /// what it loses: with autoscaling it is the most that there can be.
    pub fn left(&self, plan: &Plan) -> SitePlan {
        let conditions = self.conditions(plan, true);
        let mut site = self.site.clone();
        for (tier, condition) in site.tiers.iter_mut().zip(&conditions.tiers) {
            let up = condition.instances.iter().filter(|state| **state == InstanceState::Up);
            tier.instances = match tier.autoscaling.take() {
                Some(group) => group.max_capacity,
                None => up.count() as u32,
            };
        }
        site
    }
}

/// How much slower tiers are with their caches cold: as the check has it, else as the tier itself.
fn colder(plan: &Plan, cold: &[(TierId, f64)]) -> Vec<(TierId, f64)> {
    let own = plan.site.tiers.iter().enumerate().filter_map(|(index, tier)| {
        let tier = tier.warming.map(|warming| (TierId::from(index), warming.times))?;
        cold.iter().all(|(known, _)| *known != tier.0).then_some(tier)
    });
    cold.iter().copied().chain(own).collect()
}

/// The cases of a plan at this many visits per second. `slow` says which tier is slow in the last
/// one, and how slow, instead of the external tier with the longest p99.
pub fn cases(
    plan: &Plan,
    objectives: &CapacityPlan,
    visits: Rate,
    slow: Option<SlowTier>,
) -> Cases {
    let mut builder = CaseBuilder { plan, visits, cases: Vec::new(), left_out: Vec::new() };
    builder.add(CaseKind::Normal, "as planned".to_string(), |_| {});
    builder.zones_lost(objectives.zones_lost);
    builder.instances_out(CaseKind::InstanceLost, None);
    builder.cold(&colder(plan, &objectives.cold));
    builder.instances_out(CaseKind::RollingDeploy, objectives.deploy);
    builder.slow(slow);
    Cases { cases: builder.cases, left_out: builder.left_out }
}

/// Builds the cases.
struct CaseBuilder<'p> {
    plan: &'p Plan,
    visits: Rate,
    cases: Vec<Case>,
    left_out: Vec<String>,
}

impl CaseBuilder<'_> {
    fn add(&mut self, kind: CaseKind, title: String, change: impl FnOnce(&mut Case)) {
        let site = self.plan.site.clone();
        let judged = vec![true; site.endpoints.len()];
        let mut case = Case { kind, title, site, lost: Vec::new(), judged, slow: None };
        change(&mut case);
        self.cases.push(case);
    }

    /// The busiest tier's utilisation once these instances are gone.
    fn busiest(&self, lost: &[FaultKind]) -> f64 {
        let case = Case {
            kind: CaseKind::Normal,
            title: String::new(),
            site: self.plan.site.clone(),
            lost: lost.to_vec(),
            judged: Vec::new(),
            slow: None,
        };
        let loads = offered(&case.left(self.plan), &self.plan.traffic, self.visits);
        let called = loads.iter().filter(|load| load.calls > 0.0);
        called.map(|load| load.utilisation()).fold(0.0, f64::max)
    }

    /// Of several losses the one that leaves the busiest tier; the first of equals.
    fn worst<T: Copy>(&self, of: &[T], lost: impl Fn(T) -> Vec<FaultKind>) -> Option<T> {
        let affected = of.iter().map(|one| (*one, self.busiest(&lost(*one))));
        affected.reduce(|a, b| if b.1 > a.1 { b } else { a }).map(|(worst, _)| worst)
    }

    fn zones_lost(&mut self, zones_lost: u32) {
        let names = &self.plan.names.zones;
        let own = self.plan.site.tiers.iter().filter(|tier| !tier.external);
        let mut zones: Vec<ZoneId> = own.flat_map(|tier| tier.zones.iter().copied()).collect();
        zones.sort_unstable();
        zones.dedup();
        if zones_lost == 0 || zones.len() < 2 {
            let why = if zones_lost == 0 { "zones_lost is 0" } else { "no tier spans two zones" };
            self.left_out.push(format!("zone-lost: {why}"));
            return;
        }
        let mut lost: Vec<ZoneId> = Vec::new();
        let kinds = |zones: &[ZoneId]| -> Vec<FaultKind> {
            zones.iter().map(|zone| FaultKind::LostZone { zone: *zone }).collect()
        };
        for _ in 0..zones_lost.min(zones.len() as u32 - 1) {
            let left: Vec<ZoneId> = zones.iter().copied().filter(|z| !lost.contains(z)).collect();
            let with = |zone: ZoneId| kinds(&[&lost[..], &[zone]].concat());
            let Some(worst) = self.worst(&left, with) else { break };
            lost.push(worst);
        }
        let words: Vec<&str> = lost.iter().map(|zone| names[zone.index()].as_str()).collect();
        let title = match &words[..] {
            [one] => format!("zone {one} lost"),
            many => format!("zones {} lost", many.join(", ")),
        };
        self.add(CaseKind::ZoneLost, title, |case| case.lost = kinds(&lost));
    }

    /// One instance, or the batch of a deploy, of the tier of ours that it affects most.
    fn instances_out(&mut self, kind: CaseKind, share: Option<Ratio>) {
        let plan = self.plan;
        let out = |tier: TierId| {
            let instances = f64::from(plan.site.tiers[tier.index()].instances);
            share.map_or(1, |share| ((share.0 * instances).round() as u32).max(1))
        };
        let lost = |tier: TierId| {
            vec![FaultKind::LostServers { tier, which: InstanceSelector::Count(out(tier)) }]
        };
        let called = offered(&plan.site, &plan.traffic, self.visits);
        let own = called.iter().filter(|load| load.calls > 0.0).map(|load| load.tier);
        let own: Vec<TierId> = own.filter(|tier| !plan.site.tiers[tier.index()].external).collect();
        let Some(worst) = self.worst(&own, lost) else {
            self.left_out.push(format!("{}: every tier is external", kind.word()));
            return;
        };
        let tier = &plan.names.tiers[worst.index()];
        let (n, of) = (out(worst), plan.site.tiers[worst.index()].instances);
        let title = match kind {
            CaseKind::RollingDeploy => format!("deploy of {tier}, {n} of {of} out"),
            _ => format!("{n} of {of} {tier} lost"),
        };
        self.add(kind, title, |case| case.lost = lost(worst));
    }

    fn cold(&mut self, cold: &[(TierId, f64)]) {
        if cold.is_empty() {
            let how = "write capacity: {cold: {content: 3x}}";
            self.left_out.push(format!("cache-cold: no tier has a factor for it ({how})"));
            return;
        }
        let names = &self.plan.names.tiers;
        let words = cold.iter().map(|(tier, times)| format!("{} {times}x", names[tier.index()]));
        let title = format!("cache cold: {}", words.collect::<Vec<_>>().join(", "));
        self.add(CaseKind::CacheCold, title, |case| {
            for (tier, times) in cold {
                let takes = &mut case.site.tiers[tier.index()].takes;
                *takes = takes.times(*times);
            }
        });
    }

    fn slow(&mut self, slow: Option<SlowTier>) {
        let plan = self.plan;
        let on_path = |tier: &TierId| plan.site.endpoints.iter().any(|e| e.path.contains(tier));
        let external = (0..plan.site.tiers.len())
            .map(TierId::from)
            .filter(|tier| on_path(tier) && plan.site.tiers[tier.index()].external);
        let slowest = external.map(|tier| (tier, plan.site.tiers[tier.index()].takes.p99()));
        let slowest = slowest.reduce(|a, b| if b.1 > a.1 { b } else { a });
        let Some((tier, takes)) = slow.or(slowest) else {
            self.left_out.push("slow-external: no external tier is called".to_string());
            return;
        };
        let title = format!("{} takes {takes}", plan.names.tiers[tier.index()]);
        self.add(CaseKind::SlowExternal, title, |case| {
            case.slow = Some(tier);
            case.site.tiers[tier.index()].takes = Spread::Fixed(takes);
            let through = plan.site.endpoints.iter().map(|e| !e.path.contains(&tier));
            let others: Vec<bool> = through.collect();
            if others.contains(&true) {
                case.judged = others;
            }
        });
    }
}
