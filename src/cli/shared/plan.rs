//! Reading a launch plan from a file.

use super::terminal;
use crate::launch_plan::{self, ReadOptions, ReadPlan};
use std::io::Read;
use std::path::Path;

/// Endings of files that are launch plans, not scenarios; those that are not text are refused with
/// the way to get text out of them.
const ENDINGS: [&str; 9] = ["md", "markdown", "mdown", "txt", "pdf", "doc", "docx", "odt", "rtf"];

/// Whether a file is a launch plan by its name.
pub(in crate::cli) fn is_plan(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// A year as `--year` takes it.
pub(in crate::cli) fn year(text: &str) -> Result<i16, String> {
    match text.parse::<i16>() {
        Ok(year) if (1990..=2200).contains(&year) => Ok(year),
        _ => Err("write a year such as 2018".to_string()),
    }
}

/// A time zone as `--zone` takes it.
pub(in crate::cli) fn zone(text: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(text) {
        Ok(_) => Ok(text.to_string()),
        Err(_) => Err("write a time zone such as America/New_York or UTC".to_string()),
    }
}

/// Reads a plan; says why it cannot be read.
pub(in crate::cli) fn read(path: &Path, year: Option<i16>, zone: Option<&str>) -> Option<ReadPlan> {
    let shown = path.display();
    let bytes = match bytes(path) {
        Ok(bytes) => bytes,
        Err((problem, hint)) => {
            terminal::error(&format!("{shown}: {problem}"), &hint);
            return None;
        }
    };
    let today = jiff::Zoned::now().date();
    let read = |assumed: i16| {
        let year = (year.unwrap_or(assumed), year.is_some());
        launch_plan::read(&bytes, &ReadOptions { year, zone: zone.map(str::to_string) })
    };
    // A plan without a year is one of a launch to come.
    let passed = |reading: &ReadPlan| reading.day().is_some_and(|day| day < today);
    let reading = match read(today.year()) {
        Ok(reading) if passed(&reading) => read(today.year() + 1),
        other => other,
    };
    match reading {
        Ok(reading) => Some(reading),
        Err(unreadable) => {
            terminal::error(&format!("{shown}: {}", unreadable.problem), &unreadable.hint);
            None
        }
    }
}

/// The bytes of a regular file, no more of them than a plan may have and one.
fn bytes(path: &Path) -> Result<Vec<u8>, (String, String)> {
    let hint = "name the file with the plan, as Markdown or plain text".to_string();
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => ("file not found".to_string(), hint.clone()),
        _ => (error.to_string(), hint.clone()),
    };
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        return Err(("not a regular file".to_string(), hint));
    }
    let mut bytes = Vec::new();
    let most = launch_plan::MOST_BYTES as u64 + 1;
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
