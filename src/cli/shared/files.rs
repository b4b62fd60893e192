//! The folder of a run's files: one run at a time, never another run's, each file whole or not
//! there.

use super::draft::{self, Draft, in_use, sweep};
use super::ownership::may_replace_own;
use super::terminal;
use crate::journal::JournalReader;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// The name of the record in the folder of a rehearsal.
pub(in crate::cli) const RECORD: &str = "room.jsonl";
/// The name of the record in the folder of a real night.
pub(in crate::cli) const NIGHT: &str = "night.jsonl";
/// The name of a journal in the folder of its run.
pub(in crate::cli) const JOURNAL: &str = "journal.jsonl";

/// A folder that belongs to one run, and to this program as long as it is held.
pub(in crate::cli) struct Folder {
    path: PathBuf,
    /// The lock goes with the program that has it, however it ends.
    _claim: Option<File>,
}

impl Folder {
    /// Finds the run's own folder, beginning with the wanted one: a folder that holds another
    /// run, or other files of the names that are to be written, or that another program writes to
    /// just now, is left alone, and `-2`, `-3`, … is tried; one that holds this run is written
    /// again.
    pub(in crate::cli) fn claim(wanted: &Path, run_id: &str, names: &[&str]) -> io::Result<Folder> {
        Folder::claim_with(wanted, names, &|folder| {
            let journal = found(File::open(folder.join(JOURNAL)))?;
            Ok(match journal {
                Some(file) => holds_journal(file, run_id),
                // A rehearsal and a night have their record long before their journal.
                None => !folder.join(RECORD).exists() && !folder.join(NIGHT).exists(),
            })
        })
    }

    /// The same, and says why there is none.
    pub(in crate::cli) fn claimed(wanted: &Path, run_id: &str, names: &[&str]) -> Option<Folder> {
        let say = |error: &io::Error| terminal::cannot_write(wanted, error);
        Folder::claim(wanted, run_id, names).inspect_err(say).ok()
    }

    /// A new folder for a rehearsal or a night, which holds no run and no other of them.
    pub(in crate::cli) fn claim_new(wanted: &Path, names: &[&str]) -> io::Result<Folder> {
        let there = |folder: &Path, name| fs::symlink_metadata(folder.join(name)).is_ok();
        Folder::claim_with(wanted, names, &|folder| {
            Ok([JOURNAL, RECORD, NIGHT].iter().all(|name| !there(folder, name)))
        })
    }

    /// The last folder with a record of this name among the wanted one and those numbered after it.
    pub(in crate::cli) fn of_record(wanted: &Path, record: &str) -> io::Result<Option<Folder>> {
        let wanted: PathBuf = wanted.components().collect();
        let number = |n: u32| numbered(&wanted, n);
        let there = (1u32..).map(number).take_while(|path| path.is_dir());
        let last = there.filter(|path| path.join(record).exists()).last();
        last.map(|path| Folder::locked(path)?.ok_or_else(in_use)).transpose()
    }

    /// The same for a folder of tables: it is its owner's if the rows of the first of these files
    /// begin with these cells in these columns.
    pub(in crate::cli) fn claim_table(
        wanted: &Path,
        names: &[&str],
        cells: &[(usize, &str)],
    ) -> io::Result<Folder> {
        Folder::claim_with(wanted, names, &|folder| {
            let Some(file) = found(File::open(folder.join(names[0])))? else { return Ok(true) };
            let row = csv::Reader::from_reader(file).records().next().and_then(Result::ok);
            Ok(row.is_none_or(|row| cells.iter().all(|(n, cell)| row.get(*n) == Some(*cell))))
        })
    }

    /// The same for tables that stand beside the journal of the same run, or alone: the folder is
    /// its owner's unless it holds another run's journal or another run's table.
    pub(in crate::cli) fn claim_beside(
        wanted: &Path,
        run_id: &str,
        names: &[&str],
    ) -> io::Result<Folder> {
        Folder::claim_with(wanted, names, &|folder| {
            let journal = found(File::open(folder.join(JOURNAL)))?;
            let rows = found(File::open(folder.join(names[0])))?.map(|file| {
                let row = csv::Reader::from_reader(file).records().next();
                row.and_then(Result::ok).is_none_or(|row| row.get(0) == Some(run_id))
            });
            let journal = journal.is_none_or(|file| holds_journal(file, run_id));
            Ok(journal && rows.unwrap_or(true))
        })
    }

    /// The same for a folder of which the first of these files is a page: it is its owner's if the
    /// page has this title, as it is in its first 16 KiB: a choice, since pages begin with it.
    pub(in crate::cli) fn claim_page(
        wanted: &Path,
        names: &[&str],
        title: &str,
    ) -> io::Result<Folder> {
        // The title is at the beginning of a page; a scenario may name it at length.
        const HEAD: u64 = 16_384;
        Folder::claim_with(wanted, names, &|folder| {
            let Some(file) = found(File::open(folder.join(names[0])))? else { return Ok(true) };
            let mut head = Vec::new();
            file.take(HEAD).read_to_end(&mut head)?;
            Ok(String::from_utf8_lossy(&head).contains(&format!("<title>{title}</title>")))
        })
    }

    /// Finds a folder that nobody writes to, that is `same`, and in which nothing foreign has one
    /// of these names.
    fn claim_with(
        wanted: &Path,
        names: &[&str],
        same: &dyn Fn(&Path) -> io::Result<bool>,
    ) -> io::Result<Folder> {
        // Without a final slash, so that the number becomes part of the name.
        let wanted: PathBuf = wanted.components().collect();
        for number in 1u32.. {
            let path = numbered(&wanted, number);
            fs::create_dir_all(&path)?;
            let Some(folder) = Folder::locked(path)? else { continue };
            let mut own = same(&folder.path)?;
            for name in names {
                own = own && may_replace_own(&folder.path.join(name))?;
            }
            if own {
                return folder.writable();
            }
        }
        Err(io::Error::other("too many folders of this name"))
    }

    /// A folder in another, for what belongs to it.
    pub(in crate::cli) fn below(folder: &Folder, name: &str) -> io::Result<Folder> {
        let path = folder.path.join(name);
        fs::create_dir_all(&path)?;
        Folder::only(path)
    }

    /// The folder of a journal that is there already, in which nothing foreign has one of these
    /// names.
    pub(in crate::cli) fn of_journal(path: &Path, names: &[&str]) -> io::Result<Folder> {
        let folder = Folder::only(path.to_path_buf())?;
        for name in names {
            if !may_replace_own(&path.join(name))? {
                let message = format!("{name} exists and was not written by sim; move it away");
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
        }
        Ok(folder)
    }

    /// This folder and no other; made if it is not there.
    pub(in crate::cli) fn exactly(path: &Path) -> io::Result<Folder> {
        fs::create_dir_all(path)?;
        Folder::only(path.to_path_buf())
    }

    /// Fails now if no file can be made in this folder, whose run is not known yet; nothing is left
    /// there that was not there before.
    pub(in crate::cli) fn probe(path: &Path) -> io::Result<()> {
        let there = path.exists();
        fs::create_dir_all(path)?;
        let probed = Draft::within(path, "").map(drop);
        if !there {
            fs::remove_dir(path).ok();
        }
        probed
    }

    fn only(path: PathBuf) -> io::Result<Folder> {
        Folder::locked(path)?.ok_or_else(in_use)?.writable()
    }

    /// `None`: another program has it.
    fn locked(path: PathBuf) -> io::Result<Option<Folder>> {
        let claim = match lock_file(&path) {
            Ok(file) => match file.try_lock() {
                Ok(()) => Some(file),
                Err(TryLockError::WouldBlock) => return Ok(None),
                // A file system without locks has nobody to keep out.
                Err(TryLockError::Error(_)) => None,
            },
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => None,
            Err(error) => return Err(error),
        };
        if claim.is_some() {
            sweep(&path);
        }
        Ok(Some(Folder { path, _claim: claim }))
    }

    /// Fails now rather than after the run.
    fn writable(self) -> io::Result<Folder> {
        self.draft("")?;
        Ok(self)
    }

    pub(in crate::cli) fn path(&self) -> &Path {
        &self.path
    }

    /// A file that gets this name when it is whole.
    pub(in crate::cli) fn draft(&self, name: &str) -> io::Result<Draft> {
        Draft::within(&self.path, name)
    }

    /// Puts a file into the folder, whole or not at all.
    pub(in crate::cli) fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut draft = self.draft(name)?;
        draft.attempt(|to| to.write_all(bytes));
        draft.publish()
    }

    /// The same for one that is written piece by piece.
    pub(in crate::cli) fn keep_streamed(
        &self,
        name: &str,
        write: impl FnOnce(Box<dyn Write>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut batch = FileBatch::new(self);
        write(batch.open(name)?)?;
        batch.publish()
    }

    /// Several files that get their names together.
    pub(in crate::cli) fn batch(&self) -> FileBatch<'_> {
        FileBatch::new(self)
    }
}

/// Files that are written one after the other, and get their names together.
pub(in crate::cli) struct FileBatch<'f> {
    folder: &'f Folder,
    drafts: Vec<std::rc::Rc<std::cell::RefCell<Option<Draft>>>>,
    finished: Vec<draft::FinishedDraft>,
}

impl<'f> FileBatch<'f> {
    fn new(folder: &'f Folder) -> FileBatch<'f> {
        FileBatch { folder, drafts: Vec::new(), finished: Vec::new() }
    }

    /// The next file; the one before it is whole.
    pub(in crate::cli) fn open(&mut self, name: &str) -> io::Result<Box<dyn Write>> {
        self.close()?;
        let draft = std::rc::Rc::new(std::cell::RefCell::new(Some(self.folder.draft(name)?)));
        self.drafts.push(draft.clone());
        Ok(Box::new(Shared(draft)))
    }

    /// Whatever is written is on disk, and takes no descriptor any more.
    fn close(&mut self) -> io::Result<()> {
        for draft in self.drafts.drain(..) {
            let draft = draft.borrow_mut().take().expect("it is taken once");
            self.finished.push(draft.finished()?);
        }
        Ok(())
    }

    /// Gives all of them their names.
    pub(in crate::cli) fn publish(mut self) -> io::Result<()> {
        self.close()?;
        self.finished.into_iter().try_for_each(draft::FinishedDraft::publish)?;
        draft::sync_folder(self.folder.path())
    }
}

/// A draft while it is being written; it outlives its writer.
struct Shared(std::rc::Rc<std::cell::RefCell<Option<Draft>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut *self.0.borrow_mut() {
            Some(draft) => draft.write(bytes),
            None => Err(io::Error::other("the file is closed")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().as_mut().map_or(Ok(()), Write::flush)
    }
}

/// The wanted folder, or that name with `-2`, `-3`, ….
fn numbered(wanted: &Path, number: u32) -> PathBuf {
    let mut path = wanted.as_os_str().to_os_string();
    if number > 1 {
        path.push(format!("-{number}"));
    }
    if path.is_empty() { PathBuf::from(".") } else { PathBuf::from(path) }
}

/// What the lock of a folder is taken on: the folder itself, which leaves nothing in it.
#[cfg(unix)]
fn lock_file(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

#[cfg(not(unix))]
fn lock_file(folder: &Path) -> io::Result<File> {
    fs::OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(".sim-lock"))
}

/// A file that may be missing.
fn found(file: io::Result<File>) -> io::Result<Option<File>> {
    match file {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn holds_journal(file: File, run_id: &str) -> bool {
    let found = JournalReader::new(BufReader::new(file));
    found.is_ok_and(|journal| journal.header().run_id == run_id)
}

/// The name of a scenario: its file's, without the ending.
pub(in crate::cli) fn stem(scenario: &Path) -> &Path {
    Path::new(scenario.file_stem().unwrap_or("run".as_ref()))
}

/// Where the files of a command go unless it is said: `reports/launch-hinges` for `-hinges`.
pub(in crate::cli) fn default_folder(scenario: &Path, suffix: &str) -> PathBuf {
    let mut name = stem(scenario).as_os_str().to_os_string();
    name.push(suffix);
    Path::new("reports").join(name)
}
