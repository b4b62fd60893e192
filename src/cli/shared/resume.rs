//! Results that are written as they come, so that a campaign that was interrupted or killed goes on
//! where it was.

use super::ownership::may_replace;
use crate::json_lines::{FileFormat, Lines, ReadError, Unreadable, line};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use std::fs::{self, File, OpenOptions};
use std::hash::Hasher;
use std::io::{self, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The version of the format.
const VERSION: u32 = 2;
/// How such a file begins.
const BEGINS: &str = "{\"resume\":";
/// What such a file is among files of JSON lines.
const FORMAT: FileFormat = FileFormat { name: "file of results", key: "resume", version: VERSION };

/// The first line.
#[derive(Serialize, Deserialize, PartialEq)]
struct CheckpointHeader<W> {
    resume: u32,
    #[serde(rename = "of")]
    identity: W,
}

/// The results so far, on disk.
pub(in crate::cli) struct Checkpoint {
    path: PathBuf,
    /// `None`: it could not be written further; what is done is saved at the end as well.
    file: Mutex<Option<File>>,
}

impl Checkpoint {
    /// Opens the file of a campaign, which is told from others by `of`. Those results of it that
    /// are there already are handed back if it is to be resumed; otherwise it begins again.
    pub(in crate::cli) fn open<T: DeserializeOwned>(
        path: &Path,
        of: &(impl Serialize + DeserializeOwned + PartialEq),
        resume: bool,
    ) -> io::Result<(Checkpoint, Vec<T>)> {
        if !may_replace(path, &[BEGINS])? {
            let message = format!("{} was not written by sim; move it away", path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path)?;
        let (items, whole) = if resume { read(&file, of)? } else { (Vec::new(), 0) };
        file.set_len(whole)?;
        file.seek(SeekFrom::Start(whole))?;
        if whole == 0 {
            let first = line(&CheckpointHeader { resume: VERSION, identity: of })?;
            if let Err(error) = file.write_all(&first) {
                // Where nothing fits, nothing is left.
                fs::remove_file(path).ok();
                return Err(error);
            }
        }
        Ok((Checkpoint { path: path.to_path_buf(), file: Mutex::new(Some(file)) }, items))
    }

    /// Writes one more result, from whichever thread has it.
    pub(in crate::cli) fn add(&self, item: &impl Serialize) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(to) = &mut *file else { return };
        // A line that did not fit is torn, and nothing may follow it.
        if summed(item).and_then(|bytes| to.write_all(&bytes)).is_err() {
            *file = None;
        }
    }

    /// Everything is saved elsewhere: the file is not needed any more.
    pub(in crate::cli) fn remove(self) {
        fs::remove_file(&self.path).ok();
    }
}

/// The digits of a checksum, and the space after them.
const SUM: usize = 17;

/// A line of a result: a checksum, so that a damaged one is never taken for a result, and
/// what it is.
fn summed(item: &impl Serialize) -> io::Result<Vec<u8>> {
    let bytes = line(item)?;
    Ok([format!("{:016x} ", sum_of(&bytes)).as_bytes(), &bytes].concat())
}

fn sum_of(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(bytes);
    hasher.finish()
}

/// The result of a line, if it is as it was written.
fn item<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let (sum, bytes) = line.split_at_checked(SUM)?;
    let sum = u64::from_str_radix(std::str::from_utf8(sum).ok()?.trim_end(), 16).ok()?;
    (sum == sum_of(bytes)).then(|| serde_json::from_slice(bytes).ok())?
}

/// The results of this campaign in a file, and as many bytes as their whole lines take. What was
/// torn when it was killed is left out, and so is all of another campaign.
fn read<T: DeserializeOwned, W: DeserializeOwned + PartialEq>(
    file: &File,
    of: &W,
) -> io::Result<(Vec<T>, u64)> {
    let Ok(mut lines) = Lines::open(FORMAT, BufReader::new(file)) else {
        return Ok((Vec::new(), 0));
    };
    if !lines.value::<CheckpointHeader<W>>().is_ok_and(|first| first.identity == *of) {
        return Ok((Vec::new(), 0));
    }
    let mut items = Vec::new();
    loop {
        let whole = lines.whole();
        let more = match lines.advance() {
            Err(ReadError { problem: Unreadable::Io(error), .. }) => return Err(error),
            Err(_) => false,
            Ok(more) => more,
        };
        match more.then(|| item(lines.bytes())).flatten() {
            Some(item) => items.push(item),
            None => return Ok((items, whole)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_results_of_the_same_campaign_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("trials.resume.jsonl");
        let identity = "this campaign".to_string();
        let (checkpoint, none) = Checkpoint::open::<u64>(&path, &identity, true).expect("writable");
        assert!(none.is_empty());
        [3, 1, 2].iter().for_each(|item| checkpoint.add(item));
        drop(checkpoint);
        OpenOptions::new().append(true).open(&path).expect("there").write_all(b"4").expect("torn");
        let (checkpoint, items) =
            Checkpoint::open::<u64>(&path, &identity, true).expect("writable");
        assert_eq!(items, [3, 1, 2]);
        checkpoint.add(&5);
        let (_, items) = Checkpoint::open::<u64>(&path, &identity, true).expect("writable");
        assert_eq!(items, [3, 1, 2, 5]);
        let damaged = fs::read_to_string(&path).expect("readable").replace(" 1\n", " 7\n");
        fs::write(&path, damaged).expect("written");
        let (_, items) = Checkpoint::open::<u64>(&path, &identity, true).expect("writable");
        assert_eq!(items, [3], "nothing is taken from the damaged line on");
        let other = "another".to_string();
        let (_, items) = Checkpoint::open::<u64>(&path, &other, true).expect("writable");
        assert!(items.is_empty());
        fs::write(&path, "my own notes").expect("written");
        assert!(Checkpoint::open::<u64>(&path, &identity, true).is_err());
        assert_eq!(fs::read_to_string(&path).expect("readable"), "my own notes");
    }
}
