//! What the user types and sees: one file or folder per subcommand in `commands`, what they have
//! in common in `shared`.

mod commands;
mod shared;

use clap::{CommandFactory, Parser, Subcommand};
use commands::{
    baseline, capacity, check, compare, completions, crew, explain, fill, go, hinges, judge, logs,
    merge, new, night, pack, plan_shards, report, rollcall, run, schema, test, tune, when,
};
use shared::{Exit, interrupt, terminal};
use std::process::ExitCode;

/// A flight simulator for launch day.
///
/// sim rehearses a launch before the day: it simulates visitors on a model of your site, breaks
/// what the scenario says will break, judges the readings against your rollback thresholds, and
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
  sim new minimal -o launch.yaml      a small commented scenario to edit
  sim run launch.yaml                 run it
  sim schema --reference | less       what every key means

Exit codes:
  0    the scenario's expectations are met
  1    a runtime error (completed work is saved)
  2    wrong usage, or a scenario with errors
  3    nothing could be judged, or it is too close to tell (capacity)
  99   an expectation or a capacity objective is missed; a rule fired in a log
  130  interrupted (completed work is saved)";

#[derive(Subcommand)]
enum Command {
    New(new::NewArguments),
    Check(check::CheckArguments),
    Fill(fill::FillArguments),
    Explain(explain::ExplainArguments),
    Test(test::TestArguments),
    Run(run::RunArguments),
    Room(run::RoomArguments),
    Judge(judge::JudgeArguments),
    Tune(tune::TuneArguments),
    Compare(compare::CompareArguments),
    Hinges(hinges::HingesArguments),
    Capacity(capacity::CapacityArguments),
    Go(go::GoArguments),
    When(when::WhenArguments),
    #[command(name = "night")]
    OfNight(night::NightArguments),
    Merge(merge::MergeArguments),
    PlanShards(plan_shards::PlanShardsArguments),
    Logs(logs::LogsArguments),
    Baseline(baseline::BaselineArguments),
    Pack(pack::PackArguments),
    Rollcall(rollcall::RollcallArguments),
    Crew(crew::CrewArguments),
    Schema(schema::SchemaArguments),
    Completions(completions::CompletionsArguments),
    Report(report::ReportArguments),
}

/// Runs what the command line says.
pub fn main() -> ExitCode {
    interrupt::start();
    let exit = match Arguments::try_parse() {
        Ok(arguments) => run(&arguments),
        Err(refused) => report_usage_error(&refused),
    };
    match terminal::failure() {
        None => exit.into(),
        Some(error) => {
            let hint = "free disk space, or print somewhere else";
            terminal::error(&format!("cannot print everything: {error}"), hint);
            Exit::Broke.into()
        }
    }
}

/// Prints help, or what is wrong with the usage.
fn report_usage_error(refused: &clap::Error) -> Exit {
    let text = refused.render().ansi().to_string();
    if refused.use_stderr() {
        terminal::print_to_stderr(&text);
        Exit::Wrong
    } else {
        terminal::print(&text);
        Exit::Met
    }
}

fn run(arguments: &Arguments) -> Exit {
    match &arguments.command {
        Command::New(new) => new::run(new),
        Command::Check(check) => check::check(check),
        Command::Fill(fill) => fill::run(fill),
        Command::Explain(explain) => explain::explain(explain),
        Command::Test(test) => test::run(test),
        Command::Run(run) => run::run(run),
        Command::Room(room) => run::room(room),
        Command::Judge(judge) => judge::run(judge),
        Command::Tune(tune) => tune::run(tune),
        Command::Compare(compare) => compare::run(compare),
        Command::Hinges(hinges) => hinges::run(hinges),
        Command::Capacity(capacity) => capacity::run(capacity),
        Command::Go(go) => go::run(go),
        Command::When(when) => when::run(when),
        Command::OfNight(night) => night::run(night),
        Command::Merge(merge) => merge::run(merge),
        Command::PlanShards(plan) => plan_shards::run(plan),
        Command::Logs(arguments) => logs::run(arguments),
        Command::Baseline(baseline) => baseline::run(baseline),
        Command::Pack(pack) => pack::run(pack),
        Command::Rollcall(rollcall) => rollcall::run(rollcall),
        Command::Crew(crew) => crew::run(crew),
        Command::Schema(schema) => schema::run(schema),
        Command::Completions(shell) => completions::run(shell, Arguments::command()),
        Command::Report(report) => report::report(report),
    }
}
