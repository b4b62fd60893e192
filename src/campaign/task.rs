//! What one task of a job array needs, by a few runs that were timed.

use crate::units::Span;
use std::time::Duration;

/// What a few runs took, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedRuns {
    pub runs: u32,
    /// How long one took, by the clock of the machine.
    pub each: Duration,
}

/// How a campaign is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskSplit {
    /// All of its runs.
    pub trials: u64,
    /// Into how many shards.
    pub shards: u32,
    /// Runs of a shard side by side.
    pub jobs: u32,
}

/// What a task asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskNeeds {
    /// Runs of the largest shard.
    pub trials: u64,
    /// How long they take, estimated from the runs that were timed.
    pub estimate: Span,
    /// In MiB.
    pub memory: u64,
    /// The longest that it may take.
    pub time: Span,
}

impl TaskNeeds {
    /// Before anything is timed.
    pub const UNKNOWN: TaskNeeds =
        TaskNeeds { trials: 0, estimate: Span::ZERO, memory: 0, time: Span::ZERO };

    /// By what was timed, and by the most memory that was used meanwhile, in MiB, where the system
    /// says it.
    pub fn new(split: TaskSplit, timed: TimedRuns, used: Option<u64>) -> TaskNeeds {
        // In MiB. Assumed where the system does not say what was used; 64 is several times what a
        // small day takes, 15 MiB by `benches/README.md`.
        const ASSUMED: u64 = 512;
        const LEAST: u64 = 64;
        /// Bytes that are kept of a finished trial: one value for each headline.
        const ROW: u64 = 4_096;
        let jobs = u64::from(split.jobs);
        let trials = split.trials.div_ceil(u64::from(split.shards));
        let seconds = timed.each.as_secs_f64() * trials as f64 / jobs as f64;
        let kept = (trials * ROW).div_ceil(1 << 20);
        let measured = used.map_or(ASSUMED, |used| 2 * used * jobs + kept);
        TaskNeeds {
            trials,
            estimate: Span::from_seconds(seconds),
            memory: measured.max(LEAST).next_multiple_of(32),
            time: Span::from_secs((seconds * 3.0).ceil() as u64) + Span::MINUTE * 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_asks_for_three_times_the_estimate_and_twice_the_memory() {
        let split = TaskSplit { trials: 1_001, shards: 10, jobs: 2 };
        let timed = TimedRuns { runs: 20, each: Duration::from_millis(200) };
        let needs = TaskNeeds::new(split, timed, Some(40));
        assert_eq!((needs.trials, needs.estimate), (101, Span::from_seconds(10.1)));
        // 2 x 40 MiB for each of two jobs, 1 MiB for what is kept, in steps of 32.
        assert_eq!(needs.memory, 192);
        assert_eq!(needs.time, Span::from_secs(31) + Span::MINUTE * 5);
        assert_eq!(TaskNeeds::new(split, timed, Some(1)).memory, 64);
        assert_eq!(TaskNeeds::new(split, timed, None).memory, 512);
    }
}
