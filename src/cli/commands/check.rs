//! `sim check`: what is wrong with scenarios, what is probably a mistake, and what the plan leaves
//! open.

mod drift;
mod format;
mod plan;

use crate::cli::shared::loading::{self, ProblemCounts};
use crate::cli::shared::plan::{is_plan, year};
use crate::cli::shared::{Exit, terminal};
use crate::report::{self, for_terminal, wrapped};
use crate::scenario::{self, LoadedPlan, Place, Problem, ProblemSeverity, Problems, RunEstimate};
use format::{ProblemFormat, data, property};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Check scenarios for errors, warnings and open points of the launch plan; or a launch plan itself
///
/// Reads every file and reports all its problems at once: errors with the line and what to write
/// instead; for a scenario that can run, warnings and findings by weight, with similar problems
/// in one entry. With --long, all of them are shown in full, as errors are.
///
/// An error keeps the scenario from running: not valid YAML, an unknown key or unit, an undefined
/// name, an impossible value.
///
/// A warning is a probable mistake: a rule that can never fire, or that fires by chance alone (with
/// the chance of a false alarm per hour), a play that nothing can open, a fault that nothing cures,
/// a tier with too few threads for the expected traffic, as it is or once a change routes more to
/// it, a step that needs somebody who is off duty, a verification that ends before its rule can
/// resolve, and hours, calls, endpoints or tiers that change nothing.
///
/// A finding is a gap in the launch plan itself: roles nobody is named for, numbers nobody filled
/// in, tentative names, a decider without a deputy, one person in two places, and what no rehearsal
/// exercises. A part of the plan is exercised if any of the files given exercises it, so give all
/// scenarios of a launch together.
///
/// A file that ends in .md or .txt is read as a launch plan written by people: its gaps are listed,
/// each with its line. `sim new --from` turns it into a scenario, and --plan compares the two:
/// names, escalations, hours, change times, thresholds, criteria, steps, plays and tasks that
/// only one of them has, or that differ, with the line of each.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CheckArguments {
    /// The scenario files, or launch plans
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Change one value of every scenario, as in `sim run`
    #[arg(long, value_name = "KEY=VALUE", value_parser = loading::key_value)]
    set: Vec<(String, String)>,

    /// Say what has drifted between the scenario and this launch plan
    #[arg(long, value_name = "PLAN", conflicts_with = "set")]
    plan: Option<PathBuf>,

    /// The year of the plan's dates, if it gives none [default: the scenario's]
    #[arg(long, value_name = "YEAR", requires = "plan", value_parser = year)]
    year: Option<i16>,

    /// Show every problem with its line, and what to write instead
    #[arg(long)]
    long: bool,

    /// The output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ProblemFormat::Text)]
    format: ProblemFormat,
}

const EXAMPLES: &str = "\
Examples:
  sim check scenarios/proxy-outage.yaml
  sim check --long scenarios/proxy-outage.yaml   each with its line and advice
  sim check scenarios/*.yaml              one launch, rehearsed by all of them together
  sim check --format json day.yaml | jq '.files[].problems[] | select(.severity == \"error\")'
  sim check --format github scenarios/*.yaml     in a workflow: annotations in the pull request
  sim check day.yaml --set vars.peak=4/s         with one value changed, as `sim run` takes it
  sim check launch-plan.md                       the gaps in the plan itself
  sim check day.yaml --plan launch-plan.md       where the two differ

--format json prints one document with these stable fields:
  files[]      file, ok (false if it cannot run), problems[]
  problems[]   severity (error, warning or finding), weight (for a finding: high, medium or
               low; else null), file, line, column (from 1; null if it is
               about the file as a whole), message, label (beside the caret, or null), hint (or
               null), also (a second place: file, line, column, label; only if there is one)
  errors, warnings, findings      the totals over all files
--format github prints ::error, ::warning and ::notice (for findings), and the counts.

Exit codes: 0 no errors (warnings and findings do not count), 2 errors or wrong usage.";

/// Runs the subcommand.
pub(in crate::cli) fn check(arguments: &CheckArguments) -> Exit {
    let (plans, scenarios): (Vec<&PathBuf>, Vec<&PathBuf>) =
        arguments.files.iter().partition(|path| is_plan(path));
    match (plans.is_empty(), scenarios.is_empty()) {
        (false, true) => return plan::check(&plans, arguments.format),
        (false, false) => {
            let hint = "check them one after the other: sim check launch-plan.md";
            terminal::error("launch plans and scenarios are not checked together", hint);
            return Exit::Wrong;
        }
        (true, _) => {}
    }
    if let Some(plan) = &arguments.plan {
        return drift::check(&scenarios, plan, arguments.year, arguments.format);
    }
    let read = arguments.files.iter().map(|path| scenario::read_source(path)).collect();
    let checked = scenario::check(read, &arguments.set);
    let problems: Vec<&Problems> = checked.iter().map(problems_in).collect();
    let paths: Vec<String> =
        arguments.files.iter().map(|path| path.display().to_string()).collect();
    let counts = ProblemCounts::count(&problems);
    match arguments.format {
        ProblemFormat::Text => {
            for (path, problems) in paths.iter().zip(&problems) {
                if arguments.long || problems.any_error() {
                    let shown = terminal::problems_on_stdout(problems) + "\n";
                    terminal::print(if problems.is_empty() { "" } else { &shown });
                } else {
                    terminal::print(&report::check_screen(problems, path, terminal::width()));
                }
            }
            if !arguments.long && counts.warnings + counts.findings > 0 {
                terminal::print("\n");
            }
            for (path, loaded) in paths.iter().zip(&checked) {
                if let Ok(loaded) = loaded {
                    let path = for_terminal(path, 200);
                    let text = format!("{path}: {}", takes(&RunEstimate::from_plan(&loaded.plan)));
                    let lines = wrapped(&text, terminal::width() - 2);
                    terminal::print(&(lines.join("\n  ") + "\n"));
                }
            }
            let sentence = wrapped(&counts.sentence(paths.len()), terminal::width() - 2);
            terminal::print(&(sentence.join("\n  ") + "\n"));
        }
        ProblemFormat::Json => {
            let good: Vec<bool> = checked.iter().map(Result::is_ok).collect();
            let document = as_json(&paths, &good, &problems, &counts);
            let text = serde_json::to_string_pretty(&document).expect("plain data");
            terminal::print(&(text + "\n"));
        }
        ProblemFormat::Github => {
            for problems in &problems {
                for problem in problems.iter() {
                    terminal::print(&command(problem, problems));
                }
            }
            terminal::print(&(counts.sentence(paths.len()) + "\n"));
        }
    }
    if counts.errors > 0 { Exit::Wrong } else { Exit::Met }
}

/// What one run takes, and whether it is refused for that.
fn takes(estimate: &RunEstimate) -> String {
    match estimate.too_large() {
        None => format!("one run takes {estimate}"),
        Some(why) => format!("one run takes {estimate}: {why} is refused without --large"),
    }
}

fn problems_in(checked: &Result<LoadedPlan, Problems>) -> &Problems {
    match checked {
        Ok(loaded) => &loaded.warnings,
        Err(problems) => problems,
    }
}

fn word(severity: ProblemSeverity) -> &'static str {
    match severity {
        ProblemSeverity::Error => "error",
        ProblemSeverity::Warning => "warning",
        ProblemSeverity::Finding => "finding",
    }
}

fn as_json(
    paths: &[String],
    good: &[bool],
    problems: &[&Problems],
    counts: &ProblemCounts,
) -> Value {
    let file = |((path, ok), problems): ((&String, &bool), &&Problems)| {
        let list: Vec<Value> = problems.iter().map(|problem| one(problem, problems)).collect();
        json!({"file": path, "ok": ok, "problems": list})
    };
    let files: Vec<Value> = paths.iter().zip(good).zip(problems).map(file).collect();
    json!({
        "files": files,
        "errors": counts.errors,
        "warnings": counts.warnings,
        "findings": counts.findings,
    })
}

/// Line and column are null where a problem is about the file as a whole.
fn one(problem: &Problem, problems: &Problems) -> Value {
    let number = |number: u32| (number > 0).then_some(number);
    let mut value = json!({
        "severity": word(problem.severity),
        "weight": problem.weight.map(|weight| weight.word()),
        "file": problems.path(problem.place),
        "line": number(problem.place.line),
        "column": number(problem.place.column),
        "message": problem.message,
        "label": Some(&problem.label).filter(|label| !label.is_empty()),
        "hint": problem.hint,
    });
    if let Some((place, label)) = &problem.also {
        let (file, line) = (problems.path(*place), number(place.line));
        let also = json!({"file": file, "line": line, "column": place.column, "label": label});
        value["also"] = also;
    }
    value
}

/// `::error file=day.yaml,line=3,col=7,title=…::what is wrong`.
fn command(problem: &Problem, problems: &Problems) -> String {
    let kind = match problem.severity {
        ProblemSeverity::Finding => "notice",
        severity => word(severity),
    };
    let Place { line, column, .. } = problem.place;
    let mut place = format!("file={}", property(problems.path(problem.place)));
    if line > 0 {
        place += &format!(",line={line},col={column}");
    }
    let mut message = data(&problem.message);
    if let Some(hint) = &problem.hint {
        message += &format!("%0Ahint: {}", data(hint));
    }
    format!("::{kind} {place},title=sim check::{message}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workflow_commands_are_escaped() {
        assert_eq!(data("50%\n::error::x\u{1b}[31m"), "50%25%0A::error::x\\u{1b}[31m");
        assert_eq!(property("a,b:c.yaml"), "a%2Cb%3Ac.yaml");
    }
}
