//! Files that a run writes beside its folder, where the user wants them.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::own::{Refused, named};
use crate::cli::shared::{Exit, terminal};
use crate::report::for_terminal;
use std::path::Path;

/// Where such a file is wanted, and whether it may replace whatever is there.
pub(super) struct Attachment<P> {
    pub(super) path: P,
    pub(super) force: bool,
}

/// Opens such a file, which begins with one of these if it is sim's own; what is wrong has been
/// told, with the option that names it.
pub(super) fn open(path: &Path, begins: &[&str], force: bool, option: &str) -> Result<Draft, Exit> {
    named(path, begins, force).map_err(|refused| match refused {
        Refused::Foreign(message) => {
            let hint = format!("name another file with {option}, or replace it with --force");
            terminal::error(&message, &hint);
            Exit::Wrong
        }
        Refused::Io(error) => {
            let shown = for_terminal(&path.display().to_string(), 2_000);
            let message = format!("cannot write to {shown}: {error}");
            terminal::error(&message, &format!("name another file with {option}"));
            Exit::Broke
        }
    })
}
