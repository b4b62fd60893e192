//! `segments.csv`: which users were affected and how, and the time they lost.

use super::context::{Cell, ReportContext, significant};
use super::sheet::{ColumnDoc, Rows};
use crate::site::UsersAffected;
use crate::units::Span;

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 8] = [
    ("segment_kind", "", "browser, login, account or tool; all: every user"),
    ("segment", "", "which of them"),
    ("users_affected", "users", "the sum of the four columns that follow"),
    ("failed", "users", "got an error or were refused; everybody is in their worst column alone"),
    ("given_up", "users", "gave up waiting"),
    ("page", "users", "were met by a maintenance page"),
    ("slow", "users", "got their answers, some of them late"),
    ("lost_min", "min", "time that they lost, together"),
];

/// Everybody first, then every segment.
pub(crate) fn rows(context: &ReportContext) -> Rows {
    let Some(totals) = context.story.totals().filter(|_| context.has_readings()) else {
        return Rows::new();
    };
    let all = row("all", "all", totals.site.affected, totals.site.lost);
    let of_segment = totals
        .segments
        .iter()
        .map(|segment| row(segment.kind.word(), &segment.name, segment.affected, segment.lost));
    std::iter::once(all).chain(of_segment).collect()
}

fn row(kind: &str, name: &str, affected: UsersAffected, lost: Span) -> Vec<Cell> {
    vec![
        Cell::from(kind),
        Cell::from(name),
        Cell::from(affected.total()),
        Cell::from(affected.failed),
        Cell::from(affected.given_up),
        Cell::from(affected.page),
        Cell::from(affected.slow),
        Cell::Number(significant(lost.seconds() / 60.0, 6)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn the_columns_of_every_segment_add_up() {
        let table = fixture_table("segments.csv");
        assert_eq!(table.len(), 2);
        for row in &table {
            let number = |column: &str| row[column].parse::<u64>().expect("a number");
            let sum: u64 = ["failed", "given_up", "page", "slow"].map(number).iter().sum();
            assert_eq!(sum, number("users_affected"));
        }
        let ie11 = ["segment_kind", "segment", "failed", "lost_min"].map(|c| &table[1][c]);
        assert_eq!(ie11, ["browser", "ie11", "1288", "6187"]);
    }
}
