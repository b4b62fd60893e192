//! How a rehearsal stands, on the terminal.

use super::page::{Ink, Page, Style, inked, plain, right};
use crate::journal::{Header, Story};
use crate::report::book::Book;
use crate::report::extras::Extras;
use crate::report::standing::{Rehearsed, best_choice, telling};
use crate::units::Span;

/// The times that people took, among the trials of the same scenario, and what the best choice
/// would have been. Empty if nobody was seen to do anything; else it ends in a newline.
///
/// Panics if the header's start is not a time, which reading a journal excludes.
pub fn how_did_we_do(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    let book = Book::new(header, story).expect("the start of a journal is a moment");
    let mut page = Page::new(style);
    let Some(rehearsed) = Rehearsed::of(&book, beside) else { return page.finish() };
    page.heading("How did we do");
    let trials = rehearsed.standings.iter().any(|standing| standing.rank.is_some());
    let mut heading = vec![plain(""), right("took".to_string())];
    if trials {
        heading.push(right("half of runs".to_string()));
        heading.push(inked(Ink::Faint, "percentile of runs, 95 % interval"));
    }
    let mut rows = vec![heading];
    for standing in &rehearsed.standings {
        let written = |span: Option<Span>| span.map_or(String::new(), |span| span.to_string());
        let mut row = vec![plain(standing.word()), right(standing.took.to_string())];
        if trials {
            row.push(right(written(standing.usual())));
            row.push(inked(Ink::Faint, standing.place().unwrap_or_default()));
        }
        rows.push(row);
    }
    page.table(rows);
    if let Some(sentence) = telling(&rehearsed).and_then(|standing| standing.sentence()) {
        page.paragraph(Ink::Plain, &sentence);
    }
    if let Some(sentence) = best_choice(&rehearsed, beside) {
        page.paragraph(Ink::Plain, &sentence);
    }
    if !trials {
        let note = "Without many runs of the same scenario, nothing can be said of how usual \
                    this is: sim run SCENARIO.yaml --trials 200 into the run's folder, and again.";
        page.paragraph(Ink::Faint, note);
    }
    page.finish()
}
