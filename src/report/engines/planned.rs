//! A planned job array, for the terminal: what was timed, what is asked for, what to type.

use super::EngineFiles;
use crate::campaign::{TaskNeeds, TimedRuns};
use crate::report::launch_plan::hanging_after;
use crate::report::untrusted::{for_shell, for_terminal};
use crate::units::{Span, grouped};
use std::path::Path;

/// What a job array was planned from, and what came of it.
pub struct PlannedArray<'a> {
    /// The scenario, as the user named it.
    pub scenario: &'a Path,
    /// All of its runs.
    pub trials: u64,
    pub timed: TimedRuns,
    /// The most memory that was used meanwhile, in MiB; `None`: this system does not say.
    pub memory: Option<u64>,
    pub needs: TaskNeeds,
    /// Where the files are.
    pub folder: &'a Path,
    pub files: &'a EngineFiles,
}

/// The plan in lines of this many columns.
pub fn array_plan(plan: &PlannedArray, width: usize) -> String {
    let PlannedArray { timed, needs, .. } = plan;
    let memory = plan.memory.map_or("not known here".to_string(), |memory| format!("{memory} MiB"));
    let each = timed.each.as_secs_f64();
    let total = Span::from_seconds(each * plan.trials as f64);
    let each = Span::from_seconds(each);
    let trials = grouped(plan.trials);
    let facts = [
        ("Timed     ", format!("{} runs here: {each} each, {memory} of memory", timed.runs)),
        ("Campaign  ", format!("{trials} runs, {total} on one processor like this one")),
        (
            "Shard     ",
            format!(
                "{} runs: about {}; asks for {} MiB and at most {}",
                grouped(needs.trials),
                needs.estimate,
                needs.memory,
                needs.time
            ),
        ),
    ];
    let mut told = String::new();
    facts.iter().for_each(|(head, fact)| hanging_after(&mut told, head, fact, width));
    for (name, _) in &plan.files.files {
        let path = plan.folder.join(name).display().to_string();
        told.push_str(&format!("File      {}\n", for_terminal(&path, 2_000)));
    }
    told.push('\n');
    for (what, command) in &plan.files.commands {
        told.push_str(&format!("{what}:\n  {}\n", for_terminal(command, 2_000)));
    }
    let rerun = for_shell(&plan.scenario.display().to_string());
    told.push('\n');
    hanging_after(&mut told, "", "To plan again what sim merge says is missing:", width);
    told.push_str(&format!("  sim plan-shards {rerun} … --only 3,17-19\n"));
    for note in &plan.files.notes {
        hanging_after(&mut told, "", &format!("Note: {note}."), width);
    }
    told
}
