//! The sheet that observers fill in by hand, and how.

use super::page::{Paper, table};
use crate::observed::{ACTIONS, COLUMNS};
use maud::{Markup, html};

/// This many empty rows fit on a page on its side, Letter as well as A4.
const ROWS: usize = 15;
/// This many pages of them.
const PAGES: usize = 2;

pub(super) fn papers() -> Vec<Paper> {
    let row = |doc: &crate::observed::ActionDoc| {
        vec![html! { code { (doc.action) } }, html! { (doc.meaning) }, html! { (doc.note) }]
    };
    let columns =
        COLUMNS.iter().map(|(name, meaning)| vec![html! { code { (name) } }, html! { (meaning) }]);
    let how = html! {
        p { "One row for each thing that happens, when it happens, by the clock that all can see. "
            "Write down what was done and when, not whether it was good. If in doubt, write a "
            code { "note" } "." }
        h2 { "Columns" }
        (table("Columns", &["Column", "What belongs there"], columns.collect()))
        h2 { "Words for actions" }
        (table("Actions", &["Action", "Write it when", "Note"], ACTIONS.iter().map(row).collect()))
        h2 { "Afterwards" }
        p { "Type the rows into " code { "observed.csv" } " and run "
            code { "sim report reports/NAME --observed observed.csv" }
            ". Rows may be in any order." }
    };
    let mut papers = vec![Paper::new("How to fill in the observer sheet", how)];
    papers.extend((1..=PAGES).map(|page| {
        let heading = format!("Observer sheet, page {page}");
        Paper { heading, wide: true, content: rows() }
    }));
    papers
}

fn rows() -> Markup {
    html! {
        p { "Observer: " span.line {} " Sheet no. " span.line {} " Clock: "
            span.tick {} " the scenario's " span.tick {} " the room's" }
        div.over tabindex="0" role="group" aria-label="Rows to fill in" {
        table.rows.sheet aria-label="Observer sheet" {
            colgroup {
                @for width in ["9%", "12%", "11%", "9%", "12%", "7%", "40%"] {
                    col style={ "width:" (width) };
                }
            }
            thead { tr { @for (name, _) in COLUMNS { th scope="col" { (name) } } } }
            tbody { @for _ in 0..ROWS { tr { @for _ in COLUMNS { td {} } } } }
        } }
    }
}

/// The first row of the sheet as a file.
pub(super) fn heading() -> String {
    COLUMNS.map(|(name, _)| name).join(",") + "\n"
}
