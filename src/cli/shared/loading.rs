//! Scenarios from the command line: reading one, its `--set`, and how its problems are shown.

use super::{Exit, terminal};
use crate::report::for_terminal;
use crate::scenario::{self, InputFile, Plan, ProblemSeverity, Problems, RunEstimate, SourceText};
use crate::units::counted;
use std::path::Path;

/// Splits a `--set`.
pub(in crate::cli) fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_string(), value.trim().to_string()))
        }
        _ => Err("write KEY=VALUE, such as traffic.patience=10s".to_string()),
    }
}

/// Reads and checks the scenario; problems go to stderr, all at once.
pub(in crate::cli) fn load(
    file: &Path,
    sets: &[(String, String)],
    quiet: bool,
) -> Result<Plan, Exit> {
    load_whole(file, sets, quiet).map(|loaded| loaded.plan)
}

/// The same, and which files it was read from.
pub(in crate::cli) fn load_with_files(
    file: &Path,
    sets: &[(String, String)],
    quiet: bool,
) -> Result<(Plan, Vec<InputFile>), Exit> {
    load_whole(file, sets, quiet).map(|loaded| (loaded.plan, loaded.files))
}

/// A scenario, what it was read from, and what was read.
pub(in crate::cli) struct LoadedScenario {
    pub(in crate::cli) plan: Plan,
    pub(in crate::cli) files: Vec<InputFile>,
    pub(in crate::cli) source: SourceText,
}

/// The same with its text, to be read again with other values.
pub(in crate::cli) fn load_whole(
    file: &Path,
    sets: &[(String, String)],
    quiet: bool,
) -> Result<LoadedScenario, Exit> {
    let loaded = scenario::read_source(file).and_then(|source| {
        let loaded = scenario::load(&source, sets)?;
        let files = InputFile::all(&source, &loaded.warnings);
        Ok((loaded, files, source))
    });
    match loaded {
        Ok((loaded, files, source)) => {
            let brief = brief(&loaded.warnings, &file.display().to_string());
            if let (Some(brief), false) = (brief, quiet) {
                terminal::print_to_stderr(&brief);
            }
            Ok(LoadedScenario { plan: loaded.plan, files, source })
        }
        Err(problems) => {
            terminal::print_to_stderr(&terminal::problems(&problems));
            Err(Exit::Wrong)
        }
    }
}

/// A run larger than this is announced before it begins: seconds, and bytes on disk. A choice:
/// whoever waits two minutes, or finds a gigabyte, wants to have known it.
const ANNOUNCED: (f64, f64) = (120.0, 1e9);

/// Refuses a plan that would take more than anybody expects of a command, unless it is asked for;
/// says beforehand what a large one takes. The error has been told.
pub(in crate::cli) fn size(plan: &Plan, large: bool, quiet: bool) -> Result<(), Exit> {
    let estimate = RunEstimate::from_plan(plan);
    if let (Some(why), false) = (estimate.too_large(), large) {
        let message = format!("one run of it would take {why}");
        let hint = "lower the rate, the length or the number of readings, or add --large to run \
                    it anyway";
        terminal::error(&message, hint);
        return Err(Exit::Wrong);
    }
    if !quiet && (estimate.seconds() > ANNOUNCED.0 || estimate.disk > ANNOUNCED.1) {
        terminal::print_to_stderr(&format!("one run takes {estimate}\n"));
    }
    Ok(())
}

/// `2 warnings, 9 findings: sim check FILE shows them`, or nothing to say.
fn brief(warnings: &Problems, file: &str) -> Option<String> {
    let counts = ProblemCounts::count(&[warnings]);
    let words = [(counts.warnings, "warning"), (counts.findings, "finding")];
    let words: Vec<String> =
        words.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| counted(n, word)).collect();
    let them = if counts.warnings + counts.findings == 1 { "it" } else { "them" };
    let file = for_terminal(file, 200);
    (!words.is_empty()).then(|| format!("{}: sim check {file} shows {them}\n", words.join(", ")))
}

/// How many problems of each kind there are.
pub(in crate::cli) struct ProblemCounts {
    pub(in crate::cli) errors: usize,
    pub(in crate::cli) warnings: usize,
    pub(in crate::cli) findings: usize,
}

impl ProblemCounts {
    /// Those of several files together.
    pub(in crate::cli) fn count(problems: &[&Problems]) -> ProblemCounts {
        let count = |severity| problems.iter().map(|problems| problems.count(severity)).sum();
        ProblemCounts {
            errors: count(ProblemSeverity::Error),
            warnings: count(ProblemSeverity::Warning),
            findings: count(ProblemSeverity::Finding),
        }
    }

    /// `3 files: 0 errors, 2 warnings, 9 findings`.
    pub(in crate::cli) fn sentence(&self, files: usize) -> String {
        let (files, errors) = (counted(files, "file"), counted(self.errors, "error"));
        let warnings = counted(self.warnings, "warning");
        format!("{files}: {errors}, {warnings}, {}", counted(self.findings, "finding"))
    }
}

/// The schema of scenarios as it is written to a file.
pub(in crate::cli) fn scenario_schema() -> String {
    in_json(&scenario::schema())
}

/// A schema as it is written to a file.
pub(in crate::cli) fn in_json(schema: &serde_json::Value) -> String {
    let text = serde_json::to_string_pretty(schema).expect("a schema is plain data");
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_kind() {
        let counts = ProblemCounts { errors: 0, warnings: 1, findings: 9 };
        assert_eq!(counts.sentence(1), "1 file: 0 errors, 1 warning, 9 findings");
    }
}
