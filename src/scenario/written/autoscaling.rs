//! Target tracking as written. Keys have the names that they have at AWS.

use crate::language::written::{Placed, written};
use crate::scenario::value::target::{Metric, TargetValue};
use crate::units::{Span, Spread};

written! {
    /// Target tracking as EC2 Auto Scaling does it: `instances` is where the group starts.
    Autoscaling("autoscaling") {
        /// What is tracked: `ALBRequestCountPerTarget` (requests in a minute per instance in
        /// rotation) or `ThreadUse` (the busy share of threads).
        required metric: Metric = "metric";
        /// The value that it is held at: `300`, or for `ThreadUse` `60%`.
        required target_value: Placed<TargetValue> = "target_value";
        /// The fewest instances.
        required min_capacity: Placed<u32> = "min_capacity";
        /// The most instances.
        required max_capacity: Placed<u32> = "max_capacity";
        /// From the launch of an instance until it can answer a health check.
        required boot: Placed<Spread> = "boot";
        /// From the launch of an instance until it counts in the metric and in the capacity that is
        /// scaled from; 300s unless said (calibrated: EC2 Auto Scaling falls back to the default
        /// cooldown, API reference of `PutScalingPolicy`).
        optional estimated_instance_warmup: Placed<Span> = "estimated_instance_warmup";
        /// From the launch until failed health checks replace an instance; 300s unless said
        /// (calibrated: the console of EC2 Auto Scaling, User Guide, *Set the health check grace
        /// period*; the API has 0).
        optional health_check_grace_period: Placed<Span> = "health_check_grace_period";
        /// From one scale-in until the next; 300s unless said (calibrated: `ScaleInCooldown`,
        /// Application Auto Scaling API reference, and `DefaultCooldown` of EC2 Auto Scaling).
        optional scale_in_cooldown: Placed<Span> = "scale_in_cooldown";
        /// Never take instances away; `false` unless said, as at AWS.
        optional disable_scale_in: bool = "disable_scale_in";
        /// How long an instance that is taken away may finish what it has; 300s unless said
        /// (calibrated: `deregistration_delay.timeout_seconds`, Elastic Load Balancing User Guide,
        /// *Target group attributes*).
        optional deregistration_delay: Placed<Span> = "deregistration_delay";
    }
}
