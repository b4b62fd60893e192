//! `go_no_go.csv`: criteria as met, failed or open, the poll and the decision.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::decision::JudgedRow;
use crate::journal::{Event, Story};

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 14] = [
    ("row", "", "criterion, poll or decision"),
    ("criterion", "", "name of the row"),
    ("required", "", "what it asks for"),
    ("observed", "of the row", "what was seen"),
    ("unit", "", "unit of observed and margin"),
    ("margin", "of the row", "observed minus required"),
    ("status", "", "met, failed or open"),
    ("evidence", "", "measured, simulated (a forecast) or attested"),
    ("source", "", "where it comes from"),
    ("as_of", "date", "how old the evidence is, as written"),
    ("owner", "", "who answers for it"),
    ("caveat", "", "what to keep in mind"),
    ("decided_by", "", "who decided"),
    ("decided_at", "date", "when, as written"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    criteria(context.story).map(row).collect()
}

/// The rows of the list, the poll and the decision.
pub(crate) fn criteria(story: &Story) -> impl Iterator<Item = &JudgedRow> {
    story.entries().iter().filter_map(|entry| match &entry.event {
        Event::Criterion(criterion) => Some(criterion.as_ref()),
        _ => None,
    })
}

fn row(criterion: &JudgedRow) -> Vec<Cell> {
    vec![
        Cell::from(criterion.row.word()),
        Cell::from(&criterion.criterion),
        Cell::from(&criterion.required),
        Cell::number(criterion.observed, 6),
        Cell::from(criterion.unit.word()),
        Cell::number(criterion.margin, 6),
        Cell::from(criterion.status.word()),
        Cell::from(criterion.evidence.word()),
        Cell::from(&criterion.source),
        Cell::from(&criterion.as_of),
        Cell::from(&criterion.owner),
        Cell::from(&criterion.caveat),
        Cell::from(&criterion.decided_by),
        Cell::from(&criterion.decided_at),
    ]
}
