//! Which files are sim's own, recognised by how they begin: only those are replaced.

use super::draft::Draft;
use super::{Exit, terminal};
use crate::report::for_terminal;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

/// How much of a file is looked at to tell whose it is.
const FIRST: u64 = 4_096;

/// How every page begins.
pub(in crate::cli) const PAGE: &str =
    "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"";

/// How sim's own files begin, by what their names end in. Tables of runs have their id first.
const OWN: [(&str, &[&str]); 6] = [
    (
        ".csv",
        &["run_id,scenario,mode,trial,", "channel,person,asked,", "at,actor,role,channel,action,"],
    ),
    (
        ".jsonl",
        &["{\"journal\":", "{\"recording\":", "{\"campaign\":", "{\"room\":", "{\"resume\":"],
    ),
    (".json", &["{\"program\":", "{\n  \"program\":", "{\n  \"$schema\":"]),
    (".html", &[PAGE]),
    (".md", &["# Outbrief: "]),
    (".yaml", &["# Made by `sim ", "# Measured in a roll call"]),
];

/// Whether a file may be replaced: there is none, it is empty, or it begins as sim's own of these
/// beginnings do.
pub(in crate::cli) fn may_replace(path: &Path, begins: &[&str]) -> io::Result<bool> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    if file.metadata()?.is_dir() {
        return Ok(false);
    }
    let mut first = Vec::new();
    BufReader::new(file).take(FIRST).read_to_end(&mut first)?;
    Ok(first.is_empty() || begins.iter().any(|begin| first.starts_with(begin.as_bytes())))
}

/// The same for a file that sim names itself.
pub(super) fn may_replace_own(path: &Path) -> io::Result<bool> {
    let name = path.to_string_lossy();
    let own = OWN.iter().find(|(end, _)| name.ends_with(end)).map_or(&[][..], |(_, own)| own);
    may_replace(path, own)
}

/// Why a file that somebody has named cannot be written.
pub(in crate::cli) enum PathRefusal {
    /// Something else has this name.
    Foreign(String),
    /// It cannot be opened.
    Io(io::Error),
}

/// Opens a file that somebody has named with an option; what is wrong has been told. `other` says
/// how to name another one.
pub(in crate::cli) fn opened(
    path: &Path,
    begins: &[&str],
    force: bool,
    other: &str,
) -> Result<Draft, Exit> {
    named(path, begins, force).map_err(|refused| match refused {
        PathRefusal::Foreign(message) => {
            terminal::error(&message, &format!("{other}, or replace it with --force"));
            Exit::Wrong
        }
        PathRefusal::Io(error) => not_written(path, &error, other),
    })
}

/// Gives such a file its name; what is wrong has been told.
pub(in crate::cli) fn published(path: &Path, draft: Draft, other: &str) -> Result<(), Exit> {
    draft.publish().map_err(|error| not_written(path, &error, other))
}

/// Tells that a file cannot be written, and what to do instead.
pub(in crate::cli) fn not_written(path: &Path, error: &io::Error, other: &str) -> Exit {
    terminal::error(&format!("cannot write {}: {error}", path.display()), other);
    Exit::Broke
}

/// Opens a file that somebody has named, unless it is something that does not begin with one of
/// these and `force` is not given.
pub(in crate::cli) fn named(
    path: &Path,
    begins: &[&str],
    force: bool,
) -> Result<Draft, PathRefusal> {
    let regular = fs::metadata(path).is_ok_and(|about| about.is_file());
    if regular && !force && !may_replace(path, begins).map_err(PathRefusal::Io)? {
        let shown = for_terminal(&path.display().to_string(), 2_000);
        return Err(PathRefusal::Foreign(format!(
            "{shown} already exists and was not written by sim"
        )));
    }
    Draft::at(path).map_err(PathRefusal::Io)
}
