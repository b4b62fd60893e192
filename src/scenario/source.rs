//! The text of a scenario file.

use super::foreign;
use super::problem::{Place, Problem, Problems};
use std::io::Read;
use std::path::Path;

/// Files above this size are refused.
const MAX_BYTES: u64 = 2_000_000;

/// A text that problems point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As messages show it: the path as the user gave it, or `--set path`. Files that it includes
    /// are looked for beside it.
    pub path_shown: String,
    pub text: String,
}

impl Source {
    /// The same without a byte order mark.
    pub(super) fn without_mark(&self) -> Source {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text).to_string();
        Source { path_shown: self.path_shown.clone(), text }
    }
}

/// Reads a scenario file; the problem says so if there is none, it is a directory, it is larger
/// than 2 MB, or it is not UTF-8 (with the place of the first bad byte).
pub fn read_source(path: &Path) -> Result<Source, Problems> {
    let path_shown = path.display().to_string();
    match read_text(path) {
        Ok(text) => Ok(Source { path_shown, text }),
        Err(refused) => {
            let (text, problem) = *refused;
            let mut problems = Problems::of(Source { path_shown, text });
            problems.push(problem);
            Err(problems)
        }
    }
}

/// The text, or what of it can be shown and what is wrong with it.
pub(super) fn read_text(path: &Path) -> Result<String, Box<(String, Problem)>> {
    let refuse =
        |message: String| Box::new((String::new(), Problem::error(Place::default(), message)));
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse("there is no such file".to_string()),
        std::io::ErrorKind::PermissionDenied => refuse("the file may not be read".to_string()),
        _ => refuse(format!("the file cannot be read: {error}")),
    };
    let mut file = std::fs::File::open(path).map_err(io)?;
    if file.metadata().map_err(io)?.is_dir() {
        return Err(refuse("this is a directory, not a scenario file".to_string()));
    }
    let mut bytes = Vec::new();
    file.by_ref().take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_BYTES {
        let head = String::from_utf8_lossy(&bytes[..200]);
        if let Some(foreign) = foreign::by_text(&path.display().to_string(), &head) {
            return Err(Box::new((String::new(), foreign)));
        }
        let message = "the file is larger than 2 MB, which no scenario is".to_string();
        return Err(refuse(message));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let place = place_at(&text, good, good + '\u{fffd}'.len_utf8());
        let problem = Problem::error(place, format!("byte {} is not UTF-8", good + 1))
            .label("this byte")
            .hint("save the file with UTF-8 encoding");
        Box::new((text, problem))
    })
}

/// The place of a range of bytes in the text of the file.
pub(super) fn place_at(text: &str, start: usize, end: usize) -> Place {
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() as u32 + 1;
    let column = before[line_start..].chars().count() as u32 + 1;
    Place { source: 0, line, column, start, end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message_of(path: &Path) -> String {
        let problems = read_source(path).expect_err("refused");
        problems.iter().map(|p| p.message.clone()).collect()
    }

    #[test]
    fn files_that_are_no_scenario() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(message_of(&folder.path().join("none.yaml")), "there is no such file");
        assert_eq!(message_of(folder.path()), "this is a directory, not a scenario file");
        let path = folder.path().join("big.yaml");
        let big = std::fs::File::create(&path).expect("created");
        big.set_len(50_000_000).expect("sparse");
        assert_eq!(message_of(&path), "the file is larger than 2 MB, which no scenario is");
    }

    #[test]
    fn bytes_that_are_not_utf_8_have_a_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bad.yaml");
        std::fs::write(&path, b"a: 1\nb: \xc3\xa9 \xff\n").expect("written");
        let problems = read_source(&path).expect_err("refused");
        let problem = problems.iter().next().expect("one");
        assert_eq!((problem.place.line, problem.place.column), (2, 6));
        assert_eq!(problem.message, "byte 12 is not UTF-8");
    }
}
