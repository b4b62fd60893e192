//! What the user types and sees: one file per subcommand, the terminal, the exit codes.

mod access_log;
mod baseline;
mod campaign;
mod capacity;
mod check;
mod compare;
mod completions;
mod explain;
mod folder;
mod interrupt;
mod judge;
mod live;
mod log_options;
mod merge;
mod new;
mod observed;
mod pack;
mod record;
mod report;
mod reports;
mod rollcall;
mod run;
mod schema;
mod shell;
mod terminal;
mod test;
mod tune;
mod writing;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// What the exit code says. The numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Expectations met.
    Met = 0,
    /// Something broke while running.
    Broke = 1,
    /// Usage or scenario wrong.
    Wrong = 2,
    /// There was nothing that could be judged, or it is too close to tell.
    NotJudgeable = 3,
    /// An expectation or an objective missed, or a rule fired in a log.
    Missed = 99,
    /// Interrupted; what was done is on disk.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A flight simulator for launch day.
///
/// sim rehearses a launch before the day: it plays visitors against a model of your site, breaks
/// what the scenario says will break, judges the readings by your own rollback thresholds, and
/// times every response, people included, against your change-time table.
#[derive(Parser)]
#[command(name = "sim", version, max_term_width = 100)]
#[command(after_help = AFTER)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str = "\
A first scenario of your own:
  sim new minimal -o launch.yaml      a small scenario with comments, to be changed
  sim run launch.yaml                 play it
  sim schema --reference | less       what every key means

Exit codes:
  0    the scenario's expectations are met
  1    something broke while running (what was done is saved)
  2    wrong usage, or a scenario with errors
  3    nothing could be judged, or it is too close to tell (capacity)
  99   an expectation, or an objective of capacity, is missed; a rule fired in a log
  130  interrupted (what was done is saved)";

#[derive(Subcommand)]
enum Command {
    New(new::NewArguments),
    Check(check::CheckArguments),
    Explain(explain::ExplainArguments),
    Test(test::TestArguments),
    Run(run::RunArguments),
    Judge(judge::JudgeArguments),
    Tune(tune::TuneArguments),
    Compare(compare::CompareArguments),
    Capacity(capacity::CapacityArguments),
    Merge(merge::MergeArguments),
    Baseline(baseline::BaselineArguments),
    Pack(pack::PackArguments),
    Rollcall(rollcall::RollcallArguments),
    Schema(schema::SchemaArguments),
    Completions(completions::CompletionsArguments),
    Report(report::ReportArguments),
}

/// Runs what the command line says.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let exit = match &arguments.command {
        Command::New(new) => new::run(new),
        Command::Check(check) => check::check(check),
        Command::Explain(explain) => explain::explain(explain),
        Command::Test(test) => test::run(test),
        Command::Run(run) => run::run(run),
        Command::Judge(judge) => judge::run(judge),
        Command::Tune(tune) => tune::run(tune),
        Command::Compare(compare) => compare::run(compare),
        Command::Capacity(capacity) => capacity::run(capacity),
        Command::Merge(merge) => merge::run(merge),
        Command::Baseline(baseline) => baseline::run(baseline),
        Command::Pack(pack) => pack::run(pack),
        Command::Rollcall(rollcall) => rollcall::run(rollcall),
        Command::Schema(schema) => schema::run(schema),
        Command::Completions(shell) => completions::run(shell),
        Command::Report(report) => report::report(report),
    };
    exit.into()
}
