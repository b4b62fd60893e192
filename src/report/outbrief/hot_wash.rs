//! What the people of a rehearsal guessed before it, and what they keep after it.

use super::tables::{cell, table};
use crate::report::guesses::{GUESSES_NOTE, GuessRow};
use crate::report::hot_wash::HotWash;
use crate::report::improvements::Improvement;
use maud::{Markup, html};

/// Guesses beside what came, and what surprised most; `None` where nobody guessed.
pub(super) fn guesses(wash: &HotWash) -> Option<Markup> {
    let told = &wash.guesses;
    if told.rows.is_empty() {
        return None;
    }
    let any = told.rows.iter().any(|row| row.note.is_some());
    let row = |row: &GuessRow| {
        let mut cells = vec![cell(&row.by), cell(&row.back), cell(&row.longest)];
        cells.extend(any.then(|| cell(row.note.as_deref().unwrap_or("–"))));
        cells
    };
    let mut columns = vec!["Who", ">Well again after", "Longest step"];
    columns.extend(any.then_some("What will be missing"));
    let rows = told.rows.iter().map(row).collect();
    Some(html! {
        @if !told.surprises.is_empty() {
            p { "What surprised most comes first:" }
            ol { @for surprise in &told.surprises { li { (cell(&surprise.text)) } } }
        }
        (table("Guesses", GUESSES_NOTE, &columns, rows, "guesses.csv"))
    })
}

/// What is kept, with who sees to it; `None` where nothing is.
pub(super) fn improvements(wash: &HotWash) -> Option<Markup> {
    if wash.improvements.is_empty() {
        return None;
    }
    let row = |one: &Improvement| {
        let written = match &one.written {
            Ok(place) => format!("written: {place}"),
            Err(why) => format!("not written: {why}"),
        };
        vec![
            cell(&one.change),
            cell(one.was.as_deref().unwrap_or("–")),
            cell(one.found.as_deref().unwrap_or("not asked")),
            cell(one.owner.as_deref().unwrap_or("nobody yet")),
            cell(one.due.as_deref().unwrap_or("–")),
            cell(&written),
        ]
    };
    let columns = ["Change", "Was", "Worth in simulated runs", "Owner", "Due", "Scenario"];
    let caption = "What was asked from the floor and is kept. Worth: the same runs with the change \
                   and without it. The command that tests each again is in improvement-plan.csv.";
    let rows = wash.improvements.iter().map(row).collect();
    Some(table("Improvement plan", caption, &columns, rows, "improvement-plan.csv"))
}
