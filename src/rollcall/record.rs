//! The record of a roll call: one row for everybody who was called.

use crate::observed::{self, RowCells, SheetProblem};
use crate::units::Span;
use std::io;

/// The columns of a record, with what each holds.
pub const COLUMNS: [(&str, &str); 5] = [
    ("channel", "by which channel they were called"),
    ("person", "who was called"),
    ("asked", "when: 17:42:10 or RFC 3339; may be blank if `after` is given"),
    ("answered", "when they answered; blank: not at all"),
    ("after", "or how long it took: 45s, 2m 10s, or a number of seconds"),
];

/// An answer that took longer than this belongs to another day.
const LONGEST: Span = Span::from_secs(86_400);

/// Somebody was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// By which channel.
    pub channel: String,
    /// Who.
    pub person: String,
    /// When, as written; may be blank.
    pub asked: String,
    /// When they answered, as written; blank if they did not, or only how long it took is known.
    pub answered: String,
    /// How long it took; `None`: there was no answer.
    pub after: Option<Span>,
}

/// What names may be used; empty where any may.
#[derive(Debug, Clone, Copy, Default)]
pub struct RollCallNames<'a> {
    /// The people of the scenario.
    pub people: &'a [&'a str],
    /// Its channels.
    pub channels: &'a [&'a str],
}

/// Reads a record; all that is wrong with it comes back at once. With people and channels of a
/// scenario, only those may be called.
pub fn read(
    bytes: &[u8],
    people: &[&str],
    channels: &[&str],
) -> Result<Vec<CallRecord>, Vec<SheetProblem>> {
    let rows = observed::table(bytes, &COLUMNS, &["channel", "person"])?;
    let known = RollCallNames { people, channels };
    let mut problems = Vec::new();
    let calls: Vec<CallRecord> =
        rows.iter().filter_map(|row| call(row, known, &mut problems)).collect();
    if problems.is_empty() { Ok(calls) } else { Err(problems) }
}

fn call(
    row: &RowCells,
    known: RollCallNames,
    problems: &mut Vec<SheetProblem>,
) -> Option<CallRecord> {
    let [channel, person, asked, answered, after] = &row.cells[..] else {
        unreachable!("five columns")
    };
    let before = problems.len();
    let mut look = |column: &'static str, text: &str, names: &[&str]| {
        let text = text.trim();
        if text.is_empty() {
            let problem = SheetProblem::error(row.number, format!("the row names no {column}"));
            problems.push(problem.column(column).hint("write one, or leave the row out"));
            return String::new();
        }
        if names.is_empty() {
            return text.to_string();
        }
        observed::name(text, names).unwrap_or_else(|hint| {
            let message = format!("`{text}` is not a {column} of the scenario");
            problems.push(SheetProblem::error(row.number, message).column(column).hint(hint));
            String::new()
        })
    };
    let channel = look("channel", channel, known.channels);
    let person = look("person", person, known.people);
    let took = answer_time(asked.trim(), answered.trim(), after.trim());
    let after = took.unwrap_or_else(|(column, message, hint)| {
        problems.push(SheetProblem::error(row.number, message).column(column).hint(hint));
        None
    });
    let (asked, answered) = (asked.trim().to_string(), answered.trim().to_string());
    (problems.len() == before).then_some(CallRecord { channel, person, asked, answered, after })
}

type RowError = (&'static str, String, String);

/// How long an answer took; `None` if there was none.
fn answer_time(asked: &str, answered: &str, after: &str) -> Result<Option<Span>, RowError> {
    let span = match (answered.is_empty(), after.is_empty()) {
        (true, true) => return Ok(None),
        (_, false) => duration(after).ok_or_else(|| {
            let message = format!("`{after}` is not a duration");
            ("after", message, "write 45s, 2m 10s, or a number of seconds".to_string())
        })?,
        (false, true) => observed::between(asked, answered).map_err(|hint| {
            let message = format!("from `{asked}` to `{answered}` is not a duration");
            ("answered", message, hint)
        })?,
    };
    if span > LONGEST {
        let message = format!("an answer after {span} is not an answer to this call");
        return Err(("answered", message, "leave the cell blank for no answer".to_string()));
    }
    Ok(Some(span))
}

/// `45s`, `2m 10s`, `130`, `130.5`.
fn duration(text: &str) -> Option<Span> {
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then(|| Span::from_seconds(seconds));
    }
    text.parse::<Span>().ok()
}

/// Writes a record, so that [`read`] reads it again.
pub fn write(calls: &[CallRecord], to: impl io::Write) -> io::Result<()> {
    let mut to = csv::Writer::from_writer(to);
    to.write_record(COLUMNS.map(|(name, _)| name))?;
    for call in calls {
        let after = call.after.map_or(String::new(), |after| format!("{:.1}", after.seconds()));
        let cells = [&call.channel, &call.person, &call.asked, &call.answered, &after];
        to.write_record(cells)?;
    }
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_in_many_hands() {
        let sheet = "channel,person,asked,answered,after\n\
                     slack,james,17:42:10,17:43:00,\n\
                     slack,wyatt,17:42:10,,\n\
                     phone,ed,,,2m 10s\n\
                     phone,chris,,,45\n";
        let seconds = |sheet: &str| {
            let calls = read(sheet.as_bytes(), &[], &[]).expect("a record");
            calls.iter().map(|c| c.after.map(Span::seconds)).collect::<Vec<_>>()
        };
        let expected = [Some(50.0), None, Some(130.0), Some(45.0)];
        assert_eq!(seconds(sheet), expected);
        assert_eq!(seconds(&format!("\u{feff}{}", sheet.replace(',', ";"))), expected);
        let mut written = Vec::new();
        let calls = read(sheet.as_bytes(), &[], &[]).expect("a record");
        write(&calls, &mut written).expect("memory");
        assert_eq!(seconds(std::str::from_utf8(&written).expect("text")), expected);
    }

    #[test]
    fn slips_are_said_all_at_once() {
        let sheet = "channel,person,asked,answered,after\n\
                     slak,james,17:42,17:43,\n\
                     slack,jmaes,17:42,17:43,\n\
                     slack,,17:42,17:43,\n\
                     slack,james,soon,17:43,\n\
                     slack,james,,17:43,\n\
                     slack,james,17:42,,soon\n\
                     slack,james,,,-3\n\
                     slack,james,,,3d\n";
        let problems = read(sheet.as_bytes(), &["james"], &["slack"]).expect_err("all wrong");
        let said: Vec<String> = problems.iter().map(|p| format!("{p}; {}", p.hint)).collect();
        let expected = [
            "row 2, column channel: `slak` is not a channel of the scenario; did you mean `slack`?",
            "row 3, column person: `jmaes` is not a person of the scenario; did you mean `james`?",
            "row 4, column person: the row names no person",
            "row 5, column answered: from `soon` to `17:43`",
            "row 6, column answered: from `` to `17:43`",
            "row 7, column after: `soon` is not a duration",
            "row 8, column after: `-3` is not a duration",
            "row 9, column answered: an answer after 72h is not an answer",
        ];
        assert_eq!(said.len(), expected.len(), "{said:#?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.starts_with(expected), "{said} instead of {expected}");
        }
    }
}
