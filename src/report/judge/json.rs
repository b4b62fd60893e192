//! A judgement as one JSON document: the tables' rows as objects, blank cells as `null`.

use super::tables::{JUDGE_FILES, TABLES, judge_id, write_judge};
use crate::judge::{Judgement, Subject};
use crate::report::book::Cell;
use crate::report::sheet::Memory;
use serde_json::{Map, Value, json};

/// The whole judgement. Numbers are numbers, times are RFC 3339. `source` says in a few words where
/// the readings come from. It ends in a newline.
pub fn judge_json(subject: &Subject, judgement: &Judgement, source: &str) -> String {
    let moment = |time| subject.calendar.rfc3339(time);
    let mut document = json!({
        "id": judge_id(subject, judgement),
        "scenario": subject.scenario,
        "source": source,
        "from": judgement.seen.map(|(from, _)| moment(from)),
        "to": judgement.seen.map(|(_, to)| moment(to)),
        "readings": judgement.readings,
        "missing": judgement.missing,
        "fired": judgement.fired(),
        "judgeable": judgement.judged_anything(),
        "notes": subject.notes,
    });
    for table in TABLES {
        let name = |column: usize| table.columns[column].0.to_string();
        let object = |row: Vec<Cell>| {
            let cells = row.into_iter().enumerate();
            let cells = cells.map(|(column, cell)| (name(column), value(cell)));
            Value::Object(cells.collect::<Map<String, Value>>())
        };
        let rows = (table.rows)(subject, judgement).into_iter().map(object);
        document[table.key] = rows.collect();
    }
    serde_json::to_string_pretty(&document).expect("plain data") + "\n"
}

/// Every move of every rule as CSV: the text of `judge.csv`.
pub fn judge_csv(subject: &Subject, judgement: &Judgement) -> String {
    let memory = Memory::default();
    let to = Box::new(memory.clone());
    write_judge(subject, judgement, JUDGE_FILES[0], to).expect("memory");
    let bytes = memory.0.borrow().clone();
    String::from_utf8(bytes).expect("text was written")
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Blank => Value::Null,
        Cell::Text(text) => Value::String(text),
        Cell::Number(number) => serde_json::from_str(&number).unwrap_or(Value::String(number)),
    }
}
