//! The people of a draft: their roles, hours, channels and chains.

use super::super::facts::{Duty, Facts, StatedAction, StatedPerson};
use super::super::origin::from_line;
use super::super::phrase::clock_shown;
use super::super::yaml::{Yaml, list, text};
use super::naming::DraftNames;

/// How people answer on each channel, assumed until a roll call measures it.
const ANSWERS: [(&str, &str); 6] = [
    ("email", "{answers: 40%, after: 2m..20m}"),
    ("slack", "{answers: 70%, after: 30s..5m}"),
    ("teams", "{answers: 70%, after: 30s..5m}"),
    ("chat", "{answers: 70%, after: 30s..5m}"),
    ("text", "{answers: 70%, after: 1m..10m}"),
    ("pager", "{answers: 90%, after: 30s..4m}"),
];
const PHONE: &str = "{answers: 85%, after: ~1m}";

pub(super) fn people(facts: &Facts, names: &DraftNames, yaml: &mut Yaml) {
    let duty = !facts.duties.is_empty();
    yaml.line("people:", "");
    let mut unused = Vec::new();
    let mut any = false;
    for (index, person) in facts.people.iter().enumerate() {
        let called = facts.chains.iter().any(|chain| chain.people.contains(&index));
        let mut roles: Vec<String> = person.roles.iter().map(|role| role_name(role)).collect();
        if roles.is_empty() && called {
            roles.push("launch".to_string());
        }
        if roles.is_empty() && facts.tasks.iter().any(|task| task.owner == Some(index)) {
            continue;
        }
        if roles.is_empty() {
            unused.push(format!("{} (line {})", person.name, person.lines[0]));
            continue;
        }
        any = true;
        let line = format!("  {}: {}", text(&names.people[index]), keys(person, &roles, duty));
        let lines: Vec<String> = person.lines.iter().map(usize::to_string).collect();
        yaml.line(&line, &from_line(lines.join(", ")));
    }
    let vacancies = facts.vacancies.iter().map(|v| (role_name(&v.role), v.lines.as_slice()));
    let mut seen: Vec<String> = Vec::new();
    for (role, lines) in vacancies {
        // Who may hold it is named among the people, with a question mark.
        let held = facts.people.iter().any(|p| p.roles.iter().any(|own| role_name(own) == role));
        let taken = names.people.contains(&role) || seen.contains(&role) || held;
        if role.is_empty() || taken {
            continue;
        }
        any = true;
        let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
        yaml.line(&format!("  {}: \"?\"", text(&role)), &from_line(lines.join(", ")));
        seen.push(role);
    }
    if !any {
        yaml.line("  decider: \"?\"", "[a] the plan names nobody");
    }
    if !unused.is_empty() {
        yaml.comment(&format!("Named without a role: {}", unused.join(", ")));
    }
    hours_of_duty(facts, yaml);
    channels(facts, yaml);
    if !facts.chains.is_empty() {
        yaml.line("escalation:", "[a] how long each is tried");
    }
    for (chain, name) in facts.chains.iter().zip(&names.chains) {
        let tried = list(chain.people.iter().map(|person| names.people[*person].as_str()));
        yaml.line(&format!("  {}: {{try: {tried}}}", text(name)), &from_line(chain.line));
    }
    yaml.gap();
}

/// A person's full name, roles and hours.
fn keys(person: &StatedPerson, roles: &[String], duty: bool) -> String {
    let full = format!("name: {}, ", text(&person.name));
    let held = match roles {
        [role] => format!("role: {}", text(role)),
        roles => format!("roles: {}", list(roles.iter().map(String::as_str))),
    };
    let hours = if duty { ", hours: on-call" } else { "" };
    format!("{{{full}{held}{hours}}}")
}

/// A role as a scenario calls it.
pub(super) fn role_name(role: &str) -> String {
    let lower = role.to_lowercase().replace('/', " ");
    let lower = lower.trim_end_matches(['.', ' ']);
    let seen =
        lower.chars().filter(|l| l.is_alphanumeric() || matches!(l, ' ' | '.' | '-' | '&' | '+'));
    let name: String = seen.collect();
    name.split_whitespace()
        .filter(|word| *word != "+" && *word != "&")
        .collect::<Vec<_>>()
        .join(" ")
}

fn hours_of_duty(facts: &Facts, yaml: &mut Yaml) {
    if facts.duties.is_empty() {
        return;
    }
    yaml.line("hours:", "");
    yaml.line("  on-call:", "");
    for duty in &facts.duties {
        let within = |other: &Duty| {
            let (one, all) = (&duty.hours, &other.hours);
            other != duty && other.days == duty.days && all.from <= one.from && one.to <= all.to
        };
        if facts.duties.iter().any(within) {
            let (from, to) = (clock_shown(duty.hours.from), clock_shown(duty.hours.to));
            yaml.comment_at(
                4,
                &format!("{from}-{to} lies within these hours; {}", from_line(duty.line)),
            );
            continue;
        }
        let mut keys = Vec::new();
        if let Some((from, to)) = duty.days {
            keys.push(format!("from: {from}, to: {to}"));
        }
        if duty.weekdays {
            keys.push("days: mon-fri".to_string());
        }
        let zone = duty.hours.zone.or(facts.zone.as_ref().map(|zone| zone.value.as_str()));
        let zone = zone.map_or(String::new(), |zone| format!(" {zone}"));
        let to =
            if duty.hours.to >= 24 * 60 { "24:00".to_string() } else { clock_shown(duty.hours.to) };
        keys.push(format!(
            "daily: {}",
            text(&format!("{}-{to}{zone}", clock_shown(duty.hours.from)))
        ));
        yaml.line(&format!("    - {{{}}}", keys.join(", ")), &from_line(duty.line));
    }
}

fn channels(facts: &Facts, yaml: &mut Yaml) {
    let (order, source) = match &facts.channels {
        Some(at) => (at.value.clone(), format!("the order: {}; [a] the rest", from_line(at.line))),
        None => (vec!["email", "slack", "phone"], "[a]".to_string()),
    };
    let asked =
        facts.plays.iter().flat_map(|play| &play.steps).flat_map(|step| match &step.value {
            StatedAction::Ask { by, .. } => by.clone(),
            _ => Vec::new(),
        });
    let mut all = order;
    for channel in asked {
        if !all.contains(&channel) {
            all.push(channel);
        }
    }
    yaml.line("channels:", &source);
    for channel in all {
        let answers = ANSWERS.iter().find(|(name, _)| *name == channel).map_or(PHONE, |row| row.1);
        yaml.line(&format!("  {channel}: {answers}"), "[a] until a roll call measures it");
    }
}
