//! Differences as rows: a bar around nothing with its interval, in the colour of what it means, and
//! the figures of both sides.

use super::chart::round_ticks;
use super::formatting::{n, shown};
use crate::report::context::significant;
use crate::report::differences::{DifferenceKind, FigureLine, figures_of, unit_of};
use crate::units::grouped;
use maud::{Markup, html};

/// Beyond this many percent the axis is cut: twice as much, or nothing left.
const CUT: f64 = 100.0;
/// The width of a row's drawing in its own units, and its height.
const WIDE: f64 = 1_000.0;
const HIGH: f64 = 16.0;

/// The axis of a drawing, in percent of the first.
#[derive(Clone, Copy)]
pub(super) struct PercentAxis {
    end: f64,
}

impl PercentAxis {
    /// One on which all of these fit, up to where it is cut.
    pub fn from_lines<'a>(lines: impl Iterator<Item = &'a FigureLine<'a>>) -> PercentAxis {
        let reach = |line: &FigureLine| {
            let found = line.row.difference;
            let ends =
                found.map(|f| [Some(f.value), f.low, f.high]).into_iter().flatten().flatten();
            ends.map(|value| line.percent(value).abs()).fold(0.0, f64::max)
        };
        let reach = lines.map(reach).fold(0.0, f64::max).min(CUT);
        PercentAxis { end: round_ticks(reach).last().copied().unwrap_or(CUT).min(CUT) }
    }

    fn x(self, percent: f64) -> f64 {
        (percent / self.end).clamp(-1.0, 1.0) * WIDE / 2.0 + WIDE / 2.0
    }
}

/// A table of differences. Its rows carry what they were drawn from, in percent of the first.
pub(super) fn difference_table(
    id: &str,
    lines: &[FigureLine],
    trials: u64,
    axis: PercentAxis,
) -> Markup {
    let end = significant(axis.end, 3);
    let label = if id == "whole" { "Differences" } else { "Differences by segment" };
    html! { div.wide tabindex="0" role="region" aria-label={ "Table: " (label) } {
        table.heat.forest id=(id) data-end=(n(axis.end)) {
            thead { tr {
                th scope="col" { "Figure" }
                th scope="col" { span.hours {
                    i { "−" (end) "%" } i.zero { "0" } i.last { "+" (end) "%" }
                } }
                th.figure scope="col" { "Difference" }
                th scope="col" { "" span.unseen { "What it means" } }
                th.figure.spare scope="col" { "First" }
                th.figure.spare scope="col" { "Second" }
                th.figure.spare scope="col" { "Pairs" }
                th.figure.spare scope="col" { "The same in" }
            } }
            tbody { @for line in lines { (row(line, trials, axis)) } }
        }
    } }
}

fn row(line: &FigureLine, trials: u64, axis: PercentAxis) -> Markup {
    let (_, unit) = unit_of(line.row.headline.unit);
    let [first, second, difference] = figures_of(line.row);
    let pairs = line.row.difference.map_or(0, |found| found.n);
    let dash = |text: String| if text.is_empty() { "–".to_string() } else { text };
    let name = shown(&line.names.join(" = "));
    let same = if line.row.same == trials { "all" } else { "" };
    html! {
        tr data-name=(name) {
            th scope="row" { (name) }
            td { (bar(line, axis)) }
            td.figure { (difference) @if line.row.difference.is_some() { " " (unit) } }
            td { span class={ "tag " (class(line.standing)) } { (line.standing.word()) } }
            td.figure.spare { (dash(first)) }
            td.figure.spare { (dash(second)) }
            td.figure.spare { (grouped(pairs)) }
            td.figure.spare { @if same.is_empty() { (grouped(line.row.same)) } @else { (same) } }
        }
    }
}

/// The class of its colour.
pub(super) fn class(standing: DifferenceKind) -> &'static str {
    match standing {
        DifferenceKind::Worse => "bad",
        DifferenceKind::Better => "good",
        DifferenceKind::Other => "other",
        DifferenceKind::Unclear => "unclear",
    }
}

fn bar(line: &FigureLine, axis: PercentAxis) -> Markup {
    let zero = WIDE / 2.0;
    let drawn = line.row.difference.map(|found| {
        let value = line.percent(found.value);
        let end = |bound: Option<f64>| bound.map_or(value, |bound| line.percent(bound));
        (end(found.low), value, end(found.high))
    });
    let class = class(line.standing);
    html! {
        svg.cells viewBox={ "0 0 " (n(WIDE)) " " (n(HIGH)) } preserveAspectRatio="none" role="img"
            aria-label=(accessible_text(drawn)) {
            line class="axis" x1=(n(zero)) x2=(n(zero)) y1="0" y2=(n(HIGH)) {}
            @if let Some((low, value, high)) = drawn {
                @let (from, to, at) = (axis.x(low), axis.x(high), axis.x(value));
                // From nothing to the difference, and the interval on it.
                rect class={ "size " (class) } x=(n(zero.min(at))) y="3"
                    width=(n((at - zero).abs())) height=(n(HIGH - 6.0)) {}
                rect class={ "interval " (class) } x=(n(from)) y="6.5"
                    width=(n((to - from).max(3.0))) height="3" {}
                rect class={ "value " (class) } x=(n((at - 3.0).clamp(0.0, WIDE - 6.0))) y="2"
                    width="6" height=(n(HIGH - 4.0)) {}
                @let beyond = match value {
                    value if value > axis.end => Some("M975 0L1000 8L975 16z"),
                    value if value < -axis.end => Some("M25 0L0 8L25 16z"),
                    _ => None,
                };
                @if let Some(arrow) = beyond { path class={ "beyond " (class) } d=(arrow) {} }
            }
        }
    }
}

/// The bar in words.
fn accessible_text(drawn: Option<(f64, f64, f64)>) -> String {
    let percent = |value: f64| match value {
        value if value.is_finite() => format!("{}%", significant(value, 2).replace('-', "−")),
        _ => "from nothing".to_string(),
    };
    match drawn {
        None => "no pair has a value".to_string(),
        Some((low, value, high)) if low == high => percent(value),
        Some((low, value, high)) if value.is_finite() => {
            format!("{}, from {} to {}", percent(value), percent(low), percent(high))
        }
        Some((_, value, _)) => percent(value),
    }
}
