//! `sim completions`: completion scripts for the shell.

use crate::cli::shared::{Exit, terminal};
use clap_complete::Shell;

/// Print completions for a shell
///
/// The output is a script for the shell to load; subcommands, options and their values can then be
/// completed with the Tab key.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  bash  sim completions bash > ~/.local/share/bash-completion/completions/sim
  zsh   sim completions zsh > ~/.zfunc/_sim       (with ~/.zfunc in fpath)
  fish  sim completions fish > ~/.config/fish/completions/sim.fish";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &CompletionsArguments, mut command: clap::Command) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "sim", &mut script);
    terminal::print(&String::from_utf8_lossy(&script));
    Exit::Met
}
