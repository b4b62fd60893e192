//! The change-time table on one page.

use super::page::{Paper, line, table};
use super::plan::{Planned, shown};
use maud::html;

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let changes = plan.playbook.changes.changes.iter().zip(&plan.names.changes);
    let rows = changes.map(|(change, name)| {
        let pipeline = change.pipeline.map(|pipeline| &plan.names.pipelines[pipeline.index()]);
        let mut notes = Vec::new();
        notes
            .extend(change.propagate.map(|spread| format!("{spread} more until it is everywhere")));
        notes.extend(change.maintenance.then(|| "puts up a maintenance page".to_string()));
        let ends: Vec<String> = change.ends.iter().map(|other| plan.change(*other)).collect();
        notes.extend((!ends.is_empty()).then(|| format!("takes back {}", ends.join(", "))));
        vec![
            html! { strong { (shown(name)) } },
            html! { strong { (shown(&change.paper)) } },
            html! { (pipeline.map_or(String::new(), |name| shown(name))) },
            html! { (notes.join("; ")) },
            line(),
            line(),
        ]
    });
    let columns = ["Change", "On paper", "Pipeline", "Mind", "Started", "Done"];
    let frozen = plan.playbook.changes.freezes.iter().map(|freeze| {
        let changes: Vec<String> = freeze.changes.iter().map(|c| plan.change(*c)).collect();
        let except: Vec<String> =
            freeze.except.iter().map(|play| shown(&plan.names.plays[play.index()])).collect();
        vec![
            html! { (plan.clock(freeze.from)) " to " (plan.clock(freeze.to)) },
            html! { @if changes.is_empty() { "every change" } @else { (changes.join(", ")) } },
            html! { (except.join(", ")) },
            html! { (freeze.tell.map_or(String::new(), |role| plan.role(role))) },
        ]
    });
    let frozen: Vec<_> = frozen.collect();
    let content = html! {
        p { "From start to done, the technical pipeline only: people come on top. One change at a "
            "time on each pipeline." }
        (table("Change-time table", &columns, rows.collect()))
        @if !frozen.is_empty() {
            h2 { "Frozen" }
            @let columns = ["When", "What may not be made", "Except in the play", "Tell"];
            (table("Freezes", &columns, frozen))
        }
    };
    vec![Paper::new("Change-time table", content)]
}
