//! The answer of many runs, as the first thing on the page.

use super::formatting::{sentence_shown, shown};
use crate::campaign::RunsVerdict;
use crate::decision::Phase;
use crate::report::odds::FirstScreen;
use crate::report::walk::RunWalk;
use crate::units::{Span, grouped};
use maud::{Markup, html};

/// The most runs that are named for each way to lose.
const NAMED: usize = 6;

/// The answer, why runs were lost, and a typical run beside a bad one.
pub(super) fn screen(screen: &FirstScreen) -> Markup {
    let answer = &screen.answer;
    let class = match answer.colour() {
        RunsVerdict::Ready => "verdict good",
        RunsVerdict::CannotSay => "verdict unsure",
        RunsVerdict::NotReady => "verdict bad",
    };
    let walks = screen.walks();
    let ends = walks.iter().flat_map(|(_, walk)| [Some(length(walk)), walk.limit]);
    let whole = ends.flatten().max().unwrap_or(Span::ZERO);
    html! {
        section aria-labelledby="answer" {
            h2.unseen id="answer" { "What many runs say" }
            @if let Some(what) = screen.breaks() { p.quiet.breaks { (sentence_shown(&what)) } }
            p class=(class) {
                strong { (answer.word()) } " " (sentence_shown(&answer.sentence()))
            }
            dl.odds {
                @for (word, said) in [("also", answer.others()), ("why lost", answer.why())] {
                    @if let Some(said) = said { dt { (word) } dd { (sentence_shown(&said)) } }
                }
                @let todo = screen.to_do();
                @if let [only] = &todo[..] { dt { "do" } dd { (sentence_shown(only)) } }
                @else if !todo.is_empty() {
                    dt { "do" } dd { ol { @for one in &todo { li { (sentence_shown(one)) } } } }
                }
                @let hinges = screen.hinges();
                @if !hinges.is_empty() {
                    dt { "hinges on" } dd { @for one in &hinges { div { (sentence_shown(one)) } } }
                }
                @for (word, walk) in &walks {
                    dt { (word) }
                    dd { (sentence_shown(&walk.ending)) " "
                        span.quiet {
                            "(run " (walk.trial)
                            @if let Some(limit) = walk.limit { "; limit " (limit) }
                            ")"
                        }
                        (bar(walk, whole))
                        div.quiet { (sentence_shown(&walk.steps())) }
                    }
                }
                @if let Some(users) = screen.users() {
                    dt { "users" } dd { (sentence_shown(&users)) }
                }
            }
        }
    }
}

fn length(walk: &RunWalk) -> Span {
    walk.steps.iter().fold(Span::ZERO, |sum, (_, length)| sum + *length)
}

/// The steps of a run as a bar, at the scale of the longest one; in words they stand below it.
fn bar(walk: &RunWalk, whole: Span) -> Markup {
    let width = |length: Span| 100.0 * length.seconds() / whole.seconds().max(1.0);
    html! {
        div.steps aria-hidden="true" {
            @for (phase, length) in &walk.steps {
                i class=(class(*phase)) style={ "width:" (format!("{:.2}", width(*length))) "%" } {}
            }
            @if let Some(limit) = walk.limit {
                b style={ "left:" (format!("{:.2}", width(limit))) "%" } {}
            }
        }
    }
}

/// The class that gives a step its colour.
fn class(phase: Phase) -> String {
    format!("i-{}", phase.word())
}

/// Which runs were lost, and how to play them.
pub(super) fn lost(screen: &FirstScreen) -> Markup {
    let lost = screen.answer.lost();
    html! {
        @if !lost.is_empty() {
            h3 { "Runs that were lost" }
            div.wide tabindex="0" role="region" aria-label="Runs that were lost" {
                table {
                    thead { tr {
                        th scope="col" { "runs" } th scope="col" { "what came of them" }
                        th scope="col" { "why" } th scope="col" { "replay with --trial" }
                    } }
                    tbody { @for ends in lost { tr {
                        td.number { (grouped(ends.runs)) }
                        td { (ends.conclusion.outcome.word()) }
                        td { (shown(&ends.conclusion.why.to_string())) }
                        td { (trials(&ends.first, ends.runs)) }
                    } } }
                }
            }
        }
    }
}

/// The first few numbers: `8, 22, 44, …`.
fn trials(first: &[u64], all: u64) -> String {
    let mut words: Vec<String> = first.iter().take(NAMED).map(u64::to_string).collect();
    if all > words.len() as u64 {
        words.push("…".to_string());
    }
    words.join(", ")
}
