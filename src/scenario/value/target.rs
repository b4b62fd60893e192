//! What target tracking tracks, and the value that it is held at.

use crate::language::problem::quoted;
use crate::language::value::number::decimal;
use crate::language::word::{Complaint, Spelling, Word};
use crate::units::Ratio;

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

impl Word for Metric {
    const KIND: &'static str = "`ALBRequestCountPerTarget` or `ThreadUse`";
    const SPELLING: Spelling = Spelling::OneOf(&["ALBRequestCountPerTarget", "ThreadUse"]);

    fn parse(text: &str) -> Result<Self, Complaint> {
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
        Err(Complaint::new(message, hint))
    }
}

impl Word for TargetValue {
    const KIND: &'static str = "a number of requests such as 300, or a percentage such as 60%";
    const SPELLING: Spelling = Spelling::NumberOr("^[0-9]+([.][0-9]+)? ?%?$");

    fn parse(text: &str) -> Result<Self, Complaint> {
        match text.ends_with('%') {
            true => Ratio::parse(text).map(TargetValue::Share),
            false => decimal(text, Self::KIND).map(TargetValue::Number),
        }
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
