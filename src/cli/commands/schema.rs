//! `sim schema`: the scenario language, for editors and for people.

use crate::cli::shared::loading::{in_json, scenario_schema};
use crate::cli::shared::{Exit, terminal};
use crate::scenario;

/// Print the JSON Schema of scenario files, or their reference
///
/// The schema lets an editor complete and explain every key, and lets any JSON Schema validator
/// check a file. Both are generated from the tables that parse a scenario, so neither can
/// say anything that sim does not do.
///
/// The schema knows keys, types of values and spellings. Only sim itself checks names and sense
/// (does this tier exist? do these shares add up?).
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct SchemaArguments {
    /// Print the reference of every key as Markdown instead
    #[arg(long, conflicts_with = "tests")]
    reference: bool,

    /// Print the schema of files of rule tests (see `sim test`) instead
    #[arg(long)]
    tests: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim schema > scenario.schema.json
  sim schema --reference | less

In an editor with a YAML language server (VS Code: the extension YAML), begin
the scenario with this comment:
  # yaml-language-server: $schema=scenario.schema.json

With check-jsonschema:
  check-jsonschema --schemafile scenario.schema.json launch.yaml";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &SchemaArguments) -> Exit {
    let text = match (arguments.reference, arguments.tests) {
        (true, _) => scenario::reference(),
        (_, true) => in_json(&scenario::rule_test_schema()),
        _ => scenario_schema(),
    };
    terminal::print(&text);
    Exit::Met
}
