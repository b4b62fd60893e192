//! The files of a scenario: itself, and those that it names, such as a baseline.

use crate::language::problem::{Problem, Problems, quoted};
use crate::language::source::{Origin, Place, SourceText, place_at};
use crate::language::written::Placed;
use crate::language::wrong_kind as foreign;
use std::fs;
use std::io::Read;
use std::path::{Component, Path};

/// Files above this size are refused. A choice: far above any scenario that people write, and low
/// enough that a log or a database given by mistake is refused at once.
const MAX_BYTES: u64 = 2_000_000;

/// Reads a scenario file; the problem says so if there is none, it is a directory, it is larger
/// than 2 MB, or it is not UTF-8 (with the place of the first bad byte).
pub fn read_source(path: &Path) -> Result<SourceText, Problems> {
    let path_shown = path.display().to_string();
    match read_text(path) {
        Ok(text) => Ok(SourceText::file(path_shown, text)),
        Err(refused) => {
            let (text, problem) = *refused;
            let mut problems = Problems::new(SourceText::file(path_shown, text));
            problems.push(problem);
            Err(problems)
        }
    }
}

/// The text, or what of it can be shown and what is wrong with it.
pub fn read_text(path: &Path) -> Result<String, Box<(String, Problem)>> {
    let refuse =
        |message: String| Box::new((String::new(), Problem::error(Place::default(), message)));
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => refuse("file not found".to_string()),
        std::io::ErrorKind::PermissionDenied => refuse("no permission to read it".to_string()),
        _ => refuse(format!("the file cannot be read: {error}")),
    };
    // A pipe is not even opened: that would wait for somebody to write to it.
    let about = fs::metadata(path).map_err(io)?;
    if about.is_dir() {
        return Err(refuse("this is a directory, not a scenario file".to_string()));
    }
    if !about.is_file() {
        return Err(refuse("this is a device or a pipe, not a scenario file".to_string()));
    }
    let mut file = fs::File::open(path).map_err(io)?;
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

/// The text of a file beside the one that names it. Like included files, it lies in the
/// scenario's own folder or below it; problems are recorded.
pub fn read_neighbour_file(problems: &mut Problems, name: &Placed<String>) -> Option<String> {
    match text(problems, name) {
        Ok((path_shown, text)) => {
            let (origin, kept) = (Origin::Named, text.clone());
            problems.sources.push(SourceText { origin, path_shown, text: kept });
            Some(text)
        }
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

/// The path of the file as far as it is known, and its text.
fn text(problems: &Problems, name: &Placed<String>) -> Result<(String, String), Box<Problem>> {
    let refuse = |message: String, hint: &str| {
        Box::new(Problem::error(name.place, message).hint(hint.to_string()))
    };
    let shown = quoted(&name.value);
    let relative = Path::new(&name.value);
    let plain = |part: Component| {
        matches!(part, Component::Normal(_) | Component::CurDir | Component::ParentDir)
    };
    if !relative.components().all(plain) || name.value.is_empty() {
        let hint = "write it relative to this file: `baseline.yaml`";
        return Err(refuse(format!("{shown} is not a relative path"), hint));
    }
    let folder = |path: &str| match Path::new(path).parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => Path::new(".").to_path_buf(),
    };
    let scenario = folder(&problems.sources[0].path_shown);
    // What `--set` names lies beside the scenario.
    let beside = match problems.part(name.place) {
        Some(_) if name.place.source > 0 => folder(&problems.sources[name.place.source].path_shown),
        _ => scenario.clone(),
    };
    let missing = |error: std::io::Error| {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no file {shown}"),
            _ => format!("{shown} cannot be read: {error}"),
        };
        refuse(message, "paths are relative to the file that names them")
    };
    let tree = fs::canonicalize(scenario).map_err(missing)?;
    let file = fs::canonicalize(beside.join(relative)).map_err(missing)?;
    if !file.starts_with(&tree) {
        let hint = "such files must be in the folder of the scenario, or below it";
        return Err(refuse(format!("{shown} is outside the scenario's own folder"), hint));
    }
    let text = read_text(&file).map_err(|refused| {
        let (_, problem) = *refused;
        refuse(format!("{shown}: {}", problem.message), "name another file")
    })?;
    Ok((beside.join(relative).display().to_string(), text))
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
        assert_eq!(message_of(&folder.path().join("none.yaml")), "file not found");
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
