//! The record on disk: every line is there before what it says happens.

use crate::json_lines;
use crate::rehearsal::{Opening, RecordLine};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// A record that is being written.
pub(in crate::cli) struct Log {
    file: File,
    /// The bytes of whole lines.
    length: u64,
    /// What follows them is part of a line that did not fit.
    torn: bool,
}

impl Log {
    /// Begins a record; there must be none yet.
    pub(in crate::cli) fn begin(path: &Path, opening: &Opening) -> io::Result<Log> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        let mut log = Log { file, length: 0, torn: false };
        if let Err(error) = log.append(opening, true) {
            // A folder with an empty record would look like one with a rehearsal.
            fs::remove_file(path).ok();
            return Err(error);
        }
        // The name of a new file is on disk when its folder is.
        File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(log)
    }

    /// Goes on with a record after its whole lines.
    pub(in crate::cli) fn resume(path: &Path, whole: u64) -> io::Result<Log> {
        let file = OpenOptions::new().write(true).open(path)?;
        let mut log = Log { file, length: whole, torn: true };
        log.repair()?;
        Ok(log)
    }

    /// Writes one line, and waits until it is on disk if it is an input. If it does not fit, the
    /// record is as before.
    pub(in crate::cli) fn write(&mut self, line: &RecordLine, wait: bool) -> io::Result<()> {
        self.append(line, wait)
    }

    fn append(&mut self, line: &impl serde::Serialize, wait: bool) -> io::Result<()> {
        let bytes = json_lines::line(line)?;
        self.repair()?;
        let written = self.file.write_all(&bytes);
        let written = written.and_then(|()| if wait { self.file.sync_data() } else { Ok(()) });
        if let Err(error) = written {
            self.torn = true;
            // What cannot be cut off now is cut off before the next line.
            drop(self.repair());
            return Err(error);
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Cuts off what is not a whole line.
    fn repair(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            self.torn = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::shared::files::RECORD;
    use crate::rehearsal::RecordedEvent;
    use crate::units::Time;

    fn line(text: &str) -> RecordLine {
        let what = RecordedEvent::Input { text: text.to_string(), cue: None };
        RecordLine { at: Time::ZERO, clock: "17:00:00".to_string(), what }
    }

    #[test]
    fn what_did_not_fit_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(RECORD);
        std::fs::write(&path, "{}\n{\"torn").expect("written");
        let mut log = Log::resume(&path, 3).expect("it is there");
        log.write(&line("note a"), true).expect("there is room");
        let whole = std::fs::read(&path).expect("readable");
        log.file = File::open(&path).expect("readable");
        log.write(&line("note b"), true).expect_err("it is open for reading only");
        assert_eq!(std::fs::read(&path).expect("readable"), whole);
        log.file = OpenOptions::new().write(true).open(&path).expect("writable");
        log.write(&line("note c"), true).expect("there is room again");
        let text = std::fs::read_to_string(&path).expect("readable");
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.contains("note a") && text.contains("note c"), "{text}");
    }
}
