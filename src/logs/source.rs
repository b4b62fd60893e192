//! Where the bytes of a log come from: a file, plain or gzip, or standard input.

use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

/// One log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Plain or gzip: its first bytes tell, not its name.
    File(PathBuf),
    /// Standard input, plain or gzip.
    Stdin,
}

impl Source {
    /// `-` is standard input.
    pub fn of(path: &std::path::Path) -> Source {
        if path.as_os_str() == "-" { Source::Stdin } else { Source::File(path.to_path_buf()) }
    }

    /// What the source is called in messages.
    pub fn name(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Stdin => "standard input".to_string(),
        }
    }

    /// The bytes, unpacked.
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let raw: Box<dyn Read + Send> = match self {
            Source::File(path) => Box::new(File::open(path)?),
            Source::Stdin => Box::new(io::stdin()),
        };
        let mut raw = BufReader::with_capacity(1 << 16, raw);
        let packed = raw.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        Ok(if packed { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) })
    }
}
