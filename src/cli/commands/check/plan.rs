//! `sim check PLAN.md`: the gaps of launch plans as people wrote them.

use super::format::{ProblemFormat, data, property};
use crate::cli::shared::plan::read;
use crate::cli::shared::{Exit, terminal};
use crate::launch_plan::{LineStatus, PlanGap, ReadPlan};
use crate::report::plan_reading;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Reads each plan and says what is missing, unsure or contradicting in it.
pub(super) fn check(files: &[&PathBuf], format: ProblemFormat) -> Exit {
    let readings: Vec<(String, Option<ReadPlan>)> =
        files.iter().map(|path| (path.display().to_string(), read(path, None, None))).collect();
    match format {
        ProblemFormat::Text => {
            for (path, reading) in &readings {
                let Some(reading) = reading else { continue };
                terminal::print(&plan_reading(reading, path, terminal::width()));
            }
        }
        ProblemFormat::Json => {
            let files: Vec<Value> = readings.iter().map(as_json).collect();
            let found = readings.iter().flat_map(|(_, reading)| reading);
            let findings: usize = found.map(|reading| reading.gaps.len()).sum();
            let errors = readings.iter().filter(|(_, reading)| reading.is_none()).count();
            let all =
                json!({"files": files, "errors": errors, "warnings": 0, "findings": findings});
            let text = serde_json::to_string_pretty(&all).expect("plain data");
            terminal::print(&(text + "\n"));
        }
        ProblemFormat::Github => {
            for (path, reading) in &readings {
                for gap in reading.iter().flat_map(|reading| &reading.gaps) {
                    terminal::print(&command(path, gap));
                }
            }
        }
    }
    match readings.iter().all(|(_, reading)| reading.is_some()) {
        true => Exit::Met,
        false => Exit::Wrong,
    }
}

fn as_json((path, reading): &(String, Option<ReadPlan>)) -> Value {
    let one = |gap: &PlanGap| {
        json!({
            "severity": "finding",
            "weight": gap.grade.word(),
            "file": path,
            "line": gap.lines.first(),
            "lines": gap.lines,
            "column": null,
            "message": gap.text,
            "label": null,
            "hint": gap.hint,
        })
    };
    let gaps: Vec<Value> = reading.iter().flat_map(|reading| &reading.gaps).map(one).collect();
    let lines = reading.iter().flat_map(|reading| &reading.lines);
    let lines: Vec<Value> = lines
        .map(|line| {
            let (fate, of) = match &line.status {
                LineStatus::Understood(of) => ("understood", (*of).to_string()),
                LineStatus::Open(why) => ("open", why.clone()),
                LineStatus::NotUnderstood => ("not understood", String::new()),
            };
            json!({"line": line.number, "text": line.text, "fate": fate, "as": of})
        })
        .collect();
    json!({"file": path, "ok": reading.is_some(), "problems": gaps, "lines": lines})
}

/// `::notice file=plan.md,line=3,title=sim check::what is missing`.
fn command(path: &str, gap: &PlanGap) -> String {
    let line = gap.lines.first().map_or(String::new(), |line| format!(",line={line}"));
    let (file, text, hint) = (property(path), data(&gap.text), data(&gap.hint));
    format!("::notice file={file}{line},title=sim check::{text}%0Ahint: {hint}\n")
}
