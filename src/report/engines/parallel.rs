//! A line of GNU parallel.

use super::job::{ArrayJob, EngineFiles, shell};

pub(super) fn files(job: &ArrayJob) -> EngineFiles {
    let file = format!("{}.sh", job.name);
    let at = job.at(&file);
    EngineFiles {
        files: vec![(file, script(job))],
        commands: vec![
            ("check", format!("bash {at} --dry-run")),
            ("run", format!("bash {at} --bar")),
            ("on several machines", format!("bash {at} --sshloginfile nodes.txt --workdir .")),
            ("join", job.merge()),
        ],
        notes: vec![
            "on several machines, scenario and results have to be on a file system that all of \
             them see, at the same place, and sim on their PATH"
                .to_string(),
        ],
    }
}

fn script(job: &ArrayJob) -> String {
    let seconds = job.time.seconds().ceil() as u64;
    let shards = match &job.only {
        None => format!("$(seq {})", job.shards),
        Some((list, _)) => numbers(list),
    };
    let at_once = if job.jobs == 1 { "100%".to_string() } else { format!("{}%", 100 / job.jobs) };
    // With -q each word stays one, whatever a shell would see in it.
    format!(
        "#!/bin/bash\n# {}\n# A failed shard is tried three times and continues where it stopped; \
         a finished one is not\n# run again. Arguments of this script are passed on to \
         parallel.\nexec parallel -q --jobs {at_once} --memfree {}M --timeout {seconds} \
         --retries 3 \"$@\" \\\n    {} --shard {{}}/{} ::: {shards}\n",
        job.origin,
        job.memory,
        shell(&job.command),
        job.shards
    )
}

/// `3,17-19` as words of a shell: `3 $(seq 17 19)`.
fn numbers(list: &str) -> String {
    let words = list.split(',').map(|part| match part.split_once('-') {
        Some((first, last)) => format!("$(seq {first} {last})"),
        None => part.to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}
