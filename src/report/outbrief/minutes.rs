//! Where the minutes went: what was under way one after the other, with who and when.

use super::formatting::{capital, percent, shown};
use crate::decision::{Named, Phase, PhaseSpan};
use crate::journal::{AttemptEntry, Evidence, Incident, PhaseTimeline, printed};
use crate::report::context::ReportContext;
use crate::units::Span;
use maud::{Markup, html};

/// The time that rests on what the scenario says of people.
pub(super) fn assumed(incident: &Incident, course: &PhaseTimeline) -> Span {
    let people = of_attempts(incident, course).into_iter();
    let people = people.filter(|(attempt, span)| assumed_step(attempt, span.phase));
    people.fold(Span::ZERO, |sum, (_, span)| sum + span.length())
}

/// What was under way, each with the attempt that had begun last.
pub(super) fn of_attempts<'a>(
    incident: &Incident<'a>,
    course: &'a PhaseTimeline,
) -> Vec<(&'a AttemptEntry, &'a PhaseSpan<Named>)> {
    let attempt = |span: &PhaseSpan<Named>| {
        let mut attempts = incident.attempts.iter();
        let own = attempts.find(|attempt| attempt.number == span.attempt);
        *own.unwrap_or(&incident.attempts[0])
    };
    course.spans().iter().map(|span| (attempt(span), span)).collect()
}

/// What is waited for while this is under way.
pub(in crate::report) fn meaning(phase: Phase, last: bool) -> &'static str {
    match phase {
        Phase::Clear if !last => "all was clear, until a rule fired again",
        Phase::Detect => "in effect, but nobody told",
        Phase::Acknowledge => "somebody was paged, but had not answered",
        Phase::Declare => "answered, but not yet declared an incident",
        Phase::Diagnose => "a repair was being chosen",
        Phase::Reach => "the decider was asked, but had not answered",
        Phase::Decide => "the decider had answered, but not said yes or no",
        Phase::Work => "other work of the play was being done",
        Phase::Queue => "the pipeline was not free",
        Phase::Deploy => "the change was being made",
        Phase::Rollout => "the change was reaching everybody",
        Phase::Confirm => "in effect, but not known whether it helped",
        Phase::Hold => "waiting for a set time or the end of a freeze",
        Phase::Stalled => "nobody did anything",
        Phase::Clear => "service restored, but not yet known to be",
    }
}

/// What a stretch rests on.
fn basis(context: &ReportContext, attempt: &AttemptEntry, phase: Phase) -> String {
    let table = context.change(attempt.change.as_deref());
    match (phase, table) {
        // On a real night even that nobody did anything is what was seen.
        _ if attempt.is_measured(phase) || context.is_real() => {
            Evidence::Measured.word().to_string()
        }
        (Phase::Deploy, Some(table)) => format!("table: {}", shown(&table.paper)),
        _ if phase.is_human() => "assumed".to_string(),
        _ => context.evidence().word().to_string(),
    }
}

/// Whether a phase rests on assumed times of people.
pub(super) fn assumed_step(attempt: &AttemptEntry, phase: Phase) -> bool {
    phase.is_human() && !attempt.is_measured(phase)
}

/// The steps of an incident as a table.
pub(super) fn table(
    context: &ReportContext,
    incident: &Incident,
    course: &PhaseTimeline,
) -> Markup {
    let (spans, total) = (of_attempts(incident, course), course.total());
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
                        @for (attempt, stretch) in &spans {
                            @let last = spans.last().is_some_and(|(_, last)| last == stretch);
                            tr {
                                @if attempts { td { (attempt.number) } }
                                th scope="row" {
                                    span class={ "key i-" (stretch.phase.word()) } {}
                                    " " (capital(stretch.phase.word()))
                                }
                                td { (meaning(stretch.phase, last)) }
                                td {
                                    @let who = who(attempt, stretch.phase);
                                    (shown(who.as_deref().unwrap_or("–")))
                                }
                                td.figure { (context.clock(stretch.from)) }
                                td.figure { (printed(stretch)) }
                                td.figure { (percent(stretch.length(), total)) }
                                td { (basis(context, attempt, stretch.phase)) }
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
