//! `people.csv`: who was asked, how, and what came back.

use super::book::{Book, Cell};
use super::sheet::{Column, Rows};
use crate::journal::Event;

#[rustfmt::skip]
pub(crate) const COLUMNS: [Column; 8] = [
    ("person", "", "who was asked"),
    ("role", "", "as which role"),
    ("asked_at", "time", "when"),
    ("channel", "", "by which channel; blank for whoever has the incident"),
    ("answered_at", "time", "when the answer came; blank if none"),
    ("reply", "", "the answer"),
    ("late", "", "yes: after somebody else's, or after the ladder moved on"),
    ("evidence", "", "simulated or measured"),
];

pub(crate) fn rows(book: &Book) -> Rows {
    let entries = book.story.entries();
    let mut rows = Rows::new();
    let mut asked: Vec<(u32, usize)> = Vec::new();
    for entry in entries {
        match &entry.event {
            Event::Ask { ask, person, role, channel, .. } => {
                asked.push((*ask, rows.len()));
                rows.push(vec![
                    Cell::from(person),
                    Cell::from(role),
                    book.moment(entry.at),
                    Cell::from(channel),
                    Cell::Blank,
                    Cell::Blank,
                    Cell::Blank,
                    Cell::from(book.evidence().word()),
                ]);
            }
            Event::Answer { ask, person, role, channel, reply, late, evidence, .. } => {
                let position = asked.iter().rev().find(|(id, _)| id == ask);
                let row = match position {
                    Some((_, row)) => *row,
                    // Who wrote down the answer may not have written down the question.
                    None => {
                        let known = [Cell::from(person), Cell::from(role), Cell::Blank];
                        let rest = [Cell::from(channel), Cell::Blank, Cell::Blank, Cell::Blank];
                        rows.push(known.into_iter().chain(rest).chain([Cell::Blank]).collect());
                        rows.len() - 1
                    }
                };
                let row = &mut rows[row];
                row[4] = book.moment(entry.at);
                row[5] = Cell::from(reply);
                row[6] = Cell::from(if *late { "yes" } else { "no" });
                row[7] = Cell::from(evidence.word());
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
            ["person", "channel", "asked_at", "answered_at", "reply", "late"]
                .map(|column| table[row][column].clone())
        };
        let day = |time: &str| format!("2018-11-07T{time}-05:00");
        let late = ["wyatt", "email", &day("18:07:40"), &day("18:15:00"), "yes", "yes"];
        assert_eq!(cells(0), late);
        let slack = ["wyatt", "slack", &day("18:09:40"), &day("18:10:30"), "yes", "no"];
        assert_eq!(cells(1), slack);
    }
}
