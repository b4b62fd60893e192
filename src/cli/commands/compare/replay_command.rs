//! How to make a comparison again.

use crate::cli::shared::provenance;
use crate::scenario::{InputFile, MadeBy};
use std::path::Path;

/// How a comparison was made: the command with every value that it depends on.
pub(super) fn made_by(
    (scenario, other): (&Path, Option<&Path>),
    [first, second]: [&[(String, String)]; 2],
    (trials, seed): (u64, u64),
    files: Vec<InputFile>,
) -> MadeBy {
    let mut command = provenance::command("compare", scenario);
    if let Some(other) = other {
        command.push_str(&format!(" {}", provenance::relative(other, scenario)));
    }
    let (first, second) = (provenance::sets(first), provenance::sets(second));
    command.push_str(&format!("{first} --vs{second} --trials {trials} --seed {seed}"));
    MadeBy::new(command, files)
}
