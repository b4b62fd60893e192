//! The folder of a run's files: never another run's, each file whole or not there.

use super::terminal;
use crate::journal::Reader;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The name of the record in the folder of a rehearsal.
pub(in crate::cli) const RECORD: &str = "room.jsonl";

/// A folder that belongs to one run.
pub(in crate::cli) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Finds the run's own folder, beginning with the wanted one: a folder that holds another
    /// run is left alone, and `-2`, `-3`, … is tried; one that holds this run is written again.
    pub(in crate::cli) fn claim(wanted: &Path, run_id: &str) -> io::Result<Folder> {
        let journal = |path: &Path| match File::open(path) {
            Ok(file) => Ok(holds_journal(file, run_id)),
            // A rehearsal has its record long before its journal.
            Err(error) if !path.with_file_name(RECORD).exists() => Err(error),
            Err(_) => Ok(false),
        };
        Folder::claim_with(wanted, "journal.jsonl", &journal)
    }

    /// The same, and says why there is none.
    pub(in crate::cli) fn claimed(wanted: &Path, run_id: &str) -> Option<Folder> {
        let say = |error: &io::Error| terminal::cannot_write(wanted, error);
        Folder::claim(wanted, run_id).inspect_err(say).ok()
    }

    /// A new folder for a rehearsal, which holds no run and no other rehearsal.
    pub(in crate::cli) fn claim_new(wanted: &Path) -> io::Result<Folder> {
        Folder::claim_with(wanted, "journal.jsonl", &|path: &Path| {
            File::open(path).or_else(|_| File::open(path.with_file_name(RECORD)))?;
            Ok(false)
        })
    }

    /// The last folder with the record of a rehearsal among the wanted one and those numbered
    /// after it.
    pub(in crate::cli) fn of_rehearsal(wanted: &Path) -> Option<Folder> {
        let wanted: PathBuf = wanted.components().collect();
        let number = |n: u32| numbered(&wanted, n);
        let there = (1u32..).map(number).take_while(|path| path.is_dir());
        let last = there.filter(|path| path.join(RECORD).exists()).last()?;
        Some(Folder { path: last })
    }

    /// The same for a folder of tables: it is its owner's if the rows of this table begin with
    /// these cells in these columns.
    pub(in crate::cli) fn claim_table(
        wanted: &Path,
        table: &str,
        cells: &[(usize, &str)],
    ) -> io::Result<Folder> {
        let same = |path: &Path| {
            let mut rows = csv::Reader::from_reader(File::open(path)?);
            let row = rows.records().next();
            let row = row.and_then(Result::ok);
            Ok(row.is_some_and(|row| cells.iter().all(|(n, cell)| row.get(*n) == Some(*cell))))
        };
        Folder::claim_with(wanted, table, &same)
    }

    /// The same for a table that stands beside the journal of the same run, or alone: the folder is
    /// its owner's unless it holds another run's journal or another run's table of this name.
    pub(in crate::cli) fn claim_beside(
        wanted: &Path,
        run_id: &str,
        table: &str,
    ) -> io::Result<Folder> {
        let same = |path: &Path| {
            let journal = File::open(path).map(|file| holds_journal(file, run_id));
            let folder = path.parent().unwrap_or(Path::new("."));
            let rows = File::open(folder.join(table)).map(|file| {
                let row = csv::Reader::from_reader(file).records().next();
                row.and_then(Result::ok).is_some_and(|row| row.get(0) == Some(run_id))
            });
            let absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
            match (journal, rows) {
                (Ok(journal), Ok(rows)) => Ok(journal && rows),
                (Ok(same), Err(error)) | (Err(error), Ok(same)) if absent(&error) => Ok(same),
                (Err(error), _) | (_, Err(error)) => Err(error),
            }
        };
        Folder::claim_with(wanted, "journal.jsonl", &same)
    }

    /// Finds a folder in which a file of this name is not there or is `same`.
    fn claim_with(
        wanted: &Path,
        name: &str,
        same: &dyn Fn(&Path) -> io::Result<bool>,
    ) -> io::Result<Folder> {
        // Without a final slash, so that the number becomes part of the name.
        let wanted: PathBuf = wanted.components().collect();
        for number in 1u32.. {
            let path = numbered(&wanted, number);
            fs::create_dir_all(&path)?;
            match same(&path.join(name)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Folder { path }.writable();
                }
                Err(error) => return Err(error),
                Ok(true) => return Folder { path }.writable(),
                Ok(false) => {}
            }
        }
        unreachable!("four billion folders")
    }

    /// A folder in another, for what belongs to it.
    pub(in crate::cli) fn below(folder: &Folder, name: &str) -> io::Result<Folder> {
        let path = folder.path.join(name);
        fs::create_dir_all(&path)?;
        Folder { path }.writable()
    }

    /// The folder of a journal that is there already.
    pub(in crate::cli) fn of_journal(path: &Path) -> io::Result<Folder> {
        Folder { path: path.to_path_buf() }.writable()
    }

    /// Fails now rather than after the run.
    fn writable(self) -> io::Result<Folder> {
        self.file()?;
        Ok(self)
    }

    pub(in crate::cli) fn path(&self) -> &Path {
        &self.path
    }

    /// A file under no name yet.
    pub(in crate::cli) fn file(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix(".sim-").suffix(".tmp").tempfile_in(&self.path)
    }

    /// Gives a finished file its name.
    pub(in crate::cli) fn keep(&self, file: NamedTempFile, name: &str) -> io::Result<()> {
        publish(file, &self.path.join(name))
    }
}

/// The wanted folder, or that name with `-2`, `-3`, ….
fn numbered(wanted: &Path, number: u32) -> PathBuf {
    let mut path = wanted.as_os_str().to_os_string();
    if number > 1 {
        path.push(format!("-{number}"));
    }
    PathBuf::from(path)
}

/// Gives a finished file its name, and lets everybody read it.
pub(in crate::cli) fn publish(file: NamedTempFile, path: &Path) -> io::Result<()> {
    set_readable(file.as_file())?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Writes one table, whole or not at all.
pub(in crate::cli) fn table(
    folder: &Folder,
    name: &str,
    write: impl FnOnce(Box<dyn Write>) -> io::Result<()>,
) -> io::Result<()> {
    let file = folder.file()?;
    write(Box::new(BufWriter::new(file.reopen()?)))?;
    folder.keep(file, name)
}

fn holds_journal(file: File, run_id: &str) -> bool {
    let found = Reader::new(BufReader::new(file));
    found.is_ok_and(|journal| journal.header().run_id == run_id)
}

/// Temporary files are private; reports are for handing out.
#[cfg(unix)]
fn set_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_readable(_: &File) -> io::Result<()> {
    Ok(())
}
