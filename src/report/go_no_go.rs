//! `go_no_go.csv`: criteria as met, failed or open, the poll and the decision.

use super::book::{Book, Cell};
use super::files::Rows;
use crate::journal::{CriterionEntry, Event, Story};

#[rustfmt::skip]
pub(crate) const COLUMNS: [&str; 14] = [
    "row", "criterion", "required", "observed", "unit", "margin", "status", "evidence", "source",
    "as_of", "owner", "caveat", "decided_by", "decided_at",
];

pub(crate) fn rows(book: &Book) -> Rows {
    criteria(book.story).map(row).collect()
}

/// The rows of the list, the poll and the decision.
pub(crate) fn criteria(story: &Story) -> impl Iterator<Item = &CriterionEntry> {
    story.entries().iter().filter_map(|entry| match &entry.event {
        Event::Criterion(criterion) => Some(criterion.as_ref()),
        _ => None,
    })
}

fn row(criterion: &CriterionEntry) -> Vec<Cell> {
    vec![
        Cell::from(&criterion.row),
        Cell::from(&criterion.criterion),
        Cell::from(&criterion.required),
        Cell::number(criterion.observed, 6),
        Cell::from(&criterion.unit),
        Cell::number(criterion.margin, 6),
        Cell::from(&criterion.status),
        Cell::from(&criterion.evidence),
        Cell::from(&criterion.source),
        Cell::from(&criterion.as_of),
        Cell::from(&criterion.owner),
        Cell::from(&criterion.caveat),
        Cell::from(&criterion.decided_by),
        Cell::from(&criterion.decided_at),
    ]
}
