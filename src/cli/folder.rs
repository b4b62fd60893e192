//! The folder of a run's files: never another run's, each file whole or not there.

use crate::journal::Reader;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A folder that belongs to one run.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Finds the run's own folder, beginning with the wanted one: a folder that holds another
    /// run is left alone, and `-2`, `-3`, … is tried; one that holds this run is written again.
    pub(super) fn claim(wanted: &Path, run_id: &str) -> io::Result<Folder> {
        for number in 1u32.. {
            let path = match number {
                1 => wanted.to_path_buf(),
                n => {
                    let mut name = wanted.as_os_str().to_os_string();
                    name.push(format!("-{n}"));
                    PathBuf::from(name)
                }
            };
            fs::create_dir_all(&path)?;
            match File::open(path.join("journal.jsonl")) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Folder { path }.writable();
                }
                Err(error) => return Err(error),
                Ok(file) => {
                    let found = Reader::new(BufReader::new(file));
                    if found.is_ok_and(|journal| journal.header().run_id == run_id) {
                        return Folder { path }.writable();
                    }
                }
            }
        }
        unreachable!("four billion folders")
    }

    /// The folder of a journal that is there already.
    pub(super) fn of_journal(path: &Path) -> io::Result<Folder> {
        Folder { path: path.to_path_buf() }.writable()
    }

    /// Fails now rather than after the run.
    fn writable(self) -> io::Result<Folder> {
        self.file()?;
        Ok(self)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A file under no name yet.
    pub(super) fn file(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix(".sim-").suffix(".tmp").tempfile_in(&self.path)
    }

    /// Gives a finished file its name.
    pub(super) fn keep(&self, file: NamedTempFile, name: &str) -> io::Result<()> {
        set_readable(file.as_file())?;
        file.persist(self.path.join(name)).map(drop).map_err(|error| error.error)
    }
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
