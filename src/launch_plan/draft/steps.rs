//! What is done in a draft: the steps of the launch, and the plays.

use super::super::facts::{Facts, StatedAction, StatedStep};
use super::super::names::{Mention, mention};
use super::super::origin::from_line;
use super::super::phrase::clock_shown;
use super::super::slug::slug;
use super::super::yaml::{Yaml, list, text};
use super::naming::{DraftChange, DraftNames, PAGE, change_name, launch_day, page_step};
use super::people::role_name;

pub(super) fn steps(facts: &Facts, names: &DraftNames, changes: &[DraftChange], yaml: &mut Yaml) {
    let (day, _) = launch_day(facts, 2000);
    let (today, others): (Vec<&StatedStep>, Vec<&StatedStep>) =
        facts.steps.iter().partition(|step| step.day.is_none_or(|other| other == day));
    for step in others {
        let day = step.day.map_or(String::new(), |day| format!(" on {day}"));
        let at = step.minutes.map_or(String::new(), |at| format!(" at {}", clock_shown(at)));
        let said = format!("Not on this day, line {}:{day}{at}: {}", step.line, step.text);
        yaml.comment(&said);
    }
    if today.is_empty() {
        return;
    }
    yaml.line("launch:", "");
    for step in today {
        let at = step.minutes.map_or("\"?\"".to_string(), |at| format!("\"{}\"", clock_shown(at)));
        let line = match &step.action {
            Some(StatedAction::Change { what, .. }) => {
                let by = step.by.map(|chain| format!(", by: {}", text(&names.chains[chain])));
                format!("change: {}{}", text(&change_name(what, changes)), by.unwrap_or_default())
            }
            Some(StatedAction::Tell { from, to, text: said, .. }) => {
                let to = audience(facts, names, to);
                match from.as_ref().and_then(|from| teller(facts, names, from)) {
                    Some(from) => format!("tell: {from}, to: {to}, note: {}", text(said)),
                    None => format!("tell: {to}, note: {}", text(said)),
                }
            }
            _ => match step.by.and_then(|chain| facts.chains[chain].people.first()) {
                Some(person) => {
                    let person = text(&names.people[*person]);
                    format!("tell: {person}, to: everyone, note: {}", text(&step.text))
                }
                None => format!("tell: everyone, note: {}", text(&step.text)),
            },
        };
        let assumed = match (step.counted, &facts.launch) {
            (true, Some(launch)) if launch.value.is_none() => "; [a] the launch is at 12:00",
            _ => "",
        };
        let source = from_line(step.line) + assumed;
        yaml.line(&format!("  - {{at: {at}, {line}}}"), &source);
        for note in &step.notes {
            yaml.comment_at(4, &format!("line {}: {}", note.line, note.value));
        }
    }
    yaml.gap();
}

/// Who is told: a person, a role, everyone, or `"?"`.
fn audience(facts: &Facts, names: &DraftNames, words: &str) -> String {
    if let Some(person) = person_named(facts, names, words) {
        return person;
    }
    let lower = words.to_lowercase();
    let held = facts.people.iter().flat_map(|person| &person.roles);
    let vacant = facts.vacancies.iter().map(|vacancy| &vacancy.role);
    // The longest name of a role within the words: `OIT rep` rather than `OIT`.
    let mut fitting: Vec<String> = held
        .chain(vacant)
        .map(|role| role_name(role))
        .filter(|role| !role.is_empty() && lower.contains(role.as_str()))
        .collect();
    fitting.sort_by_key(|role| std::cmp::Reverse(role.len()));
    if let Some(role) = fitting.first() {
        return text(role);
    }
    match ["everyone", "everybody", "all", "team"].iter().any(|word| lower.contains(word)) {
        true => "everyone".to_string(),
        false => "\"?\"".to_string(),
    }
}

/// Who tells: a person, or whoever holds a role.
fn teller(facts: &Facts, names: &DraftNames, from: &Mention) -> Option<String> {
    let role = || Some(audience(facts, names, &from.name)).filter(|role| role != "\"?\"");
    person_named(facts, names, &from.name).or_else(role)
}

fn person_named(facts: &Facts, names: &DraftNames, words: &str) -> Option<String> {
    let (index, _) = facts.find(&mention(words)?.name)?;
    names.people.get(index).map(|name| text(name))
}

pub(super) fn plays(facts: &Facts, names: &DraftNames, changes: &[DraftChange], yaml: &mut Yaml) {
    if facts.plays.is_empty() {
        return;
    }
    yaml.line("plays:", "");
    let mut templates = Vec::new();
    for (index, play) in facts.plays.iter().enumerate() {
        yaml.line(&format!("  {}:", text(&play.name)), &from_line(play.line));
        if play.after.is_none() && !names.rules.is_empty() {
            let when = list(names.rules.iter().map(String::as_str));
            yaml.line(&format!("    when: {when}"), "");
        }
        let mut steps: Vec<(String, String)> = Vec::new();
        for step in &play.steps {
            if let Some(line) = play_step(facts, names, changes, &step.value, &mut templates) {
                steps.push((line, from_line(step.line)));
            }
        }
        if play.page && page_step(play).is_none() {
            steps.push((format!("change {PAGE}"), from_line(play.line)));
        }
        if steps.is_empty() {
            steps.push(("tell everyone".to_string(), "[a] the plan names no action".into()));
        }
        yaml.line("    steps:", "");
        for (line, source) in steps {
            yaml.line(&format!("      - {line}"), &source);
        }
        for note in &play.notes {
            yaml.comment_at(8, &format!("line {}: {}", note.line, note.value));
        }
        if let Some(next) = facts.plays.iter().find(|next| next.after == Some(index)) {
            yaml.line(&format!("    otherwise: {}", text(&next.name)), &from_line(next.line));
        }
    }
    if !templates.is_empty() {
        yaml.line("templates:", "");
        for (name, words) in &templates {
            yaml.line(&format!("  {}: {}", text(name), text(words)), "");
        }
    }
    yaml.gap();
}

fn play_step(
    facts: &Facts,
    names: &DraftNames,
    changes: &[DraftChange],
    action: &StatedAction,
    templates: &mut Vec<(String, String)>,
) -> Option<String> {
    Some(match action {
        StatedAction::Ask { who, by, deputy, within } => {
            // A play asks a role, and the person has one, or nobody knows whom it asks.
            let person = mention(who).and_then(|who| facts.find(&who.name));
            let decider = facts.decider.as_ref().map(|at| at.value);
            let who = match person {
                Some((person, _)) if Some(person) == decider => "decider".to_string(),
                Some((person, _)) => facts.people[person]
                    .roles
                    .first()
                    .map_or("\"?\"".to_string(), |role| text(&role_name(role))),
                None => audience(facts, names, who),
            };
            let by = match by.as_slice() {
                [] => String::new(),
                channels => format!(", by: {}", list(channels.iter().copied())),
            };
            let deputy = deputy.as_ref().and_then(|deputy| person_named(facts, names, deputy));
            let first = person.and_then(|(person, _)| names.people.get(person));
            match (first, deputy) {
                (Some(first), Some(deputy)) => {
                    let within = within.as_ref().map_or(String::new(), |w| format!(" {w}"));
                    let asked = [first, &deputy].map(|who| format!("{who}{within}"));
                    format!("{{ask: {}{by}}}", list(asked.iter().map(String::as_str)))
                }
                _ => format!("{{ask: {who}{by}}}"),
            }
        }
        StatedAction::Tell { from, to, template, every, .. } => {
            let to = audience(facts, names, to);
            let template = template.as_ref().map(|words| {
                let name = if words == "?" { "update".to_string() } else { slug(words) };
                let name = if name.is_empty() { "update".to_string() } else { name };
                if !templates.iter().any(|(known, _)| *known == name) {
                    templates.push((name.clone(), "?".to_string()));
                }
                format!(", template: {}", text(&name))
            });
            let every = every.as_ref().map_or(String::new(), |every| format!(", every: {every}"));
            let template = format!("{}{every}", template.unwrap_or_default());
            match from.as_ref().and_then(|from| teller(facts, names, from)) {
                Some(from) => format!("{{tell: {from}, to: {to}{template}}}"),
                None => format!("{{tell: {to}{template}}}"),
            }
        }
        StatedAction::Page { who } => {
            let lower = who.to_lowercase();
            let at =
                facts.chains.iter().position(|chain| lower.contains(&chain.label.to_lowercase()));
            match at {
                Some(at) => format!("page {}", names.chains[at]),
                None => format!("{{tell: {}}}", audience(facts, names, who)),
            }
        }
        StatedAction::Work { what, takes } => format!("{{work: {}, takes: {takes}}}", text(what)),
        StatedAction::Change { what, .. } => format!("change {}", change_name(what, changes)),
    })
}
