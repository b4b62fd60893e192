//! Where the minutes went: one bar per incident, what was under way one after the other.

use super::words::{capital, percent, shown, width};
use crate::decision::{Named, Outcome, Phase, PhaseSpan};
use crate::journal::{AttemptEntry, Course, Evidence, Incident, printed};
use crate::report::book::Book;
use crate::report::responses;
use crate::units::Span;
use maud::{Markup, html};

/// As many incidents are drawn; the others are in the response table.
const DRAWN: usize = 4;

/// The bars of the first incidents.
pub(super) fn figure(book: &Book, other_days: Option<String>) -> Markup {
    let incidents = book.story.incidents();
    html! {
        section aria-labelledby="minutes" {
            h2 id="minutes" { "Where the minutes went" }
            @if incidents.is_empty() {
                p { "No play was opened, so there was no response to time." }
            }
            @for incident in incidents.iter().take(DRAWN) { (bar(book, incident)) }
            @if let Some(other_days) = other_days { p.legend { (other_days) } }
            @if incidents.len() > DRAWN {
                p.quiet { (incidents.len() - DRAWN) " more in the table of responses." }
            }
        }
    }
}

/// The time that rests on what the scenario says of people.
pub(super) fn assumed(incident: &Incident, course: &Course) -> Span {
    let people = of_attempts(incident, course).into_iter();
    let people = people.filter(|(attempt, span)| hatched(attempt, span.phase));
    people.fold(Span::ZERO, |sum, (_, span)| sum + span.length())
}

/// What was under way, each with the attempt that had begun last.
fn of_attempts<'a>(
    incident: &Incident<'a>,
    course: &'a Course,
) -> Vec<(&'a AttemptEntry, &'a PhaseSpan<Named>)> {
    let attempt = |span: &PhaseSpan<Named>| {
        let mut attempts = incident.attempts.iter();
        let own = attempts.find(|attempt| attempt.attempt == span.attempt);
        *own.unwrap_or(&incident.attempts[0])
    };
    course.spans().iter().map(|span| (attempt(span), span)).collect()
}

/// What is waited for while this is under way.
pub(in crate::report) fn meaning(phase: Phase, last: bool) -> &'static str {
    match phase {
        Phase::Clear if !last => "all was clear, until a rule fired again",
        Phase::Detect => "in effect, and nobody told",
        Phase::Acknowledge => "somebody was paged, and had not answered",
        Phase::Declare => "answered, and not yet called an incident",
        Phase::Diagnose => "a repair was being chosen",
        Phase::Reach => "the decider was asked, and had not answered",
        Phase::Decide => "the decider had answered, and not said yes or no",
        Phase::Work => "what the play lists besides was being done",
        Phase::Queue => "the pipeline was not free",
        Phase::Deploy => "the change was being made",
        Phase::Rollout => "the change was reaching everybody",
        Phase::Confirm => "in effect, and not known whether it helped",
        Phase::Hold => "a time or the end of a freeze was waited for",
        Phase::Stalled => "nobody did anything",
        Phase::Clear => "users well, and not yet known to be",
    }
}

/// What a stretch rests on.
fn basis(book: &Book, attempt: &AttemptEntry, phase: Phase) -> String {
    let table = book.change(attempt.change.as_deref());
    match (phase, table) {
        _ if attempt.is_measured(phase) => Evidence::Measured.word().to_string(),
        (Phase::Deploy, Some(table)) => format!("table: {}", shown(&table.paper)),
        _ if phase.is_human() => "assumed".to_string(),
        _ => Evidence::Simulated.word().to_string(),
    }
}

fn bar(book: &Book, incident: &Incident) -> Markup {
    let course = book.story.course(incident);
    let (assumed, total) = (assumed(incident, &course), course.total());
    let spans = of_attempts(incident, &course);
    let ends = spans
        .first()
        .zip(spans.last())
        .map(|((_, first), (_, last))| (book.clock(first.from), book.clock(last.until)));
    let (from, to) = ends.unwrap_or_default();
    let outcome = responses::ended_as(book, incident.last());
    let described =
        spans.iter().map(|(_, span)| format!("{} {}", span.phase.word(), printed(span)));
    let described = described.collect::<Vec<_>>().join(", ");
    html! {
        figure.minutes {
            figcaption {
                strong { "Incident " (incident.number) ": " (course.printed_total()) }
                @if incident.last().outcome == Outcome::Recovered { " until all was clear" }
                ", " (from) " to " (to) ", " (outcome)
                @if assumed > Span::ZERO {
                    ". " (percent(assumed, total)) " of it, hatched " span.key.hatched {}
                    ", rests on assumed times of people."
                }
            }
            (attempt_marks(incident, &course))
            div.bar role="img" aria-label={ "Bar of " (course.printed_total()) ": " (described) } {
                @for (attempt, span) in &spans { (piece(attempt, span, total)) }
            }
            (table_marks(book, incident, &course))
            ul.lengths { @for (phase, lengths) in by_phase(&spans) { li {
                @let assumed = spans.iter().any(|(attempt, span)| {
                    span.phase == phase && hatched(attempt, phase)
                });
                span class={ "key i-" (phase.word()) @if assumed { " hatched" } } {}
                " " (phase.word()) " " strong { (lengths.join(" + ")) }
            } } }
            (table(book, incident, &spans, total))
        }
    }
}

/// The lengths of every phase, one for each time that it came, in the order of the bar.
fn by_phase(spans: &[(&AttemptEntry, &PhaseSpan<Named>)]) -> Vec<(Phase, Vec<String>)> {
    let mut found: Vec<(Phase, Vec<String>)> = Vec::new();
    for (_, span) in spans {
        let length = printed(span).to_string();
        match found.iter_mut().find(|(phase, _)| *phase == span.phase) {
            Some((_, lengths)) => lengths.push(length),
            None => found.push((span.phase, vec![length])),
        }
    }
    found
}

/// Whether a phase rests on assumed times of people.
fn hatched(attempt: &AttemptEntry, phase: Phase) -> bool {
    phase.is_human() && !attempt.is_measured(phase)
}

fn piece(attempt: &AttemptEntry, stretch: &PhaseSpan<Named>, total: Span) -> Markup {
    let share = stretch.length().0 as f64 / total.0.max(1) as f64;
    let length = short(printed(stretch));
    let fits = |text: &str| share > 0.011 * text.chars().count() as f64 + 0.012;
    let class = format!(
        "i-{}{}",
        stretch.phase.word(),
        if hatched(attempt, stretch.phase) { " hatched" } else { "" }
    );
    html! {
        span class=(class) style={ "width:" (width(stretch.length(), total)) } {
            @if fits(stretch.phase.word()) { b { (stretch.phase.word()) } }
            @if fits(&length) { i { (length) } }
        }
    }
}

/// Whole minutes where there are many, so that it fits into a bar.
fn short(span: Span) -> String {
    let minutes = (span.0 + Span::MINUTE.0 / 2) / Span::MINUTE.0;
    match (minutes / 60, minutes % 60) {
        (0, minutes) if minutes < 10 => span.to_string(),
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

/// A stretch shorter than this share of the whole has no room for words beside it.
const NARROW: f64 = 0.05;

/// Which part of the bar is which attempt, above it.
fn attempt_marks(incident: &Incident, course: &Course) -> Markup {
    let (from, total) = (incident.first().started_at, course.total());
    let place = |attempt: &AttemptEntry| {
        let (began, until) = responses::ends(attempt, course.of_attempt(attempt.attempt));
        let left = Span(began.since(from).0.min(total.0));
        (left, Span(until.since(began).0.min(total.0 - left.0)))
    };
    html! {
        @if incident.attempts.len() > 1 {
            div.attempts aria-hidden="true" { @for attempt in &incident.attempts {
                @let (left, length) = place(attempt);
                span style={ "left:" (width(left, total)) ";width:" (width(length, total)) } {
                    @if length.0 as f64 > total.0 as f64 * NARROW {
                        @if length.0 as f64 > total.0 as f64 * 0.12 { "attempt " }
                        (attempt.attempt)
                        @if length.0 as f64 > total.0 as f64 * 0.25 {
                            ": " (match attempt.outcome {
                                Outcome::NotVerified => "did not help",
                                outcome => responses::outcome(outcome),
                            })
                        }
                    }
                }
            } }
        }
    }
}

/// The minutes that the change-time table gives each deploy, below it.
fn table_marks(book: &Book, incident: &Incident, course: &Course) -> Markup {
    let (from, total) = (incident.first().started_at, course.total());
    let mark = |attempt: &&AttemptEntry| {
        let table = book.change(attempt.change.as_deref())?;
        let deploying = attempt.deploying_at?;
        let left = Span(deploying.since(from).0.min(total.0));
        let room = total.0 - left.0;
        Some((left, Span(table.max.0.min(room)), table))
    };
    let marks: Vec<_> = incident.attempts.iter().filter_map(mark).collect();
    let words = match &marks[..] {
        [] => None,
        [(_, _, table)] => Some(format!(
            "The bracket is what the change-time table promises: {} for {}.",
            table.paper, table.change
        )),
        _ => Some(
            "The brackets are what the change-time table promises for each change.".to_string(),
        ),
    };
    html! {
        @if let Some(words) = words {
            div.marks aria-hidden="true" { @for (left, length, table) in &marks {
                span style={ "left:" (width(*left, total)) ";width:" (width(*length, total)) } {
                    // Extras a narrow one there is no room for words.
                    @if length.0 as f64 > total.0 as f64 * NARROW { em { (shown(&table.paper)) } }
                }
            } }
            p.legend { (shown(&words)) }
        }
    }
}

fn table(
    book: &Book,
    incident: &Incident,
    spans: &[(&AttemptEntry, &PhaseSpan<Named>)],
    total: Span,
) -> Markup {
    let attempts = incident.attempts.len() > 1;
    let who = |attempt: &AttemptEntry, phase: Phase| match phase {
        Phase::Acknowledge | Phase::Declare | Phase::Diagnose => attempt.responder.clone(),
        Phase::Reach | Phase::Decide => attempt.decider.clone(),
        Phase::Queue | Phase::Deploy | Phase::Rollout | Phase::Confirm => attempt.change.clone(),
        Phase::Work | Phase::Detect | Phase::Hold | Phase::Stalled | Phase::Clear => None,
    };
    html! {
        details {
            summary { "The same as a table, with who and when" }
            div.wide tabindex="0" role="region" aria-label={
                "Where the minutes of incident " (incident.number) " went, as a table"
            } {
                table {
                    caption { "Every part begins where the one before it ended." }
                    thead { tr {
                        @if attempts { th scope="col" { "Attempt" } }
                        th scope="col" { "What was under way" }
                        th scope="col" { "In words" }
                        th scope="col" { "Who or what" }
                        th.figure scope="col" { "Began" }
                        th.figure scope="col" { "Took" }
                        th.figure scope="col" { "Share" }
                        th scope="col" { "Rests on" }
                    } }
                    tbody {
                        @for (attempt, stretch) in spans {
                            @let last = spans.last().is_some_and(|(_, last)| last == stretch);
                            tr {
                                @if attempts { td { (attempt.attempt) } }
                                th scope="row" {
                                    span class={ "key i-" (stretch.phase.word()) } {}
                                    " " (capital(stretch.phase.word()))
                                }
                                td { (meaning(stretch.phase, last)) }
                                td {
                                    @let who = who(attempt, stretch.phase);
                                    (shown(who.as_deref().unwrap_or("–")))
                                }
                                td.figure { (book.clock(stretch.from)) }
                                td.figure { (printed(stretch)) }
                                td.figure { (percent(stretch.length(), total)) }
                                td { (basis(book, attempt, stretch.phase)) }
                            }
                        }
                        tr.total {
                            @if attempts { td {} }
                            th scope="row" { "Total" }
                            td {} td {} td {}
                            td.figure { (total) }
                            td.figure { "100%" }
                            td {}
                        }
                    }
                }
            }
        }
    }
}
