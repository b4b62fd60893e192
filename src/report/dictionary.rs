//! The data dictionary: every column of every table, its unit and what it means.

use super::backtest::{self, BACKTEST_FILE};
use super::campaign::{CAMPAIGN_COLUMNS, CAMPAIGN_FILE, COMPARE_COLUMNS, COMPARE_FILE};
use super::campaign::{TRIALS_COLUMNS, TRIALS_FILE};
use super::capacity::{CAPACITY_FILE, COLUMNS, CURVE_COLUMNS, CURVE_FILE};
use super::files::tables;
use super::hinges::{HINGE_COLUMNS, HINGES_FILE, REMEDIES_FILE, REMEDY_COLUMNS};
use super::judge::judge_tables;
use super::sheet::{Column, LEAD};
use super::tune::{self, TUNE_FILE};
use crate::{observed, rollcall};

/// The widest line.
const WIDTH: usize = 80;
/// No meaning goes on further to the right.
const NARROW: usize = 44;

/// Tables that are not made from a journal.
const BESIDE: [(&str, &[Column]); 8] = [
    (TRIALS_FILE, &TRIALS_COLUMNS),
    (CAMPAIGN_FILE, &CAMPAIGN_COLUMNS),
    (COMPARE_FILE, &COMPARE_COLUMNS),
    (CAPACITY_FILE, &COLUMNS),
    (CURVE_FILE, &CURVE_COLUMNS),
    (BACKTEST_FILE, &backtest::COLUMNS),
    (HINGES_FILE, &HINGE_COLUMNS),
    (REMEDIES_FILE, &REMEDY_COLUMNS),
];

/// Sheets that people write, by hand or with `sim rollcall`: their columns and what belongs there.
const BY_PEOPLE: [(&str, &[(&str, &str)]); 2] =
    [("observed.csv", &observed::COLUMNS), ("rollcall.csv", &rollcall::COLUMNS)];

/// Every table with its own columns, those of [`LEAD`] left out.
fn all() -> impl Iterator<Item = (&'static str, &'static [Column])> {
    tables().chain(judge_tables()).chain([(TUNE_FILE, &tune::COLUMNS[..])]).chain(BESIDE)
}

/// Column, unit and meaning of every CSV file, in lines of at most 80 columns. It comes from the
/// very tables that the files are written by.
pub fn dictionary() -> String {
    let mut text = String::from("Every CSV file of results begins with\n\n");
    text.push_str(&section(&LEAD));
    for (file, columns) in all() {
        text.push_str(&format!("\n{file}\n{}", section(columns)));
    }
    text.push_str("\nSheets that people write begin at once:\n");
    for (file, columns) in BY_PEOPLE {
        let columns = columns.iter().map(|(name, meaning)| (*name, "", *meaning));
        text.push_str(&format!("\n{file}\n{}", section(&columns.collect::<Vec<_>>())));
    }
    text.push_str(
        "\ntext is words; all but text, date and the times are numbers, with a point before\n\
         decimals and nothing between thousands. A date is as somebody wrote it. time is\n\
         RFC 3339 with the offset of the scenario's zone; local time is the same moment\n\
         as spreadsheets read it. Blank is unknown or not part of it, never 0. In names\n\
         of columns, words in capitals stand for names of the scenario, which become\n\
         lower-case letters, digits and underscores: < is lt, <= le, % pct.\n",
    );
    text
}

/// The columns of one file: names, units and meanings below each other.
fn section(columns: &[Column]) -> String {
    let widest = |of: fn(&Column) -> usize| columns.iter().map(of).max().unwrap_or(0) + 2;
    let widths = (widest(|(name, ..)| name.len()), widest(|column| unit(column).len()));
    columns.iter().map(|column| lines(column, widths)).collect()
}

/// What its cells are.
fn unit(column: &Column) -> &'static str {
    if column.1.is_empty() { "text" } else { column.1 }
}

/// One column, its meaning below itself where it is long.
fn lines(column: &Column, (name, of): (usize, usize)) -> String {
    let mut text = format!("  {:<name$}{:<of$}", column.0, unit(column));
    let margin = (2 + name + of).min(NARROW);
    let mut used = text.len();
    for word in column.2.split(' ') {
        if used + word.chars().count() > WIDTH {
            text.truncate(text.trim_end().len());
            text.push_str(&format!("\n{:margin$}", ""));
            used = margin;
        }
        text.push_str(word);
        text.push(' ');
        used += word.chars().count() + 1;
    }
    text.truncate(text.trim_end().len());
    text + "\n"
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
        let text = dictionary();
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH && !line.ends_with(' '), "{line:?}");
        }
        assert!(text.contains("  total_s             s           whole attempt"), "{text}");
    }
}
