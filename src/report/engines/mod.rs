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
mod slurm;

pub use job::{ArrayJob, Engine};

/// What an engine takes, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineFiles {
    /// Names and contents.
    pub files: Vec<(String, String)>,
    /// What to do in turn: a word, and the command.
    pub commands: Vec<(&'static str, String)>,
    /// What has to be known beside that; a sentence each.
    pub notes: Vec<String>,
}

/// The job array of an engine.
pub fn engine_files(engine: Engine, job: &ArrayJob) -> EngineFiles {
    match engine {
        Engine::Slurm => slurm::files(job),
        Engine::Kubernetes => kubernetes::files(job),
        Engine::AwsBatch => aws_batch::files(job),
        Engine::Parallel => parallel::files(job),
    }
}
