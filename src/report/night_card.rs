//! The card to print before a night: until when to diagnose, and a line to sign.

use super::outbrief::kit::{Frame, document, named, shown};
use crate::night::{Card, CardRow};
use crate::units::Span;
use maud::{Markup, html};

/// A line to write on.
const LINE: &str = "display:inline-block;min-width:14em;border-bottom:1px solid currentColor";

/// The card as a page, to be printed and signed. It ends in a newline.
pub fn night_card(card: &Card) -> String {
    let heading = shown(&card.scenario);
    let title = named("Card", &card.scenario);
    let frame = Frame {
        title: &title,
        eyebrow: html! { strong { "REAL" } " · Card for the night · approval in advance" },
        heading: &heading,
        first: html! {
            section aria-labelledby="verdict" {
                h2.unseen id="verdict" { "How to read it" }
                div.verdict.unsure {
                    p { "Minutes count from the alert. Whoever has not found the cause by the "
                        "minute that is named stops looking, and the change is made." }
                    p { "That minute is what the change takes at most, by the change-time table: "
                        "from then on waiting has cost users more than making it costs." }
                }
            }
        },
        footer: html! { p { "From the plan alone: its rules, plays and change-time table." } },
        script: "",
        later: usize::MAX,
        appendix: usize::MAX,
    };
    let ids: Vec<String> = (1..=card.rows.len()).map(|n| format!("alert-{n}")).collect();
    let names: Vec<String> = card.rows.iter().map(|row| shown(&row.alert)).collect();
    let rows = card.rows.iter().zip(&ids).zip(&names);
    let mut sections: Vec<(&str, &str, Markup)> =
        rows.map(|((row, id), name)| (id.as_str(), name.as_str(), one(row))).collect();
    if !card.without.is_empty() {
        let without: Vec<String> = card.without.iter().map(|alert| shown(alert)).collect();
        let content = html! { p { "The plan makes no change when these fire: "
        (without.join(", ")) "." } };
        sections.push(("without", "Alerts without a change", content));
    }
    document(frame, &sections)
}

fn one(row: &CardRow) -> Markup {
    let change = shown(&row.change);
    let others: Vec<String> =
        row.others.iter().map(|(name, most)| format!("{} {most}", shown(name))).collect();
    let deciders: Vec<String> = row.deciders.iter().map(|name| shown(name)).collect();
    let minute = minute(row.stop_after);
    html! {
        p { code { (shown(&row.rule)) } " · play " (shown(&row.play)) }
        p { strong { "At minute " (minute) " stop diagnosing and make " (change) }
            " (table: " (shown(&row.paper)) ")." }
        @if !others.is_empty() {
            p { "If the cause is known before that, the play may also choose: "
                (others.join(", ")) "." }
        }
        @for (from, to) in &row.frozen {
            p { "Frozen from " (from) " to " (to) ": it needs an exception then." }
        }
        @if deciders.is_empty() { p { "The play asks nobody for a yes." } }
        @else {
            p { "Approved in advance: when " (shown(&row.alert)) " has fired and the cause is not "
                "known at minute " (minute) ", " (change) " is made without asking again." }
            @if let Some((by, given)) = &row.approved {
                p { "In the plan it is approved in advance by " strong { (shown(by)) }
                    @if let Some(given) = given { " (" (shown(given)) ")" } "; signed:" }
            }
            p { @match &row.approved {
                    Some((by, _)) => (shown(by)),
                    None => (deciders.join(" or ")),
                } ": " span style=(LINE) {} " on "
                span style="display:inline-block;min-width:8em;border-bottom:1px solid" {} }
        }
    }
}

/// The minute in which a time is over.
fn minute(span: Span) -> u64 {
    span.0.div_ceil(Span::MINUTE.0)
}
