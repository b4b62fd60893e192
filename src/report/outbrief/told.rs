//! Who was told when: first words, updates, and messages with what followed from them.

use super::tables::{cell, table};
use crate::journal::MessageTimeline;
use crate::report::context::ReportContext;
use crate::report::messages;
use crate::report::told::{self, AudienceUpdates};
use maud::{Markup, html};

/// The section; `None` where nothing of it is expected and nobody was seen to tell anybody.
pub(super) fn section(context: &ReportContext) -> Option<Markup> {
    let said = context.story.messages();
    let audiences = told::shown(context);
    if said.is_empty() && audiences.is_empty() {
        return None;
    }
    Some(html! {
        @if !audiences.is_empty() { (incidents(&audiences)) }
        @if !said.is_empty() {
            h3 { "Messages" }
            (of_messages(context, &said))
        }
    })
}

fn incidents(audiences: &[AudienceUpdates]) -> Markup {
    let row = |one: &AudienceUpdates| {
        let class = if one.missed() { "tag high" } else { "tag good" };
        let regular = one.regular().is_some();
        let expected = one.within.is_some() || one.before_change || regular || one.due;
        let word = if one.missed() { "missed" } else { "met" };
        vec![
            html! { (one.informed.incident) },
            cell(&one.whom),
            cell(&one.first()),
            cell(one.order()),
            cell(&one.limit()),
            cell(&one.regular().unwrap_or_else(|| "–".to_string())),
            html! { @if expected { span class=(class) { (word) } } @else { "–" } },
        ]
    };
    let columns = ["Incident", "Who", "First told", "Change", "Expected", "Updates", "Status"];
    let caption = "First told: from the start of the incident, when its cause took effect. \
                   A * is measured: people did it.";
    let rows = audiences.iter().map(row).collect();
    table("Who was told when", caption, &columns, rows, "told.csv")
}

fn of_messages(context: &ReportContext, said: &[MessageTimeline]) -> Markup {
    let row = |message: &MessageTimeline| {
        vec![
            cell(&messages::origin_of(context, message)),
            cell(&message.sent.text),
            cell(&messages::read(message)),
            cell(&messages::outcome_text(message).unwrap_or_else(|| "–".to_string())),
        ]
    };
    let caption = "Messages from outside the plan, who took each, and who was told of it.";
    let rows = said.iter().map(row).collect();
    table("Messages", caption, &["Came", "Said", "Taken", "Told"], rows, "messages.csv")
}
