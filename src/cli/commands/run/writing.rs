//! A journal on its way to disk.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::files::{Folder, JOURNAL};
use crate::journal::{self, Entry, Header};
use std::io;

/// The journal on its way to disk. The first failure is kept and ends the writing, not the run.
pub(super) struct Writing(io::Result<Draft>);

impl Writing {
    pub(super) fn begin(folder: &Folder, header: &Header) -> Writing {
        let mut draft = folder.draft(JOURNAL);
        if let Ok(draft) = &mut draft {
            draft.attempt(|mut to| journal::write_header(&mut to, header));
        }
        Writing(draft)
    }

    pub(super) fn write(&mut self, entries: &[Entry]) {
        let Ok(draft) = &mut self.0 else { return };
        draft.attempt(|mut to| {
            entries.iter().try_for_each(|entry| journal::write_entry(&mut to, entry))
        });
    }

    /// Gives the journal its name. If it could not be finished, what there is of it gets another.
    pub(super) fn end(self) -> io::Result<()> {
        self.0?.publish_or_keep(PARTIAL)
    }
}

/// What there is of a journal that could not be finished.
const PARTIAL: &str = "journal.partial.jsonl";
