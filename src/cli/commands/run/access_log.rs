//! `sim run --access-log`: the simulated traffic, written as a server would.

use crate::cli::shared::{files, terminal};
use crate::gameday::Gameday;
use crate::logs::Writer;
use crate::report;
use crate::scenario::Plan;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// An access log on its way to disk; it gets its name when it is whole.
pub(in crate::cli) struct AccessLog<'a> {
    path: &'a Path,
    writer: Writer,
    file: BufWriter<NamedTempFile>,
    /// The first failure ends the writing, not the run.
    failed: Option<io::Error>,
}

impl<'a> AccessLog<'a> {
    /// Fails now rather than after the run.
    pub(in crate::cli) fn begin(path: &'a Path, plan: &Plan) -> io::Result<AccessLog<'a>> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new();
        let file = file.prefix(".sim-").suffix(".tmp").tempfile_in(folder)?;
        let mapping = plan.logs.mapping(&plan.names);
        Ok(AccessLog {
            path,
            writer: Writer::new(&mapping, &plan.names, &plan.calendar),
            file: BufWriter::new(file),
            failed: None,
        })
    }

    /// Writes what has ended since the last time.
    pub(in crate::cli) fn write(&mut self, gameday: &mut Gameday<'_>) {
        let attempts = gameday.drain_attempts();
        if self.failed.is_none() {
            let mut attempts = attempts.iter();
            let written = attempts.try_for_each(|a| self.writer.write(&mut self.file, a));
            self.failed = written.err();
        }
    }

    /// Gives the file its name.
    pub(in crate::cli) fn end(mut self) -> io::Result<()> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.file.flush()?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        files::publish(file, self.path)
    }
}

/// Opens the log that was asked for, if any; the error is told.
pub(in crate::cli) fn opened<'a>(
    path: Option<&'a Path>,
    plan: &Plan,
) -> Result<Option<AccessLog<'a>>, ()> {
    let Some(path) = path else { return Ok(None) };
    match AccessLog::begin(path, plan) {
        Ok(log) => Ok(Some(log)),
        Err(error) => {
            let shown = report::for_terminal(&path.display().to_string(), 2_000);
            let message = format!("cannot write to {shown}: {error}");
            terminal::error(&message, "name another file with --access-log");
            Err(())
        }
    }
}
