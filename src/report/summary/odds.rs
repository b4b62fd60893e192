//! The first screen of many runs: the answer, why runs were lost, a typical run and a bad one.

use super::page::{Ink, Page, inked, plain};
use crate::campaign::Readiness;
use crate::report::odds::FirstScreen;
use crate::report::untrusted::wrapped;
use crate::units::grouped;

/// Columns of the labels.
const LABEL: usize = 9;
/// As many runs of each way to lose are named.
const NAMED: usize = 6;

/// Draws it.
pub(super) fn draw(screen: &FirstScreen, page: &mut Page) {
    page.paragraph_at(0, Ink::Faint, &screen.eyebrow());
    page.title(&screen.condition());
    page.line(Vec::new());
    let ink = match screen.odds.readiness() {
        Readiness::Ready => Ink::Good,
        Readiness::CannotSay => Ink::Fired,
        Readiness::NotReady => Ink::Bad,
    };
    page.paragraph_at(0, ink, &format!("{} {}", screen.answer(), screen.sentence()));
    let labelled = [("also", screen.others()), ("why", screen.why())];
    for (label, text) in labelled {
        text.iter().for_each(|text| page.labelled(&padded(label), text));
    }
    for (word, walk) in screen.walks() {
        page.labelled(&padded(word), &format!("{} (trial {})", walk.ending, walk.trial));
        page.parts(&padded(""), &walk.parts());
    }
    screen.users().iter().for_each(|users| page.labelled(&padded("users"), users));
}

/// The runs that were lost, by why, and how to play them.
pub(super) fn lost(screen: &FirstScreen, page: &mut Page) {
    let lost = screen.odds.lost();
    if lost.is_empty() {
        return;
    }
    page.heading("Runs that were lost, each to be played with --trial");
    let mut rows = Vec::new();
    for ends in lost {
        let outcome = ends.upshot.outcome;
        let why = ends.upshot.why.to_string();
        let what = match why.starts_with(outcome.word()) {
            true => why,
            false => format!("{outcome}: {why}"),
        };
        let mut trials: Vec<String> =
            ends.first.iter().take(NAMED).map(|trial| trial.to_string()).collect();
        if ends.runs > trials.len() as u64 {
            trials.push("…".to_string());
        }
        let count = super::right(grouped(ends.runs));
        rows.push(vec![count, plain(what), inked(Ink::Faint, trials.join(" "))]);
    }
    page.table_with_spare(&[2], rows);
}

fn padded(label: &str) -> String {
    let label = wrapped(label, LABEL).swap_remove(0);
    format!("{label:<LABEL$}")
}
