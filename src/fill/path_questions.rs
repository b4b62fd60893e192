//! Paths of a scenario as questions for people who have never seen the file.

use crate::journal::{OpenPoint, PlanFinding};

/// What is asked for the number at this path: `traffic.tools.browse.requests` as `How
/// many requests does a visit to browse make?`.
pub(super) fn number(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let ask = |words: String| format!("{words}?");
    match parts.as_slice() {
        ["traffic", "visits", "0", "rate"] => ask("How many visits come at first".into()),
        ["traffic", "visits", at, "rate"] => {
            ask(format!("How many visits come from point {at} of the curve on"))
        }
        ["traffic", "tools", tool, "requests"] => {
            ask(format!("How many requests does a visit to {tool} make"))
        }
        ["traffic", "tools", tool, "think"] => {
            ask(format!("How long does somebody who uses {tool} pause between two requests"))
        }
        ["traffic", "patience"] => ask("After how long do people give up waiting".into()),
        ["site", "tiers", tier, "instances"] => ask(format!("How many instances of {tier} run")),
        ["site", "tiers", tier, "threads"] => {
            ask(format!("How many requests can one instance of {tier} work on at a time"))
        }
        ["site", "tiers", tier, "queue"] => {
            ask(format!("How many requests may wait at one instance of {tier}"))
        }
        ["site", "tiers", tier, "takes"] => ask(format!("How long does {tier} take for a request")),
        ["site", "tiers", tier, "takes", part] => {
            ask(format!("How long does {tier} take for a request: what is the {part}"))
        }
        ["channels", channel, "answers"] => {
            ask(format!("How often does somebody answer who is tried by {channel}"))
        }
        ["channels", channel, "after"] => {
            ask(format!("After how long do people answer by {channel}"))
        }
        ["channels", channel, "after", part] => {
            ask(format!("After how long do people answer by {channel}: what is the {part}"))
        }
        ["changes", change] | ["changes", change, "takes"] => {
            ask(format!("How long does {change} take"))
        }
        _ => format!("What is {path}?"),
    }
}

/// What is asked where a value of this path is open.
pub(super) fn open(path: &str, finding: &PlanFinding) -> Option<(String, &'static str)> {
    let says = &finding.row.text;
    let parts: Vec<&str> = path.split('.').collect();
    Some(match parts.as_slice() {
        ["baseline", "error_rate"] => (
            "Nobody has measured what is normal: what share of requests fails on a usual day?"
                .into(),
            "a share, such as 0.2%",
        ),
        ["baseline", "latency", of] => (
            format!("Nobody has measured what is normal: how long do requests take, {of}?"),
            "a time, such as 800ms",
        ),
        ["changes", change] | ["changes", change, "takes"] => (
            format!("How long does {change} take? Nobody knows, so it counts as failed."),
            "a time, such as 3m, about 45 minutes, or 2 to 5 minutes",
        ),
        ["launch", _, "at"] => {
            let step = match &finding.point {
                OpenPoint::UntimedStep { tells: Some(whom), .. } => format!("telling {whom}"),
                OpenPoint::UntimedStep { step, .. } => step.clone(),
                _ => says.clone(),
            };
            (
                format!("At what time: {step}? The plan leaves it open, so it does not happen."),
                "a time of day, such as 1 PM or 13:30; or one after the start, such as 30m",
            )
        }
        ["launch", _, "to"] => {
            (format!("Who is told? {says}"), "one role or person of the plan, or everyone")
        }
        ["templates", name] => (
            format!("What does the message {name} say? Nobody has written it"),
            "the text; {{at}}, {{status}}, {{alert}}, {{change}} and {{incident}} are filled in",
        ),
        ["go_no_go", ..] => {
            let criterion = match &finding.point {
                OpenPoint::Unattested { criterion } => criterion,
                _ => says,
            };
            (format!("Who says whether this is so: {criterion}?"), "a person or a role, or several")
        }
        _ => return None,
    })
}
