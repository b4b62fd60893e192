//! An array job of AWS Batch: the definition, and its submission.

use super::job::{ArrayJob, EngineFiles};
use serde_json::{Value, json};

/// The user that the container runs as, who owns nothing.
const NOBODY: &str = "65532";

pub(super) fn files(job: &ArrayJob) -> EngineFiles {
    let definition = format!("{}-definition.json", job.name);
    let submission = format!("{}-submission.json", job.name);
    let (at_definition, at_submission) = (job.at(&definition), job.at(&submission));
    let name = job.label();
    let text = |value: &Value| format!("{value:#}\n");
    EngineFiles {
        files: vec![
            (definition, text(&self::definition(job))),
            (submission, text(&self::submission(job))),
        ],
        commands: vec![
            (
                "define",
                format!(
                    "aws batch register-job-definition --cli-input-json file://{at_definition}"
                ),
            ),
            ("submit", format!("aws batch submit-job --cli-input-json file://{at_submission}")),
            (
                "watch",
                format!(
                    "aws batch list-jobs --job-queue {} --filters name=JOB_NAME,values={name}",
                    job.queue
                ),
            ),
            ("join", job.merge()),
        ],
        notes: vec![
            "the file system has to have the scenario and its parts at its root, and be writable \
             for user 65532"
                .to_string(),
            "on Spot Instances an interrupted attempt is retried, up to ten times, and \
             continues where it stopped"
                .to_string(),
        ],
    }
}

fn definition(job: &ArrayJob) -> Value {
    json!({
        "jobDefinitionName": job.label(),
        "type": "container",
        "platformCapabilities": ["EC2"],
        "tags": {"made-by": made_by(&job.origin)},
        "timeout": {"attemptDurationSeconds": (job.time.seconds().ceil() as u64).max(60)},
        "retryStrategy": {"attempts": 10, "evaluateOnExit": [
            // An instance that is taken back, and the signal that comes before.
            {"onStatusReason": "Host EC2*", "action": "RETRY"},
            {"onExitCode": "130", "action": "RETRY"},
            {"onExitCode": "137", "action": "RETRY"},
            {"onExitCode": "143", "action": "RETRY"},
            // Everything else would fail again.
            {"onReason": "*", "action": "EXIT"},
        ]},
        "containerProperties": {
            "image": job.image,
            "command": command(job)[1..],
            "user": NOBODY,
            "readonlyRootFilesystem": true,
            "resourceRequirements": [
                {"type": "VCPU", "value": job.jobs.to_string()},
                {"type": "MEMORY", "value": job.memory.to_string()},
            ],
            "volumes": [{"name": "work", "efsVolumeConfiguration":
                {"fileSystemId": job.volume, "transitEncryption": "ENABLED"}}],
            "mountPoints": [{"sourceVolume": "work", "containerPath": "/work", "readOnly": false}],
        },
    })
}

/// An array has two tasks at least; a single shard is named.
fn command(job: &ArrayJob) -> Vec<String> {
    match &job.only {
        Some((shard, 1)) => {
            let mut words = job.command.clone();
            words.extend(["--shard".to_string(), format!("{shard}/{}", job.shards)]);
            words
        }
        _ => job.automatic(),
    }
}

fn submission(job: &ArrayJob) -> Value {
    let mut submission = json!({
        "jobName": job.label(),
        "jobQueue": job.queue,
        "jobDefinition": job.label(),
    });
    if job.tasks() > 1 {
        submission["arrayProperties"] = json!({"size": job.tasks()});
    }
    submission
}

/// A tag's value has at most 256 letters, digits, spaces and `_.:/=+-@`.
fn made_by(origin: &str) -> String {
    let allowed = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    origin.chars().map(|c| if allowed(c) { c } else { '-' }).take(256).collect()
}
