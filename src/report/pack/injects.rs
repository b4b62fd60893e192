//! The facilitator's inject list: what breaks when, between what is planned anyway.

use super::page::{Paper, line, table, tick};
use super::plan::{Planned, after, shown};
use crate::decision::{LaunchAction, LaunchTime, Message};
use crate::fault::{Fault, FaultKind, FaultStart};
use crate::journal::FaultSentence;
use crate::names::ChannelId;
use crate::units::Time;
use maud::{Markup, html};

/// A row of the list: when (`None`: with something else), and its cells.
type InjectRow = (Option<Time>, Vec<Markup>);

/// What is said of each of them.
pub(super) const COLUMNS: [&str; 7] =
    ["Time", "After start", "Kind", "What", "Ends", "Actual time", "Done"];

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let injects = plan.faults.len() + messages(plan).len();
    let rows = rows(plan);
    let content = html! {
        p.seal { strong { "Sealed until " (plan.clock(Time::ZERO)) "." }
            " No player may see this page. Deliver every inject at its time, write down when "
            "it was delivered, and say nothing: it is for the players to notice." }
        @if injects == 0 {
            p { strong { "Nothing breaks in this scenario." }
                " It rehearses whether the rules stay silent and the launch steps are taken." }
        }
        (table("Injects and planned steps", &COLUMNS, rows))
        (rules(plan))
        (expected(plan))
        h2 { "How to deliver an inject" }
        ul {
            li { "In a tabletop exercise: show or read out what the monitoring would show, "
                "not what is broken." }
            li { "In a test environment: break it as the list says, and know beforehand how to "
                "undo it." }
            li { "If the players find it out early, do not hurry the next one: keep to the clock." }
            li { "If something real happens, use the abort card." }
        }
    };
    vec![Paper::new("Inject list", content)]
}

/// What breaks and what is planned anyway, in order: the cells below [`COLUMNS`].
pub(super) fn rows(plan: &Planned) -> Vec<Vec<Markup>> {
    let mut rows: Vec<InjectRow> = faults(plan);
    rows.extend(messages(plan));
    rows.extend(planned(plan));
    rows.sort_by_key(|(at, _)| at.unwrap_or(Time::NEVER));
    rows.into_iter().map(|(_, cells)| cells).collect()
}

fn faults(plan: &Planned) -> Vec<InjectRow> {
    let names = plan.names.faults.iter();
    let sentences = plan.header.faults.iter().map(|(_, sentence)| sentence);
    let faults = plan.faults.iter().zip(names).zip(sentences);
    let row = |((fault, name), sentence): ((&Fault, &String), &FaultSentence)| {
        let at = match fault.start {
            FaultStart::At(at) => Some(at),
            FaultStart::With(_) | FaultStart::When => None,
        };
        let (when, since) = match fault.start {
            FaultStart::At(at) => (html! { strong { (plan.clock(at)) } }, html! { (after(at)) }),
            FaultStart::With(change) => {
                (html! { "with " (plan.change(change)) }, html! { "when it is live" })
            }
            FaultStart::When => {
                let when = fault.starts_when.as_ref().map_or("", |when| &when.text);
                (html! { "when" }, html! { (shown(when)) })
            }
        };
        let cells = vec![
            html! { span.time { (when) } },
            html! { span.time { (since) } },
            html! { strong { "inject" } },
            html! {
                strong { (shown(&sentence.does)) } br;
                span.quiet { (shown(name)) ". " (hint(&fault.kind)) }
            },
            html! { (ends(plan, fault)) },
            line(),
            tick(),
        ];
        (at, cells)
    };
    faults.map(row).collect()
}

/// Messages from people who are in no play.
fn messages(plan: &Planned) -> Vec<InjectRow> {
    let by = |by: Option<ChannelId>| match by {
        Some(by) => format!(" by {}", shown(&plan.names.channels[by.index()])),
        None => ", face to face".to_string(),
    };
    let row = |message: &Message| {
        let from = message.from.as_deref().map_or("somebody".to_string(), shown);
        let then = message.expect.map(|expect| {
            let within = expect.within.map(|within| format!(" within {within}"));
            let told = plan.audience(expect.audience);
            format!("{told} must be told{}", within.unwrap_or_default())
        });
        let at = message.at;
        let cells = vec![
            html! { span.time { strong { (plan.clock(at)) } } },
            html! { span.time { (after(at)) } },
            html! { strong { "message" } },
            html! {
                strong { (from) " to " (plan.audience(message.to)) (by(message.by)) } br;
                "“" (shown(&message.says)) "”"
            },
            html! { (then.unwrap_or_default()) },
            line(),
            tick(),
        ];
        (Some(at), cells)
    };
    plan.messages.iter().map(row).collect()
}

/// How a fault ends.
fn ends(plan: &Planned, fault: &Fault) -> String {
    let until: Vec<String> = fault.end.until.iter().map(|change| plan.change(*change)).collect();
    let after = fault.end.after.map(|after| match fault.start {
        FaultStart::At(at) => format!("at {}", plan.clock(at + after)),
        FaultStart::With(_) | FaultStart::When => format!("after {after}"),
    });
    match (after, until.is_empty()) {
        (Some(after), true) => after,
        (None, false) => format!("when {} is live", until.join(" or ")),
        (Some(after), false) => format!("{after}, or when {} is live", until.join(" or ")),
        (None, true) => "not before the gameday does".to_string(),
    }
}

/// What the facilitator does in the room.
fn hint(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::Unreachable { .. } => {
            "Take them aside beforehand: they answer nobody until it ends."
        }
        FaultKind::Blind => "The monitoring shows nothing: cover the screen.",
        FaultKind::BlindSpot { .. } => {
            "Show the rest as it is, and nothing that would give the gap away."
        }
        FaultKind::Blocked { .. } => "Say so only when somebody starts a change there.",
        FaultKind::Surge { .. } => "Show the traffic rising.",
        _ => "Show what the monitoring would show, as late as it would.",
    }
}

/// What the team itself has planned, which players know.
fn planned(plan: &Planned) -> Vec<InjectRow> {
    let row = |at: Option<Time>, kind: &str, what: String, note: String| {
        let cells = vec![
            html! { span.time { @if let Some(at) = at { (plan.clock(at)) } @else { "?" } } },
            html! { span.time { @if let Some(at) = at { (after(at)) } } },
            html! { (kind) },
            html! { (what) },
            html! { (note) },
            line(),
            tick(),
        ];
        (at, cells)
    };
    let mut rows = Vec::new();
    for step in &plan.playbook.launch {
        let at = match step.at {
            Some(LaunchTime::At(at)) => Some(at),
            _ => None,
        };
        let note = match step.at {
            Some(LaunchTime::After(other, span)) => {
                let other = &plan.playbook.launch[other.index()].label;
                format!("{span} after {}", shown(other))
            }
            None => "nobody has timed it".to_string(),
            _ => String::new(),
        };
        let what = match &step.action {
            LaunchAction::Change { change, .. } => format!("launch step: {}", plan.change(*change)),
            LaunchAction::Tell { to, note, .. } => {
                let note =
                    note.as_deref().map_or(String::new(), |note| format!(": {}", shown(note)));
                format!("launch step: tell {}{note}", plan.audience(*to))
            }
        };
        rows.push(row(at, "planned", what, note));
    }
    for freeze in &plan.playbook.changes.freezes {
        let what = match freeze.changes.is_empty() {
            true => "no change is allowed".to_string(),
            false => {
                let changes = freeze.changes.iter().map(|change| plan.change(*change));
                format!("frozen: {}", changes.collect::<Vec<_>>().join(", "))
            }
        };
        rows.push(row(
            Some(freeze.from),
            "freeze",
            what,
            format!("until {}", plan.clock(freeze.to)),
        ));
    }
    rows
}

fn rules(plan: &Planned) -> Markup {
    let rows = plan.header.rules.iter().map(|rule| {
        vec![
            html! { (shown(&rule.alert)) },
            html! { (shown(&rule.text)) },
            html! { (rule.hold.map_or(String::new(), |hold| hold.to_string())) },
            html! { (rule.play.as_deref().map_or(String::new(), shown)) },
            line(),
        ]
    });
    let columns = ["Rule", "Fires when", "For", "Opens the play", "Noticed at"];
    html! {
        h2 { "What may be noticed" }
        (table("Rules", &columns, rows.collect()))
    }
}

fn expected(plan: &Planned) -> Markup {
    html! {
        @if !plan.expect.is_empty() {
            h2 { "What the scenario expects" }
            ul { @for expectation in &plan.expect {
                li { (tick()) " " (shown(&expectation.to_string())) }
            } }
        }
    }
}
