//! `compare.html`: what one change is worth, with paired differences.

use super::document::{Frame, document};
use super::many::{Whisker, whiskers};
use super::tables::table;
use super::words::shown;
use crate::campaign::{Difference, Identity, Unit};
use crate::measure::estimate::Estimate;
use crate::report::summary::campaign::plus_minus;
use crate::report::summary::compare::{cut_short, sentences, unit_of};
use crate::units::grouped;
use maud::{Markup, html};

/// A comparison, ready to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The first campaign, which also names the scenario.
    pub first: &'a Identity,
    pub second: &'a Identity,
    /// What each side is, in words: `as it is`, `with changes.frontend-revert=~9m`.
    pub words: [&'a str; 2],
    /// Pairs of trials.
    pub trials: u64,
    pub differences: &'a [Difference],
    /// In how many trials of each an incident was not over when the run was.
    pub unfinished: [u64; 2],
    /// How to make it again.
    pub replay: &'a str,
}

/// The whole page.
pub fn compare_page(compared: &Compared) -> String {
    let heading = shown(&compared.first.scenario);
    let title = format!("Comparison: {heading}");
    let frame = Frame {
        title: &title,
        eyebrow: html! {
            "Comparison · " (grouped(compared.trials)) " pairs of trials · simulated"
        },
        heading: &heading,
        first: first(compared),
        footer: html! {
            p { "Made by sim " (shown(&compared.first.program)) ", seed " (compared.first.seed)
                ", scenarios " code { (shown(&compared.first.scenario_hash)) } " and "
                code { (shown(&compared.second.scenario_hash)) } "." }
        },
        script: "",
        appendix: usize::MAX,
    };
    let again = html! {
        p { "The same scenario, seed and number of trials give the same bytes:" }
        pre tabindex="0" { code { (shown(compared.replay)) } }
    };
    let sections = [
        ("differences", "Differences", drawing(compared)),
        ("figures", "All figures", figures(compared)),
        ("again", "How to compare again", again),
    ];
    document(frame, &sections)
}

fn first(compared: &Compared) -> Markup {
    let sentences = sentences(compared.differences);
    html! {
        section aria-labelledby="verdict" {
            h2.unseen id="verdict" { "Verdict" }
            div.verdict { @for sentence in &sentences { p { (shown(sentence)) } } }
            @if let Some(sentence) = cut_short(compared.unfinished) { p.legend { (sentence) } }
            dl.tiles {
                @for (name, words) in ["First", "Second"].into_iter().zip(compared.words) {
                    div.tile { dt { (name) } dd { strong { (shown(words)) } } }
                }
            }
        }
    }
}

/// The differences that are not nothing, relative to the first; those of segments are in the table.
fn drawing(compared: &Compared) -> Markup {
    let row = |row: &Difference| {
        let (difference, first) = (row.difference?, row.first?);
        let (low, high) = difference.low.zip(difference.high)?;
        let of = if row.headline.unit == Unit::Chance { 1.0 } else { first.value.abs() };
        let nothing = difference.value == 0.0 && low == high;
        let shown_here = of > 0.0 && !nothing && row.headline.segment().is_none();
        let (unit, word) = unit_of(row.headline.unit);
        shown_here.then(|| Whisker {
            name: row.headline.name.clone(),
            value: difference.value / of * 100.0,
            low: low / of * 100.0,
            high: high / of * 100.0,
            text: format!("{} {word}", plus_minus(&difference, unit)),
        })
    };
    let rows: Vec<Whisker> = compared.differences.iter().filter_map(row).collect();
    html! {
        p { "Second minus first in percent of the first (chances in points), trial by trial with \
             the same visitors and the same luck. A bar is a 95 % interval; what touches the \
             middle is no clear difference." }
        @if rows.is_empty() { p { "Nothing differs." } }
        @else {
            div.wide tabindex="0" role="region" aria-label="Drawing of the differences" {
                (whiskers(&rows))
            }
        }
    }
}

fn figures(compared: &Compared) -> Markup {
    let row = |row: &Difference| {
        let (unit, word) = unit_of(row.headline.unit);
        let mean = |found: Option<Estimate>| {
            let alone = found.map(|found| Estimate { low: None, high: None, ..found });
            alone.map_or("–".to_string(), |found| plus_minus(&found, unit))
        };
        let difference = row.difference.map_or("–".to_string(), |found| plus_minus(&found, unit));
        vec![
            html! { (shown(&row.headline.name)) },
            html! { (word) },
            html! { (mean(row.first)) },
            html! { (mean(row.second)) },
            html! { (difference) },
            html! { (grouped(row.difference.map_or(0, |difference| difference.n))) },
            html! {
                @if row.only_first + row.only_second == 0 { "–" }
                @else { (grouped(row.only_first)) " and " (grouped(row.only_second)) }
            },
        ]
    };
    let rows: Vec<_> = compared.differences.iter().map(row).collect();
    let columns = ["Figure", "Unit", ">First", ">Second", ">Difference", ">Pairs", ">Only in one"];
    let caption = "Means over the trials in which both have a value; ± is a 95 % interval.";
    table("Differences", caption, &columns, rows, "compare.csv")
}
