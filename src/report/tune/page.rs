//! `tune.html`: every candidate as a point, false alarms against minutes to detect.

use super::{Tuning, figure, reason};
use crate::report::book::significant;
use crate::report::outbrief::kit::{Frame, Section, WIDTH, document, n, shown, table};
use crate::tune::Tuned;
use crate::units::grouped;
use maud::{Markup, html};

const HEIGHT: f64 = 420.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 40.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = HEIGHT - 52.0;
/// Alarms a week at which the axis has a figure.
const RATES: [f64; 10] = [0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4];

/// The whole page. It ends in a newline.
pub fn tune_page(tuning: &Tuning) -> String {
    let heading = shown(&tuning.identity.scenario);
    let title = format!("Tuning: {heading}");
    let frame = Frame {
        title: &title,
        eyebrow: html! { "Tuning · " (tuning.identity.quiet.words) " without faults · simulated" },
        heading: &heading,
        first: first(tuning),
        footer: html! {
            p { "Made by sim " (env!("CARGO_PKG_VERSION")) ", seed " (tuning.identity.seed)
                ", scenario " code { (shown(&tuning.identity.scenario_hash)) } "." }
        },
        script: "",
        appendix: usize::MAX,
    };
    let ids: Vec<String> = (0..tuning.outcome.tuned.len()).map(|at| format!("rule-{at}")).collect();
    let again = html! {
        p { "The same scenario, seed and days give the same bytes:" }
        pre tabindex="0" { code { (shown(&tuning.identity.replay)) } }
    };
    let alerts: Vec<String> =
        tuning.outcome.tuned.iter().map(|tuned| shown(&tuned.alert)).collect();
    let rules = tuning.outcome.tuned.iter().zip(ids.iter().zip(&alerts));
    let mut sections: Vec<Section> = rules
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
                @let good = tuned.choice.is_some_and(|choice| !choice.noisy);
                div class={ "verdict " (if good { "good" } else { "bad" }) } {
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

/// A sentence of our own in which only names come from outside.
fn shown_whole(text: &str) -> String {
    crate::report::untrusted::for_terminal(text, 1_000)
}

fn rule(tuning: &Tuning, tuned: &Tuned) -> Markup {
    html! {
        p { "Each point is one candidate of " (grouped(tuned.tried.len() as u64)) ", all judged on \
             the same readings. Lower and further left is better; a fault that was not detected \
             counts as longer than any detection of it. The line joins those that no other beats, \
             the diamond is the one to take." }
        div.wide tabindex="0" role="region" aria-label={ "Plot of " (shown(&tuned.alert)) } {
            (plot(tuned))
        }
        (frontier(tuning, tuned))
    }
}

/// A rate on an axis that shows 0 and thousands.
fn stretched(rate: f64) -> f64 {
    libm::log1p(rate)
}

fn plot(tuned: &Tuned) -> Markup {
    let points: Vec<Option<(f64, f64)>> = tuned
        .tried
        .iter()
        .map(|(_, score)| {
            let rate = score.per_week.map_or(0.0, |rate| rate.value);
            score.minutes_or_all.map(|minutes| (rate, minutes.value))
        })
        .collect();
    let there = || points.iter().flatten();
    let most_rate = there().map(|(rate, _)| *rate).fold(1.0, f64::max) * 1.1;
    let most_minutes = there().map(|(_, minutes)| *minutes).fold(1.0, f64::max);
    let ticks = crate::report::outbrief::kit::round_ticks(most_minutes);
    let top = ticks.last().copied().unwrap_or(1.0);
    let right = WIDTH - RIGHT;
    let x = |rate: f64| LEFT + stretched(rate) / stretched(most_rate) * (right - LEFT);
    let y = |minutes: f64| BOTTOM - minutes / top * (BOTTOM - TOP);
    let at = |position: usize| points[position].map(|(rate, minutes)| (x(rate), y(minutes)));
    let line: Vec<(f64, f64)> = tuned.frontier.iter().filter_map(|at_| at(*at_)).collect();
    let path: Vec<String> = line.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
    let path = format!("M{}", path.join("L"));
    html! {
        svg viewBox={ "0 0 " (n(WIDTH)) " " (n(HEIGHT)) } role="img"
            aria-label="False alarms a week against minutes to detect; the table below has the \
                        figures of those that no other beats" {
            @for tick in &ticks {
                @let y = y(*tick);
                line class="grid" x1=(n(LEFT)) x2=(n(right)) y1=(n(y)) y2=(n(y)) {}
                text class="tick end" x=(n(LEFT - 8.0)) y=(n(y + 4.0)) { (significant(*tick, 3)) }
            }
            @for rate in RATES.iter().filter(|rate| **rate <= most_rate) {
                @let x = n(x(*rate));
                line class="axis" x1=(x) x2=(x) y1=(n(BOTTOM)) y2=(n(BOTTOM + 5.0)) {}
                text class="tick middle" x=(x) y=(n(BOTTOM + 19.0)) { (significant(*rate, 3)) }
            }
            line class="axis" x1=(n(LEFT)) x2=(n(right)) y1=(n(BOTTOM)) y2=(n(BOTTOM)) {}
            text class="tick end" x=(n(right)) y=(n(BOTTOM + 40.0)) { "false alarms a week" }
            text class="note" x=(n(LEFT + 6.0)) y=(n(TOP + 6.0)) { "minutes to detect" }
            @for position in 0..points.len() {
                @if let Some((x, y)) = at(position) {
                    circle class="dot unclear" cx=(n(x)) cy=(n(y)) r="2.5" {}
                }
            }
            @if line.len() > 1 { path class="line p50" d=(path) {} }
            @for (x, y) in &line { circle class="dot clear" cx=(n(*x)) cy=(n(*y)) r="4.5" {} }
            @if let Some((x, y)) = tuned.choice.and_then(|choice| at(choice.at)) {
                path class="own" d={ "M" (n(x)) " " (n(y - 8.0)) "L" (n(x + 8.0)) " " (n(y)) "L"
                    (n(x)) " " (n(y + 8.0)) "L" (n(x - 8.0)) " " (n(y)) "Z" } {}
            }
        }
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
        "In parentheses: 95 % intervals. Minutes are from the beginning of a fault until its alert \
         is known, over the faults that were detected; readings come every {}.",
        tuning.identity.every
    );
    let name = format!("What no other beats, {}", shown(&tuned.alert));
    table(&name, &caption, &columns, rows, super::TUNE_FILE)
}
