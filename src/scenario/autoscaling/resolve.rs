//! Autoscaling: defaults as AWS has them, and whether its numbers fit together.

use crate::language::problem::Problem;
use crate::language::written::Placed;
use crate::scenario::autoscaling::written::{Autoscaling as Written, Metric, TargetValue};
use crate::scenario::resolver::Resolver;
use crate::site::{Autoscaling, ScalingTarget};
use crate::units::{Ratio, Span};

/// `EstimatedInstanceWarmup`, which falls back to `DefaultCooldown`; the console's
/// `HealthCheckGracePeriod`; `ScaleInCooldown`; `deregistration_delay.timeout_seconds`.
const FIVE_MINUTES: Span = Span::from_secs(300);

impl Resolver<'_> {
    /// How a tier scales, given the number of instances that it starts with.
    pub fn autoscaling(&mut self, written: &Written, instances: u32) -> Option<Autoscaling> {
        let (least, most) = (written.min_capacity?, written.max_capacity?);
        let min_capacity = self.between(&least, 1..=10_000);
        let max_capacity = self.between(&most, 1..=10_000);
        if min_capacity > max_capacity {
            let message = format!("min_capacity {min_capacity} is more than the maximum");
            let problem = Problem::error(least.place, message).also(most.place, "the maximum");
            self.problems.push(problem.hint(format!("write {max_capacity} or less")));
        } else if !(min_capacity..=max_capacity).contains(&instances) {
            let message = format!(
                "the tier starts with {instances} instances, outside of {min_capacity} to \
                 {max_capacity}"
            );
            let hint =
                format!("write `instances: {}`", instances.clamp(min_capacity, max_capacity));
            self.error(written.place, message, &hint);
        }
        let target = self.target(written.metric?, written.target_value?)?;
        let boot = written.boot?;
        if boot.value.mean() > Span::from_secs(86_400) {
            self.error(boot.place, "an instance boots within a day", "write 24h or less");
        }
        let spans = [
            written.estimated_instance_warmup,
            written.health_check_grace_period,
            written.scale_in_cooldown,
            written.deregistration_delay,
        ];
        for span in spans.iter().flatten() {
            self.at_most(span, Span::from_secs(86_400), "this is at most a day");
        }
        let [warmup, grace, cooldown, delay] =
            spans.map(|span: Option<Placed<Span>>| span.map_or(FIVE_MINUTES, |span| span.value));
        Some(Autoscaling {
            target,
            min_capacity,
            max_capacity,
            boot: boot.value,
            estimated_instance_warmup: warmup,
            health_check_grace_period: grace,
            scale_in_cooldown: cooldown,
            disable_scale_in: written.disable_scale_in.unwrap_or(false),
            deregistration_delay: delay,
        })
    }

    fn target(&mut self, metric: Metric, value: Placed<TargetValue>) -> Option<ScalingTarget> {
        let place = value.place;
        match (metric, value.value) {
            (_, TargetValue::Number(0.0) | TargetValue::Share(Ratio(0.0))) => {
                self.error(place, "the target must be above 0", "write more than 0");
                None
            }
            (Metric::RequestsPerTarget, TargetValue::Number(requests)) => {
                Some(ScalingTarget::RequestsPerTarget(requests))
            }
            (Metric::ThreadUse, TargetValue::Share(share)) => Some(ScalingTarget::ThreadUse(share)),
            (Metric::RequestsPerTarget, TargetValue::Share(_)) => {
                let hint = "write how many requests in a minute an instance should get: 300";
                self.error(place, "requests per target are a number, not a percentage", hint);
                None
            }
            (Metric::ThreadUse, TargetValue::Number(_)) => {
                let hint = "write the share of threads that should be busy: 60%";
                self.error(place, "the use of threads is a percentage", hint);
                None
            }
        }
    }
}
