//! Who was told when: messages, and what followed from them.

use super::page::{Ink, Page, inked, plain};
use crate::report::context::ReportContext;
use crate::report::{messages, told};

/// The most messages that are shown; the rest are in their file.
const SHOWN: usize = 12;

/// The messages of people whom no play knows, with who read them and who was told.
pub(super) fn messages(context: &ReportContext, page: &mut Page) {
    let all = context.story.messages();
    if all.is_empty() {
        return;
    }
    page.heading("Messages");
    for message in all.iter().take(SHOWN) {
        let late = message.in_time() == Some(false);
        let origin_of = messages::origin_of(context, message);
        page.line(vec![plain(format!("  {origin_of}: {}", message.sent.text))]);
        let ink = if late { Ink::Bad } else { Ink::Faint };
        let read = inked(Ink::Faint, format!("    {}", messages::read(message)));
        let told = messages::outcome_text(message).map(|told| inked(ink, format!("; {told}")));
        page.line([read].into_iter().chain(told).collect());
    }
    if let Some(more) = all.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        page.line(vec![inked(Ink::Faint, format!("  {more} more in messages.csv"))]);
    }
}

/// Who had word of each incident when.
pub(super) fn incidents(context: &ReportContext, page: &mut Page) {
    let all = told::shown(context);
    if all.is_empty() {
        return;
    }
    page.heading("Who was told when");
    let many = all.iter().any(|one| one.informed.incident != all[0].informed.incident);
    let rows = all.iter().take(2 * SHOWN).map(|one| {
        let ink = if one.missed() { Ink::Bad } else { Ink::Plain };
        let incident = one.informed.incident;
        let whom = match many {
            true => format!("incident {incident}, {}", one.whom),
            false => one.whom.clone(),
        };
        let limit = inked(Ink::Faint, one.limit());
        vec![plain(whom), inked(ink, one.first()), limit, plain(one.order())]
    });
    page.table(rows.collect());
    for one in &all {
        if let Some(regular) = one.regular() {
            let ink = if one.missed() { Ink::Bad } else { Ink::Plain };
            page.line(vec![inked(ink, format!("  updates to {} {regular}", one.whom))]);
        }
    }
    page.paragraph(
        Ink::Faint,
        "After: from the start of the incident until they were first told. A * is measured.",
    );
}
