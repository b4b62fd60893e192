//! `--record FILE`: what the monitor of a run is told, on its way to disk.

use super::attachment::{Attachment, open};
use crate::cli::shared::Exit;
use crate::cli::shared::draft::Draft;
use crate::decision::Input;
use crate::journal::Header;
use crate::judge::{self, RecordingHeader};
use crate::scenario::Plan;
use crate::units::Time;
use std::io;
use std::path::{Path, PathBuf};

/// A recording in the making, if one is wanted.
pub(super) struct Record(Option<(Draft, PathBuf)>);

impl Record {
    /// Begins the recording of a run of this plan; nothing is written without a path. What keeps
    /// it from being written has been told.
    pub(super) fn begin(
        attachment: &Attachment<Option<&Path>>,
        header: &Header,
        plan: &Plan,
    ) -> Result<Record, Exit> {
        let Some(path) = attachment.path else { return Ok(Record(None)) };
        let mut draft = open(path, &["{\"recording\":"], attachment.force, "--record")?;
        let first = RecordingHeader::of(header, &plan.names);
        draft.attempt(|mut to| judge::write_header(&mut to, &first));
        Ok(Record(Some((draft, path.to_path_buf()))))
    }

    /// Whether anything is to be recorded.
    pub(super) fn wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Writes what the monitor was told.
    pub(super) fn write(&mut self, inputs: &[(Time, Input)]) {
        let Some((draft, _)) = &mut self.0 else { return };
        draft.attempt(|mut to| {
            inputs.iter().try_for_each(|(at, input)| judge::write_input(&mut to, *at, input))
        });
    }

    /// Gives the finished file its name.
    pub(super) fn end(self) -> io::Result<()> {
        let Some((draft, path)) = self.0 else { return Ok(()) };
        draft.publish().map_err(|error| {
            let message = format!("the recording {}: {error}", path.display());
            io::Error::new(error.kind(), message)
        })
    }
}
