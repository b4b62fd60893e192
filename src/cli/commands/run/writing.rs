//! A journal on its way to disk.

use crate::cli::shared::files::Folder;
use crate::journal::{self, Entry, Header};
use std::io::{self, BufWriter, Write};
use tempfile::NamedTempFile;

/// The journal on its way to disk. The first failure is kept and ends the writing, not the run.
pub(in crate::cli) struct Writing(io::Result<BufWriter<NamedTempFile>>);

impl Writing {
    pub(in crate::cli) fn begin(folder: &Folder, header: &Header) -> Writing {
        let mut writing = Writing(folder.file().map(BufWriter::new));
        writing.attempt(folder, |file| journal::write_header(file, header));
        writing
    }

    pub(in crate::cli) fn write(&mut self, folder: &Folder, entries: &[Entry]) {
        self.attempt(folder, |file| {
            entries.iter().try_for_each(|entry| journal::write_entry(file, entry))
        });
    }

    /// Writes if nothing has failed yet. On a failure, what is on disk by then gets a name.
    fn attempt(
        &mut self,
        folder: &Folder,
        write: impl FnOnce(&mut BufWriter<NamedTempFile>) -> io::Result<()>,
    ) {
        let Ok(file) = &mut self.0 else { return };
        let Err(error) = write(file) else { return };
        let kept = io::Error::new(error.kind(), format!("{error}; what fitted is in {PARTIAL}"));
        if let Ok(file) = std::mem::replace(&mut self.0, Err(error))
            && folder.keep(file.into_parts().0, PARTIAL).is_ok()
        {
            self.0 = Err(kept);
        }
    }

    pub(in crate::cli) fn end(mut self, folder: &Folder) -> io::Result<NamedTempFile> {
        self.attempt(folder, |file| file.flush());
        self.0?.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

/// What there is of a journal that could not be finished.
const PARTIAL: &str = "journal.partial.jsonl";
