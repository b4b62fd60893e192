//! The messages of the plan, filled in as far as they are known before the day.

use super::page::{EXERCISE, Paper};
use super::plan::{BLANK, Planned, shown};
use crate::decision::{ChangeChoice, LaunchAction, Play, Step, TellStep, Trigger, fill};
use crate::names::RuleId;
use maud::{Markup, html};

pub(super) fn papers(plan: &Planned) -> Vec<Paper> {
    let plays = plan.playbook.plays.iter().zip(&plan.names.plays);
    let content = html! {
        p { "Every message begins with the word exercise. Fill in every " (BLANK)
            ", send it by the channel you would use, and say when the next one comes." }
        @for (play, name) in plays {
            @let messages = of_play(plan, play, name);
            @if !messages.is_empty() {
                h2 { "Play " (shown(name)) }
                @for message in messages { (message) }
            }
        }
        @let launch = of_launch(plan);
        @if !launch.is_empty() {
            h2 { "Launch steps" }
            @for message in launch { (message) }
        }
        div.keep {
            h2 { "When it is over" }
            (message("From whoever has the incident, to everyone", "", &format!(
                "{EXERCISE}\nIncident {BLANK} is over since {BLANK}. What helped: {BLANK}. \
                 The exercise continues until the facilitator ends it.")))
        }
    };
    vec![Paper::new("Messages", content)]
}

fn message(who: &str, note: &str, text: &str) -> Markup {
    html! {
        div.keep {
            p { strong { (who) } @if !note.is_empty() { ", " (note) } }
            div.message { (text) }
        }
    }
}

fn of_play(plan: &Planned, play: &Play, name: &str) -> Vec<Markup> {
    let tells = play.steps.iter().flat_map(Step::tells);
    tells
        .map(|step| {
            let from = step
                .from
                .map_or("whoever has the incident".to_string(), |from| plan.audience(from));
            let who = format!("From {from}, to {}", plan.audience(step.to));
            let note = step.every.map_or(String::new(), |every| format!("again every {every}"));
            message(&who, &note, &text(plan, play, name, step))
        })
        .collect()
}

/// The note with its fields filled in; without one, what a message must say.
fn text(plan: &Planned, play: &Play, name: &str, step: &TellStep) -> String {
    let rules: Vec<RuleId> = play
        .when
        .iter()
        .filter_map(|trigger| match trigger {
            Trigger::Fires(rule) => Some(*rule),
            _ => None,
        })
        .collect();
    let one_of = |words: Vec<String>| match &words[..] {
        [] => BLANK.to_string(),
        [only] => only.clone(),
        many => format!("{BLANK} ({})", many.join(" or ")),
    };
    let field = |field: &str| {
        Some(match field {
            "scenario" => "the exercise".to_string(),
            "play" => shown(name),
            "alert" => {
                one_of(rules.iter().map(|rule| shown(&plan.names.rules[rule.index()])).collect())
            }
            "severity" => {
                let rules = rules.iter().map(|rule| &plan.playbook.rules[rule.index()]);
                let mut words: Vec<String> =
                    rules.filter_map(|rule| rule.severity.as_deref().map(shown)).collect();
                words.dedup();
                one_of(words)
            }
            "change" => one_of(changes(plan, play)),
            _ => BLANK.to_string(),
        })
    };
    match &step.note {
        Some(note) => format!("{EXERCISE}\n{}", fill(&shown(note), field)),
        None => format!(
            "{EXERCISE}\nIncident {BLANK}, noticed by {} at {BLANK}. Play: {}. Change: {}. \
             Status: {BLANK}. Next message at {BLANK}.",
            field("alert").unwrap_or_default(),
            shown(name),
            field("change").unwrap_or_default(),
        ),
    }
}

/// The changes that a play may make.
fn changes(plan: &Planned, play: &Play) -> Vec<String> {
    let mut changes = Vec::new();
    for step in &play.steps {
        match step {
            Step::Diagnose { among, .. } => {
                changes.extend(among.iter().map(|(change, _)| plan.change(*change)));
            }
            Step::Change(ChangeChoice::This(change)) => changes.push(plan.change(*change)),
            _ => {}
        }
    }
    changes.dedup();
    changes
}

fn of_launch(plan: &Planned) -> Vec<Markup> {
    let tells = plan.playbook.launch.iter().filter_map(|step| match &step.action {
        LaunchAction::Tell { to, from, note } => Some((step, to, from, note)),
        LaunchAction::Change { .. } => None,
    });
    tells
        .map(|(step, to, from, note)| {
            let from = from.map_or(BLANK.to_string(), |from| plan.audience(from));
            let who = format!("From {from}, to {}", plan.audience(*to));
            let words = note.as_deref().unwrap_or(&step.label);
            let field = |field: &str| {
                Some(if field == "scenario" { "the exercise".into() } else { BLANK.to_string() })
            };
            message(&who, "", &format!("{EXERCISE}\n{}", fill(&shown(words), field)))
        })
        .collect()
}
