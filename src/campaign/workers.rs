//! Threads that play trials side by side and hand the results back in order.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::ops::Range;

/// Trials that are handed out per thread at once; an interruption leaves no larger gap.
const EACH: u64 = 32;

/// A pool of threads.
pub struct WorkerPool {
    pool: ThreadPool,
    jobs: u64,
}

impl WorkerPool {
    /// A pool of this many threads, at least one. Fails if the system cannot start them.
    pub fn new(jobs: usize) -> Result<WorkerPool, ThreadPoolBuildError> {
        assert!(jobs > 0, "somebody has to do it");
        let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
        Ok(WorkerPool { pool, jobs: jobs as u64 })
    }

    /// The results of all trials, in order. After the first `None` no more are handed out, and the
    /// ones that gave `None` are not there.
    pub fn collect<T: Send>(
        &self,
        trials: Range<u64>,
        play: &(dyn Fn(u64) -> Option<T> + Sync),
    ) -> Vec<T> {
        let mut results = Vec::new();
        let mut from = trials.start;
        while from < trials.end {
            let count = (trials.end - from).min(EACH * self.jobs).min(u64::from(u32::MAX));
            let handed_out = (0..count as u32).into_par_iter().with_max_len(1);
            let work = || handed_out.map(|number| play(from + u64::from(number))).collect();
            let played: Vec<Option<T>> = self.pool.install(work);
            results.extend(played.into_iter().flatten());
            from += count;
            if (results.len() as u64) < from - trials.start {
                break;
            }
        }
        results
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_whatever_the_number_of_threads() {
        let play = |trial: u64| Some(trial * trial);
        for jobs in [1, 2, 8] {
            let workers = WorkerPool::new(jobs).expect("threads");
            let expected: Vec<u64> = (3..300).map(|trial| trial * trial).collect();
            assert_eq!(workers.collect(3..300, &play), expected, "{jobs} jobs");
            assert!(workers.collect(5..5, &play).is_empty());
        }
    }

    #[test]
    fn nothing_is_handed_out_after_a_stop() {
        let workers = WorkerPool::new(1).expect("a thread");
        let played = workers.collect(0..1_000, &|trial| (trial != 7).then_some(trial));
        assert_eq!(played.len() as u64, EACH - 1);
        assert!(!played.contains(&7));
    }
}
