//! An Indexed Job of Kubernetes.

use super::job::{ArrayJob, EngineFiles};
use serde_json::{Value, json};

/// The user that the container runs as, who owns nothing.
const NOBODY: u32 = 65_532;
/// Seconds from the signal to stop until the container is killed. Saving takes one.
const GRACE: u32 = 30;

pub(super) fn files(job: &ArrayJob) -> EngineFiles {
    let file = format!("{}-job.yaml", job.name);
    let at = job.at(&file);
    let name = job.label();
    // A value that was just built has nothing that YAML could not say.
    let yaml = serde_yaml::to_string(&document(job)).expect("it is only text and numbers");
    EngineFiles {
        files: vec![(file, format!("# {}\n{yaml}", job.origin))],
        commands: vec![
            ("check", format!("kubectl apply --dry-run=server -f {at}")),
            ("submit", format!("kubectl apply -f {at}")),
            ("watch", format!("kubectl get job {name} -o wide && kubectl logs -f job/{name}")),
            ("join", job.merge()),
        ],
        notes: vec![
            "the volume has to be one that all nodes can write to (ReadWriteMany), with the \
             scenario and its parts on it"
                .to_string(),
            "backoffLimitPerIndex needs Kubernetes 1.29 or later".to_string(),
        ],
    }
}

fn document(job: &ArrayJob) -> Value {
    let tasks = job.tasks();
    let name = job.label();
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/name": "sim"}},
        "spec": {
            "completionMode": "Indexed",
            "completions": tasks,
            "parallelism": tasks,
            // Each shard has its own retries, and one that fails does not stop the others.
            "backoffLimitPerIndex": 3,
            "maxFailedIndexes": tasks,
            "podFailurePolicy": {"rules": [
                // A node that is drained or taken back is nobody's failure.
                {"action": "Ignore",
                    "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
                // A scenario with errors has them the next time too.
                {"action": "FailIndex", "onExitCodes":
                    {"containerName": "sim", "operator": "In", "values": [2]}},
            ]},
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": "sim"}},
                "spec": pod(job),
            },
        },
    })
}

fn pod(job: &ArrayJob) -> Value {
    let resources = json!({"cpu": job.jobs.to_string(), "memory": format!("{}Mi", job.memory)});
    // A `$(NAME)` would be taken for a variable.
    let arguments: Vec<String> =
        job.automatic()[1..].iter().map(|word| word.replace("$(", "$$(")).collect();
    json!({
        "restartPolicy": "Never",
        "activeDeadlineSeconds": job.time.seconds().ceil() as u64,
        "terminationGracePeriodSeconds": GRACE,
        "automountServiceAccountToken": false,
        "securityContext": {"runAsNonRoot": true, "runAsUser": NOBODY, "runAsGroup": NOBODY,
            "fsGroup": NOBODY, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{
            "name": "sim",
            "image": job.image,
            "args": arguments,
            "workingDir": "/work",
            "resources": {"requests": resources, "limits": {"memory": resources["memory"]}},
            "securityContext": {"readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false,
                "capabilities": {"drop": ["ALL"]}},
            "volumeMounts": [{"name": "work", "mountPath": "/work"}],
        }],
        "volumes": [{"name": "work", "persistentVolumeClaim": {"claimName": job.volume}}],
    })
}
