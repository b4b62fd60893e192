//! Reading a file that somebody has named, of a kind that is never long.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest roll call, log of incidents, sheet, script or configuration, in bytes.
pub(in crate::cli) const LONGEST: u64 = 16 << 20;
/// The longest record of a rehearsal.
pub(in crate::cli) const LONGEST_RECORD: u64 = 256 << 20;

/// All of a file that has at most so many bytes. A pipe may be given too; a device without an end
/// is an error, and not all of the memory.
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
