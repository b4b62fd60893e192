//! `run.json`: by which command and from which files the results in a folder were made.

use super::files::Folder;
use crate::report::{Naming, for_shell};
use crate::scenario::MadeBy;
use std::io;
use std::path::Path;

/// The name of the file in every folder of results.
pub(in crate::cli) const RUN: &str = "run.json";

/// Puts it into the folder.
pub(in crate::cli) fn keep(folder: &Folder, made_by: &MadeBy) -> io::Result<()> {
    keep_as(folder, RUN, made_by)
}

/// The same for results that stand beside those of another command.
pub(in crate::cli) fn keep_as(folder: &Folder, name: &str, made_by: &MadeBy) -> io::Result<()> {
    let mut text = serde_json::to_vec_pretty(made_by).expect("plain data");
    text.push(b'\n');
    folder.keep(name, &text)
}

/// `sim run proxy-outage.yaml`: a command and its scenario, as typed in the folder of the scenario.
pub(in crate::cli) fn command(subcommand: &str, scenario: &Path) -> String {
    let name = scenario.file_name().unwrap_or(scenario.as_os_str());
    format!("sim {subcommand} {}", for_shell(&name.to_string_lossy()))
}

/// The option, as typed, that keeps people's names in files that are shared.
pub(in crate::cli) fn naming(naming: Naming) -> &'static str {
    match naming {
        Naming::Roles => "",
        Naming::People => NAMES,
    }
}

const NAMES: &str = " --names people";

/// How people are referred to in the results of a folder, as its `run.json` says.
pub(in crate::cli) fn naming_of(folder: &Path) -> Naming {
    let made_by = std::fs::read(folder.join(RUN)).ok();
    let made_by: Option<MadeBy> = made_by.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match made_by.is_some_and(|made_by| made_by.command.contains(NAMES)) {
        true => Naming::People,
        false => Naming::Roles,
    }
}

/// Another scenario as typed in the folder of the first.
pub(in crate::cli) fn relative(other: &Path, scenario: &Path) -> String {
    let folder = scenario.parent().unwrap_or(Path::new(""));
    let relative = other.strip_prefix(folder).unwrap_or(other);
    for_shell(&relative.to_string_lossy())
}

/// ` --set traffic.patience=10s`, one for each.
pub(in crate::cli) fn sets(sets: &[(String, String)]) -> String {
    let word = |(key, value): &(String, String)| {
        format!(" --set {}", for_shell(&format!("{key}={value}")))
    };
    sets.iter().map(word).collect()
}
