//! The table of attempts, and of what people made beside them.

use super::tables::{cell, maybe, span, table};
use crate::decision::{Named, PhaseSpan};
use crate::journal::{AttemptEntry, between, printed};
use crate::report::context::ReportContext;
use crate::report::improvised::{self, ImprovisedChange};
use crate::report::responses;
use crate::units::Span;
use maud::{Markup, html};

/// Every attempt, by incident.
pub(super) fn responses(context: &ReportContext) -> Markup {
    let all = improvised::improvised(context.story);
    let row = |(attempt, spans): &(&AttemptEntry, Vec<PhaseSpan<Named>>)| {
        let people = spans.iter().filter(|span| span.phase.is_human());
        let people = people.fold(Span::ZERO, |sum, span| sum + printed(span));
        let (from, until) = responses::ends(attempt, spans.iter());
        let table = context.change(attempt.change.as_deref());
        let deploy = attempt
            .reached
            .deploying_at
            .zip(attempt.reached.deployed_at)
            .map(|(a, b)| between(a, b));
        vec![
            html! { (attempt.incident) "." (attempt.number) },
            match improvised::of_attempt(&all, attempt) {
                Some(own) => cell(&own.attribution_text()),
                None => maybe(attempt.play.as_deref()),
            },
            maybe(attempt.change.as_deref()),
            span(attempt.reached.alerted_at.map(|at| between(attempt.start.started_at, at))),
            span(Some(people)),
            maybe(table.map(|table| table.paper.as_str())),
            span(deploy),
            html! { (between(from, until)) },
            maybe(attempt.responder.as_deref()),
            maybe(attempt.decider.as_deref()),
            html! { (responses::ended_as(context, attempt)) },
        ]
    };
    let columns = [
        "Attempt",
        "Play",
        "Change",
        ">To the alert",
        ">People",
        ">Table",
        ">Deploy",
        ">Total",
        "Responder",
        "Decider",
        "Outcome",
    ];
    let attempts = context.story.incidents().into_iter().flat_map(|incident| {
        let course = context.story.phase_timeline(&incident);
        let own_spans =
            |attempt: &&'_ AttemptEntry| course.of_attempt(attempt.number).cloned().collect();
        let with = incident.attempts.iter().map(|attempt| (*attempt, own_spans(attempt)));
        with.collect::<Vec<(&AttemptEntry, Vec<PhaseSpan<Named>>)>>()
    });
    let mut rows: Vec<_> = attempts.map(|attempt| row(&attempt)).collect();
    let beside = improvised::without_attempt(context, all);
    rows.extend(beside.iter().map(|one| improvised_row(context, one)));
    let caption = match beside.is_empty() {
        true => CAPTION.to_string(),
        false => {
            format!("{CAPTION} Improvised: what people did on their own, outside a play.")
        }
    };
    html! {
        @if rows.is_empty() { p { "No play was opened." } }
        @else { (table("Responses", &caption, &columns, rows, "responses.csv")) }
    }
}

const CAPTION: &str = "Every attempt, by incident. People: acknowledge, declare, diagnose, reach \
                       and decide together.";

/// A change that no play made, in the table of attempts.
fn improvised_row(context: &ReportContext, one: &ImprovisedChange) -> Vec<Markup> {
    let (ended, how) = one.ended(context);
    let deploy = one.deploying.zip(one.deployed).map(|(from, to)| between(from, to));
    let paper = context.change(Some(one.change)).map(|row| row.paper.as_str());
    vec![
        html! { @if let Some(incident) = one.incident { (incident) " +" } @else { "+" } },
        cell(&one.attribution_text()),
        cell(one.change),
        cell("–"),
        cell("–"),
        maybe(paper),
        span(deploy),
        html! { (between(one.at, ended)) },
        cell("–"),
        cell("–"),
        html! { (how) },
    ]
}
