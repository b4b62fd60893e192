//! What every engine is told of the shards of a campaign.

use crate::report::untrusted::for_shell;
use crate::units::Span;

/// What runs job arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayScheduler {
    /// A cluster's queue: an array of batch jobs.
    Slurm,
    /// An Indexed Job.
    Kubernetes,
    /// An array job, on Spot Instances or not.
    AwsBatch,
    /// GNU parallel: one machine, or several by ssh.
    Parallel,
}

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

/// The shards of a campaign as a job array.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrayJob {
    /// The scenario's name without folder and ending.
    pub name: String,
    /// Shards of the whole campaign.
    pub shards: u32,
    /// Only these shards, as `sim merge` lists them, and how many they are; `None`: all.
    pub only: Option<(String, u32)>,
    /// The command that plays a shard but for `--shard` and what belongs to it, word by word.
    pub command: Vec<String>,
    /// The folder of the shards' files.
    pub results: String,
    /// The folder that the files are written to.
    pub folder: String,
    /// Processors of a shard.
    pub jobs: u32,
    /// Memory of a shard, in MiB.
    pub memory: u64,
    /// The longest that a shard may take.
    pub time: Span,
    /// The container image; of Kubernetes and AWS Batch.
    pub image: String,
    /// The volume that scenario and results are on: a claim of Kubernetes, a file system of EFS.
    pub volume: String,
    /// The queue or partition; blank: the engine's own default.
    pub queue: String,
    /// How this was written.
    pub origin: String,
}

impl ArrayJob {
    /// How many tasks the array has.
    pub(super) fn tasks(&self) -> u32 {
        self.only.as_ref().map_or(self.shards, |(_, count)| *count)
    }

    /// The whole command of a task that finds its index in its environment.
    pub(super) fn automatic(&self) -> Vec<String> {
        let shards = self.shards.to_string();
        let mut words = self.command.clone();
        words.extend(["--shard", "auto", "--of", &shards].map(String::from));
        if let Some((list, _)) = &self.only {
            words.extend(["--only".to_string(), list.clone()]);
        }
        words
    }

    /// A name of at most 50 lower-case letters, digits and hyphens (RFC 1123), as Kubernetes and
    /// AWS Batch take it.
    pub(super) fn label(&self) -> String {
        let plain = |c: char| match c.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => c,
            _ => '-',
        };
        let name: String = self.name.chars().map(plain).take(40).collect();
        let again = if self.only.is_some() { "-again" } else { "" };
        format!("sim-{}{again}", name.trim_matches('-')).trim_end_matches('-').to_string()
    }

    /// Where a file is that was written to the folder.
    pub(super) fn at(&self, file: &str) -> String {
        for_shell(&format!("{}/{file}", self.folder.trim_end_matches('/')))
    }

    /// The command that joins the shards.
    pub(super) fn merge(&self) -> String {
        let results = self.results.trim_end_matches('/');
        let shards = for_shell(&format!("{results}/{}-shard-", self.name));
        let out = for_shell(&format!("reports/{}-all", self.name));
        format!("sim merge {shards}*-of-{}.jsonl --out {out}", self.shards)
    }
}

/// Words as a shell takes them.
pub(super) fn shell(words: &[String]) -> String {
    words.iter().map(|word| for_shell(word)).collect::<Vec<_>>().join(" ")
}
