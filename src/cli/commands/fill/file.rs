//! The file of a session: opened before the first question, written after every answer.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::named_file::{NotReplaced, replace};
use crate::cli::shared::ownership::not_written;
use crate::cli::shared::{Exit, terminal};
use std::path::Path;

/// What to do where an answer cannot be written.
const ANOTHER: &str = "free disk space or work on a copy, and start again";

/// Opens the file for an answer, before it is asked for; what is wrong has been told.
pub(super) fn opened(path: &Path) -> Result<Draft, Exit> {
    Draft::at(path).map_err(|error| not_written(path, &error, ANOTHER))
}

/// Puts the new text on disk, unless somebody else has changed the file since it had the old one;
/// what is wrong has been told.
pub(super) fn written(path: &Path, draft: Draft, old: &str, new: &str) -> Result<(), Exit> {
    let shown = path.display();
    replace(path, draft, old, new).map_err(|left| match left {
        NotReplaced::Changed => {
            let hint = "look at what changed, then start again: earlier answers are in the file";
            terminal::error(&format!("{shown} was changed meanwhile: left as it is"), hint);
            Exit::Broke
        }
        NotReplaced::Io(error) => not_written(path, &error, ANOTHER),
    })
}
