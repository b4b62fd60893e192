//! `sim explain`: a scenario in plain words, and every value with where it comes from.

use crate::cli::shared::options::SetArgument;
use crate::cli::shared::{Exit, terminal};
use crate::report;
use crate::scenario;
use clap::ValueEnum;
use std::path::PathBuf;

/// Explain a scenario in plain words
///
/// Shows a short overview; who comes, through which tiers, and what breaks; every rule as
/// one sentence, with the chance of a false alarm; every play as a numbered list; and the resolved
/// plan: every value and every default, the line it comes from, and whether it is calibrated [c] or
/// assumed [a].
///
/// Each step of a play has two times. "Paper" is what the change-time table says; it covers only
/// the technical pipeline. "Simulated" is a calculated mean: of the step's own times, and for pages
/// and asks, of the escalation's channels, tried one after another, with the people on duty when
/// the first fault begins. It assumes free pipelines and nobody being busy; `sim run` simulates
/// the rest.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ExplainArguments {
    /// The scenario file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    changed: SetArgument,

    /// The output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ExplainFormat::Text)]
    format: ExplainFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For people, as wide as the terminal
    Text,
    /// For programs: one JSON document
    Json,
}

const EXAMPLES: &str = "\
Examples:
  sim explain scenarios/proxy-outage.yaml
  sim explain scenarios/proxy-outage.yaml --set channels.phone.answers=50%
  sim explain day.yaml --format json | jq '.resolved[] | select(.from == \"default\")'

Exit codes: 0 explained, 2 the scenario has errors or the usage is wrong.";

/// Runs the subcommand.
pub(in crate::cli) fn explain(arguments: &ExplainArguments) -> Exit {
    let explained = scenario::read_source(&arguments.file)
        .and_then(|source| scenario::explain(&source, &arguments.changed.set));
    let explanation = match explained {
        Ok(explanation) => explanation,
        Err(problems) => {
            terminal::print_to_stderr(&terminal::problems(&problems));
            return Exit::Wrong;
        }
    };
    let text = match arguments.format {
        ExplainFormat::Text => report::explanation_page(&explanation, terminal::style()),
        ExplainFormat::Json => {
            serde_json::to_string_pretty(&explanation).expect("plain data with text keys") + "\n"
        }
    };
    terminal::print(&text);
    Exit::Met
}
