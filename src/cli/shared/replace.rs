//! A scenario's text in the place of the one that was read.

use super::draft::Draft;
use std::fs;
use std::io;
use std::path::Path;

/// What a byte order mark is in UTF-8; it stays where it was.
const MARK: &str = "\u{feff}";

/// Why a text is left as it was.
pub(in crate::cli) enum Left {
    /// Somebody else has changed the file since it was read.
    Changed,
    /// It cannot be written.
    Io(io::Error),
}

/// Puts a text on disk through this draft, unless the file is not as it was read.
pub(in crate::cli) fn replace(
    path: &Path,
    mut draft: Draft,
    read: &str,
    text: &str,
) -> Result<(), Left> {
    let there = fs::read_to_string(path).unwrap_or_default();
    let (mark, there) = match there.strip_prefix(MARK) {
        Some(rest) => (MARK, rest),
        None => ("", there.as_str()),
    };
    if there != read {
        return Err(Left::Changed);
    }
    draft.attempt(|to| to.write_all(mark.as_bytes()));
    draft.attempt(|to| to.write_all(text.as_bytes()));
    draft.publish().map_err(Left::Io)
}
