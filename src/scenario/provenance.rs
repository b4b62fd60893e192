//! What results were made from: the files that a scenario was read from.

use crate::language::problem::Problems;
use crate::language::source::{Origin, SourceText, plain};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// Relative to the folder of the scenario; the name alone of what lies elsewhere.
    pub file: String,
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

impl InputFile {
    /// A file under this name.
    pub fn new(file: impl Into<String>, content: &[u8]) -> InputFile {
        let sha256 = hexadecimal(&Sha256::digest(content));
        InputFile { file: file.into(), bytes: content.len() as u64, sha256 }
    }

    /// A file of any length under this name, read to its end. Fails if it cannot be read.
    pub fn read(file: impl Into<String>, mut from: impl Read) -> io::Result<InputFile> {
        let (mut digest, mut bytes) = (Sha256::new(), 0);
        let mut block = vec![0; 1 << 16];
        loop {
            let length = match from.read(&mut block) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            digest.update(&block[..length]);
            bytes += length as u64;
        }
        Ok(InputFile { file: file.into(), bytes, sha256: hexadecimal(&digest.finalize()) })
    }

    /// The scenario itself and every file that it names, in the order in which they were read.
    /// `scenario` is its text as it is in the file.
    pub fn all(scenario: &SourceText, problems: &Problems) -> Vec<InputFile> {
        let folder = plain(Path::new(&scenario.path_shown)).parent().map(PathBuf::from);
        let folder = folder.unwrap_or_default();
        let name = |path: &str| {
            let path = plain(Path::new(path));
            let below = path.strip_prefix(&folder).map(Path::to_path_buf);
            let relative = below.unwrap_or_else(|_| path.file_name().unwrap_or_default().into());
            relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
        };
        let of =
            |source: &SourceText| InputFile::new(name(&source.path_shown), source.text.as_bytes());
        let mut files = vec![of(scenario)];
        let others = problems.sources.iter().skip(1);
        for source in others.filter(|one| matches!(one.origin, Origin::Included | Origin::Named)) {
            let file = of(source);
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How results were made, whatever they were called and wherever they were put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBy {
    /// Version of the program.
    pub program: String,
    /// The command again, with every value on which results depend; run where the scenario is.
    pub command: String,
    /// Every file that was read.
    pub files: Vec<InputFile>,
}

impl MadeBy {
    /// By this command of this program.
    pub fn new(command: String, files: Vec<InputFile>) -> MadeBy {
        MadeBy { program: env!("CARGO_PKG_VERSION").to_string(), command, files }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_read_has_the_hash_of_its_content() {
        let content = vec![7; 200_000];
        let read = InputFile::read("a.log", &content[..]).expect("memory");
        assert_eq!(read, InputFile::new("a.log", &content));
    }

    #[test]
    fn files_are_named_from_the_folder_of_the_scenario() {
        let scenario = SourceText::file("./days/../days/a.yaml", "abc");
        let mut problems = Problems::new(scenario.clone());
        for (origin, path) in [
            (Origin::Included, "days/parts/site.yaml"),
            (Origin::Set, "--set seed"),
            (Origin::Named, "days/baseline.yaml"),
            (Origin::Named, "days/baseline.yaml"),
        ] {
            let text = "abc".to_string();
            problems.sources.push(SourceText { origin, path_shown: path.to_string(), text });
        }
        let files = InputFile::all(&scenario, &problems);
        let names: Vec<&str> = files.iter().map(|file| file.file.as_str()).collect();
        assert_eq!(names, ["a.yaml", "parts/site.yaml", "baseline.yaml"]);
        // FIPS 180-2, appendix B.1.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((files[0].sha256.as_str(), files[0].bytes), (known, 3));
    }
}
