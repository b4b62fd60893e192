//! What was rehearsed: folders of results, read and never played again.

use crate::capacity::CapacityCheck;
use crate::cli::shared::files::JOURNAL;
use crate::cli::shared::loading::load;
use crate::cli::shared::saving::{self, CAPACITY};
use crate::cli::shared::{Exit, terminal};
use crate::journal::Story;
use crate::report::{Extras, RehearsedExercise, for_terminal};
use crate::scenario::{self, Plan};
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The most folders that are looked at.
const MOST: usize = 1_000;

/// What the folders hold.
#[derive(Default)]
pub(super) struct RehearsalResults {
    pub(super) exercises: Vec<RehearsedExercise>,
    /// The capacity check of this scenario.
    pub(super) capacity: Option<CapacityCheck>,
}

/// The results in these folders, or in the folders within them.
pub(super) fn read(folders: &[PathBuf], plan: &Plan) -> Result<RehearsalResults, Exit> {
    let mut found = RehearsalResults::default();
    let hash = scenario::plan_hash(plan);
    for folder in folders {
        let within = within(folder)?;
        if within.is_empty() {
            let message = format!("{} holds no results", folder.display());
            let hint = "name a folder that `sim run` or `sim capacity` has written, or one with \
                        such folders";
            terminal::error(&message, hint);
            return Err(Exit::Wrong);
        }
        for folder in within {
            found.exercises.extend(exercise(&folder));
            let check = File::open(folder.join(CAPACITY)).ok();
            let check: Option<CapacityCheck> =
                check.and_then(|file| serde_json::from_reader(BufReader::new(file)).ok());
            let own = check.filter(|check| check.scenario_hash == hash);
            found.capacity = found.capacity.take().or(own);
        }
    }
    Ok(found)
}

/// The folder itself, if it holds results, else those within it that do, by name.
fn within(folder: &Path) -> Result<Vec<PathBuf>, Exit> {
    let holds = |path: &Path| [JOURNAL, CAPACITY].iter().any(|name| path.join(name).is_file());
    if holds(folder) {
        return Ok(vec![folder.to_path_buf()]);
    }
    let entries = fs::read_dir(folder).map_err(|error| {
        let message = format!("cannot read {}: {error}", folder.display());
        terminal::error(&message, "name a folder with results");
        Exit::Wrong
    })?;
    let mut within: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| holds(path)).take(MOST).collect();
    within.sort();
    Ok(within)
}

/// What one folder tells; a journal that cannot be read is named and left out.
fn exercise(folder: &Path) -> Option<RehearsedExercise> {
    if !folder.join(JOURNAL).is_file() {
        return None;
    }
    let shown = for_terminal(&folder.display().to_string(), 400);
    let read = saving::open(folder).map_err(|error| error.to_string()).and_then(|journal| {
        let header = journal.header().clone();
        let story = Story::collect(journal).map_err(|error| error.to_string())?;
        Ok((header, story))
    });
    let (header, story) = read
        .inspect_err(|why| {
            let message = format!("{shown}: its journal is left out: {why}");
            terminal::warning(&message, "run it again, or leave the folder out");
        })
        .ok()?;
    let trials = saving::trials_of(folder, &header);
    let sensitivity = (trials.as_ref()).and_then(|trials| {
        saving::sensitivity_of(folder, &trials.identity, trials.rows.len() as u64)
    });
    let (campaign, sensitivity) = (trials.as_ref(), sensitivity.as_ref());
    let extras = Extras { campaign, sensitivity, ..Extras::default() };
    Some(RehearsedExercise::new(&shown, &header, &story, extras))
}

/// Failures without results: those of scenarios that are to be rehearsed, and of this one.
pub(super) fn untried(
    planned: &[PathBuf],
    plan: &Plan,
    exercises: &[RehearsedExercise],
) -> Result<Vec<String>, Exit> {
    let tried = |title: &str| exercises.iter().any(|one| one.title == title);
    let mut untried: Vec<String> = Vec::new();
    let mut add = |plan: &Plan| {
        let title = scenario::header(plan, 0, plan.seed).title().to_string();
        if !plan.faults.is_empty() && !tried(&title) && !untried.contains(&title) {
            untried.push(title);
        }
    };
    add(plan);
    for file in planned {
        add(&load(file, &[], true)?);
    }
    Ok(untried)
}
