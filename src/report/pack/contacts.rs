//! The contact sheet: everybody by name, how they are reached, and who is tried after whom.

use super::page::{Paper, line, table};
use super::plan::{Planned, shown};
use crate::names::PersonId;
use maud::{Markup, html};

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let channels: Vec<String> = plan.names.channels.iter().map(|name| shown(name)).collect();
    let people = (0..plan.names.people.len()).map(PersonId::from);
    let rows = people.map(|person| {
        let own = &plan.playbook.roster.people[person.index()];
        let roles: Vec<String> = own.roles.iter().map(|role| plan.role(*role)).collect();
        vec![
            html! { strong { (plan.person(person)) } },
            html! { (roles.join(", ")) },
            html! { (plan.duty(person)) },
            line(),
            line(),
        ]
    });
    let ladders = plan.names.escalations.iter().zip(&plan.playbook.roster.escalations);
    let content = html! {
        @if !channels.is_empty() {
            p { "Channels, in the order in which they are tried: " (channels.join(", then ")) "." }
        }
        (table("Contacts", &["Who", "Roles", "On duty", "Phone", "Elsewhere"], rows.collect()))
        @if !plan.names.escalations.is_empty() {
            h2 { "Who is tried after whom" }
            div.ladders {
                @for (name, ladder) in ladders {
                    div.keep {
                        (rungs(plan, name, &ladder.people))
                        p.quiet { (ladder.each) " on each channel, " (ladder.rounds)
                            @if ladder.rounds == 1 { " round" } @else { " rounds" } }
                    }
                }
            }
        }
    };
    vec![Paper::new("Contact sheet", content)]
}

/// A ladder, drawn: one box for each person, an arrow between two.
fn rungs(plan: &Planned, name: &str, people: &[PersonId]) -> Markup {
    html! {
        p.ladder {
            strong { (shown(name)) } " "
            @for (index, person) in people.iter().enumerate() {
                @if index > 0 { " → " }
                span.rung { (plan.person(*person)) }
            }
        }
    }
}
