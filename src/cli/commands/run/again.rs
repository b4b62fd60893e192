//! How to play this very day again: what is printed at the end, and what `run.json` keeps.

use super::RunArguments;
use crate::cli::shared::files::Folder;
use crate::cli::shared::provenance;
use crate::cli::shared::shell::for_shell;
use crate::gameday::Trial;
use crate::report;
use crate::scenario::{self, InputFile, MadeBy, Plan};
use std::path::Path;

/// By what a run is made: the command with every value on which results depend.
pub(super) fn made_by(
    arguments: &RunArguments,
    scenario: &Path,
    trial: Trial,
    files: &[InputFile],
) -> MadeBy {
    let mut command = provenance::command("run", scenario);
    command.push_str(&format!(" --seed {}", trial.seed));
    if arguments.campaign.again().is_empty() {
        command.push_str(&format!(" --trial {}", trial.number));
    }
    command.push_str(&arguments.campaign.again());
    command.push_str(&provenance::sets(&arguments.set));
    MadeBy::new(command, files.to_vec())
}

/// Where the files are, and how to play this very day again.
pub(super) fn closing(
    arguments: &RunArguments,
    scenario: &Path,
    trial: Trial,
    plan: &Plan,
    folder: &Folder,
) -> String {
    let mut again = format!("sim run {}", for_shell(&scenario.display().to_string()));
    if trial.seed != plan.seed {
        again.push_str(&format!(" --seed {}", trial.seed));
    }
    if trial.number != 0 {
        again.push_str(&format!(" --trial {}", trial.number));
    }
    again.push_str(&arguments.campaign.again());
    again.push_str(&provenance::sets(&arguments.set));
    let again = report::for_terminal(&again, 2_000);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    let version = env!("CARGO_PKG_VERSION");
    let hash = scenario::plan_hash(plan);
    let Trial { seed, number } = trial;
    format!(
        "\nRun     sim {version}, scenario {hash}, seed {seed}, trial {number}\n\
         Files   {folder}/\nReplay  {again}\n"
    )
}
