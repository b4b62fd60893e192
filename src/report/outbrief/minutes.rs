//! Where the minutes went: one bar per incident, its intervals one after the other.

use super::words::{capital, percent, shown, width};
use crate::decision::Outcome;
use crate::journal::{AttemptEntry, Interval, Stretch};
use crate::journal::{Evidence, Incident};
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
pub(super) fn assumed(incident: &Incident) -> Span {
    let of_attempt = |attempt: &&AttemptEntry| {
        let stretches = attempt.stretches();
        let people = stretches.iter().filter(|stretch| hatched(attempt, stretch.interval));
        people.fold(Span::ZERO, |sum, stretch| sum + stretch.length())
    };
    incident.attempts.iter().map(of_attempt).fold(Span::ZERO, |sum, length| sum + length)
}

/// What an interval waits for, in words.
pub(super) fn meaning(interval: Interval) -> &'static str {
    match interval {
        Interval::Wait => "until the next play opened",
        Interval::Detect => "until the alert was delivered",
        Interval::Acknowledge => "until somebody answered the page",
        Interval::Declare => "until it was called an incident",
        Interval::Triage => "until a change was chosen",
        Interval::Decide => "until the decider said yes",
        Interval::Queue => "until the pipeline was free",
        Interval::Deploy => "until the change was done",
        Interval::Propagate => "until it was live everywhere",
        Interval::Recover => "until every rule was quiet again",
        Interval::Verify => "until it was clear that it did not help",
    }
}

/// What a stretch rests on.
fn basis(book: &Book, attempt: &AttemptEntry, interval: Interval) -> String {
    let table = book.change(attempt.change.as_deref());
    match (interval, table) {
        _ if attempt.measured.contains(&interval) => Evidence::Measured.word().to_string(),
        (Interval::Deploy, Some(table)) => format!("table: {}", shown(&table.paper)),
        _ if interval.human() => "assumed".to_string(),
        _ => Evidence::Simulated.word().to_string(),
    }
}

fn bar(book: &Book, incident: &Incident) -> Markup {
    let (first, total) = (incident.first(), incident.total());
    let assumed = assumed(incident);
    let stretches: Vec<(&AttemptEntry, Stretch)> = incident
        .attempts
        .iter()
        .flat_map(|attempt| attempt.stretches().into_iter().map(|stretch| (*attempt, stretch)))
        .filter(|(_, stretch)| stretch.length() > Span::ZERO)
        .collect();
    let (from, to) = (book.clock(first.started_at), book.clock(incident.last().ended_at));
    let outcome = responses::outcome(incident.last().outcome);
    let described = stretches
        .iter()
        .map(|(_, stretch)| format!("{} {}", stretch.interval.word(), stretch.printed()));
    let described = described.collect::<Vec<_>>().join(", ");
    html! {
        figure.minutes {
            figcaption {
                strong { "Incident " (incident.number) ": " (total) }
                ", " (from) " to " (to) ", " (outcome)
                @if assumed > Span::ZERO {
                    ". " (percent(assumed, total)) " of it, hatched " span.key.hatched {}
                    ", rests on assumed times of people."
                }
            }
            (attempt_marks(incident))
            div.bar role="img" aria-label={ "Bar of " (total) ": " (described) } {
                @for (attempt, stretch) in &stretches {
                    (piece(attempt, stretch, total))
                }
            }
            (table_marks(book, incident))
            ul.lengths { @for (interval, lengths) in by_interval(&stretches) { li {
                @let assumed = stretches.iter().any(|(attempt, stretch)| {
                    stretch.interval == interval && hatched(attempt, interval)
                });
                span class={ "key i-" (interval.word()) @if assumed { " hatched" } } {}
                " " (interval.word()) " " strong { (lengths.join(" + ")) }
            } } }
            (table(book, &stretches, total))
        }
    }
}

/// The lengths of every interval, one for each attempt that has it, in the order of the bar.
fn by_interval(stretches: &[(&AttemptEntry, Stretch)]) -> Vec<(Interval, Vec<String>)> {
    let mut found: Vec<(Interval, Vec<String>)> = Vec::new();
    for (_, stretch) in stretches {
        let length = stretch.printed().to_string();
        match found.iter_mut().find(|(interval, _)| *interval == stretch.interval) {
            Some((_, lengths)) => lengths.push(length),
            None => found.push((stretch.interval, vec![length])),
        }
    }
    found
}

/// Whether an interval rests on assumed times of people.
fn hatched(attempt: &AttemptEntry, interval: Interval) -> bool {
    interval.human() && !attempt.measured.contains(&interval)
}

fn piece(attempt: &AttemptEntry, stretch: &Stretch, total: Span) -> Markup {
    let share = stretch.length().0 as f64 / total.0.max(1) as f64;
    let length = short(stretch.printed());
    let fits = |text: &str| share > 0.011 * text.chars().count() as f64 + 0.012;
    let class = format!(
        "i-{}{}",
        stretch.interval.word(),
        if hatched(attempt, stretch.interval) { " hatched" } else { "" }
    );
    html! {
        span class=(class) style={ "width:" (width(stretch.length(), total)) } {
            @if fits(stretch.interval.word()) { b { (stretch.interval.word()) } }
            @if fits(&length) { i { (length) } }
        }
    }
}

/// Whole minutes where there are many, so that it fits into a bar.
fn short(span: Span) -> String {
    let minutes = (span.0 + Span::MINUTE.0 / 2) / Span::MINUTE.0;
    if minutes >= 10 { format!("{minutes}m") } else { span.to_string() }
}

/// A stretch shorter than this share of the whole has no room for words beside it.
const NARROW: f64 = 0.05;

/// Which part of the bar is which attempt, above it.
fn attempt_marks(incident: &Incident) -> Markup {
    let (from, total) = (incident.first().started_at, incident.total());
    let place = |attempt: &AttemptEntry| {
        let left = Span(attempt.started_at.since(from).0.min(total.0));
        (left, Span(attempt.ended_at.since(attempt.started_at).0.min(total.0 - left.0)))
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
fn table_marks(book: &Book, incident: &Incident) -> Markup {
    let (from, total) = (incident.first().started_at, incident.total());
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

fn table(book: &Book, stretches: &[(&AttemptEntry, Stretch)], total: Span) -> Markup {
    let incident = stretches.first().map_or(0, |(attempt, _)| attempt.incident);
    let attempts = stretches.iter().any(|(attempt, _)| attempt.attempt > 1);
    let who = |attempt: &AttemptEntry, interval: Interval| match interval {
        Interval::Acknowledge | Interval::Declare | Interval::Triage => attempt.responder.clone(),
        Interval::Decide => attempt.decider.clone(),
        Interval::Queue | Interval::Deploy | Interval::Propagate => attempt.change.clone(),
        Interval::Verify | Interval::Recover => attempt.change.clone(),
        Interval::Wait | Interval::Detect => None,
    };
    html! {
        details {
            summary { "The same as a table, with who and when" }
            div.wide tabindex="0" role="region" aria-label={
                "Where the minutes of incident " (incident) " went, as a table"
            } {
                table {
                    caption { "Every interval begins where the one before it ended." }
                    thead { tr {
                        @if attempts { th scope="col" { "Attempt" } }
                        th scope="col" { "Interval" }
                        th scope="col" { "What it waits for" }
                        th scope="col" { "Who or what" }
                        th.figure scope="col" { "Began" }
                        th.figure scope="col" { "Took" }
                        th.figure scope="col" { "Share" }
                        th scope="col" { "Rests on" }
                    } }
                    tbody {
                        @for (attempt, stretch) in stretches {
                            tr {
                                @if attempts { td { (attempt.attempt) } }
                                th scope="row" {
                                    span class={ "key i-" (stretch.interval.word()) } {}
                                    " " (capital(stretch.interval.word()))
                                }
                                td { (meaning(stretch.interval)) }
                                td {
                                    @let who = who(attempt, stretch.interval);
                                    (shown(who.as_deref().unwrap_or("–")))
                                }
                                td.figure { (book.clock(stretch.from)) }
                                td.figure { (stretch.printed()) }
                                td.figure { (percent(stretch.length(), total)) }
                                td { (basis(book, attempt, stretch.interval)) }
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
