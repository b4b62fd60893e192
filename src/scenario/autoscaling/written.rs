//! What target tracking tracks, and the value that it is held at.

use crate::language::problem::quoted;
use crate::language::value::number::decimal;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Placed, written};
use crate::units::{Ratio, Span, Spread};

/// A metric that falls in proportion as instances are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    RequestsPerTarget,
    ThreadUse,
}

/// A number of requests, or a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TargetValue {
    Number(f64),
    Share(Ratio),
}

/// AWS, EC2 Auto Scaling User Guide, *Target tracking scaling policies*, "Choose metrics".
const PROPORTION: &str = "target tracking needs a metric that falls in proportion as instances are \
                          added (AWS, Target tracking scaling policies, Choose metrics)";

impl ScalarValue for Metric {
    const KIND: &'static str = "`ALBRequestCountPerTarget` or `ThreadUse`";
    const SPELLING: Spelling = Spelling::OneOf(&["ALBRequestCountPerTarget", "ThreadUse"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "ALBRequestCountPerTarget" => return Ok(Metric::RequestsPerTarget),
            "ThreadUse" => return Ok(Metric::ThreadUse),
            _ => {}
        }
        let message = format!("{} cannot be tracked", quoted(text));
        let lower = text.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        let hint = if has(&["latency", "response", "duration", "p95", "p99", "slow"]) {
            format!("{PROPORTION}; latency does not: track ALBRequestCountPerTarget or ThreadUse")
        } else if lower == "requestcount" || has(&["error", "5xx", "queue"]) {
            format!("{PROPORTION}; this does not: track ALBRequestCountPerTarget or ThreadUse")
        } else if has(&["cpu"]) {
            "no CPU is simulated; the busy share of threads is `ThreadUse`".to_string()
        } else {
            format!("write {}", Self::KIND)
        };
        Err(ValueError::new(message, hint))
    }
}

impl ScalarValue for TargetValue {
    const KIND: &'static str = "a number of requests such as 300, or a percentage such as 60%";
    const SPELLING: Spelling = Spelling::NumberOr("^[0-9]+([.][0-9]+)? ?%?$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text.ends_with('%') {
            true => Ratio::parse(text).map(TargetValue::Share),
            false => decimal(text, Self::KIND).map(TargetValue::Number),
        }
    }
}

written! {
    /// Target tracking as in EC2 Auto Scaling: `instances` is where the group starts.
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
        /// scaled from. Default: 300s (calibrated: EC2 Auto Scaling falls back to the default
        /// cooldown, API reference of `PutScalingPolicy`).
        optional estimated_instance_warmup: Placed<Span> = "estimated_instance_warmup";
        /// From the launch until failed health checks replace an instance. Default: 300s
        /// (calibrated: the console of EC2 Auto Scaling, User Guide, *Set the health check grace
        /// period*; the API default is 0).
        optional health_check_grace_period: Placed<Span> = "health_check_grace_period";
        /// From one scale-in until the next. Default: 300s (calibrated: `ScaleInCooldown`,
        /// Application Auto Scaling API reference, and `DefaultCooldown` of EC2 Auto Scaling).
        optional scale_in_cooldown: Placed<Span> = "scale_in_cooldown";
        /// Never remove instances. Default: `false`, as in AWS.
        optional disable_scale_in: bool = "disable_scale_in";
        /// How long an instance being removed may take to finish what it has. Default: 300s
        /// (calibrated: `deregistration_delay.timeout_seconds`, Elastic Load Balancing User Guide,
        /// *Target group attributes*).
        optional deregistration_delay: Placed<Span> = "deregistration_delay";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_refused_with_the_reason() {
        for text in ["TargetResponseTime", "latency", "Latency", "p95"] {
            let complaint = Metric::parse(text).expect_err(text);
            let hint = complaint.hint.expect("advice");
            assert!(hint.contains("falls in proportion") && hint.contains("latency does not"));
        }
        assert!(Metric::parse("RequestCount").expect_err("a sum").hint.is_some());
        let cpu = Metric::parse("ASGAverageCPUUtilization").expect_err("no CPU").hint;
        assert!(cpu.expect("advice").contains("ThreadUse"));
        assert_eq!(Metric::parse("ThreadUse"), Ok(Metric::ThreadUse));
    }
}
