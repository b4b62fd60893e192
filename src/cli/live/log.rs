//! The record on disk: every line is there before what it says happens.

use crate::rehearsal::{Line, Opening};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// The name of the record in the folder of a rehearsal.
pub(in crate::cli) const RECORD: &str = "room.jsonl";

/// A record that is being written.
pub(super) struct Log {
    file: File,
    /// The bytes of whole lines.
    length: u64,
}

impl Log {
    /// Begins a record; there must be none yet.
    pub(super) fn begin(folder: &Path, opening: &Opening) -> io::Result<Log> {
        let path = folder.join(RECORD);
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        let mut log = Log { file, length: 0 };
        log.append(opening, true)?;
        // The name of a new file is on disk when its folder is.
        File::open(folder)?.sync_all()?;
        Ok(log)
    }

    /// Goes on with a record after its whole lines.
    pub(super) fn go_on(path: &Path, whole: usize) -> io::Result<Log> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Log { file, length: whole as u64 })
    }

    /// Writes one line, and waits until it is on disk if it is an input. If it does not fit, the
    /// record is as before.
    pub(super) fn write(&mut self, line: &Line, wait: bool) -> io::Result<()> {
        self.append(line, wait)
    }

    fn append(&mut self, line: &impl serde::Serialize, wait: bool) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        let written = self.file.write_all(&bytes);
        let written = written.and_then(|()| if wait { self.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(error);
        }
        self.length += bytes.len() as u64;
        Ok(())
    }
}
