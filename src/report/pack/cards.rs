//! A card for each role: who holds it, what it is asked, what it does, what it may change.

use super::page::{Paper, table};
use super::plan::{Planned, shown};
use crate::decision::{
    AskStep, Audience, ChangeChoice, Instead, LaunchAction, LaunchTime, Play, Step,
};
use crate::names::{ChangeId, ChannelId, PersonId, RoleId};
use crate::people::Escalation;
use maud::{Markup, html};
use std::collections::BTreeSet;

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let roles = (0..plan.names.roles.len()).map(RoleId::from);
    let held = roles.filter(|role| !plan.holders(*role).is_empty());
    let cards: Vec<Paper> = held.map(|role| card(plan, role)).collect();
    if cards.is_empty() {
        let content = html! { p { "The scenario names nobody, so there are no cards." } };
        return vec![Paper::new("Role cards", content)];
    }
    cards
}

fn card(plan: &Planned, role: RoleId) -> Paper {
    let holders = plan.holders(role);
    let ladders: Vec<(&String, &Escalation)> = plan
        .names
        .escalations
        .iter()
        .zip(&plan.playbook.roster.escalations)
        .filter(|(_, ladder)| ladder.people.iter().any(|person| holders.contains(person)))
        .collect();
    let asked = asked(plan, role, &ladders);
    let tells = tells(plan, role, &holders);
    let told = told(plan, role, &holders);
    let changes = changes(plan, &ladders);
    let content = html! {
        h2 { "Who" }
        (people(plan, &holders))
        @if let [only] = holders[..] {
            p { strong { "No deputy is named." } " If " (plan.person(only))
                " cannot come, name one before the day: " span.line {} }
        } @else { p { "The first who is on duty and free is asked; the others are deputies." } }
        h2 { "What you are asked" }
        (list(asked, "Nobody asks you anything in this plan. Listen, and say what you see."))
        @let leads = leads(plan, &ladders);
        @if !leads.is_empty() {
            h3 { "When it is you who answers the page" }
            ol { @for step in leads { li { (step) } } }
        }
        h2 { "What you tell, and what you hear" }
        (list([tells, told].concat(), "Nothing is planned."))
        @if !changes.is_empty() {
            h2 { "What you may change" }
            p { "Nothing else, and each only as the play says. Times are the change-time table's." }
            (table("Changes", &["Change", "On paper"], changes.into_iter().map(|change| {
                let row = &plan.playbook.changes.changes[change.index()];
                vec![html! { (plan.change(change)) }, html! { (shown(&row.paper)) }]
            }).collect()))
        }
        h2 { "While it lasts" }
        ul {
            li { "Say \"exercise\" first in every message, on every channel, including the phone." }
            li { "Do what you would do on the day, on the channel you would use, in the time you "
                "would take." }
            li { "Touch nothing real unless the facilitator says so." }
        }
    };
    Paper::new(format!("Role card: {}", plan.names.roles[role.index()]), content)
}

fn list(items: Vec<Markup>, none: &str) -> Markup {
    html! {
        @if items.is_empty() { p { (none) } }
        @else { ul { @for item in items { li { (item) } } } }
    }
}

fn people(plan: &Planned, holders: &[PersonId]) -> Markup {
    let row = |person: &PersonId| {
        let own = &plan.playbook.roster.people[person.index()];
        let others: Vec<String> = own.roles.iter().map(|role| plan.role(*role)).collect();
        vec![
            html! { strong { (plan.full_name(*person)) } },
            html! { (plan.duty(*person)) },
            html! { (others.join(", ")) },
        ]
    };
    table("People", &["Name", "On duty", "Roles"], holders.iter().map(row).collect())
}

fn channels(plan: &Planned, by: &[ChannelId]) -> String {
    let names = by.iter().map(|channel| shown(&plan.names.channels[channel.index()]));
    names.collect::<Vec<_>>().join(", then ")
}

/// What this role is asked by ladders and plays, and by the plan of the launch.
fn asked(plan: &Planned, role: RoleId, ladders: &[(&String, &Escalation)]) -> Vec<Markup> {
    let mut asked = Vec::new();
    for (name, ladder) in ladders {
        let people: Vec<String> = ladder.people.iter().map(|person| plan.person(*person)).collect();
        asked.push(html! {
            strong { "You are paged" } " on the ladder " em { (shown(name)) } ": "
            (people.join(", then ")) ", each by " (channels(plan, &ladder.by)) ", " (ladder.each)
            " on each, " (ladder.rounds) @if ladder.rounds == 1 { " round." } @else { " rounds." }
        });
    }
    for (play, step) in plan.steps() {
        let Step::Ask(step) = step else { continue };
        if step.asks_nobody() {
            continue;
        }
        let holds = |person: &PersonId| plan.holders(role).contains(person);
        let tried = step.people.iter().filter(|(person, _)| holds(person));
        let mut times: Vec<String> = tried.map(|(_, each)| each.to_string()).collect();
        times.dedup();
        if !times.is_empty() {
            asked.push(html! {
                strong { "You decide" } " in the play " em { (shown(play)) }
                ": do we make the change that is proposed? You are asked by "
                (channels(plan, &step.by)) ", " (times.join(" or "))
                " on each. Say yes or no. A no "
                (instead(plan, step.refused))
                @if let Some(silent) = step.silent {
                    " If nobody answers, that " (instead(plan, silent))
                }
            });
        }
    }
    for step in &plan.playbook.launch {
        let LaunchAction::Change { change, by: Some(by) } = step.action else { continue };
        let by = plan.playbook.roster.escalation(by);
        if !ladders.iter().any(|(_, ladder)| **ladder == *by) {
            continue;
        }
        let when = match step.at {
            Some(LaunchTime::At(at)) => format!("at {}", plan.clock(at)),
            Some(LaunchTime::After(other, span)) => {
                format!("{span} after {}", shown(&plan.playbook.launch[other.index()].label))
            }
            None => "at a time that nobody has named yet".to_string(),
        };
        asked.push(html! {
            strong { "You carry out a launch step" } " " (when) ": " (plan.change(change)) "."
        });
    }
    asked
}

/// What a no, or silence, does.
fn instead(plan: &Planned, instead: Instead) -> String {
    match instead {
        Instead::Stop => "ends the play.".to_string(),
        Instead::Next => "means that the next change is tried.".to_string(),
        Instead::Hold(time) => format!("means that the question comes again {time} later."),
        Instead::Play(play) => format!("opens {}.", shown(&plan.names.plays[play.index()])),
    }
}

/// What whoever answers the page does, play by play.
fn leads(plan: &Planned, ladders: &[(&String, &Escalation)]) -> Vec<Markup> {
    let mut steps = Vec::new();
    let plays = plan.playbook.plays.iter().zip(&plan.names.plays);
    for (play, name) in plays.filter(|(play, _)| is_led(plan, play, ladders)) {
        let words: Vec<String> = play.steps.iter().filter_map(|step| led(plan, step)).collect();
        if !words.is_empty() {
            steps.push(html! { "Play " em { (shown(name)) } ": " (words.join("; then ")) "." });
        }
    }
    steps
}

fn led(plan: &Planned, step: &Step) -> Option<String> {
    Some(match step {
        Step::Page(ladder) => {
            format!("you are paged ({})", shown(&plan.names.escalations[ladder.index()]))
        }
        Step::Declare(_) => "say whether it is an incident".to_string(),
        Step::Diagnose { among, .. } => {
            let among: Vec<String> = among.iter().map(|(change, _)| plan.change(*change)).collect();
            format!("choose one of: {}", among.join(", "))
        }
        Step::Ask(AskStep { approved: Some(one), .. }) if one.changes.is_empty() => {
            format!("go on: {} has approved it in advance", plan.person(one.by))
        }
        Step::Ask(step) => match step.role {
            Some(role) => format!("ask the {}", plan.role(role)),
            None => {
                let people = step.people.iter().map(|(person, _)| plan.person(*person));
                format!("ask {}", people.collect::<Vec<_>>().join(", then "))
            }
        },
        Step::Change(ChangeChoice::ByDiagnosis) => "make the change that was chosen".to_string(),
        Step::Change(ChangeChoice::This(change)) => format!("make {}", plan.change(*change)),
        Step::Tell(step) if step.from.is_none() => format!("tell {}", plan.audience(step.to)),
        Step::Tell(_) => return None,
        Step::Confirm(within) => format!("wait up to {within} until the alerts are over"),
        Step::Work(lists) => {
            let own = lists.iter().flatten().filter(|work| work.by.is_none());
            let own: Vec<&str> = own.map(|work| work.what.as_str()).collect();
            return (!own.is_empty()).then(|| shown(&own.join(", then ")).to_string());
        }
    })
}

fn is(audience: Audience, role: RoleId, holders: &[PersonId]) -> bool {
    match audience {
        Audience::Role(other) => other == role,
        Audience::Person(person) => holders.contains(&person),
        Audience::Everyone => false,
    }
}

fn tells(plan: &Planned, role: RoleId, holders: &[PersonId]) -> Vec<Markup> {
    let mut tells = Vec::new();
    for (play, step) in plan.tells() {
        if step.from.is_some_and(|from| is(from, role, holders)) {
            tells.push(html! {
                strong { "You tell " (plan.audience(step.to)) } " in the play " em { (shown(play)) }
                @if let Some(every) = step.every { ", again every " (every) " until it is over" }
                ". The wording is on the messages sheet."
            });
        }
    }
    for step in &plan.playbook.launch {
        let LaunchAction::Tell { to, from: Some(from), note } = &step.action else { continue };
        let to = *to;
        if is(*from, role, holders) {
            let step = shown(&step.label);
            let words = note.as_ref().map_or(step, |note| shown(note));
            tells.push(html! { strong { "You tell " (plan.audience(to)) } ": " (words) "." });
        }
    }
    tells
}

fn told(plan: &Planned, role: RoleId, holders: &[PersonId]) -> Vec<Markup> {
    let mut told = Vec::new();
    for (play, step) in plan.tells() {
        if is(step.to, role, holders) {
            let from = match step.from {
                None => "whoever has the incident".to_string(),
                Some(person @ Audience::Person(_)) => plan.audience(person),
                Some(from) => format!("the {}", plan.audience(from)),
            };
            told.push((from, play));
        }
    }
    // Whoever is told twice by the same one reads it once.
    let mut seen = BTreeSet::new();
    told.retain(|one| seen.insert(one.clone()));
    let line = |(from, play): (String, &str)| {
        html! { "You are told by " (from) " in the play " em { (shown(play)) } "." }
    };
    told.into_iter().map(line).collect()
}

/// Whether those on these ladders lead a play: they answer its page, or that of another where this
/// one pages nobody.
fn is_led(plan: &Planned, play: &Play, ladders: &[(&String, &Escalation)]) -> bool {
    let on = |escalation: &Escalation| ladders.iter().any(|(_, ladder)| **ladder == *escalation);
    let pages = |play: &Play| play.steps.iter().any(|step| matches!(step, Step::Page(_)));
    let paged = |play: &Play| {
        play.steps.iter().any(|step| {
            matches!(step, Step::Page(ladder) if on(plan.playbook.roster.escalation(*ladder)))
        })
    };
    if pages(play) { paged(play) } else { plan.playbook.plays.iter().any(paged) }
}

/// The changes that those on these ladders may make, in the order of the table.
fn changes(plan: &Planned, ladders: &[(&String, &Escalation)]) -> Vec<ChangeId> {
    let led = plan.playbook.plays.iter().filter(|play| is_led(plan, play, ladders));
    let mut changes: Vec<ChangeId> =
        led.flat_map(|play| play.steps.iter().flat_map(Step::changes)).collect();
    for step in &plan.playbook.launch {
        if let LaunchAction::Change { change, by: Some(by) } = step.action
            && ladders.iter().any(|(_, l)| **l == *plan.playbook.roster.escalation(by))
        {
            changes.push(change);
        }
    }
    changes.sort_unstable();
    changes.dedup();
    changes
}
