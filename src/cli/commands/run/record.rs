//! `--record FILE`: what the monitor of a run is told, on its way to disk.

use crate::cli::shared::files::publish;
use crate::decision::Input;
use crate::journal::Header;
use crate::judge::{self, RecordingHeader};
use crate::scenario::Plan;
use crate::units::Time;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A recording in the making, if one is wanted. The first failure is kept and ends the writing,
/// not the run.
pub(in crate::cli) struct Record {
    path: PathBuf,
    file: Option<io::Result<BufWriter<NamedTempFile>>>,
}

impl Record {
    /// Begins the recording of a run of this plan; nothing is written without a path.
    pub(in crate::cli) fn begin(path: Option<&Path>, header: &Header, plan: &Plan) -> Record {
        let Some(path) = path else { return Record { path: PathBuf::new(), file: None } };
        let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let begin = || {
            let file = NamedTempFile::new_in(beside.unwrap_or(Path::new(".")))?;
            let mut file = BufWriter::new(file);
            judge::write_header(&mut file, &RecordingHeader::of(header, &plan.names))?;
            Ok(file)
        };
        Record { path: path.to_path_buf(), file: Some(begin()) }
    }

    /// Whether anything is to be recorded.
    pub(in crate::cli) fn wanted(&self) -> bool {
        self.file.is_some()
    }

    /// Writes what the monitor was told.
    pub(in crate::cli) fn write(&mut self, inputs: &[(Time, Input)]) {
        let Some(Ok(file)) = &mut self.file else { return };
        let mut all = inputs.iter();
        if let Err(error) = all.try_for_each(|(at, input)| judge::write_input(file, *at, input)) {
            self.file = Some(Err(error));
        }
    }

    /// Gives the finished file its name.
    pub(in crate::cli) fn end(self) -> io::Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        let save = || {
            let mut file = file?;
            file.flush()?;
            publish(file.into_inner().map_err(io::IntoInnerError::into_error)?, &self.path)
        };
        save().map_err(|error: io::Error| {
            let message = format!("the recording {}: {error}", self.path.display());
            io::Error::new(error.kind(), message)
        })
    }
}
