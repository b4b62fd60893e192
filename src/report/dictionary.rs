//! The data dictionary: every column of every table, its unit and what it means.

use super::backtest::{self, BACKTEST_FILE};
use super::campaign::{CAMPAIGN_COLUMNS, CAMPAIGN_FILE, COMPARE_COLUMNS, COMPARE_FILE};
use super::campaign::{TRIALS_COLUMNS, TRIALS_FILE};
use super::capacity::{CAPACITY_FILE, COLUMNS, CURVE_COLUMNS, CURVE_FILE};
use super::files::tables;
use super::guess_table::{self, GUESSES_FILE};
use super::hinges::{HINGE_COLUMNS, HINGES_FILE, REMEDIES_FILE, REMEDY_COLUMNS};
use super::improvements::{self, IMPROVEMENTS_FILE};
use super::judge::judge_tables;
use super::launch_plan::hanging_after;
use super::sheet::{ColumnDoc, LEAD};
use super::tune::{self, TUNE_FILE};
use super::untrusted::wrapped;
use super::window::{self, WINDOWS_FILE};
use crate::observed;
use crate::rollcall;

/// Tables that are not made from a journal.
const BESIDE: [(&str, &[ColumnDoc]); 11] = [
    (TRIALS_FILE, &TRIALS_COLUMNS),
    (CAMPAIGN_FILE, &CAMPAIGN_COLUMNS),
    (COMPARE_FILE, &COMPARE_COLUMNS),
    (CAPACITY_FILE, &COLUMNS),
    (CURVE_FILE, &CURVE_COLUMNS),
    (BACKTEST_FILE, &backtest::COLUMNS),
    (HINGES_FILE, &HINGE_COLUMNS),
    (REMEDIES_FILE, &REMEDY_COLUMNS),
    (IMPROVEMENTS_FILE, &improvements::COLUMNS),
    (GUESSES_FILE, &guess_table::COLUMNS),
    (WINDOWS_FILE, &window::COLUMNS),
];

/// Sheets that people write, by hand or with `sim rollcall`: their columns and what belongs there.
const BY_PEOPLE: [(&str, &[(&str, &str)]); 2] =
    [("observed.csv", &observed::COLUMNS), ("rollcall.csv", &rollcall::COLUMNS)];

/// Every table with its own columns, those of [`LEAD`] left out.
fn all() -> impl Iterator<Item = (&'static str, &'static [ColumnDoc])> {
    tables().chain(judge_tables()).chain([(TUNE_FILE, &tune::COLUMNS[..])]).chain(BESIDE)
}

/// Column, unit and meaning of every CSV file, in lines of this many columns. It comes from the
/// very tables that the files are written by.
pub fn dictionary(width: usize) -> String {
    let mut text = String::from("Every CSV file of results begins with\n\n");
    text.push_str(&section(&LEAD, width));
    for (file, columns) in all() {
        text.push_str(&format!("\n{file}\n{}", section(columns, width)));
    }
    text.push_str("\nSheets to fill in start directly with:\n");
    for (file, columns) in BY_PEOPLE {
        let columns = columns.iter().map(|(name, meaning)| (*name, "", *meaning));
        text.push_str(&format!("\n{file}\n{}", section(&columns.collect::<Vec<_>>(), width)));
    }
    let words = "text is words; all but text, date and the times are numbers, with a point before \
                 decimals and nothing between thousands. A date is as somebody wrote it. time is \
                 RFC 3339 with the offset of the scenario's zone; local time is the same moment as \
                 spreadsheets read it. Blank is unknown or not part of it, never 0. In names of \
                 columns, words in capitals stand for names of the scenario, which become \
                 lower-case letters, digits and underscores: < is lt, <= le, % pct.";
    text + "\n" + &wrapped(words, width).join("\n") + "\n"
}

/// The columns of one file: names, units and meanings below each other.
fn section(columns: &[ColumnDoc], width: usize) -> String {
    let widest = |of: fn(&ColumnDoc) -> usize| columns.iter().map(of).max().unwrap_or(0) + 2;
    let widths = (widest(|(name, ..)| name.len()), widest(|column| unit(column).len()));
    let mut text = String::new();
    for column in columns {
        let (name, of) = widths;
        let head = format!("  {:<name$}{:<of$}", column.0, unit(column));
        hanging_after(&mut text, &head, column.2, width);
    }
    text
}

/// What its cells are.
fn unit(column: &ColumnDoc) -> &'static str {
    if column.1.is_empty() { "text" } else { column.1 }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::written;
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn every_column_of_every_file_is_explained() {
        let (header, entries) = fixture::proxy_outage();
        let files = written(&header, &entries);
        let csv: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".csv")).collect();
        assert_eq!(csv.len(), tables().count());
        for (name, text) in csv {
            let (_, columns) = tables().find(|(file, _)| file == name).expect("in the dictionary");
            let explained: Vec<&str> = LEAD.iter().chain(columns).map(|column| column.0).collect();
            assert_eq!(text.lines().next().expect("a heading"), explained.join(","), "{name}");
        }
        for (name, unit, meaning) in all().flat_map(|(_, columns)| columns).chain(&LEAD) {
            assert!(meaning.len() > 1, "{name} has no meaning");
            let ending = |end: &str, of: &str| name.ends_with(end) && *unit != of;
            assert!(!ending("_s", "s") && !ending("_ms", "ms") && !ending("_pct", "%"), "{name}");
            assert!(
                !ending("_min", "min") && !ending("_x", "x") && !ending("_rps", "1/s"),
                "{name}"
            );
            let clean = |c: char| c.is_ascii_alphanumeric() || c == '_';
            assert!(name.chars().all(clean) && name.starts_with(char::is_lowercase), "{name}");
        }
    }

    #[test]
    fn every_moment_has_its_local_twin() {
        for (file, columns) in all() {
            for (position, (name, unit, _)) in columns.iter().enumerate() {
                let twin = columns.get(position + 1).map(|(_, unit, _)| *unit);
                let alone = *unit == "time" && twin != Some("local time");
                assert!(!alone, "{name} of {file} has no local twin");
            }
        }
    }

    #[test]
    fn it_fits_a_terminal() {
        for width in [40, 60, 80, 100] {
            for line in dictionary(width).lines() {
                assert!(line.chars().count() <= width && !line.ends_with(' '), "{line:?}");
            }
        }
        let text = dictionary(80);
        assert!(text.contains("  total_s             s           whole attempt"), "{text}");
    }
}
