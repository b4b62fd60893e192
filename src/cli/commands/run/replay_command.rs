//! How to play this very day again: what is printed at the end, and what `run.json` keeps.

use crate::cli::shared::files::Folder;
use crate::cli::shared::{provenance, terminal};
use crate::gameday::Trial;
use crate::journal::{Header, Story};
use crate::report;
use crate::report::{Naming, for_shell, hanging_after};
use crate::scenario::{self, InputFile, MadeBy, Plan};
use std::path::Path;

/// What a run depends on.
pub(super) struct ReplayCommand<'a> {
    pub scenario: &'a Path,
    pub trial: Trial,
    /// How many runs, as arguments; empty: one.
    pub trials: String,
    /// The same, empty where nothing was asked for.
    pub asked: String,
    pub sets: &'a [(String, String)],
    pub naming: Naming,
}

/// How a run was made: the command with every value that results depend on.
pub(super) fn made_by(again: &ReplayCommand, files: Vec<InputFile>) -> MadeBy {
    let mut command = provenance::command("run", again.scenario);
    command.push_str(&format!(" --seed {}", again.trial.seed));
    if again.trials.is_empty() {
        command.push_str(&format!(" --trial {}", again.trial.number));
    }
    command.push_str(&again.trials);
    command.push_str(&provenance::sets(again.sets));
    command.push_str(provenance::naming(again.naming));
    MadeBy::new(command, files)
}

/// The verdict that is said once more at the end.
pub(super) enum FinalVerdict<'a> {
    /// Of many runs.
    Many(&'a str),
    /// Of the one run; `None`: it is right above.
    One(Option<String>),
}

impl<'a> FinalVerdict<'a> {
    /// What many runs say, else the verdict on the one; what is brief has just been read.
    pub(super) fn new(many: Option<&'a str>, brief: bool, header: &Header, story: &Story) -> Self {
        let one = || (!brief).then(|| report::verdict_of_one(header, story));
        many.map_or_else(|| FinalVerdict::One(one()), FinalVerdict::Many)
    }
}

/// The verdict once more, where the files are, and how to play this very day again.
pub(super) fn closing(
    of: &ReplayCommand,
    verdict: FinalVerdict,
    plan: &Plan,
    folder: &Folder,
) -> String {
    let trial = of.trial;
    let mut again = format!("sim run {}", for_shell(&of.scenario.display().to_string()));
    if trial.seed != plan.seed {
        again.push_str(&format!(" --seed {}", trial.seed));
    }
    if trial.number != 0 {
        again.push_str(&format!(" --trial {}", trial.number));
    }
    again.push_str(&of.asked);
    again.push_str(&provenance::sets(of.sets));
    again.push_str(provenance::naming(of.naming));
    let again = report::for_terminal(&again, 2_000);
    let folder = report::for_terminal(&folder.path().display().to_string(), 2_000);
    let version = env!("CARGO_PKG_VERSION");
    let hash = scenario::plan_hash(plan);
    let Trial { seed, number } = trial;
    let next = match verdict {
        // What the answer rests on, and what would make it better, takes runs of its own.
        FinalVerdict::Many(_) => {
            let sets = provenance::sets(of.sets);
            let file = for_shell(&of.scenario.display().to_string());
            // A plan that is still being filled in is asked for first.
            let (next, why) = match plan.is_draft() {
                true => {
                    (format!("sim fill {file}"), "which asks for what is still open or assumed")
                }
                false => (
                    format!("sim hinges {file}{sets}"),
                    "for what it hinges on and what would save most",
                ),
            };
            format!("Next    {}, {why}\n", report::for_terminal(&next, 2_000))
        }
        FinalVerdict::One(_) => String::new(),
    };
    let width = terminal::width();
    let mut text = String::from("\n");
    match verdict {
        FinalVerdict::Many(verdict) => hanging_after(&mut text, "Answer  ", verdict, width),
        FinalVerdict::One(Some(verdict)) => hanging_after(&mut text, "Verdict ", &verdict, width),
        FinalVerdict::One(None) => {}
    }
    let run = format!("sim {version}, scenario {hash}, seed {seed}, trial {number}");
    hanging_after(&mut text, "Run     ", &run, width);
    // What is pasted is not broken.
    text + &format!("Files   {folder}/\nReplay  {again}\n{next}")
}

/// Says that the wanted folder was somebody else's, so that nobody looks at the wrong files.
pub(super) fn elsewhere(wanted: &Path, folder: &Folder) -> Option<String> {
    let other = wanted.components().ne(folder.path().components());
    let shown = report::for_terminal(&wanted.display().to_string(), 2_000);
    let kept = match wanted.join("run.json").is_file() {
        true => "has the results of another plan or of more runs",
        false => "holds other files or is being written to",
    };
    let own = report::for_terminal(&folder.path().display().to_string(), 2_000);
    other.then(|| format!("{shown} {kept} and stays as it is; these results are in {own}\n"))
}
