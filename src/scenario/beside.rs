//! Files of figures that a scenario names, such as a baseline: read from beside it.

use super::problem::{Problem, Problems, quoted};
use super::source::read_text;
use super::written::Placed;
use std::fs;
use std::path::{Component, Path};

/// The text of a file beside the one that names it. Like included files, it lies in the
/// scenario's own folder or below it; what is wrong is entered.
pub fn read(problems: &mut Problems, name: &Placed<String>) -> Option<String> {
    match text(problems, name) {
        Ok(text) => Some(text),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

fn text(problems: &Problems, name: &Placed<String>) -> Result<String, Box<Problem>> {
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
        let hint = "such files are in the folder of the scenario, or below it";
        return Err(refuse(format!("{shown} is outside the scenario's own folder"), hint));
    }
    read_text(&file).map_err(|refused| {
        let (_, problem) = *refused;
        refuse(format!("{shown}: {}", problem.message), "give another file")
    })
}
