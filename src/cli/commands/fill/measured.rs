//! What `sim fill` proposes: figures from the files of other commands.

use crate::campaign::Sensitivity;
use crate::cli::shared::saving::SENSITIVITY;
use crate::cli::shared::{Exit, named_file, terminal};
use crate::fill::{InputEffect, Proposal, Proposals};
use crate::logs::LogBaseline;
use crate::report::TUNE_FILE;
use crate::rollcall;
use std::path::{Path, PathBuf};

/// What to name instead of a file that nothing can be taken from.
const HINT: &str = "name a record or part of `sim rollcall`, a part of `sim crew`, a file of \
                    `sim baseline`, or a folder of `sim tune` or `sim run`";

/// An input that an answer hinges on: its path, as it is, as it was tried, and what that changes.
pub(super) type HingeRow = (String, String, String, InputEffect);

/// Everything that the files hold.
#[derive(Default)]
pub(super) struct MeasuredFiles {
    pub(super) measured: Proposals,
    pub(super) hinges: Vec<HingeRow>,
}

/// Reads all files; what is wrong with one has been told.
pub(super) fn read(paths: &[PathBuf]) -> Result<MeasuredFiles, Exit> {
    let mut found = MeasuredFiles::default();
    for path in paths {
        let figures = if path.is_dir() { folder(path, &mut found) } else { file(path, &mut found) };
        match figures {
            Ok(0) => {
                let problem = format!("{} contains no measured values", path.display());
                terminal::error(&problem, HINT);
                return Err(Exit::Wrong);
            }
            Ok(_) => {}
            Err(problem) => {
                terminal::error(&format!("cannot read {}: {problem}", path.display()), HINT);
                return Err(Exit::Wrong);
            }
        }
    }
    Ok(found)
}

/// The folder of a tuning, of many runs, or of both.
fn folder(path: &Path, found: &mut MeasuredFiles) -> Result<usize, String> {
    let mut figures = 0;
    let tuned = path.join(TUNE_FILE);
    if tuned.is_file() {
        figures += file(&tuned, found)?;
    }
    let sensitivity = path.join(SENSITIVITY);
    if sensitivity.is_file() {
        let read = named_file::bytes(&sensitivity, named_file::LONGEST);
        let bytes = read.map_err(|error| error.to_string())?;
        let read: Sensitivity =
            serde_json::from_slice(&bytes).map_err(|error| format!("{SENSITIVITY}: {error}"))?;
        // That an answer hinges on nothing is known then as well.
        figures += 1;
        for hinge in read.hinges.into_iter().flat_map(|hinges| hinges.best) {
            let moves = InputEffect::Runs { now: hinge.now, then: hinge.then, of: hinge.total };
            found.hinges.push((hinge.path, hinge.from, hinge.value, moves));
        }
    }
    Ok(figures)
}

fn file(path: &Path, found: &mut MeasuredFiles) -> Result<usize, String> {
    let bytes = named_file::bytes(path, named_file::LONGEST).map_err(|error| error.to_string())?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let Ok(text) = std::str::from_utf8(&bytes) else { return Err("it is not text".to_string()) };
    let head = text.lines().next().unwrap_or_default();
    let columns: Vec<&str> =
        head.trim_start_matches('\u{feff}').split(',').map(str::trim).collect();
    if columns.contains(&"recommended") {
        return tuned(text, &name, &mut found.measured);
    }
    if columns.contains(&"channel") && columns.contains(&"person") {
        let calls = rollcall::read(&bytes, &[], &[]).map_err(|problems| {
            problems.first().map_or(String::new(), |problem| problem.to_string())
        })?;
        let part = rollcall::yaml(&rollcall::fit(&calls), &name);
        return Ok(found.measured.add_part(&part, &name));
    }
    if head.starts_with("run_id,") {
        return Ok(0);
    }
    if let Ok(baseline) = LogBaseline::read(text) {
        return Ok(of_baseline(&baseline, &name, &mut found.measured));
    }
    Ok(found.measured.add_part(text, &name))
}

/// What a tuning recommends for each rule.
fn tuned(text: &str, name: &str, measured: &mut Proposals) -> Result<usize, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().map_err(|error| error.to_string())?.clone();
    let at = |column: &str| head.iter().position(|name| name == column);
    let mut count = 0;
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        let cell = |column: &str| at(column).and_then(|at| row.get(at)).unwrap_or_default();
        // A row of a single fault repeats what the row of them all recommends.
        if cell("recommended") != "yes" || !cell("fault").is_empty() {
            continue;
        }
        let short = |column: &str| {
            cell(column).parse::<f64>().map_or("–".to_string(), |value| format!("{value:.1}"))
        };
        let basis = format!(
            "{name}: {} false alarms a week on quiet days, {} of {} faults missed, {} minutes to \
             detect",
            short("false_per_week"),
            cell("missed"),
            cell("faults"),
            short("detect_min")
        );
        let path = format!("rules.{}.expr", cell("alert"));
        measured.add(Proposal { path, value: cell("rule").to_string(), basis });
        count += 1;
    }
    Ok(count)
}

/// What a log says is normal.
fn of_baseline(baseline: &LogBaseline, name: &str, measured: &mut Proposals) -> usize {
    let basis = format!("{name}: {} requests of a log", baseline.requests);
    let share = format!("{:.4}", baseline.error_rate.share * 100.0);
    let share = share.trim_end_matches('0').trim_end_matches('.');
    let mut figures = vec![("error_rate".to_string(), format!("{share}%"))];
    if let Some(times) = &baseline.latency_s {
        for (of, quantiles) in [("p50", &times.p50), ("p95", &times.p95), ("p99", &times.p99)] {
            let value = format!("{:.0}ms", (quantiles.p50 * 1000.0).max(1.0));
            figures.push((format!("latency.{of}"), value));
        }
    }
    let count = figures.len();
    for (of, value) in figures {
        measured.add(Proposal { path: format!("baseline.{of}"), value, basis: basis.clone() });
    }
    count
}
