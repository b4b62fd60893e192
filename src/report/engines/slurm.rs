//! A batch script of Slurm.

use super::job::{ArrayJob, EngineFiles, shell};
use crate::report::untrusted::for_shell;
use std::fmt::Write;

/// Slurm's own limit on the index of a task, unless the cluster has another (`MaxArraySize`).
const USUAL_ARRAY: u32 = 1_000;

pub(super) fn files(job: &ArrayJob) -> EngineFiles {
    let file = format!("{}.sbatch", job.name);
    let at = job.at(&file);
    let array = job.only.as_ref().map_or(format!("1-{}", job.shards), |(list, _)| list.clone());
    let mut notes = vec![
        "scenario and results have to be on a file system that all nodes see, and sim on their \
         PATH"
            .to_string(),
    ];
    if job.shards > USUAL_ARRAY {
        notes.push(format!(
            "most clusters allow arrays up to {USUAL_ARRAY} (scontrol show config | grep \
             MaxArraySize); ask for fewer shards if this one does"
        ));
    }
    EngineFiles {
        files: vec![(file, script(job, &array))],
        commands: vec![
            ("check", format!("sbatch --test-only {at}")),
            ("submit", format!("sbatch {at}")),
            ("watch", format!("squeue --array --name {}", job.label())),
            ("join", job.merge()),
        ],
        notes,
    }
}

fn script(job: &ArrayJob, array: &str) -> String {
    let minutes = (job.time.seconds() / 60.0).ceil() as u64;
    let mut script = format!("#!/bin/bash\n# {}\n", job.origin);
    let mut option = |option: String, why: &str| {
        let written = writeln!(script, "#SBATCH --{option:<28} # {why}");
        written.expect("a string takes everything");
    };
    option(format!("job-name={}", job.label()), "");
    option(format!("array={array}"), "the shards, counted from 1");
    option("nodes=1".into(), "");
    option(format!("cpus-per-task={}", job.jobs), "");
    option(format!("mem={}M", job.memory), "");
    option(format!("time={minutes}"), "minutes; three times what was estimated");
    option("requeue".into(), "a shard continues where it stopped");
    // Without `B:` the steps of a script get the signal, and the script itself does not.
    option("signal=B:TERM@60".into(), "a minute before the end, to save");
    option("open-mode=append".into(), "");
    option("output=%x-%A-%a.out".into(), "");
    if !job.queue.is_empty() {
        option(format!("partition={}", for_shell(&job.queue)), "");
    }
    // Without the shell in between, signals reach sim itself.
    let mut words = job.command.clone();
    words.extend(["--shard", "auto", "--of", &job.shards.to_string()].map(String::from));
    let script = script.lines().map(|line| line.trim_end().trim_end_matches(" #").trim_end());
    let script: Vec<&str> = script.collect();
    format!("{}\nexec {}\n", script.join("\n"), shell(&words))
}
