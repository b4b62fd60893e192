//! A file that somebody has named, of a kind that is never long: reading it, and a scenario's new
//! text in its place.

use super::draft::Draft;
use std::fs;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest roll call, log of incidents, sheet, script or configuration, in bytes.
pub(in crate::cli) const LONGEST: u64 = 16 << 20;
/// The longest record of a rehearsal.
pub(in crate::cli) const LONGEST_RECORD: u64 = 256 << 20;

/// All of a file that has at most this many bytes. A pipe may be given too; a device without an end
/// is an error, and does not fill the memory.
pub(in crate::cli) fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let message = format!("it is longer than {} MiB", most >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// The same for text.
pub(in crate::cli) fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path, LONGEST)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8"))
}

/// What a byte order mark is in UTF-8; it stays where it was.
const MARK: &str = "\u{feff}";

/// Why a text is left as it was.
pub(in crate::cli) enum NotReplaced {
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
) -> Result<(), NotReplaced> {
    let there = fs::read_to_string(path).unwrap_or_default();
    let (mark, there) = match there.strip_prefix(MARK) {
        Some(rest) => (MARK, rest),
        None => ("", there.as_str()),
    };
    if there != read {
        return Err(NotReplaced::Changed);
    }
    draft.attempt(|to| to.write_all(mark.as_bytes()));
    draft.attempt(|to| to.write_all(text.as_bytes()));
    draft.publish().map_err(NotReplaced::Io)
}
