//! The first screen of many runs: the answer, why runs were lost, a typical run and a bad one.

use super::page::{Ink, Page, inked, plain};
use crate::campaign::RunsVerdict;
use crate::journal::RunConclusion;
use crate::report::answer::CampaignAnswer;
use crate::report::odds::FirstScreen;
use crate::report::untrusted::wrapped;
use crate::report::walk::RunWalk;
use crate::units::grouped;

/// Columns of the labels.
const LABEL: usize = 9;
/// The most runs that are named for each way to lose.
const NAMED: usize = 6;

/// Draws it.
pub(super) fn draw(screen: &FirstScreen, page: &mut Page) {
    page.paragraph_at(0, Ink::Faint, &screen.eyebrow());
    page.title(&screen.condition());
    // The screen is to fit into 24 lines.
    match screen.breaks() {
        Some(what) => page.paragraph_at(4, Ink::Faint, &what),
        None => page.line(Vec::new()),
    }
    answer(&screen.answer, page);
    for (word, walk) in screen.walks() {
        page.labelled(
            &padded(word),
            &format!("{} (run {}{})", walk.ending, walk.trial, limit(&walk)),
        );
        page.parts(&padded(""), &walk.parts());
    }
    screen.users().iter().for_each(|users| page.labelled(&padded("users"), users));
}

/// The answer, what else is expected, and why runs were lost.
pub(super) fn answer(answer: &CampaignAnswer, page: &mut Page) {
    let ink = match answer.colour() {
        RunsVerdict::Ready => Ink::Good,
        RunsVerdict::CannotSay => Ink::Fired,
        RunsVerdict::NotReady => Ink::Bad,
    };
    page.paragraph_at(0, ink, &format!("{} {}", answer.word(), answer.sentence()));
    for (label, text) in [("also", answer.others()), ("why lost", answer.why())] {
        text.iter().for_each(|text| page.labelled(&padded(label), text));
    }
}

/// What the answer hinges on, and what would have saved most. What is to be done may be long: what
/// it hinges on comes before it, within the lines of a small terminal.
pub(super) fn sensitivity(screen: &FirstScreen, page: &mut Page) {
    for (at, text) in screen.hinges().iter().enumerate() {
        page.labelled(&padded(if at == 0 { "hinges on" } else { "" }), text);
    }
    let todo = screen.to_do();
    let numbered = todo.len() > 1;
    for (at, text) in todo.iter().enumerate() {
        let number = if numbered { format!("{} ", at + 1) } else { String::new() };
        let label = if at == 0 { "do" } else { "" };
        page.labelled(&padded(label), &format!("{number}{text}"));
    }
}

/// The runs that were lost, by why, and how to play them.
pub(super) fn lost(answer: &CampaignAnswer, page: &mut Page) {
    let lost = answer.lost();
    if lost.is_empty() {
        return;
    }
    page.heading("Runs that were lost, each can be replayed with --trial");
    let mut rows = Vec::new();
    for ends in lost {
        let RunConclusion { outcome, why } = &ends.conclusion;
        let what = match ends.conclusion.is_said_by_why() {
            true => why.to_string(),
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

/// `; limit 1h`.
fn limit(walk: &RunWalk) -> String {
    walk.limit.map_or(String::new(), |limit| format!("; limit {limit}"))
}

fn padded(label: &str) -> String {
    let label = wrapped(label, LABEL).swap_remove(0);
    format!("{label:<LABEL$}")
}
