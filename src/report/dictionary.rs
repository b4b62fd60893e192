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

/// The widest line.
const WIDTH: usize = 80;
/// The columns before the meaning: two spaces, the name, the unit.
const NAME: usize = 17;
const UNIT: usize = 11;

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

/// Column, unit and meaning of every CSV file, in lines of at most 80 columns. It comes from the
/// very tables that the files are written by.
pub fn dictionary() -> String {
    let mut text = String::from("Every CSV file begins with\n\n");
    LEAD.iter().for_each(|column| text.push_str(&lines(column)));
    let beside = judge_tables().chain([(TUNE_FILE, &tune::COLUMNS[..])]).chain(BESIDE);
    for (file, columns) in tables().chain(beside) {
        text.push_str(&format!("\n{file}\n"));
        columns.iter().for_each(|column| text.push_str(&lines(column)));
    }
    text.push_str(
        "\ntime is RFC 3339 with the offset of the scenario's zone; local time is the same\n\
         moment as spreadsheets read it. Blank is unknown or not part of it, never 0.\n",
    );
    text
}

/// One column, its meaning below itself where it is long.
fn lines((name, unit, meaning): &Column) -> String {
    let mut text = format!("  {name:<NAME$}{unit:<UNIT$}");
    let margin = 2 + NAME + UNIT;
    let mut used = text.len();
    for word in meaning.split(' ') {
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
        let all = tables().chain(BESIDE).flat_map(|(_, columns)| columns);
        for (name, unit, meaning) in all.chain(&LEAD) {
            assert!(meaning.len() > 1, "{name} has no meaning");
            let ending = |end: &str, of: &str| name.ends_with(end) && *unit != of;
            assert!(!ending("_s", "s") && !ending("_ms", "ms") && !ending("_pct", "%"), "{name}");
        }
    }

    #[test]
    fn every_moment_has_its_local_twin() {
        for (file, columns) in tables().chain(judge_tables()) {
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
        assert!(text.contains("  total_s          s          whole attempt"), "{text}");
    }
}
