//! The launch window as a table.

use super::{WindowReport, word};
use crate::measure::estimate::Estimate;
use crate::report::campaign::names;
use crate::report::context::Cell;
use crate::report::sheet::{ColumnDoc, CsvSheet};
use crate::window::LaunchHour;
use std::io::{self, Write};

/// The file of [`write_window`].
pub const WINDOWS_FILE: &str = "windows.csv";

#[rustfmt::skip]
pub(in crate::report) const COLUMNS: [ColumnDoc; 15] = [
    ("step", "", "the step of the launch"),
    ("starts_at", "time", "the half hour at which it begins"),
    ("starts_at_local", "local time", "the same by the scenario's clock"),
    ("closes_at", "time", "when service must be healthy"),
    ("closes_at_local", "local time", "the same by the scenario's clock"),
    ("stands", "", "good, no worse, unsure, worse, frozen, nobody on duty, unfinished, not played"),
    ("runs", "number", "runs of this half hour; blank: none"),
    ("well", "number", "runs that end with service healthy, any outage having been noticed"),
    ("wanted_pct", "%", "the share of runs that must go well"),
    ("affected", "users", "users affected in a run, the mean"),
    ("affected_low", "users", "lower end of its 95% interval"),
    ("affected_high", "users", "upper end"),
    ("on_duty", "number", "people with a name who are on duty then"),
    ("lost_by", "", "why most of the other runs were lost"),
    ("lost_by_runs", "runs", "how many of them were"),
];

/// Writes one row for every half hour.
pub fn write_window(told: &WindowReport, to: Box<dyn Write>) -> io::Result<()> {
    let header = told.header;
    let lead = [
        Cell::from(&header.run_id),
        Cell::from(&header.scenario),
        Cell::from(header.mode.word()),
        Cell::Blank,
    ];
    let mut sheet = CsvSheet::with_lead(to, lead, &names(&COLUMNS))?;
    for hour in &told.window.hours {
        sheet.row(&row(told, hour))?;
    }
    sheet.finish()
}

fn row(told: &WindowReport, hour: &LaunchHour) -> Vec<Cell> {
    let window = told.window;
    let moment = |at: &jiff::Zoned| {
        ["%FT%T%:z", "%F %T"].map(|format| Cell::from(&at.strftime(format).to_string()))
    };
    let played = hour.played.as_ref();
    let why = played.and_then(|played| played.why.as_ref());
    let mut cells = vec![Cell::from(&window.step)];
    cells.extend(moment(&hour.at));
    cells.extend(moment(&window.close));
    cells.push(Cell::from(word(window, hour)));
    cells.push(Cell::from(played.map(|played| played.runs)));
    cells.push(Cell::from(played.map(|played| played.well)));
    cells.push(Cell::number(Some(window.wanted.0 * 100.0), 6));
    cells.extend(whole_users(played.and_then(|played| played.users)));
    cells.push(Cell::from(hour.on_duty as u64));
    cells.push(why.map_or(Cell::Blank, |(why, _)| Cell::from(why)));
    cells.push(Cell::from(why.map(|(_, runs)| *runs)));
    cells
}

/// Users, whole, and their interval, no narrower and not below none.
fn whole_users(users: Option<Estimate>) -> [Cell; 3] {
    let whole = |value: Option<f64>| value.map(|value| value.max(0.0) as u64);
    let low = users.and_then(|users| users.low).map(f64::floor);
    let high = users.and_then(|users| users.high).map(f64::ceil);
    [users.map(|users| users.value.round()), low, high].map(|value| Cell::from(whole(value)))
}
