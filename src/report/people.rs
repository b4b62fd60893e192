//! `people.csv`: who was asked, how, and what came back.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::journal::Event;

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 12] = [
    ("incident", "number", "number of the incident; blank for the launch"),
    ("person", "", "who was asked"),
    ("role", "", "as which role"),
    ("question", "", "what was asked"),
    ("asked_at", "time", "when"),
    ("asked_local", "local time", "the same as spreadsheets read it"),
    ("channel", "", "by which channel; blank for whoever has the incident"),
    ("answered_at", "time", "when the answer came; blank if none"),
    ("answered_local", "local time", "the same"),
    ("reply", "", "the answer"),
    ("came", "", "in-time, or too-late: after somebody else's, or after the ladder moved on"),
    ("evidence", "", "simulated or measured"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let entries = context.story.entries();
    let mut rows = Rows::new();
    let mut asked: Vec<(u32, usize)> = Vec::new();
    for entry in entries {
        match &entry.event {
            Event::Ask { ask, incident, person, role, channel, question, .. } => {
                asked.push((*ask, rows.len()));
                rows.push(vec![
                    Cell::from(*incident),
                    Cell::from(person),
                    Cell::from(role),
                    Cell::from(question),
                    context.moment(entry.at),
                    context.local(entry.at),
                    Cell::from(channel),
                    Cell::Blank,
                    Cell::Blank,
                    Cell::Blank,
                    Cell::Blank,
                    Cell::from(context.evidence().word()),
                ]);
            }
            Event::Answer {
                ask,
                incident,
                person,
                role,
                channel,
                question,
                reply,
                late,
                evidence,
                ..
            } => {
                let position = asked.iter().rev().find(|(id, _)| id == ask);
                let row = match position {
                    Some((_, row)) => *row,
                    // Who wrote down the answer may not have written down the question.
                    None => {
                        let mut row = vec![Cell::Blank; COLUMNS.len()];
                        row[0] = Cell::from(*incident);
                        (row[1], row[2]) = (Cell::from(person), Cell::from(role));
                        (row[3], row[6]) = (Cell::from(question), Cell::from(channel));
                        rows.push(row);
                        rows.len() - 1
                    }
                };
                let row = &mut rows[row];
                row[7] = context.moment(entry.at);
                row[8] = context.local(entry.at);
                row[9] = Cell::from(reply);
                row[10] = Cell::from(if *late { "too-late" } else { "in-time" });
                row[11] = Cell::from(evidence.word());
            }
            _ => {}
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn answers_stand_beside_their_questions() {
        let table = fixture_table("people.csv");
        assert_eq!(table.len(), 5);
        let cells = |row: usize| {
            ["person", "channel", "asked_at", "answered_at", "reply", "came"]
                .map(|column| table[row][column].clone())
        };
        let day = |time: &str| format!("2018-11-07T{time}-05:00");
        let late = ["wyatt", "email", &day("18:07:40"), &day("18:15:00"), "yes", "too-late"];
        assert_eq!(cells(0), late);
        let slack = ["wyatt", "slack", &day("18:09:40"), &day("18:10:30"), "yes", "in-time"];
        assert_eq!(cells(1), slack);
    }
}
