//! Counts of distinct users by category, dated: what a go/no-go criterion is held against.

use crate::decision::{MeasuredQuantity, UserCount};
use crate::language::files::read_neighbour_file;
use crate::language::problem::quoted;
use crate::language::written::Placed;
use crate::names::{Dimension, Segment};
use crate::scenario::resolver::Resolver;
use crate::traffic::{Coverage, TrafficPlan};
use jiff::civil::Date;
use std::collections::HashMap;

/// One row of the file.
#[derive(Debug, Clone, PartialEq)]
struct CountRow {
    date: Date,
    /// `None`: all categories together.
    categories: [Option<u8>; 4],
    users: u64,
}

const COLUMNS: [&str; 6] = ["date", "browser", "login", "account", "tool", "users"];
/// The most rows of a file of counts.
const MOST_ROWS: usize = 100_000;

impl Resolver<'_> {
    /// What a file of counts says of a requirement, at its latest date.
    pub fn counted(
        &mut self,
        from: &Placed<String>,
        measured: &MeasuredQuantity,
        traffic: Option<&TrafficPlan>,
    ) -> Option<UserCount> {
        let text = read_neighbour_file(self.problems, from)?;
        let found = self.rows(&text).and_then(|rows| {
            let latest = rows.iter().map(|row| row.date).max().ok_or("it has no rows")?;
            let rows: Vec<CountRow> = rows.into_iter().filter(|row| row.date == latest).collect();
            let (observed, bound) = match measured {
                MeasuredQuantity::Users => (users(&rows)?, false),
                MeasuredQuantity::Coverage(dimensions) => coverage(&rows, dimensions, traffic)?,
                MeasuredQuantity::Headroom => {
                    return Err("it counts users, not capacity".to_string());
                }
            };
            Ok(UserCount { observed, bound, source: from.value.clone(), as_of: latest.to_string() })
        });
        found
            .map_err(|why| {
                let message = format!("{} cannot be used: {why}", quoted(&from.value));
                let hint = "a CSV file: date,browser,login,account,tool,users; an empty cell is \
                            all of them together";
                self.error(from.place, message, hint);
            })
            .ok()
    }

    fn rows(&self, text: &str) -> Result<Vec<CountRow>, String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let head = reader.headers().map_err(|error| error.to_string())?.clone();
        let column = |name: &str| head.iter().position(|title| title == name);
        if let Some(odd) = head.iter().find(|title| !COLUMNS.contains(title)) {
            return Err(format!("its column {} is not one of {}", quoted(odd), COLUMNS.join(", ")));
        }
        let (Some(date), Some(users)) = (column("date"), column("users")) else {
            return Err("it needs the columns date and users".to_string());
        };
        let mut rows: Vec<CountRow> = Vec::new();
        let mut lines = HashMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |index: usize| record.get(index).unwrap_or_default();
            let wrong = |what: &str, text: &str| format!("line {line}: {} is {what}", quoted(text));
            let mut categories = [None; 4];
            for (dimension, category) in Dimension::ALL.into_iter().zip(&mut categories) {
                let text = column(dimension.word()).map_or("", cell);
                let known = &self.names.categories[dimension as usize];
                *category = match known.get_index_of(text) {
                    Some(index) => Some(index as u8),
                    None if text.is_empty() => None,
                    None => return Err(wrong(&format!("not a {}", dimension.word()), text)),
                };
            }
            let row = CountRow {
                date: cell(date)
                    .parse()
                    .map_err(|_| wrong("not a date: 2018-11-04", cell(date)))?,
                categories,
                users: cell(users).parse().map_err(|_| wrong("not a number", cell(users)))?,
            };
            if let Some(other) = lines.insert((row.date, row.categories), line) {
                return Err(format!("line {line} counts the same as line {other}"));
            }
            if rows.len() >= MOST_ROWS {
                return Err("it has more than 100,000 rows".to_string());
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

/// All users: nobody may be counted twice, so only a row of all categories together tells.
fn users(rows: &[CountRow]) -> Result<f64, String> {
    let all = rows.iter().find(|row| row.categories == [None; 4]);
    let none = "it has no row of all users at its latest date (users of several tools would count \
                twice in a sum): leave browser, login, account and tool empty in one row";
    all.map(|row| row.users as f64).ok_or_else(|| none.to_string())
}

/// The share of the expected mix that has been seen; `true`: at most that, because the counts are
/// of single categories.
fn coverage(
    rows: &[CountRow],
    dimensions: &[Dimension],
    traffic: Option<&TrafficPlan>,
) -> Result<(f64, bool), String> {
    let traffic = traffic.ok_or("the traffic of the scenario is not known")?;
    let seen = |wanted: &[Dimension]| {
        let told = |row: &&CountRow| {
            row.users > 0 && wanted.iter().all(|d| row.categories[*d as usize].is_some())
        };
        let segment = |row: &CountRow| Segment(row.categories.map(Option::unwrap_or_default));
        let segments: Vec<Segment> = rows.iter().filter(told).map(segment).collect();
        if segments.is_empty() {
            return None;
        }
        let mut coverage = Coverage::new(&traffic.mixes, &traffic.tools);
        segments.into_iter().for_each(|segment| coverage.note_visit(segment));
        Some(coverage.share(wanted))
    };
    if let Some(share) = seen(dimensions) {
        return Ok((share, false));
    }
    let mut most = 1.0f64;
    for dimension in dimensions {
        let word = dimension.word();
        let share = seen(&[*dimension]).ok_or_else(|| format!("no row counts by {word}"))?;
        most = most.min(share);
    }
    Ok((most, true))
}
