//! Job arrays for engines that teams already have: what Slurm, Kubernetes, AWS Batch and GNU
//! parallel take to play the shards of a campaign, and the commands that go with it.
//!
//! What is written asks for the processors, memory and time of one shard, goes on after an
//! interruption, and never repeats what can only fail again. Sources: Slurm 22.05 `sbatch(1)`,
//! Kubernetes "Indexed Job" and "Pod failure policy" (batch/v1), AWS Batch "Array jobs" and
//! "Automated job retries", `parallel(1)`.

mod aws_batch;
mod job;
mod kubernetes;
mod parallel;
mod planned;
mod slurm;

pub use job::{ArrayJob, ArrayScheduler, EngineFiles};
pub use planned::{PlannedArray, array_plan};

/// The job array of an engine.
pub fn engine_files(engine: ArrayScheduler, job: &ArrayJob) -> EngineFiles {
    match engine {
        ArrayScheduler::Slurm => slurm::files(job),
        ArrayScheduler::Kubernetes => kubernetes::files(job),
        ArrayScheduler::AwsBatch => aws_batch::files(job),
        ArrayScheduler::Parallel => parallel::files(job),
    }
}
