//! What hangs on the wall of the room: whom to reach and how, who is tried after whom, how anybody
//! stops the gameday, how long changes take, and what fires when.

use super::page::{Paper, line, table};
use super::plan::{Planned, shown};
use crate::decision::Step;
use crate::names::PersonId;
use crate::units::Ratio;
use maud::{Markup, html};

pub(super) fn contacts(plan: &Planned) -> Vec<Paper> {
    let channels: Vec<String> = plan.names.channels.iter().map(|name| shown(name)).collect();
    let people = (0..plan.names.people.len()).map(PersonId::from);
    let rows = people.map(|person| {
        let own = &plan.playbook.roster.people[person.index()];
        let roles: Vec<String> = own.roles.iter().map(|role| plan.role(*role)).collect();
        vec![
            html! { strong { (plan.full_name(person)) } },
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
            h2 { "Escalation order" }
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

pub(super) fn abort_card(plan: &Planned) -> Vec<Paper> {
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
            li { "something real happens, or might: real users are affected, a real alert fires;" }
            li { "the exercise touches something that it should not;" }
            li { "somebody outside takes it for real;" }
            li { "a participant is unwell." }
        }
        h2 { "Then" }
        ol {
            li { "Everybody stops what they are doing and stays where they are." }
            li { "The facilitator undoes everything that was injected, and says aloud when that "
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

pub(super) fn change_times(plan: &Planned) -> Vec<Paper> {
    let changes = plan.playbook.changes.changes.iter().zip(&plan.names.changes);
    let rows = changes.map(|(change, name)| {
        let pipeline = change.pipeline.map(|pipeline| &plan.names.pipelines[pipeline.index()]);
        let mut notes = Vec::new();
        notes
            .extend(change.propagate.map(|spread| format!("{spread} more until it is everywhere")));
        notes.extend(change.maintenance.then(|| "puts up a maintenance page".to_string()));
        let ends: Vec<String> = change.ends.iter().map(|other| plan.change(*other)).collect();
        notes.extend((!ends.is_empty()).then(|| format!("undoes {}", ends.join(", "))));
        vec![
            html! { strong { (shown(name)) } },
            html! { strong { (shown(&change.paper)) } },
            html! { (pipeline.map_or(String::new(), |name| shown(name))) },
            html! { (notes.join("; ")) },
            line(),
            line(),
        ]
    });
    let columns = ["Change", "On paper", "Pipeline", "Note", "Started", "Done"];
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
        p { "From start to done, the technical pipeline only: people are extra. One change at a "
            "time on each pipeline." }
        (table("Change-time table", &columns, rows.collect()))
        @if !frozen.is_empty() {
            h2 { "Frozen" }
            @let columns = ["When", "Changes that are not allowed", "Except in the play", "Tell"];
            (table("Freezes", &columns, frozen))
        }
    };
    vec![Paper::new("Change-time table", content)]
}

pub(super) fn thresholds(plan: &Planned) -> Vec<Paper> {
    let unfilled = plan.header.open_rules();
    let rows = plan.header.rules.iter().map(|rule| {
        let open = unfilled.contains(&rule.alert.as_str());
        let opens = rule.play.as_ref().map_or(String::new(), |play| shown(play));
        vec![
            html! { strong { (shown(&rule.alert)) } },
            html! { (shown(&rule.text)) @if open { " " em { "(not filled in: it never fires)" } } },
            html! { (rule.severity.as_ref().map_or(String::new(), |severity| shown(severity))) },
            html! { (opens) },
        ]
    });
    let rows: Vec<_> = rows.collect();
    let baseline = plan.header.baseline_error_rate;
    let content = html! {
        @if rows.is_empty() { p { "The plan has no thresholds." } }
        @else {
            p { "What the monitoring says, " (plan.header.delay) " late, every "
                (plan.header.every) "." }
            (table("Thresholds", &["Alert", "Fires when", "Severity", "Opens"], rows))
        }
        @if let Some(rate) = baseline {
            p { "Normal is " (Ratio(rate)) " of requests failing." }
        } @else { p { "Nobody has measured what is normal." } }
    };
    vec![Paper::new("Thresholds", content)]
}
