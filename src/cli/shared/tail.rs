//! A log that grows, is cut short, or makes room for another one of its name.

use crate::cli::shared::{Exit, terminal};
use std::fs::{self, File};
use std::io::{self, Read as _, Seek, SeekFrom};
use std::path::Path;

/// How many leading bytes tell a file from one that has taken its place.
const FIRST: u64 = 1_024;

/// The end of a file that is followed.
pub(in crate::cli) struct Tail<'a> {
    path: &'a Path,
    file: File,
    position: u64,
    /// How the file began when it was read.
    first: Vec<u8>,
    /// It has been said that there is nothing to be read.
    unreadable: bool,
}

/// What a look at the file gave.
pub(in crate::cli) enum TailRead {
    /// How many bytes, 0 for nothing new.
    Bytes(usize),
    /// Lines may have been lost here, and why.
    Broken(&'static str),
    /// There is no log at the moment, and why; said once.
    Unreadable(String),
}

impl Tail<'_> {
    /// A log, to be followed; what is wrong with it has been told.
    pub(in crate::cli) fn opened(path: &Path) -> Result<Tail<'_>, Exit> {
        Tail::open(path).map_err(|error| {
            let message = format!("cannot follow {}: {error}", path.display());
            terminal::error(&message, "name a plain log that is being written");
            Exit::Wrong
        })
    }

    pub(in crate::cli) fn open(path: &Path) -> io::Result<Tail<'_>> {
        let mut file = open_plain(path)?;
        let mut first = [0; 6];
        let read = file.read(&mut first)?;
        if let Some(packer) = crate::logs::packed(&first[..read]) {
            return Err(io::Error::other(format!(
                "it is compressed with {packer} and cannot grow"
            )));
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(Tail { path, file, position: 0, first: Vec::new(), unreadable: false })
    }

    /// What has come since the last time.
    pub(in crate::cli) fn read(&mut self, piece: &mut [u8]) -> io::Result<TailRead> {
        if self.position > 0 && !self.is_same()? {
            // Cut short where it lies (copytruncate): it begins again, however long it is by now.
            self.file.seek(SeekFrom::Start(0))?;
            (self.position, self.first) = (0, Vec::new());
            return Ok(TailRead::Broken("the log was cut short"));
        }
        let read = self.more(piece)?;
        if read > 0 {
            return Ok(TailRead::Bytes(read));
        }
        let newer = match open_plain(self.path) {
            Ok(newer) => newer,
            Err(_) if self.unreadable => return Ok(TailRead::Bytes(0)),
            // For a moment, a log that is rotated is not there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(TailRead::Bytes(0)),
            Err(error) => {
                self.unreadable = true;
                let shown = self.path.display();
                return Ok(TailRead::Unreadable(format!("nothing to follow at {shown}: {error}")));
            }
        };
        if same_file(&self.file, &newer)? {
            return Ok(TailRead::Bytes(0));
        }
        // What was written to the old one before it made room comes first.
        let rest = self.more(piece)?;
        if rest > 0 {
            return Ok(TailRead::Bytes(rest));
        }
        let lost = std::mem::take(&mut self.unreadable) || self.between(&newer);
        (self.file, self.position, self.first) = (newer, 0, Vec::new());
        Ok(match lost {
            true => TailRead::Broken("the log was replaced"),
            // The next look reads it.
            false => TailRead::Bytes(self.more(piece)?),
        })
    }

    fn more(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.file.read(piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let wanted = FIRST.saturating_sub(self.position).min(read as u64) as usize;
        self.first.extend(&piece[..wanted]);
        self.position += read as u64;
        Ok(read)
    }

    /// Whether it is as long as what was read of it, and begins as it did.
    fn is_same(&mut self) -> io::Result<bool> {
        if self.file.metadata()?.len() < self.position {
            return Ok(false);
        }
        let mut first = vec![0; self.first.len()];
        self.file.seek(SeekFrom::Start(0))?;
        let same = match self.file.read_exact(&mut first) {
            Ok(()) => first == self.first,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => false,
            Err(error) => return Err(error),
        };
        self.file.seek(SeekFrom::Start(self.position))?;
        Ok(same)
    }

    /// Whether another log has come and gone since the last look: one beside it, of its name with
    /// an ending, that is neither the old nor the new one and was written to after the old one.
    fn between(&self, newer: &File) -> bool {
        let old = self.file.metadata().and_then(|about| about.modified());
        let (Ok(old), Some(name)) = (old, self.path.file_name()) else { return false };
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let Ok(entries) = fs::read_dir(folder.unwrap_or(Path::new("."))) else { return false };
        let name = name.to_string_lossy();
        entries.flatten().any(|entry| {
            let named = entry.file_name().to_string_lossy().starts_with(&*name);
            named && {
                let file = File::open(entry.path());
                let written = entry.metadata().and_then(|about| about.modified());
                written.is_ok_and(|written| written > old)
                    && file.is_ok_and(|file| {
                        let other = |of: &File| same_file(of, &file).is_ok_and(|same| !same);
                        other(&self.file) && other(newer)
                    })
            }
        })
    }
}

/// Opens a file; a folder, device or pipe is refused without being opened.
fn open_plain(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    File::open(path)
}

#[cfg(unix)]
fn same_file(one: &File, other: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (one, other) = (one.metadata()?, other.metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

/// Without inodes, a file is taken to be another one only when it is shorter.
#[cfg(not(unix))]
fn same_file(one: &File, other: &File) -> io::Result<bool> {
    Ok(other.metadata()?.len() >= one.metadata()?.len())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Write;

    /// Everything that a few looks give, and how often lines may have been lost.
    fn looks(tail: &mut Tail) -> (String, usize) {
        let (mut text, mut broken, mut piece) = (String::new(), 0, [0; 64]);
        loop {
            match tail.read(&mut piece).expect("readable") {
                TailRead::Bytes(0) | TailRead::Unreadable(_) => return (text, broken),
                TailRead::Bytes(read) => text += std::str::from_utf8(&piece[..read]).expect("text"),
                TailRead::Broken(_) => broken += 1,
            }
        }
    }

    fn append(path: &Path, text: &str) {
        let mut options = fs::OpenOptions::new();
        let mut file = options.append(true).create(true).open(path).expect("writable");
        file.write_all(text.as_bytes()).expect("written");
    }

    #[test]
    fn a_log_that_is_cut_short_begins_again_however_long_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("access.log");
        append(&path, "one\ntwo\n");
        let mut tail = Tail::open(&path).expect("a log");
        assert_eq!(looks(&mut tail), ("one\ntwo\n".to_string(), 0));
        append(&path, "three\n");
        assert_eq!(looks(&mut tail), ("three\n".to_string(), 0));
        fs::write(&path, "a").expect("cut short");
        assert_eq!(looks(&mut tail), ("a".to_string(), 1));
        fs::write(&path, "four\nfive\nsix\nseven\n").expect("cut short and grown past its length");
        assert_eq!(looks(&mut tail), ("four\nfive\nsix\nseven\n".to_string(), 1));
    }

    #[test]
    fn rotated_once_nothing_is_lost_and_twice_it_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("access.log");
        let old = |n: u32| folder.path().join(format!("access.log.{n}"));
        append(&path, "one\n");
        let mut tail = Tail::open(&path).expect("a log");
        assert_eq!(looks(&mut tail), ("one\n".to_string(), 0));
        append(&path, "two\n");
        fs::rename(&path, old(1)).expect("rotated");
        append(&path, "three\n");
        assert_eq!(looks(&mut tail), ("two\nthree\n".to_string(), 0));
        fs::rename(old(1), old(3)).expect("rotated");
        fs::rename(&path, old(2)).expect("rotated");
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
        append(&old(1), "lost\n");
        File::options().append(true).open(old(1)).expect("there").set_modified(later).expect("set");
        append(&path, "five\n");
        assert_eq!(looks(&mut tail), ("five\n".to_string(), 1));
    }

    #[test]
    fn a_folder_in_its_place_is_said_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("access.log");
        append(&path, "one\n");
        let mut tail = Tail::open(&path).expect("a log");
        looks(&mut tail);
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("a folder");
        assert!(matches!(tail.read(&mut [0; 9]), Ok(TailRead::Unreadable(_))));
        assert!(matches!(tail.read(&mut [0; 9]), Ok(TailRead::Bytes(0))));
        fs::remove_dir(&path).expect("removed");
        append(&path, "two\n");
        assert_eq!(looks(&mut tail), ("two\n".to_string(), 1));
    }
}
