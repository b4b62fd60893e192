//! The log: one row for each incident, with the moments that are known of it.

use crate::observed::{self, RowCells, SheetProblem};
use jiff::civil::DateTime;
use jiff::{Timestamp, Zoned};

/// The columns of a log, with what each holds.
pub const COLUMNS: [(&str, &str); 8] = [
    ("incident", "its name"),
    ("began", "when it began: 2020-08-25 10:05, RFC 3339, or a time such as 25m after any zero"),
    ("noticed", "when somebody was told or saw it"),
    ("declared", "when it was called an incident"),
    ("diagnosed", "when the repair was chosen"),
    ("decided", "when somebody said yes to it"),
    ("deployed", "when the change that helped was in effect"),
    ("over", "when it was over; `>` before any time: not yet at that time"),
];

/// No log has more rows than that; it is far more than anybody can write down.
const MOST: usize = 100_000;

/// An incident of the past. Moments in seconds from a zero of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PastIncident {
    /// Its name.
    pub name: String,
    /// In the order of [`COLUMNS`], without the name.
    pub moments: [Option<PastMoment>; 7],
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PastMoment {
    /// Seconds.
    pub at: f64,
    /// It had not happened by then, and nobody wrote down when it did.
    pub not_yet: bool,
}

/// Which moments cannot come before which: by position in [`PastIncident::moments`]. A declaration
/// may come late, even after all is over: nobody was told to wait for it.
const ORDER: [(usize, usize); 11] =
    [(0, 1), (0, 2), (0, 6), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (3, 4), (4, 5), (5, 6)];

/// What happened at each moment, in words.
const HAPPENED: [&str; 7] = [
    "began",
    "was noticed",
    "was declared",
    "was diagnosed",
    "was decided",
    "was deployed",
    "was over",
];

/// Reads a log; all that is wrong with it comes back at once.
pub fn read(bytes: &[u8]) -> Result<Vec<PastIncident>, Vec<SheetProblem>> {
    let rows = observed::table(bytes, &COLUMNS, &["incident"])?;
    if rows.len() > MOST {
        let message = format!("there are {} rows, the maximum is {MOST}", rows.len());
        return Err(vec![
            SheetProblem::error(rows[0].number, message).hint("leave the oldest out"),
        ]);
    }
    let mut problems = Vec::new();
    let incidents = rows.iter().filter_map(|row| incident(row, &mut problems)).collect();
    if problems.is_empty() { Ok(incidents) } else { Err(problems) }
}

/// A moment as written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum WrittenMoment {
    After(f64),
    Local(DateTime),
    Instant(Timestamp),
}

fn incident(row: &RowCells, problems: &mut Vec<SheetProblem>) -> Option<PastIncident> {
    let before = problems.len();
    let name = row.cells[0].trim().to_string();
    let mut written: [Option<(WrittenMoment, bool)>; 7] = [None; 7];
    for (position, cell) in row.cells[1..].iter().enumerate() {
        let column = COLUMNS[position + 1].0;
        match moment(cell.trim()) {
            Ok(moment) => written[position] = moment,
            Err((message, hint)) => {
                problems.push(SheetProblem::error(row.number, message).column(column).hint(hint));
            }
        }
    }
    if problems.len() > before {
        return None;
    }
    let known = written.iter().flatten();
    let kind = |moment: &WrittenMoment| std::mem::discriminant(moment);
    let kinds: Vec<_> = known.map(|(moment, _)| kind(moment)).collect();
    if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
        let message = format!("`{name}` mixes times of different kinds");
        let hint = "write all times of a row alike: all with a zone, all without, or all as 25m";
        problems.push(SheetProblem::error(row.number, message).hint(hint));
        return None;
    }
    let seconds =
        |(moment, not_yet): (WrittenMoment, bool)| PastMoment { at: seconds(moment), not_yet };
    let moments = written.map(|moment| moment.map(seconds));
    for (first, then) in ORDER {
        let (Some(cause), Some(after)) = (moments[first], moments[then]) else { continue };
        if after.at < cause.at && !after.not_yet && !cause.not_yet {
            let message = format!("`{name}` {} before it {}", HAPPENED[then], HAPPENED[first]);
            let hint = "check the date, the zone and whether midnight lies between them";
            let column = COLUMNS[then + 1].0;
            problems.push(SheetProblem::error(row.number, message).column(column).hint(hint));
        }
    }
    (problems.len() == before).then_some(PastIncident { name, moments })
}

fn seconds(moment: WrittenMoment) -> f64 {
    match moment {
        WrittenMoment::After(seconds) => seconds,
        WrittenMoment::Instant(at) => at.as_second() as f64,
        // The clock of one place; a night on which it is put forward is an hour off.
        WrittenMoment::Local(at) => {
            let day = i64::from(jiff::civil::Date::new(1970, 1, 1).map_or(0, |first| {
                at.date().since((jiff::Unit::Day, first)).map_or(0, |span| span.get_days())
            }));
            let time = i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60;
            (day * 86_400 + time + i64::from(at.second())) as f64
        }
    }
}

type RowError = (String, &'static str);

/// A cell; blank: nobody knows.
fn moment(text: &str) -> Result<Option<(WrittenMoment, bool)>, RowError> {
    let (text, not_yet) = match text.strip_prefix('>') {
        Some(rest) => (rest.trim(), true),
        None => (text, false),
    };
    if text.is_empty() && !not_yet {
        return Ok(None);
    }
    let hint = "write 2020-08-25 10:05, 2020-08-25T10:05+01:00, or a time such as 25m";
    if text.parse::<f64>().is_ok() {
        return Err((format!("`{text}` has no unit"), "write 25m, 2h or 90s"));
    }
    if let Ok(after) = humantime::parse_duration(text) {
        return Ok(Some((WrittenMoment::After(after.as_secs_f64()), not_yet)));
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(Some((WrittenMoment::Instant(zoned.timestamp()), not_yet)));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(Some((WrittenMoment::Instant(instant), not_yet)));
    }
    match text.parse::<DateTime>() {
        Ok(local) if text.contains(':') => Ok(Some((WrittenMoment::Local(local), not_yet))),
        Ok(_) => Err((format!("`{text}` is a date without a time"), hint)),
        Err(_) => Err((format!("`{text}` is not a time"), hint)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "incident,began,noticed,declared,decided,deployed,over\n";

    fn at(rows: &str, column: usize) -> Vec<Option<f64>> {
        let log = read(format!("{HEAD}{rows}").as_bytes()).expect("a log");
        log.iter().map(|one| one.moments[column].map(|moment| moment.at)).collect()
    }

    #[test]
    fn times_of_every_kind() {
        let rows = "a,0m,5m,,,,2h\nb,2020-08-25 10:00,2020-08-25 10:05,,,,2020-08-26 00:00\n\
                    c,2020-08-25T10:00+01:00,2020-08-25T09:05Z,,,,2020-08-25T12:00+02:00\n";
        let (began, noticed) = (at(rows, 0), at(rows, 1));
        for (began, noticed) in began.into_iter().zip(noticed) {
            assert_eq!(noticed.zip(began).map(|(noticed, began)| noticed - began), Some(300.0));
        }
    }

    #[test]
    fn what_is_wrong_with_a_log() {
        let error = |row: &str| {
            let problems = read(format!("{HEAD}{row}\n").as_bytes()).expect_err(row);
            problems.iter().map(|problem| problem.to_string()).collect::<Vec<_>>().join("; ")
        };
        for (row, words) in [
            ("a,10m,5m,,,,", "`a` was noticed before it began"),
            ("a,0m,5m,,30m,20m,", "`a` was deployed before it was decided"),
            ("a,0m,25,,,,", "`25` has no unit"),
            ("a,0m,soon,,,,", "`soon` is not a time"),
            ("a,0m,2020-08-25,,,,", "`2020-08-25` is a date without a time"),
            ("a,0m,2020-08-25 10:00,,,,", "`a` mixes times of different kinds"),
            ("a,2020-08-25 10:00,2020-08-25T10:05Z,,,,", "mixes times of different kinds"),
        ] {
            assert!(error(row).contains(words), "{row}: {}", error(row));
        }
        assert!(read(b"when,what\n1,2\n").is_err(), "no column `incident`");
    }

    #[test]
    fn a_late_declaration_is_no_slip() {
        let log = read(format!("{HEAD}a,,0m,48m,,38m,>3h\n").as_bytes()).expect("it happens");
        assert_eq!(log[0].moments[6], Some(PastMoment { at: 10_800.0, not_yet: true }));
    }
}
