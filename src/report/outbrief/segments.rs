//! Which segment of users was affected: bad requests, users by column and the time they lost.

use super::heat;
use super::series::SiteSeries;
use super::tables::{cell, table};
use crate::journal::SegmentRow;
use crate::names::{Dimension, ScopeKind};
use crate::report::context::{ReportContext, significant};
use crate::units::grouped;
use maud::{Markup, html};

/// What one segment had to bear.
struct SegmentImpact<'a> {
    kind: ScopeKind,
    name: &'a str,
    requests: u64,
    /// Failed, rejected or given up.
    bad: u64,
    /// Its users and their time; `None` where the journal has no last line.
    row: Option<&'a SegmentRow>,
}

impl SegmentImpact<'_> {
    fn minutes(&self) -> f64 {
        self.row.map_or(0.0, |row| row.lost.seconds() / 60.0)
    }
}

/// Every segment with requests, those that paid most first within each dimension.
fn segment_impacts<'a>(context: &ReportContext<'a>, series: &SiteSeries) -> Vec<SegmentImpact<'a>> {
    let rows = context.story.totals().map_or(&[][..], |totals| &totals.segments);
    let mut found = Vec::new();
    for dimension in Dimension::ALL.map(ScopeKind::from) {
        let scopes = context.header.scopes.iter().zip(&series.burden);
        let scopes =
            scopes.filter(|((kind, _), (requests, _))| *kind == dimension && *requests > 0);
        // Where all users are alike, the one segment is everybody.
        let several = scopes.clone().count() > 1;
        let scopes = scopes.filter(|_| several);
        let of_scope = scopes.map(|((kind, name), (requests, bad))| {
            let row = rows.iter().find(|row| row.kind == *kind && row.name == *name);
            SegmentImpact { kind: *kind, name, requests: *requests, bad: *bad, row }
        });
        let mut of_dimension: Vec<SegmentImpact> = of_scope.collect();
        let order =
            |paid: &SegmentImpact| std::cmp::Reverse((paid.row.map(|row| row.lost), paid.bad));
        of_dimension.sort_by_key(order);
        found.append(&mut of_dimension);
    }
    found
}

/// Who was affected when, and the table of all segments.
pub(super) fn section(context: &ReportContext, series: &SiteSeries) -> Markup {
    let paid = segment_impacts(context, series);
    let most = paid.iter().map(SegmentImpact::minutes).fold(0.0, f64::max);
    let row = |paid: &SegmentImpact| {
        let length = if most > 0.0 { paid.minutes() / most * 100.0 } else { 0.0 };
        let of_row =
            |value: &dyn Fn(&SegmentRow) -> String| paid.row.map_or("–".to_string(), value);
        let users = |count: fn(&SegmentRow) -> u64| of_row(&|row| grouped(count(row)));
        vec![
            cell(&format!("{} {}", paid.kind, paid.name)),
            html! { (grouped(paid.requests)) },
            html! { (significant(share(paid), 2)) "%" },
            html! { (users(|row| row.affected.failed)) },
            html! { (users(|row| row.affected.given_up)) },
            html! { (users(|row| row.affected.page)) },
            html! { (users(|row| row.affected.slow)) },
            html! { (users(|row| row.affected.total())) },
            html! { (of_row(&|_| grouped(paid.minutes().round() as u64))) },
            html! { span.meter aria-hidden="true" {
            span style={ "width:" (format!("{length:.1}")) "%" } {} } },
        ]
    };
    let rows: Vec<_> = paid.iter().map(row).collect();
    let columns = [
        "Segment",
        ">Requests",
        ">Bad",
        ">Failed",
        ">Given up",
        ">Page",
        ">Slow",
        ">Users affected",
        ">User-minutes lost",
        "Minutes beside the others",
    ];
    let caption = "Bad requests failed, were refused or given up. Users are counted once, in the \
                   column of the worst that happened to them, so that the columns add up. A \
                   user's minutes are lost from a bad request or a maintenance page until the \
                   next good answer, or until the visit would have been over. All of it is \
                   counted in the simulation; what was sent shortly before the end is in no \
                   reading.";
    html! {
        @if rows.is_empty() { p { "All users of this scenario are alike." } }
        @if let Some(heat) = heat::by_segment(context, series) { (heat) }
        @if !rows.is_empty() { details {
            summary { "All figures of the " (rows.len()) " segments as a table" }
            (table("Who was affected", caption, &columns, rows, "segments.csv"))
        } }
    }
}

/// The share of bad requests in percent.
fn share(paid: &SegmentImpact) -> f64 {
    paid.bad as f64 / paid.requests.max(1) as f64 * 100.0
}
