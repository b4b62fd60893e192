//! `sim completions`: the command line for the shell to complete.

use super::{Arguments, Exit, terminal};
use clap::CommandFactory;
use clap_complete::Shell;

/// Print completions for a shell
///
/// The output is a script for the shell to load; subcommands, options and their values can then be
/// completed with the tabulator key.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompletionsArguments {
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
pub(super) fn run(arguments: &CompletionsArguments) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "sim", &mut script);
    terminal::print(&String::from_utf8_lossy(&script));
    Exit::Met
}
