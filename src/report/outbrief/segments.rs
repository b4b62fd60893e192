//! Which segment of users paid: bad requests, and the time they cost, by what users differ in.

use super::series::Series;
use super::tables::{cell, table};
use super::words::grouped;
use crate::report::book::{Book, significant};
use crate::units::{Span, Spread};
use maud::{Markup, html};
use serde_json::Value;

/// The ways in which users differ.
const DIMENSIONS: [&str; 4] = ["browser", "login", "account", "tool"];

/// What one segment had to bear.
pub(super) struct Paid<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    pub requests: u64,
    /// Failed, rejected or given up.
    pub bad: u64,
    /// The time that they cost; `None` where the plan does not say how fast users go on.
    pub minutes: Option<f64>,
}

/// Every segment with requests, those that paid most first within each dimension.
pub(super) fn paid<'a>(book: &Book<'a>, series: &Series) -> Vec<Paid<'a>> {
    let mut found = Vec::new();
    for dimension in DIMENSIONS {
        let scopes = book.header.scopes.iter().zip(&series.burden);
        let scopes = scopes.filter(|((kind, _), (requests, _))| kind == dimension && *requests > 0);
        let of_scope = scopes.map(|((kind, name), (requests, bad))| {
            let pace = pace(book, (kind == "tool").then_some(name.as_str()));
            let minutes = pace.map(|minutes| minutes * *bad as f64);
            Paid { kind, name, requests: *requests, bad: *bad, minutes }
        });
        let mut of_dimension: Vec<Paid> = of_scope.collect();
        of_dimension.sort_by_key(|paid| std::cmp::Reverse(paid.bad));
        found.append(&mut of_dimension);
    }
    found
}

/// Minutes between two requests of a user of this tool, or of the mean user. A bad request costs
/// as much: the user comes back for the next one without what this one was for.
fn pace(book: &Book, tool: Option<&str>) -> Option<f64> {
    let plan = &book.header.plan;
    let names = plan.pointer("/names/categories/3")?.as_array()?;
    let tools = plan.pointer("/traffic/tools")?.as_array()?;
    let shares = plan.pointer("/traffic/mixes/tool")?.as_array()?;
    let (mut minutes, mut requests) = (0.0, 0.0);
    for ((name, plan), share) in names.iter().zip(tools).zip(shares) {
        if tool.is_some_and(|tool| name.as_str() != Some(tool)) {
            continue;
        }
        let weight = plan["requests"].as_f64()? * share.as_f64()?;
        minutes += weight * mean(&plan["think"])?.seconds() / 60.0;
        requests += weight;
    }
    Some(minutes / requests).filter(|minutes| minutes.is_finite())
}

/// The mean of a duration of the plan.
fn mean(spread: &Value) -> Option<Span> {
    let spread: Spread = serde_json::from_value(spread.clone()).ok()?;
    Some(spread.mean())
}

/// The table of all segments.
pub(super) fn section(book: &Book, series: &Series) -> Markup {
    let paid = paid(book, series);
    let most = paid.iter().map(share).fold(0.0, f64::max);
    let row = |paid: &Paid| {
        let share = share(paid);
        let length = if most > 0.0 { share / most * 100.0 } else { 0.0 };
        vec![
            cell(&format!("{} {}", paid.kind, paid.name)),
            html! { (grouped(paid.requests)) },
            html! { (grouped(paid.bad)) },
            html! { (significant(share, 2)) " %" },
            html! { span.meter aria-hidden="true" {
            span style={ "width:" (format!("{length:.1}")) "%" } {} } },
            html! { (paid.minutes.map_or("–".to_string(), about)) },
        ]
    };
    let rows: Vec<_> = paid.iter().map(row).collect();
    let columns = ["Segment", ">Requests", ">Bad", ">Share", "", ">User-minutes"];
    let columns = columns.map(|name| if name.is_empty() { "Beside the others" } else { name });
    let caption = "Bad requests failed, were rejected or given up. User-minutes are an estimate: \
                   each costs its user the time between two requests of the scenario.";
    html! {
        @if rows.is_empty() { p { "The readings do not tell segments apart." } }
        @else { (table("Who paid", caption, &columns, rows, "metrics.csv")) }
    }
}

/// The share of bad requests in percent.
fn share(paid: &Paid) -> f64 {
    paid.bad as f64 / paid.requests.max(1) as f64 * 100.0
}

/// Two digits of an estimate: `1,200`.
pub(super) fn about(value: f64) -> String {
    let rounded = significant(value, 2);
    rounded.parse().map_or(rounded, grouped)
}
