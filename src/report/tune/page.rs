//! `tune.html`: what quiet days and faults reached beside the threshold, and what no other
//! candidate beats.

use super::strips::strips;
use super::{Tuning, figure, reason};
use crate::report::context::significant;
use crate::report::outbrief::prelude::{PageFrame, PageSection, document, shown, table};
use crate::tune::Tuned;
use crate::units::grouped;
use maud::{Markup, html};

/// The whole page. It ends in a newline.
pub fn tune_page(tuning: &Tuning) -> String {
    let heading = shown(&tuning.identity.scenario);
    let title = format!("Tuning: {heading}");
    let frame = PageFrame {
        title: &title,
        eyebrow: html! { "Tuning · " (tuning.identity.quiet.words) " without faults · simulated" },
        heading: &heading,
        first: first(tuning),
        footer: html! {
            p { "Made by sim " (env!("CARGO_PKG_VERSION")) ", seed " (tuning.identity.seed)
                ", scenario " code { (shown(&tuning.identity.scenario_hash)) } "." }
        },
        script: "",
        later: usize::MAX,
        appendix: usize::MAX,
    };
    let ids: Vec<String> = (0..tuning.outcome.tuned.len()).map(|at| format!("rule-{at}")).collect();
    let again = html! {
        p { "The same scenario, seed and days give byte-identical output:" }
        pre tabindex="0" { code { (shown(&tuning.identity.replay)) } }
    };
    let alerts: Vec<String> =
        tuning.outcome.tuned.iter().map(|tuned| shown(&tuned.alert)).collect();
    let rules = tuning.outcome.tuned.iter().zip(ids.iter().zip(&alerts));
    let mut sections: Vec<PageSection> = rules
        .map(|(tuned, (id, alert))| (id.as_str(), alert.as_str(), rule(tuning, tuned)))
        .collect();
    sections.push(("again", "How to tune again", again));
    document(frame, &sections)
}

fn first(tuning: &Tuning) -> Markup {
    html! {
        section aria-labelledby="verdict" {
            h2.unseen id="verdict" { "Verdict" }
            @for tuned in &tuning.outcome.tuned {
                div class={ "verdict " (class(tuning, tuned)) } {
                    @if let Some(choice) = tuned.choice {
                        p { strong { (shown(&tuned.alert)) ": "
                            (shown(&tuned.tried[choice.at].0.words())) } }
                    } @else { p { strong { (shown(&tuned.alert)) } } }
                    @for sentence in reason(tuning, tuned) { p { (shown_whole(&sentence)) } }
                }
            }
        }
    }
}

/// Good is only what is quiet enough for sure.
fn class(tuning: &Tuning, tuned: &Tuned) -> &'static str {
    let Some(choice) = tuned.choice.filter(|choice| !choice.noisy) else { return "bad" };
    let most = tuned.tried[choice.at].1.per_week.and_then(|rate| rate.high);
    match most.is_some_and(|most| most <= tuning.identity.allowed) {
        true => "good",
        false => "unsure",
    }
}

/// A sentence of our own in which only names come from outside.
fn shown_whole(text: &str) -> String {
    crate::report::untrusted::for_terminal(text, 1_000)
}

fn rule(tuning: &Tuning, tuned: &Tuned) -> Markup {
    let drawn = tuned.choice.map(|choice| choice.at).or(tuned.frontier.first().copied());
    html! {
        @if let Some(at) = drawn {
            p.legend {
                span.key.day.quiet-day {} " a quiet day " span.key.day.quiet-day.fired {}
                " one with a false alarm " span.key.day.bad-day.fired {} " a day with a fault, \
                found " span.key.day.bad-day {} " not found"
            }
            (strips(tuning, tuned, at))
        }
        h3 { "What no other candidate beats" }
        p { "All " (grouped(tuned.tried.len() as u64)) " candidates are judged on the same \
             readings. These have fewer false alarms, fewer misses or fewer minutes than any \
             other; an interval that reaches beyond the " (significant(tuning.identity.allowed, 2))
            " false alarms a week that are allowed needs more quiet days." }
        (frontier(tuning, tuned))
    }
}

fn frontier(tuning: &Tuning, tuned: &Tuned) -> Markup {
    let mut shown_here = tuned.frontier.clone();
    let taken = tuned.choice.map(|choice| choice.at);
    shown_here.extend(taken.filter(|at| !tuned.frontier.contains(at)));
    let row = |at: &usize| {
        let (candidate, score) = &tuned.tried[*at];
        let missed = score.missed.map_or("–".to_string(), |missed| {
            format!("{} of {}", (missed.value * missed.n as f64).round(), missed.n)
        });
        vec![
            html! {
                @if Some(*at) == taken { strong { (shown(&candidate.words())) " (take)" } }
                @else { (shown(&candidate.words())) }
            },
            html! { (figure(score.per_week)) },
            html! { (figure(score.minutes)) },
            html! { (missed) },
            html! { (figure(score.lost)) },
        ]
    };
    let rows: Vec<Vec<Markup>> = shown_here.iter().map(row).collect();
    let columns =
        ["Rule", ">False alarms a week", ">Minutes to detect", ">Missed", ">User-minutes lost"];
    let caption = format!(
        "In parentheses: 95% intervals. Minutes are from the beginning of a fault until its alert \
         is known, over the faults that were detected; readings come every {}.",
        tuning.identity.every
    );
    let name = format!("What no other candidate beats, {}", shown(&tuned.alert));
    table(&name, &caption, &columns, rows, super::TUNE_FILE)
}
