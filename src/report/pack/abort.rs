//! The abort card: how anybody stops the gameday.

use super::page::Paper;
use super::plan::{Planned, shown};
use crate::decision::Step;
use maud::html;

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let mut deciders: Vec<String> = Vec::new();
    for (_, step) in plan.steps() {
        if let Step::Ask(step) = step {
            let names = step.people.iter().map(|(person, _)| plan.person(*person));
            deciders.extend(names);
        }
    }
    deciders.sort();
    deciders.dedup();
    let channels: Vec<String> = plan.names.channels.iter().map(|name| shown(name)).collect();
    let ladders = plan.names.escalations.iter().zip(&plan.playbook.roster.escalations);
    let content = html! {
        p.big { "Anybody may stop this exercise, at any time, without giving a reason." }
        h2 { "Say, on every channel" @if !channels.is_empty() { " (" (channels.join(", ")) ")" } }
        p.big { "ABORT EXERCISE, ABORT EXERCISE, ABORT EXERCISE." }
        h2 { "Stop when" }
        ul {
            li { "something real happens, or might: real users are hurt, a real alert fires;" }
            li { "the exercise touches something that it should not;" }
            li { "somebody outside takes it for real;" }
            li { "somebody in it is not well." }
        }
        h2 { "Then" }
        ol {
            li { "Everybody stops what they are doing and stays where they are." }
            li { "The facilitator takes back everything that was put in, and says aloud when that "
                "is done." }
            li { "The facilitator tells everybody who got a message that it was an exercise and "
                "is over." }
            li { "The observer writes a row " code { "endex" } " with the time." }
            li { "If it is real, it is an incident: page as on any other day, and say "
                strong { "THIS IS NOT AN EXERCISE" } ". " }
        }
        @if !plan.names.escalations.is_empty() {
            h2 { "Who is paged if it is real" }
            ul { @for (name, ladder) in ladders {
                @let people = ladder.people.iter().map(|person| plan.person(*person));
                @let people: Vec<String> = people.collect();
                li { (shown(name)) ": " (people.join(", then ")) }
            } }
        }
        p { "Facilitator: " span.line {} " Phone: " span.line {}
            @if !deciders.is_empty() { " Decider: " (deciders.join(", ")) } }
    };
    vec![Paper::new("Abort card", content)]
}
