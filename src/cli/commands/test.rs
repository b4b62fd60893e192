//! `sim test`: do the rules do what we think they do?

use crate::cli::shared::{Exit, terminal};
use crate::report;
use crate::scenario::{self, TestOutcome};
use std::path::{Path, PathBuf};

/// Test the rules of a scenario on made-up readings
///
/// A test file names a scenario and feeds its rules a series of readings: how many requests, how
/// many of them failed, how many percent were slow, and intervals without a reading. It says which
/// state a rule must be in at which time. The rules are judged by the same code as in a run.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct TestArguments {
    /// Files of rule tests
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Print nothing but failures and errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Example of a test file:
  scenario: launch.yaml             # beside this file
  interval: 10s
  tests:
    - name: errors fire after two minutes, not before
      input:
        requests: 100x40            # 100, and 40 times more
        bad: 0x5 50x20 0x13         # `_` is a missing reading, 0+10x5 counts up
      expect:
        - {at: 2m, alert: Errors, state: pending}
        - {at: 4m, alert: Errors, state: firing}

Examples:
  sim test rules.test.yaml
  sim schema --reference | less     (everything a test file can contain)

Exit codes: 0 all tests pass, 99 one fails, 2 a file or its scenario has errors.";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &TestArguments) -> Exit {
    let mut exit = Exit::Met;
    for path in &arguments.files {
        match (file(path, arguments.quiet), exit) {
            (Exit::Met, _) | (_, Exit::Wrong) => {}
            (worse, _) => exit = worse,
        }
    }
    exit
}

fn file(path: &Path, quiet: bool) -> Exit {
    let read = scenario::read_source(path).and_then(|source| scenario::rule_tests(&source));
    let tests = match read {
        Ok(tests) => tests,
        Err(problems) => {
            terminal::print_to_stderr(&terminal::problems(&problems));
            return Exit::Wrong;
        }
    };
    let outcomes = tests.judge();
    let shown = report::for_terminal(&path.display().to_string(), 2_000);
    let mut text = String::new();
    for outcome in outcomes.iter().filter(|outcome| !quiet || !outcome.failures.is_empty()) {
        text += &outcome_text(outcome, &shown);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.failures.is_empty()).count();
    if !quiet {
        text += &format!("\n{shown}: {} passed, {failed} failed\n", outcomes.len() - failed);
        let untested = tests.untested();
        if !untested.is_empty() {
            let names = report::for_terminal(&untested.join(", "), 400);
            text += &format!("No test covers {names}\n");
        }
    }
    terminal::print(&text);
    if failed == 0 { Exit::Met } else { Exit::Missed }
}

fn outcome_text(outcome: &TestOutcome, path: &str) -> String {
    // Below itself, where it has no room; its colour needs none.
    let (width, mut shown) = (terminal::width(), String::new());
    report::hanging_after(&mut shown, &" ".repeat(8), &outcome.name, width);
    let name = shown.trim();
    let (good, bad) = (anstyle::AnsiColor::Green, anstyle::AnsiColor::Red);
    if outcome.failures.is_empty() {
        let ink = good.on_default();
        return format!("{ink}ok{ink:#}      {name}\n");
    }
    let ink = bad.on_default().bold();
    let mut text = format!("{ink}FAILED{ink:#}  {name}\n");
    for (line, failure) in &outcome.failures {
        let failure = report::for_terminal(failure, 2_000);
        text += &format!("        {path}:{line}\n        {failure}\n");
    }
    text
}
