//! `sim check FILE --plan PLAN.md`: where a scenario and its launch plan differ.

use super::format::{ProblemFormat, data, property};
use crate::cli::shared::plan::read;
use crate::cli::shared::{Exit, terminal};
use crate::drift::{PlanDifference, differences};
use crate::report::{for_terminal, hanging_after};
use crate::scenario::{self, Problems};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Lays each scenario beside the plan.
pub(super) fn check(
    files: &[&PathBuf],
    plan: &Path,
    year: Option<i16>,
    format: ProblemFormat,
) -> Exit {
    let mut documents: Vec<Value> = Vec::new();
    let mut exit = Exit::Met;
    let mut all = 0;
    for file in files {
        let read_tree = scenario::read_source(file).and_then(|source| scenario::tree(&source));
        let (root, sources) = match read_tree {
            Ok(tree) => tree,
            Err(problems) => {
                terminal::print_to_stderr(&terminal::problems(&problems));
                exit = Exit::Wrong;
                continue;
            }
        };
        let starts = root.get("starts").and_then(|node| node.text()?.get(..4)?.parse().ok());
        let Some(reading) = read(plan, year.or(starts), None) else { return Exit::Wrong };
        let found = differences(&reading.facts, &root);
        all += found.len();
        let file = file.display().to_string();
        let plan = plan.display().to_string();
        match format {
            ProblemFormat::Text => terminal::print(&drift_text(&file, &plan, &found, &sources)),
            ProblemFormat::Json => documents.push(as_json(&file, &plan, &found, &sources)),
            ProblemFormat::Github => {
                for difference in &found {
                    terminal::print(&command(&file, difference, &sources));
                }
            }
        }
    }
    if format == ProblemFormat::Json {
        let document = json!({"files": documents, "differences": all});
        let text = serde_json::to_string_pretty(&document).expect("plain data");
        terminal::print(&(text + "\n"));
    }
    exit
}

/// Where the scenario says it: the file and the line.
fn place(file: &str, difference: &PlanDifference, sources: &Problems) -> Option<(String, u32)> {
    let place = difference.place?;
    let file = sources.part(place).unwrap_or_else(|| file.to_string());
    Some((file, place.line))
}

fn drift_text(file: &str, plan: &str, found: &[PlanDifference], sources: &Problems) -> String {
    let (shown, plan) = (for_terminal(file, 200), for_terminal(plan, 200));
    let (filled, found): (Vec<&PlanDifference>, Vec<&PlanDifference>) =
        found.iter().partition(|difference| difference.filled);
    let word = if found.len() == 1 { "difference" } else { "differences" };
    let mut text = format!("{shown} and {plan}: {} {word}\n", found.len());
    list(&mut text, &found, file, sources);
    if !filled.is_empty() {
        let number = filled.len();
        text += &format!("Open in the plan, and filled in since: {number}\n");
        list(&mut text, &filled, file, sources);
    }
    text
}

fn list(text: &mut String, found: &[&PlanDifference], file: &str, sources: &Problems) {
    for difference in found {
        let line = match difference.line {
            Some(line) => format!("line {line}"),
            None => "not in plan".to_string(),
        };
        let head = format!("  {:<10} {line:<12} ", difference.about);
        let there = match place(file, difference, sources) {
            Some((file, line)) => format!("{} ({}:{line})", difference.text, file),
            None => difference.text.clone(),
        };
        hanging_after(text, &head, &there, terminal::width());
    }
}

fn as_json(file: &str, plan: &str, found: &[PlanDifference], sources: &Problems) -> Value {
    let one = |difference: &PlanDifference| {
        let there = place(file, difference, sources);
        json!({
            "about": difference.about,
            "plan_line": difference.line,
            "file": there.as_ref().map(|(file, _)| file),
            "line": there.as_ref().map(|(_, line)| line),
            "filled": difference.filled,
            "message": difference.text,
        })
    };
    json!({"file": file, "plan": plan, "differences": found.iter().map(one).collect::<Vec<_>>()})
}

/// `::notice file=day.yaml,line=3,title=sim check::what differs`.
fn command(file: &str, difference: &PlanDifference, sources: &Problems) -> String {
    let (file, line) = match place(file, difference, sources) {
        Some((file, line)) => (file, format!(",line={line}")),
        None => (file.to_string(), String::new()),
    };
    let of_plan = difference.line.map_or(String::new(), |line| format!(" (plan: line {line})"));
    let (file, text) = (property(&file), data(&format!("{}{of_plan}", difference.text)));
    format!("::notice file={file}{line},title=sim check::{text}\n")
}
