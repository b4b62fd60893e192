//! Where the bytes of a log come from: a file, a folder of them, or standard input.

use super::objects::Bytes;
use super::unpack;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// One log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogSource {
    /// Plain or packed: its first bytes tell, not its name.
    File(PathBuf),
    /// Standard input, plain or packed.
    Stdin,
}

/// A folder has at most this many files in it and in its folders.
const MOST_FILES: usize = 10_000;
/// How deep folders are searched: as deep as load balancers nest year, month and day.
const DEEPEST: usize = 10;

impl LogSource {
    /// `-` is standard input.
    pub fn from_path(path: &Path) -> LogSource {
        if path.as_os_str() == "-" { LogSource::Stdin } else { LogSource::File(path.to_path_buf()) }
    }

    /// The logs at a path: of a folder, all files in it and in its folders, by name, without those
    /// whose names begin with a dot.
    pub fn all(path: &Path) -> io::Result<Vec<LogSource>> {
        if !path.is_dir() {
            return Ok(vec![LogSource::from_path(path)]);
        }
        let mut files = Vec::new();
        collect(path, 0, &mut files)?;
        files.sort();
        Ok(files.into_iter().map(LogSource::File).collect())
    }

    /// What the source is called in messages.
    pub fn name(&self) -> String {
        match self {
            LogSource::File(path) => path.display().to_string(),
            LogSource::Stdin => "standard input".to_string(),
        }
    }

    /// The text.
    pub(super) fn open(&self) -> io::Result<Bytes> {
        let raw: Bytes = match self {
            LogSource::File(path) => Box::new(File::open(path)?),
            LogSource::Stdin => Box::new(io::stdin()),
        };
        unpack::text(raw)
    }
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth < DEEPEST {
            collect(&path, depth + 1, files)?;
        } else if path.is_file() {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            let message = format!("it holds more than {MOST_FILES} files: name those to read");
            return Err(io::Error::other(message));
        }
    }
    Ok(())
}
