//! Target tracking as EC2 Auto Scaling does it: what is asked of it, and when it acts. Pure: the
//! instances themselves are the site's.

use crate::units::{Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// How a tier's number of instances follows its load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Autoscaling {
    pub target: ScalingTarget,
    pub min_capacity: u32,
    pub max_capacity: u32,
    /// From the launch of an instance until it can answer a health check.
    pub boot: Spread,
    /// From the launch until it counts in the metric and in the capacity that is scaled from.
    pub estimated_instance_warmup: Span,
    /// From the launch until failed health checks replace it.
    pub health_check_grace_period: Span,
    /// From one scale-in until the next.
    pub scale_in_cooldown: Span,
    pub disable_scale_in: bool,
    /// How long an instance that is taken away may finish what it has.
    pub deregistration_delay: Span,
}

/// The metric that is tracked and the value at which it is held.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum ScalingTarget {
    /// `ALBRequestCountPerTarget`: requests in a minute per instance in rotation.
    RequestsPerTarget(f64),
    /// The busy share of threads, sampled every second and averaged over a minute.
    ThreadUse(Ratio),
}

/// One period of a CloudWatch metric, and of its alarms.
pub(super) const PERIOD: Span = Span::from_secs(60);
/// Periods in a row above the target that raise the high alarm. This, [`LOW`] and [`LOW_SHARE`] are
/// those of AWS: sources in `scenarios/REFERENCE.md`, Autoscaling.
pub(super) const HIGH: usize = 3;
/// Periods in a row below [`LOW_SHARE`] of the target that raise the low alarm.
pub(super) const LOW: usize = 15;
/// Scale-in waits until the metric is below this share of its target.
pub(super) const LOW_SHARE: f64 = 0.9;

impl ScalingTarget {
    /// The value in the metric's own unit: requests per minute, or a share.
    pub fn value(self) -> f64 {
        match self {
            ScalingTarget::RequestsPerTarget(requests) => requests,
            ScalingTarget::ThreadUse(Ratio(share)) => share,
        }
    }

    /// A value of its metric in words.
    pub fn shown(self, value: f64) -> String {
        match self {
            ScalingTarget::RequestsPerTarget(_) => format!("{value:.0} requests per target"),
            ScalingTarget::ThreadUse(_) => format!("{:.0}% of threads busy", value * 100.0),
        }
    }
}

impl Autoscaling {
    /// The capacity at which the metric would be at its target: `ceil(current × metric / target)`,
    /// within the minimum and the maximum.
    pub fn wanted(&self, current: f64, metric: f64) -> u32 {
        let exact = current * metric / self.target.value();
        // A hair above a whole number is a rounding error of the division.
        let whole = (exact - 1e-9).ceil().clamp(0.0, f64::from(u32::MAX));
        (whole as u32).clamp(self.min_capacity, self.max_capacity)
    }
}

/// What a group has when a period ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Capacity {
    /// The number of instances that is kept.
    pub desired: u32,
    /// Those of them that are past their warm-up.
    pub warm: u32,
    /// Those that the period's metric was taken from, on average: in rotation and warm.
    pub counted: f64,
}

/// What a policy makes of a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ScalingVerdict {
    Stay,
    /// The metric is above its target and the capacity is at its maximum.
    AtMax {
        metric: f64,
    },
    Scale {
        to: u32,
        metric: f64,
    },
}

/// The two alarms of a target-tracking policy.
#[derive(Debug, Clone, Default)]
pub(super) struct Policy {
    /// The newest periods, oldest first; `None`: no data, which is neither high nor low.
    periods: Vec<Option<f64>>,
    /// No scale-in before this.
    cool_at: Time,
}

impl Policy {
    /// Judges the period that ends now.
    pub fn judge(
        &mut self,
        plan: &Autoscaling,
        now: Time,
        has: Capacity,
        metric: Option<f64>,
    ) -> ScalingVerdict {
        if self.periods.len() == LOW {
            self.periods.remove(0);
        }
        self.periods.push(metric);
        if let Some(highest) = self.all_of_last(HIGH, |value| value > plan.target.value()) {
            let metric = metric.unwrap_or(highest);
            let to = plan.wanted(has.counted, metric);
            return match to > has.desired {
                true => ScalingVerdict::Scale { to, metric },
                false if has.desired >= plan.max_capacity => ScalingVerdict::AtMax { metric },
                false => ScalingVerdict::Stay,
            };
        }
        let low = LOW_SHARE * plan.target.value();
        // What is scaled from must be all there, and settled.
        let settled = has.warm >= has.desired && now >= self.cool_at;
        match self.all_of_last(LOW, |value| value < low) {
            Some(metric) if settled && !plan.disable_scale_in => {
                let to = plan.wanted(f64::from(has.desired), metric);
                if to < has.desired {
                    self.cool_at = now + plan.scale_in_cooldown;
                    return ScalingVerdict::Scale { to, metric };
                }
                ScalingVerdict::Stay
            }
            _ => ScalingVerdict::Stay,
        }
    }

    /// The highest of the last this many periods, if there are as many and each is as wanted.
    fn all_of_last(&self, count: usize, wanted: impl Fn(f64) -> bool) -> Option<f64> {
        let last = &self.periods[self.periods.len().checked_sub(count)?..];
        let mut highest = 0.0;
        for period in last {
            highest = f64::max(highest, (*period).filter(|value| wanted(*value))?);
        }
        Some(highest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan() -> Autoscaling {
        Autoscaling {
            target: ScalingTarget::RequestsPerTarget(100.0),
            min_capacity: 2,
            max_capacity: 20,
            boot: Spread::Fixed(Span::from_secs(120)),
            estimated_instance_warmup: Span::from_secs(300),
            health_check_grace_period: Span::from_secs(300),
            scale_in_cooldown: Span::from_secs(300),
            disable_scale_in: false,
            deregistration_delay: Span::from_secs(300),
        }
    }

    fn all_warm(desired: u32) -> Capacity {
        Capacity { desired, warm: desired, counted: f64::from(desired) }
    }

    /// What a policy does at the end of each of these minutes, with all instances warm.
    fn minutes(plan: &Autoscaling, mut desired: u32, metrics: &[Option<f64>]) -> Vec<(usize, u32)> {
        let mut policy = Policy::default();
        let mut scaled = Vec::new();
        for (minute, metric) in metrics.iter().enumerate() {
            let now = Time::ZERO + PERIOD * (minute as u64 + 1);
            let has = all_warm(desired);
            if let ScalingVerdict::Scale { to, .. } = policy.judge(plan, now, has, *metric) {
                scaled.push((minute + 1, to));
                desired = to;
            }
        }
        scaled
    }

    #[test]
    fn capacity_is_in_proportion_and_rounded_up() {
        let plan = plan();
        let cases = [(4.0, 150.0, 6), (4.0, 151.0, 7), (4.0, 100.0, 4), (10.0, 33.3, 4)];
        for (current, metric, wanted) in cases {
            assert_eq!(plan.wanted(current, metric), wanted, "{current} at {metric}");
        }
        assert_eq!(plan.wanted(2.5, 200.0), 5, "one that came in the middle of the period");
        assert_eq!(plan.wanted(10.0, 1e9), 20, "the maximum");
        assert_eq!(plan.wanted(10.0, 0.0), 2, "the minimum");
        let threads = Autoscaling { target: ScalingTarget::ThreadUse(Ratio(0.6)), ..plan };
        assert_eq!(threads.wanted(6.0, 0.9), 9);
    }

    #[test]
    fn three_periods_above_scale_out_and_two_do_not() {
        let two = [Some(150.0), Some(150.0), Some(90.0), Some(150.0), Some(150.0)];
        assert_eq!(minutes(&plan(), 4, &two), []);
        let three = [Some(150.0), Some(101.0), Some(125.0)];
        assert_eq!(minutes(&plan(), 4, &three), [(3, 5)], "by the newest period");
    }

    #[test]
    fn fifteen_periods_well_below_scale_in_by_the_highest_of_them() {
        let mut quiet = vec![Some(50.0); 15];
        assert_eq!(minutes(&plan(), 10, &quiet[..14]), []);
        assert_eq!(minutes(&plan(), 10, &quiet), [(15, 5)]);
        quiet[0] = Some(89.0);
        assert_eq!(minutes(&plan(), 10, &quiet), [(15, 9)]);
        quiet[0] = Some(91.0);
        assert_eq!(minutes(&plan(), 10, &quiet), [], "within 10 % of the target it waits");
        let off = Autoscaling { disable_scale_in: true, ..plan() };
        assert_eq!(minutes(&off, 10, &[Some(0.0); 40]), []);
    }

    #[test]
    fn missing_data_scales_nothing() {
        let high = [Some(150.0), None, Some(150.0), Some(150.0)];
        assert_eq!(minutes(&plan(), 4, &high), []);
        let mut low = vec![Some(0.0); 29];
        low[14] = None;
        assert_eq!(minutes(&plan(), 10, &low), []);
        assert_eq!(minutes(&plan(), 4, &[None; 60]), []);
    }

    #[test]
    fn instances_that_warm_up_are_not_asked_for_twice() {
        let mut policy = Policy::default();
        let mut at = |minute: u64, desired, warm, metric| {
            let now = Time::ZERO + PERIOD * minute;
            let has = Capacity { desired, warm, counted: f64::from(warm) };
            policy.judge(&plan(), now, has, Some(metric))
        };
        at(1, 4, 4, 200.0);
        at(2, 4, 4, 200.0);
        assert_eq!(at(3, 4, 4, 200.0), ScalingVerdict::Scale { to: 8, metric: 200.0 });
        // The four that are warm still see 200 each: eight are wanted, and eight are coming.
        assert_eq!(at(4, 8, 4, 200.0), ScalingVerdict::Stay);
        // Only what is more than those is added.
        assert_eq!(at(5, 8, 4, 250.0), ScalingVerdict::Scale { to: 10, metric: 250.0 });
        assert_eq!(at(6, 20, 20, 250.0), ScalingVerdict::AtMax { metric: 250.0 });
    }

    #[test]
    fn scale_in_waits_for_warm_ups_and_for_its_cooldown() {
        let mut policy = Policy::default();
        let mut at = |minute: u64, desired, warm| {
            let now = Time::ZERO + PERIOD * minute;
            let has = Capacity { desired, warm, counted: f64::from(warm) };
            policy.judge(&plan(), now, has, Some(50.0))
        };
        for minute in 1..15 {
            assert_eq!(at(minute, 10, 10), ScalingVerdict::Stay);
        }
        assert_eq!(at(15, 10, 9), ScalingVerdict::Stay);
        assert_eq!(at(16, 10, 10), ScalingVerdict::Scale { to: 5, metric: 50.0 });
        assert_eq!(at(20, 5, 5), ScalingVerdict::Stay);
        assert_eq!(at(21, 5, 5), ScalingVerdict::Scale { to: 3, metric: 50.0 });
    }

    proptest! {
        /// Whatever the metric does, the capacity stays within its bounds, and a steady metric that
        /// falls in proportion to the capacity comes to rest.
        #[test]
        fn bounds_are_kept(
            metrics in prop::collection::vec(prop::option::of(0.0f64..1e4), 0..200),
        ) {
            for (_, to) in minutes(&plan(), 4, &metrics) {
                prop_assert!((2..=20).contains(&to));
            }
        }

        #[test]
        fn a_steady_load_comes_to_rest(load in 1.0f64..3_000.0) {
            let (mut policy, mut desired, mut last) = (Policy::default(), 4u32, 0);
            for minute in 1..200 {
                let now = Time::ZERO + PERIOD * minute;
                let has = all_warm(desired);
                let metric = Some(load / f64::from(desired));
                if let ScalingVerdict::Scale { to, .. } = policy.judge(&plan(), now, has, metric) {
                    (desired, last) = (to, minute);
                }
            }
            prop_assert!(last < 60, "still scaling after {last} minutes");
            prop_assert!(desired == 20 || load / f64::from(desired) <= 100.0 + 1e-6);
        }
    }
}
