//! `sim report DIR --observed`: the reports of a gameday that somebody wrote down by hand.

use crate::cli::shared::files::{Folder, JOURNAL};
use crate::cli::shared::provenance;
use crate::cli::shared::saving::{self, TRIALS};
use crate::cli::shared::{Exit, named_file, terminal};
use crate::journal::{self, Header, Story};
use crate::observed::{self, Observed, SheetProblem, Weight};
use crate::report::{self, Naming, for_shell};
use crate::scenario::{InputFile, MadeBy};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the sheet in the folder of its reports.
const SHEET: &str = "observed.csv";

/// What to read, and beside what.
pub(in crate::cli) struct ObservedOptions<'a> {
    pub sheet: &'a Path,
    /// The folder of the run of the same scenario.
    pub folder: &'a Path,
    pub out: Option<&'a Path>,
    pub quiet: bool,
    pub naming: Naming,
}

/// Reads the sheet beside a run, and writes its journal and reports into a folder of their own.
pub(in crate::cli) fn report(wanted: &ObservedOptions, header: &Header, story: &Story) -> Exit {
    if header.mode.by_hand() {
        let shown = wanted.folder.display();
        let message = format!("{shown} holds what was observed, not a run of the scenario");
        terminal::error(&message, "name the folder that `sim run` wrote");
        return Exit::Wrong;
    }
    let bytes = match named_file::bytes(wanted.sheet, named_file::LONGEST) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("cannot read {}: {error}", wanted.sheet.display());
            terminal::error(&message, "name a CSV file, such as the printed sheet typed in");
            return Exit::Wrong;
        }
    };
    let observed = match observed::observed(&bytes, header, story) {
        Ok(observed) => observed,
        Err(problems) => {
            problems.iter().for_each(|problem| say(wanted.sheet, problem));
            return Exit::Wrong;
        }
    };
    if !wanted.quiet {
        observed.warnings.iter().for_each(|problem| say(wanted.sheet, problem));
    }
    let own = wanted.out.map_or_else(|| observed_folder(wanted.folder), Path::to_path_buf);
    match write(&own, wanted, &observed, &bytes) {
        Ok((folder, story)) => {
            if !wanted.quiet {
                let style = terminal::style();
                terminal::print(&report::summary(
                    &observed.header,
                    &story,
                    report::Extras::default(),
                    style,
                ));
                let how = saving::how_did_we_do(folder.path(), &observed.header, &story);
                terminal::print(&how);
                let shown = report::for_terminal(&folder.path().display().to_string(), 2_000);
                terminal::print(&format!("Files   {shown}/\n"));
            }
            Exit::Met
        }
        Err(error) => {
            terminal::cannot_write(&own, &error);
            Exit::Broke
        }
    }
}

/// `reports/proxy-outage-observed` for `reports/proxy-outage`.
fn observed_folder(folder: &Path) -> PathBuf {
    let mut name: PathBuf = folder.components().collect();
    if name.file_name().is_none() {
        return name.join("observed");
    }
    let mut text = std::mem::take(&mut name).into_os_string();
    text.push("-observed");
    PathBuf::from(text)
}

/// Writes journal, sheet and reports; the trials of the run come along, so that the reports can be
/// made again from this folder alone.
fn write(
    own: &Path,
    wanted: &ObservedOptions,
    observed: &Observed,
    sheet: &[u8],
) -> io::Result<(Folder, Story)> {
    let Observed { header, entries, .. } = observed;
    let mut names = saving::names(true);
    names.push(SHEET);
    let folder = Folder::claim(own, &header.run_id, &names)?;
    let mut draft = folder.draft(JOURNAL)?;
    draft.attempt(|mut to| {
        journal::write_header(&mut to, header)?;
        entries.iter().try_for_each(|entry| journal::write_entry(&mut to, entry))
    });
    draft.publish()?;
    let mut copies = vec![(SHEET, harmless(sheet))];
    if let Ok(trials) = std::fs::read(wanted.folder.join(TRIALS)) {
        copies.push((TRIALS, trials));
    }
    for (name, bytes) in copies {
        folder.keep(name, &bytes)?;
    }
    // The same day once more for each choice: a few seconds, and worth them.
    saving::try_out(&folder, header)?;
    let mut story = Story::default();
    entries.iter().for_each(|entry| story.add(entry));
    saving::write(&folder, header, &story, None, wanted.naming)?;
    provenance::keep(&folder, &made_by(wanted, sheet)?)?;
    Ok((folder, story))
}

/// The command that makes it again in the folder above that of the run, and what it was made from.
fn made_by(wanted: &ObservedOptions, sheet: &[u8]) -> io::Result<MadeBy> {
    let name = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into();
    let (folder, typed): (String, String) = (name(wanted.folder), name(wanted.sheet));
    let mut command = format!("sim report {} --observed {}", for_shell(&folder), for_shell(&typed));
    command.push_str(provenance::naming(wanted.naming));
    let journal = std::fs::read(wanted.folder.join(JOURNAL))?;
    let files =
        vec![InputFile::new(typed, sheet), InputFile::new(format!("{folder}/{JOURNAL}"), &journal)];
    Ok(MadeBy::new(command, files))
}

/// A sheet to be handed on: the same cells, but none that a spreadsheet would take for a formula
/// and nothing that cannot be seen. One that is harmless, or is not a sheet, stays as it is.
fn harmless(bytes: &[u8]) -> Vec<u8> {
    let plain = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(plain) else { return bytes.to_vec() };
    let delimiter = observed::delimiter(text);
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter);
    let mut writer = csv::WriterBuilder::new();
    let mut writer = writer.flexible(true).delimiter(delimiter).from_writer(Vec::new());
    let mut changed = false;
    for record in reader.from_reader(text.as_bytes()).records() {
        let Ok(record) = record else { return bytes.to_vec() };
        let cells: Vec<_> = record.iter().map(report::for_csv).collect();
        changed |= cells.iter().zip(&record).any(|(safe, cell)| **safe != *cell);
        if writer.write_record(cells.iter().map(|cell| cell.as_bytes())).is_err() {
            return bytes.to_vec();
        }
    }
    match writer.into_inner() {
        Ok(safe) if changed => safe,
        _ => bytes.to_vec(),
    }
}

/// Says one thing about a sheet.
fn say(sheet: &Path, problem: &SheetProblem) {
    let sheet = sheet.display();
    match problem.weight {
        Weight::Error => terminal::error(&format!("{sheet}, {problem}"), &problem.hint),
        Weight::Warning => terminal::warning(&format!("{sheet}, {problem}"), &problem.hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_folder_lies_beside_that_of_the_run() {
        for (run, own) in [
            ("reports/proxy-outage", "reports/proxy-outage-observed"),
            ("reports/proxy-outage/", "reports/proxy-outage-observed"),
            (".", "./observed"),
        ] {
            assert_eq!(observed_folder(Path::new(run)), Path::new(own));
        }
    }
}
