//! `sim run --access-log`: the simulated traffic, written as a server would.

use super::attachment::{Attachment, open};
use crate::cli::shared::Exit;
use crate::cli::shared::draft::Draft;
use crate::logs::Writer;
use crate::scenario::Plan;
use crate::telemetry::Attempt;
use std::io;
use std::path::Path;

/// An access log on its way to disk; it gets its name when it is whole.
pub(super) struct AccessLog {
    writer: Writer,
    draft: Draft,
}

impl AccessLog {
    /// Opens the log that was asked for, if any. A log of a server looks the same, so nothing that
    /// is there is replaced unless that is forced. What is wrong has been told.
    pub(super) fn begin(
        attachment: &Attachment<Option<&Path>>,
        plan: &Plan,
    ) -> Result<Option<AccessLog>, Exit> {
        let Some(path) = attachment.path else { return Ok(None) };
        let draft = open(path, &[], attachment.force, "--access-log")?;
        let mapping = plan.log_mapping();
        let writer = Writer::new(&mapping, &plan.names, &plan.calendar);
        Ok(Some(AccessLog { writer, draft }))
    }

    /// Writes what has ended since the last time.
    pub(super) fn write(&mut self, attempts: &[Attempt]) {
        let AccessLog { writer, draft } = self;
        draft.attempt(|mut to| {
            attempts.iter().try_for_each(|attempt| writer.write(&mut to, attempt))
        });
    }

    /// Gives the file its name.
    pub(super) fn end(self) -> io::Result<()> {
        self.draft.publish()
    }
}
