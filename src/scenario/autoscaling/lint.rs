//! Groups of instances that cannot follow the traffic that is expected of them.

use crate::fault::{FaultKind, FaultStart};
use crate::journal::{FindingKind, Severity};
use crate::language::problem::quoted;
use crate::language::source::Place;
use crate::names::TierId;
use crate::scenario::lint::{Linter, key};
use crate::scenario::phrases::share;
use crate::scenario::plan::{moments, peak};
use crate::site::{Autoscaling, ScalingTarget, Tier, TierLoad, offered};
use crate::units::{Rate, Span, Time};

/// Periods of a minute above the target that a scale-out waits for.
const ALARM: Span = Span::from_secs(180);

impl Linter<'_> {
    /// Looks at the target, the warm-up, the grace period and the speed of every group.
    pub fn autoscaling(&mut self) {
        let document = self.document;
        let tiers = document.site.iter().flat_map(|site| &site.tiers).flat_map(|tiers| &tiers.0);
        for (index, (name, keys)) in tiers.enumerate() {
            let tier = self.plan.site.tiers[index].clone();
            let written = keys.as_ref().and_then(|keys| keys.autoscaling.as_ref());
            let (Some(scaling), Some(written)) = (tier.autoscaling, written) else { continue };
            let at = |word: &str| key(&written.written, word).unwrap_or(written.place);
            let word = quoted(&name.value);
            self.warm_up(&word, &tier, scaling, at("estimated_instance_warmup"));
            self.grace(&word, &tier, scaling, at("health_check_grace_period"));
            let load = self.load(index.into(), self.expected_peak());
            if load.calls == 0.0 {
                continue;
            }
            if self.reachable(&word, scaling, &tier, load, at("target_value")) {
                self.maximum(&word, scaling, load, at("max_capacity"));
                self.outrun(&word, index.into(), &tier, scaling, written.place);
            }
        }
    }

    fn expected_peak(&self) -> Rate {
        peak(self.plan).1
    }

    fn load(&self, tier: TierId, visits: Rate) -> TierLoad {
        offered(&self.plan.site, &self.plan.traffic, visits)[tier.index()]
    }

    fn scaling_finding(&mut self, place: Place, severity: Severity, text: String, hint: String) {
        self.finding(FindingKind::Autoscaling, severity, text, (place, hint));
    }

    fn warm_up(&mut self, word: &str, tier: &Tier, scaling: Autoscaling, place: Place) {
        let (ready, warm) = (ready_after(tier, scaling), scaling.estimated_instance_warmup);
        if ready > warm {
            let text = format!(
                "new instances of {word} count after {warm} and serve after about {ready}, so it \
                 scales out further while they start"
            );
            let hint = format!("estimated_instance_warmup: {ready} or more");
            self.scaling_finding(place, Severity::Medium, text, hint);
        }
    }

    fn grace(&mut self, word: &str, tier: &Tier, scaling: Autoscaling, place: Place) {
        let Some(health) = tier.health else { return };
        let boot = scaling.boot.mean();
        let grace = scaling.health_check_grace_period;
        let dead = grace + health.every * u64::from(health.fails);
        if boot >= dead {
            let text = format!(
                "instances of {word} boot for about {boot} and are replaced for failed health \
                 checks after {dead}: none ever serves"
            );
            let hint = format!("health_check_grace_period: {boot} or more");
            self.scaling_finding(place, Severity::High, text, hint);
        }
    }

    /// Whether an instance can do what the target asks for, before its threads are all busy.
    fn reachable(
        &mut self,
        word: &str,
        scaling: Autoscaling,
        tier: &Tier,
        load: TierLoad,
        place: Place,
    ) -> bool {
        let ScalingTarget::RequestsPerTarget(target) = scaling.target else { return true };
        let most = f64::from(tier.threads) / load.hold() * 60.0;
        if target < most {
            return true;
        }
        let text = format!(
            "an instance of {word} can do {most:.0} requests in a minute, and its target is \
             {target:.0}: it scales out when already overloaded"
        );
        let hint = format!("target_value: {:.0} leaves 30% of its threads free", most * 0.7);
        self.scaling_finding(place, Severity::High, text, hint);
        false
    }

    fn maximum(&mut self, word: &str, scaling: Autoscaling, load: TierLoad, place: Place) {
        let needed = needed(scaling, load);
        if needed > f64::from(scaling.max_capacity) {
            let clock = self.plan.calendar.clock(peak(self.plan).0);
            let text = format!(
                "the target of {word} takes {needed:.0} instances at the peak ({clock}), the \
                 maximum is {}",
                scaling.max_capacity
            );
            let hint = format!("max_capacity: {needed:.0} or more, or a higher target");
            self.scaling_finding(place, Severity::High, text, hint);
        }
    }

    /// Finds the moment at which traffic grows most beyond what is there until help comes.
    fn outrun(&mut self, word: &str, id: TierId, tier: &Tier, scaling: Autoscaling, place: Place) {
        let help = ALARM + ready_after(tier, scaling);
        let steps = self.steps(help);
        let per_instance = f64::from(tier.threads);
        let mut worst: Option<(f64, Time, Rate, Rate, f64)> = None;
        for (at, before, after) in steps {
            let there = needed(scaling, self.load(id, before));
            let there = if at == Time::ZERO { f64::from(tier.instances) } else { there };
            let least = f64::from(scaling.min_capacity);
            let there = there.max(least).min(f64::from(scaling.max_capacity));
            let used = self.load(id, after).busy / (there * per_instance);
            if used >= 1.0 && worst.is_none_or(|(most, ..)| used > most) {
                worst = Some((used, at, before, after, there));
            }
        }
        let Some((used, at, before, after, there)) = worst else { return };
        let clock = self.plan.calendar.clock(at);
        let times = after.0 / before.0.max(1e-9);
        let text = format!(
            "traffic grows {times:.1} times from {clock} on, faster than {word} scales out: help \
             comes after about {help}"
        );
        let hint = format!(
            "there are {there:.0} instances and {} of their threads are needed; raise \
             min_capacity before then",
            share(used)
        );
        self.scaling_finding(place, Severity::High, text, hint);
    }

    /// Moments with the traffic there, and the most that it grows to until help comes: along the
    /// curve, and by faults that bring more visitors.
    fn steps(&self, help: Span) -> Vec<(Time, Rate, Rate)> {
        let curve = &self.plan.traffic.curve;
        let moments = moments(self.plan);
        let grown = |at: Time| {
            let soon = moments.iter().filter(|(other, _)| (at..=at + help).contains(other));
            let most = soon.map(|(_, rate)| rate.0).fold(0.0, f64::max);
            Rate(most.max(curve.rate(at + help).0))
        };
        let mut steps: Vec<_> = moments.iter().map(|(at, rate)| (*at, *rate, grown(*at))).collect();
        for fault in &self.plan.faults {
            if let (FaultKind::Surge { times, tool: None, only }, FaultStart::At(at)) =
                (&fault.kind, fault.start)
                && only.0.iter().all(Vec::is_empty)
            {
                let rate = curve.rate(at);
                steps.push((at, rate, Rate(rate.0 * times)));
            }
        }
        steps
    }
}

/// From the launch of an instance until it serves, on average: a health check comes half an
/// interval after it has booted.
fn ready_after(tier: &Tier, scaling: Autoscaling) -> Span {
    let check = tier.health.map_or(Span::ZERO, |health| Span(health.every.0 / 2));
    scaling.boot.mean() + check
}

/// Instances with which the metric would be at its target.
fn needed(scaling: Autoscaling, load: TierLoad) -> f64 {
    let (all, threads) = (load.calls * 60.0, load.busy);
    match scaling.target {
        ScalingTarget::RequestsPerTarget(target) => (all / target - 1e-9).ceil(),
        ScalingTarget::ThreadUse(share) => {
            let per_instance = load.threads / f64::from(scaling.max_capacity);
            (threads / (share.0 * per_instance) - 1e-9).ceil()
        }
    }
}
