//! Groups that scale, as they start: the scenario's own traffic on the instances that it begins
//! with.
//!
//! The other loads are played on groups that have had the time to grow. Users come before that: an
//! alarm wants minutes above its target, and an instance boots and warms up. So the curve is played
//! once from its beginning, with nothing broken, and every minute is held against the objectives.

use super::outcome::LoadStatus;
use crate::kernel::DrawKey;
use crate::measure::Limits;
use crate::measure::estimate;
use crate::scenario::{CapacityPlan, Plan};
use crate::site::{ScalingKind, Site};
use crate::units::{Rate, Span, Time};
use serde::{Deserialize, Serialize};

/// The interval that is judged against the objectives: one metric period of a group.
const MINUTE: Span = Span::MINUTE;
/// No more requests than this are played.
const MOST_REQUESTS: u64 = 5_000_000;

/// What users go through until the groups have grown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScaleUpImpact {
    pub groups: Vec<Growth>,
    /// Distinct users.
    pub users: u64,
    /// Those of them with a request that failed.
    pub affected: u64,
    /// Seconds from the start to the first minute that clearly misses the objectives, and to the
    /// end of the last one; `None`: none does.
    pub missed: Option<(f64, f64)>,
    pub status: LoadStatus,
}

/// How one group grew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    pub tier: String,
    /// Instances that it starts with.
    pub starts: u32,
    /// The most that served at a time.
    pub reaches: u32,
    /// Seconds from the start until they did.
    pub after: f64,
}

impl ScaleUpImpact {
    /// The share of users with a request that failed.
    pub fn share(&self) -> f64 {
        if self.users > 0 { self.affected as f64 / self.users as f64 } else { 0.0 }
    }
}

/// Plays the curve, this many times as high as it is. The inner `None`: no tier scales; the outer
/// one: it was stopped.
pub fn ramp(
    plan: &Plan,
    objectives: &CapacityPlan,
    times: f64,
    stop: &dyn Fn() -> bool,
) -> Option<Option<ScaleUpImpact>> {
    let scaling = |tier: usize| plan.site.tiers[tier].autoscaling.is_some();
    let mut groups: Vec<(usize, Growth)> = (0..plan.site.tiers.len())
        .filter(|tier| scaling(*tier))
        .map(|tier| {
            let starts = plan.site.tiers[tier].instances;
            let tier_name = plan.names.tiers[tier].clone();
            (tier, Growth { tier: tier_name, starts, reaches: starts, after: 0.0 })
        })
        .collect();
    if groups.is_empty() {
        return Some(None);
    }
    let mut traffic = plan.traffic.clone();
    for point in &mut traffic.curve.points {
        point.rate = Rate(point.rate.0 * times);
    }
    let key = DrawKey::new(plan.seed, 0, "capacity ramp");
    let mut site = Site::new(&plan.site, &traffic, &plan.names, key)
        .with_limits(Limits::new(vec![objectives.latency]))
        .with_good_times(&plan.names);
    let (mut now, mut missed) = (Time::ZERO, None::<(f64, f64)>);
    while now < Time::ZERO + plan.lasts && site.totals().requests.generated < MOST_REQUESTS {
        if stop() {
            return None;
        }
        let to = (now + MINUTE).min(Time::ZERO + plan.lasts);
        site.run_until(to);
        if misses(&mut site, objectives, now, to) {
            let from = missed.map_or(now.since(Time::ZERO).seconds(), |(from, _)| from);
            missed = Some((from, to.since(Time::ZERO).seconds()));
        }
        for activity in site.take_activities() {
            let group = groups.iter_mut().find(|(tier, _)| *tier == activity.tier.index());
            let Some((_, growth)) = group else { continue };
            if activity.kind == ScalingKind::InService && activity.to > growth.reaches {
                growth.reaches = activity.to;
                growth.after = activity.at.since(Time::ZERO).seconds();
            }
        }
        now = to;
    }
    let totals = site.totals();
    Some(Some(ScaleUpImpact {
        groups: groups.into_iter().map(|(_, growth)| growth).collect(),
        users: totals.users,
        affected: totals.affected.total(),
        missed,
        status: LoadStatus::from_met(missed.is_none()),
    }))
}

/// Whether a stretch clearly misses the objectives: the lower end of a share's interval does.
fn misses(site: &mut Site, objectives: &CapacityPlan, from: Time, to: Time) -> bool {
    let reading = site.scrape(from, to);
    let whole = &reading.scopes[0];
    let (good, _) = site.take_good_times();
    let (slow, all) = good.iter().fold((0, 0), |sum, times| {
        (sum.0 + times.slower_than(objectives.latency), sum.1 + times.count())
    });
    let beyond = |hits: u64, of: u64, limit: f64| {
        estimate::share(hits, of).and_then(|share| share.low).is_some_and(|low| low > limit)
    };
    beyond(whole.bad() + whole.abandoned, whole.total(), objectives.errors.0)
        || beyond(slow, all, 1.0 - objectives.quantile)
}
