//! The ribbon of steps: where the minutes of an incident went, each with its name, and what the
//! change-time table promised as a bracket to scale.

use super::labels::{self, LabelRequest};
use super::scale::{Scale, ScreenSize};
use crate::decision::{AttemptOutcome, Named, PhaseSpan};
use crate::journal::{AttemptEntry, Incident, PhaseTimeline, printed};
use crate::report::context::ReportContext;
use crate::report::outbrief::formatting::{n, shown};
use crate::report::outbrief::minutes::{assumed_step, of_attempts};
use crate::report::responses;
use crate::report::untrusted::for_terminal;
use crate::units::{Span, Time};
use maud::{Markup, html};

/// The height of the ribbon, of a level of words above it, and of a bracket below it.
const RIBBON: f64 = 32.0;
const LEVEL: f64 = 15.0;
const BRACKET: f64 = 26.0;

/// The ribbon from this height on, and where it ends.
pub(super) fn row(
    context: &ReportContext,
    incident: &Incident,
    course: &PhaseTimeline,
    scale: &Scale,
    top: f64,
) -> (Markup, f64) {
    let spans = of_attempts(incident, course);
    let numbered = scale.screen == ScreenSize::Narrow;
    let outside: Vec<(usize, String)> = spans
        .iter()
        .enumerate()
        .filter(|(_, (_, span))| numbered || !fits(scale, span))
        .map(|(position, (_, span))| (position, outside_text(numbered, position, span)))
        .collect();
    let middle = |position: usize| {
        let (x, width) = scale.across(spans[position].1.from, spans[position].1.until);
        x + width / 2.0
    };
    let wanted: Vec<LabelRequest> =
        outside.iter().map(|(p, text)| LabelRequest { text, at: middle(*p) }).collect();
    let placed = labels::place(&wanted, (scale.screen.left(), scale.screen.width()));
    let levels = placed.iter().map(|one| one.level + 1).max().unwrap_or(0);
    let attempts = if incident.attempts.len() > 1 { 18.0 } else { 0.0 };
    let y = top + attempts + LEVEL * levels as f64 + 8.0;
    let brackets = brackets(context, incident, scale, y + RIBBON + 3.0);
    let drawing = html! {
        @if attempts > 0.0 { (attempt_marks(context, incident, course, scale, top + 12.0)) }
        @for ((position, text), place) in outside.iter().zip(&placed) {
            @let base = y - 6.0 - LEVEL * place.level as f64;
            @let phase = spans[*position].1.phase.word();
            line class="leader" x1=(n(place.at)) x2=(n(place.at)) y1=(n(base + 2.0)) y2=(n(y)) {}
            text class={ "note of-" (phase) } x=(n(place.left)) y=(n(base)) { (text) }
        }
        @for (attempt, span) in &spans { (piece(scale, attempt, span, y, numbered)) }
        (brackets.0)
    };
    (drawing, brackets.1)
}

/// The ribbon alone, without words, at this height.
pub(super) fn plain(incident: &Incident, course: &PhaseTimeline, scale: &Scale, y: f64) -> Markup {
    let spans = of_attempts(incident, course);
    html! { @for (attempt, span) in &spans { (step(scale, attempt, span, y, 14.0)) } }
}

/// Whether the words of a step fit into it, one above the other.
fn fits(scale: &Scale, span: &PhaseSpan<Named>) -> bool {
    let (_, room) = scale.across(span.from, span.until);
    let widest = [span.phase.word().to_string(), printed(span).to_string()];
    widest.iter().all(|text| labels::width(text) + 6.0 <= room)
}

fn outside_text(numbered: bool, position: usize, span: &PhaseSpan<Named>) -> String {
    if numbered {
        return (position + 1).to_string();
    }
    format!("{} {}", span.phase.word(), printed(span))
}

fn piece(
    scale: &Scale,
    attempt: &AttemptEntry,
    span: &PhaseSpan<Named>,
    y: f64,
    numbered: bool,
) -> Markup {
    let (x, width) = scale.across(span.from, span.until);
    let middle = n(x + width / 2.0);
    html! {
        (step(scale, attempt, span, y, RIBBON))
        @if !numbered && fits(scale, span) {
            text class={ "step on-" (span.phase.word()) } x=(middle) y=(n(y + 13.5)) {
                (span.phase.word())
            }
            text class={ "step on-" (span.phase.word()) } x=(middle) y=(n(y + 27.0)) {
                (printed(span))
            }
        }
    }
}

/// The mark of a step, hatched where it rests on assumed times of people.
fn step(
    scale: &Scale,
    attempt: &AttemptEntry,
    span: &PhaseSpan<Named>,
    y: f64,
    height: f64,
) -> Markup {
    let (x, width) = scale.across(span.from, span.until);
    let assumed = assumed_step(attempt, span.phase);
    let word = span.phase.word();
    html! {
        rect class={ "piece i-" (word) } x=(n(x)) y=(n(y)) width=(format!("{width:.2}"))
            height=(n(height)) {
            title {
                (word) " " (printed(span)) @if assumed { ", rests on assumed times of people" }
            }
        }
        @if assumed {
            rect class={ "over on-" (word) } x=(n(x)) y=(n(y)) width=(n(width))
                height=(n(height)) {}
        }
    }
}

/// Which part of the ribbon is which attempt.
fn attempt_marks(
    context: &ReportContext,
    incident: &Incident,
    course: &PhaseTimeline,
    scale: &Scale,
    y: f64,
) -> Markup {
    html! { @for attempt in &incident.attempts {
        @let (from, to) = responses::ends(attempt, course.of_attempt(attempt.number));
        @let (x, width) = scale.across(from, to);
        @let words = match attempt.outcome {
            AttemptOutcome::NotVerified => "did not help",
            _ => responses::ended_as(context, attempt),
        };
        @let long = format!("attempt {}: {words}", attempt.number);
        @let short = attempt.number.to_string();
        @let text = [long, short].into_iter().find(|text| labels::width(text) <= width);
        line class="attempt" x1=(n(x)) x2=(n((x + width - 2.0).max(x))) y1=(n(y + 3.0))
            y2=(n(y + 3.0)) {}
        @if let Some(text) = text {
            text class="tick middle" x=(n(x + width / 2.0)) y=(n(y)) { (text) }
        }
    } }
}

/// What the change-time table gives an attempt's change: from when to when.
pub(super) fn promised<'a>(
    context: &'a ReportContext,
    incident: &Incident<'a>,
) -> Vec<(Time, Time, &'a crate::journal::ChangeRow)> {
    let promise = |attempt: &&AttemptEntry| {
        let table = context.change(attempt.change.as_deref())?;
        let from = attempt.reached.deploying_at?;
        let to = Time(from.0.saturating_add(table.max.0));
        (table.max > Span::ZERO).then_some((from, to, table))
    };
    incident.attempts.iter().filter_map(promise).collect()
}

/// The minutes of the change-time table as brackets from this height on, drawn to scale; one that
/// goes on beyond the drawing is open at its end.
fn brackets(context: &ReportContext, incident: &Incident, scale: &Scale, y: f64) -> (Markup, f64) {
    let promised = promised(context, incident);
    let (least, most) = (scale.screen.left(), scale.screen.width());
    let room = ((most - least) / super::scale::COLUMN) as usize;
    let words: Vec<String> = promised
        .iter()
        .map(|(_, _, table)| {
            let text = format!("table: {} for {}", table.paper, table.change);
            for_terminal(&shown(&text), room)
        })
        .collect();
    let spans: Vec<(f64, f64, f64)> = promised
        .iter()
        .zip(&words)
        .map(|((from, to, _), words)| {
            let (x, width) = scale.across(*from, *to);
            let text = labels::width(words);
            let left = (x + width / 2.0 - text / 2.0).clamp(least, (most - text).max(least));
            (x, x + width, left)
        })
        .collect();
    let extents: Vec<(f64, f64)> = spans
        .iter()
        .zip(&words)
        .map(|((x, end, left), words)| (x.min(*left), end.max(left + labels::width(words))))
        .collect();
    let rows = labels::rows(&extents);
    let height = rows.iter().max().map_or(0.0, |row| BRACKET * (row + 1) as f64);
    let drawing = html! {
        @for (position, (x, end, left)) in spans.iter().enumerate() {
            @let y = y + BRACKET * rows[position] as f64;
            @let open = promised[position].1 > scale.to;
            path class="bracket" d={ "M" (n(*x)) " " (n(y)) "v7H" (n(*end))
                @if !open { "v-7" } } {}
            text class="tick" x=(n(*left)) y=(n(y + 20.0)) { (words[position]) }
        }
    };
    (drawing, y + height)
}
