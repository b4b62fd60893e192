//! How did we do: a rehearsal beside the simulated days of the same scenario, what its people
//! guessed before it, and what they keep after it.

use super::formatting::shown;
use super::tables::{cell, table};
use crate::campaign::TriedChoice;
use crate::report::context::ReportContext;
use crate::report::extras::{Extras, HotWash};
use crate::report::guesses::{GUESSES_NOTE, GuessRow};
use crate::report::improvements::Improvement;
use crate::report::responses;
use crate::report::standing::{ObservedRun, best_choice, telling};
use crate::units::{Span, grouped};
use maud::{Markup, html};

/// The section about a rehearsal; `None` if nobody was seen to do anything.
pub(super) fn section(context: &ReportContext, beside: Extras) -> Option<Markup> {
    let rehearsed = ObservedRun::from_context(context, beside)?;
    let written = |span: Option<Span>| span.map_or("–".to_string(), |span| span.to_string());
    let rows = rehearsed.standings.iter().map(|standing| {
        vec![
            html! { (standing.word()) },
            html! { (standing.took) },
            html! { (written(standing.usual())) },
            html! { (standing.place().unwrap_or("–".to_string())) },
        ]
    });
    let columns = ["Interval", ">Took", ">Half of runs", ">Percentile, of runs"];
    let caption = "What people were seen to take, among the runs of the same scenario in which \
                   there was something to measure. In parentheses: 95% intervals.";
    Some(html! {
        p { "Incident " (rehearsed.incident) ". "
            @if let Some(sentence) = telling(&rehearsed).and_then(|s| s.sentence()) { (sentence) }
            @else if beside.campaign.is_none() {
                "Without many runs of the same scenario, nothing can be said about how usual this "
                "is: run it with " code { "--trials 200" } "."
            }
        }
        (table("How did we do", caption, &columns, rows.collect(), "responses.csv"))
        @if let Some(sentence) = best_choice(&rehearsed, beside) {
            h3 { "The best choice under the same luck" }
            p { (sentence) }
        }
        @if let Some(alternatives) = beside.alternatives { (choices(&alternatives.tried)) }
    })
}

fn choices(tried: &[TriedChoice]) -> Markup {
    let time = |span: Option<Span>| span.map_or("–".to_string(), |span| span.to_string());
    let rows = tried.iter().map(|tried| {
        vec![
            html! { (shown(&tried.change)) },
            html! { (time(tried.recovered)) },
            html! { (time(tried.contained)) },
            html! { (tried.outcome.map_or("no incident", responses::outcome)) },
            html! { (grouped(tried.users_affected)) },
        ]
    });
    let columns =
        ["First choice", ">Recovered after", ">Contained after", "Ended", ">Users affected"];
    let caption = "The same day with everybody simulated, once for each change that triage may \
                   choose first.";
    html! {
        @if !tried.is_empty() {
            (table("Choices", caption, &columns, rows.collect(), "alternatives.json"))
        }
    }
}

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
    let mut columns = vec!["Who", ">Restored after", "Longest step"];
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

/// What is kept, with who is responsible for it; `None` where nothing is.
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
