//! The one way every file reaches the disk: opened before the work begins, written aside, flushed,
//! synced and renamed. What is there stays until then, and only what is sim's own is replaced.

use siphasher::sip::SipHasher13;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{Hash, Hasher};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the names of all unfinished files begin and end with.
const PREFIX: &str = ".sim-";
const SUFFIX: &str = ".tmp";

/// The files that are being written, so that a program that ends at once leaves none of them.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes everything unfinished; the program ends after that, and nobody begins another file until
/// then.
pub(in crate::cli) fn remove_unfinished() {
    let unfinished = unfinished();
    for path in &*unfinished {
        // It may just have been given its name.
        fs::remove_file(path).ok();
    }
    std::mem::forget(unfinished);
}

/// An unfinished file; it is removed unless it gets its name.
struct UnfinishedFile {
    path: PathBuf,
    is_named: bool,
}

impl UnfinishedFile {
    /// Makes the file and notes it at once: one that a signal would find unnoted would stay.
    fn made(
        make: impl FnOnce() -> io::Result<(File, PathBuf)>,
    ) -> io::Result<(File, UnfinishedFile)> {
        let mut unfinished = unfinished();
        let (file, path) = make()?;
        unfinished.insert(path.clone());
        Ok((file, UnfinishedFile { path, is_named: false }))
    }

    /// Gives it its name, which survives a power loss once its folder is synced.
    fn rename(mut self, to: &Path) -> io::Result<()> {
        // From here on a file of the old name is another program's.
        let mut unfinished = unfinished();
        fs::rename(&self.path, to)?;
        unfinished.remove(&self.path);
        self.is_named = true;
        Ok(())
    }
}

/// The folder of a file.
fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Makes the names of the files in a folder survive a power loss. Once is enough for many
/// of them: on a busy disk each time takes long.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // One that may be written to but not be read cannot be opened.
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all().map_err(|error| (error.kind(), error)) {
        // Some file systems keep folders safe by other means, and say that this is not for them.
        Err((io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported, _)) | Ok(()) => Ok(()),
        Err((_, error)) => Err(error),
    }
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        if !self.is_named {
            fs::remove_file(&self.path).ok();
            unfinished().remove(&self.path);
        }
    }
}

/// Where a draft goes in the end.
enum DraftTarget {
    /// Renamed to this path.
    Renamed { aside: UnfinishedFile, to: PathBuf },
    /// A device or a pipe is written to as it is.
    Device,
}

/// A file that is being written. The first failure is kept, ends the writing, and is told when the
/// file should get its name; until then nobody has to look at it.
pub(in crate::cli) struct Draft {
    target: DraftTarget,
    /// Those of the file that it replaces.
    permissions: Option<fs::Permissions>,
    to: BufWriter<File>,
    failed: Option<io::Error>,
}

impl Draft {
    /// A file of a folder that is claimed for this program.
    pub(super) fn within(folder: &Path, name: &str) -> io::Result<Draft> {
        let (file, aside) = UnfinishedFile::made(|| {
            let mut builder = tempfile::Builder::new();
            let made = builder.prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder)?;
            made.keep().map_err(|error| error.error)
        })?;
        let target = DraftTarget::Renamed { aside, to: folder.join(name) };
        Ok(Draft { target, permissions: None, to: BufWriter::new(file), failed: None })
    }

    /// A file that somebody has named. Fails if another program is writing it just now.
    pub(in crate::cli) fn at(path: &Path) -> io::Result<Draft> {
        if let Some(device) = device(path)? {
            let (target, to) = (DraftTarget::Device, BufWriter::new(device));
            return Ok(Draft { target, permissions: None, to, failed: None });
        }
        // Through a link, so that the link stays.
        let to = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let name =
            to.file_name().ok_or_else(|| io::Error::other("it is not the name of a file"))?;
        // A file that may not be written to may not be replaced either.
        let permissions = match OpenOptions::new().write(true).open(&to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            there => Some(there?.metadata()?.permissions()),
        };
        let mut hash = SipHasher13::new();
        name.hash(&mut hash);
        let unfinished = format!("{PREFIX}{:016x}{SUFFIX}", hash.finish());
        let unfinished = folder_of(&to).join(unfinished);
        let (file, aside) = UnfinishedFile::made(|| Ok((locked(&unfinished)?, unfinished)))?;
        file.set_len(0)?;
        let target = DraftTarget::Renamed { aside, to };
        Ok(Draft { target, permissions, to: BufWriter::new(file), failed: None })
    }

    /// The same in folders that are made where they are missing.
    pub(in crate::cli) fn at_any_depth(path: &Path) -> io::Result<Draft> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        Draft::at(path)
    }

    /// Writes if nothing has failed yet.
    pub(in crate::cli) fn attempt(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = write(&mut self.to).err();
        }
    }

    /// Everything is on disk, under no name yet, and takes no descriptor.
    pub(super) fn finished(mut self) -> io::Result<FinishedDraft> {
        self.finish()?;
        Ok(FinishedDraft { target: self.target })
    }

    /// Everything is on disk, and still nobody else may write it.
    fn finish(&mut self) -> io::Result<()> {
        self.attempt(|to| to.flush());
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let file = self.to.get_ref();
        if matches!(self.target, DraftTarget::Renamed { .. }) {
            match self.permissions.take() {
                Some(permissions) => file.set_permissions(permissions)?,
                None => set_readable(file)?,
            }
            file.sync_all()?;
        }
        Ok(())
    }

    /// Gives the file its name, or says what failed first.
    pub(in crate::cli) fn publish(mut self) -> io::Result<()> {
        self.finish()?;
        match self.target {
            DraftTarget::Renamed { aside, to } => {
                // Its lock is held until it has its name: whoever waits would write into it.
                aside.rename(&to)?;
                drop(self.to);
                sync_folder(folder_of(&to))
            }
            DraftTarget::Device => Ok(()),
        }
    }

    /// The same; if something failed, what is there by then gets this name instead, and the error
    /// says so.
    pub(in crate::cli) fn publish_or_keep(mut self, partial: &str) -> io::Result<()> {
        self.attempt(|to| to.flush());
        let Some(error) = self.failed.take() else { return self.publish() };
        let DraftTarget::Renamed { aside, to } = self.target else { return Err(error) };
        let file = self.to.get_ref();
        set_readable(file).ok();
        if file.metadata().is_ok_and(|about| about.len() == 0) {
            return Err(error);
        }
        // What is still in memory is what did not fit. The file is locked until it has its name.
        let _locked = self.to.into_parts();
        match aside.rename(&to.with_file_name(partial)) {
            Ok(()) => {
                Err(io::Error::new(error.kind(), format!("{error}; what fitted is in {partial}")))
            }
            Err(_) => Err(error),
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A whole file that has no name yet.
pub(super) struct FinishedDraft {
    target: DraftTarget,
}

impl FinishedDraft {
    /// Gives it its name; its folder is synced after the last of several.
    pub(super) fn publish(self) -> io::Result<()> {
        match self.target {
            DraftTarget::Renamed { aside, to } => aside.rename(&to),
            DraftTarget::Device => Ok(()),
        }
    }
}

/// A device or pipe of this name, open; `None`: a file, or nothing yet.
fn device(path: &Path) -> io::Result<Option<File>> {
    match fs::metadata(path) {
        Ok(about) if about.is_dir() => {
            Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"))
        }
        Ok(about) if !about.is_file() => Ok(Some(OpenOptions::new().write(true).open(path)?)),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens the unfinished file of this name for one program alone; what a killed one left of it is
/// taken over.
fn locked(path: &Path) -> io::Result<File> {
    loop {
        let file = match OpenOptions::new().read(true).write(true).create_new(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // A link that somebody has put there is not followed.
                match fs::symlink_metadata(path) {
                    Ok(there) if there.is_file() => {}
                    Ok(_) => return Err(error),
                    Err(gone) if gone.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                }
                match OpenOptions::new().read(true).write(true).open(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    file => file?,
                }
            }
            file => file?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(in_use()),
            // A file system without locks has nobody to keep out.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // The program that had it before may just have given it its name.
        if path.symlink_metadata().is_ok_and(|there| same_file(&there, &file)) {
            return Ok(file);
        }
    }
}

/// Another program has it.
pub(super) fn in_use() -> io::Error {
    io::Error::new(io::ErrorKind::ResourceBusy, "another sim is writing there right now")
}

#[cfg(unix)]
fn same_file(one: &fs::Metadata, other: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    other.metadata().is_ok_and(|other| (one.dev(), one.ino()) == (other.dev(), other.ino()))
}

#[cfg(not(unix))]
fn same_file(_: &fs::Metadata, _: &File) -> bool {
    true
}

/// Removes the unfinished files of programs that were killed. The folder is claimed, so that one
/// that can be locked belongs to nobody.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with(PREFIX) && name.ends_with(SUFFIX)) {
            continue;
        }
        let path = entry.path();
        let ours = unfinished().contains(&path);
        let file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if file && !ours && File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(&path).ok();
        }
    }
}

/// Files that are being written are private; finished ones are for handing out.
#[cfg(unix)]
fn set_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_readable(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        for text in ["one", "two"] {
            let mut draft = Draft::at(&path).expect("writable");
            draft.attempt(|to| to.write_all(text.as_bytes()));
            draft.publish().expect("written");
            assert_eq!(fs::read_to_string(&path).expect("readable"), text);
        }
        let mut draft = Draft::at(&path).expect("writable");
        draft.attempt(|_| Err(io::Error::other("full")));
        draft.attempt(|to| to.write_all(b"three"));
        assert_eq!(draft.publish().expect_err("it failed").to_string(), "full");
        assert_eq!(fs::read_to_string(&path).expect("readable"), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn one_program_writes_a_file_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        let first = Draft::at(&path).expect("writable");
        assert!(Draft::at(&path).is_err(), "it is being written");
        drop(first);
        Draft::at(&path).expect("nobody has it any more");
    }

    #[cfg(unix)]
    #[test]
    fn a_full_device_is_an_error_and_stays_a_device() {
        let path = Path::new("/dev/full");
        if !path.exists() {
            return;
        }
        let mut draft = Draft::at(path).expect("it can be opened");
        draft.attempt(|to| to.write_all(b"text"));
        draft.publish().expect_err("it is full");
        assert!(!fs::metadata(path).expect("it is there").is_file());
    }

    #[test]
    fn what_killed_programs_left_is_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(".sim-abc.tmp"), "left").expect("written");
        fs::write(folder.path().join("notes.tmp"), "mine").expect("written");
        let mine = Draft::within(folder.path(), "a.csv").expect("writable");
        sweep(folder.path());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
        drop(mine);
        assert!(folder.path().join("notes.tmp").exists());
    }
}
