//! Tables of a plan: change times, people, steps and tasks, told by the names of their columns.

use super::action::action;
use super::dates;
use super::facts::{At, ChangeTime, LineStatus, StatedAction, StatedStep, StatedTask};
use super::lengths::length;
use super::lines::Line;
use super::names::mentions;
use super::pattern::pattern;
use super::phrase;
use super::state::{PlanReader, is_open};
use super::topic::{Topic, topic};
use super::{criteria, thresholds};
use regex::Regex;

pattern!(
    LASTS,
    concat!(
        r"(?i)\btime to\b|\bduration\b|\bhow long\b|\bminutes\b|\bestimat\w*|\blead time\b",
        r"|\bdeploy time\b|^takes$",
    )
);
pattern!(TIME, r"(?i)^times?$");
pattern!(PHASE, r"(?i)^(?:phase|stage|wave|week|milestone|window|period|rollout|audience)s?$");
pattern!(WHEN, r"(?i)^(?:time|when|start|at|date|due|by when|deadline|t[+-].*)\b");
pattern!(WHAT, r"(?i)\b(?:step|task|action|activity|item|description|what|event)\b");
pattern!(
    WHO,
    concat!(
        r"(?i)\b(?:who|owner|name|person|contact|responsible|lead|assignee|poc|primary",
        r"|backup|secondary|on[- ]?call|assigned)\b",
    )
);
pattern!(ROLE, r"(?i)\b(?:role|team|area|function|group|service|title|department)\b");
pattern!(CRITERION, r"(?i)\b(?:criteri\w+|requirement|gate|go/no-go)\b");
pattern!(TRIGGER, r"(?i)\b(?:threshold|trigger|metric|signal|alert|condition|symptom)\b");
pattern!(
    CACHE,
    concat!(
        r"(?i)(?<n>\d+\s*(?:m|min|minutes?|s|sec|seconds?|h|hours?))\s+(?:cache|caching",
        r"|ttl|propagation)",
    )
);

/// A row of a table.
pub(super) fn row(
    reader: &mut PlanReader<'_>,
    line: &Line,
    cells: &[String],
    head: bool,
    table: usize,
) -> LineStatus {
    if head {
        reader.head = Some((table, cells.to_vec()));
        return LineStatus::Understood("a table header");
    }
    let names = match &reader.head {
        Some((of, names)) if *of == table => names.clone(),
        _ => return LineStatus::NotUnderstood,
    };
    if cells.iter().all(String::is_empty) {
        return LineStatus::Open("a row of the table is empty".to_string());
    }
    let find = |pattern: &Regex| names.iter().position(|name| pattern.is_match(name));
    let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map(String::as_str);
    let lasts = find(&LASTS).or_else(|| find(&TIME).filter(|_| reader.is_about_changes(line)));
    if let Some(fate) = timetable(reader, line, cells, &names, lasts) {
        return fate;
    }
    // How long a phase goes on is not a time that a change takes.
    if let Some(at) = lasts.filter(|_| find(&PHASE).is_none()) {
        return change(reader, line, cells, at);
    }
    if find(&TRIGGER).is_some()
        && let Some(found) = thresholds::threshold(&line.text, line.number)
    {
        reader.facts.thresholds.push(found);
        return LineStatus::Understood("a threshold");
    }
    if let Some(text) = cell(find(&CRITERION)).filter(|text| !text.is_empty()) {
        let found = criteria::criteria(text, line.number);
        reader.facts.criteria.extend(found);
        return LineStatus::Understood("a go/no-go criterion");
    }
    let (when, what) = (cell(find(&WHEN)), cell(find(&WHAT)));
    if let Some(what) = what.filter(|what| !what.is_empty()) {
        let who = cell(find(&WHO)).unwrap_or_default();
        let row = TaskRow { when: when.unwrap_or_default(), what, who, takes: None };
        return step_or_task(reader, line, &row);
    }
    person(reader, line, cells, &names)
}

/// What a row says of something to be done.
struct TaskRow<'a> {
    when: &'a str,
    what: &'a str,
    who: &'a str,
    takes: Option<String>,
}

/// A row of a timetable: a time of day in one cell, what is done then in another, and who does it
/// and how long it takes where there are columns for these.
fn timetable(
    reader: &mut PlanReader<'_>,
    line: &Line,
    cells: &[String],
    names: &[String],
    lasts: Option<usize>,
) -> Option<LineStatus> {
    let find = |pattern: &Regex| {
        (0..names.len()).find(|at| Some(*at) != lasts && pattern.is_match(&names[*at]))
    };
    let cell = |at: usize| cells.get(at).map(String::as_str);
    let when_at = find(&WHEN)?;
    let when = cell(when_at)?;
    phrase::clock(when)?;
    let told = |at: &usize| *at != when_at && Some(*at) != lasts;
    let what = find(&WHAT).or_else(|| (0..names.len()).find(told)).and_then(cell)?;
    let who = find(&WHO).and_then(cell).unwrap_or_default();
    let takes = lasts.and_then(cell).and_then(length);
    (!what.is_empty()).then(|| step_or_task(reader, line, &TaskRow { when, what, who, takes }))
}

/// A row of the change-time table.
fn change(reader: &mut PlanReader<'_>, line: &Line, cells: &[String], at: usize) -> LineStatus {
    let name = cells.iter().enumerate().find(|(index, cell)| *index != at && !cell.is_empty());
    let Some((_, name)) = name else { return LineStatus::NotUnderstood };
    let written = cells.get(at).map_or("", String::as_str);
    let takes = length(written);
    let cached = CACHE.captures(&line.text).and_then(|found| length(&found["n"]));
    let open = takes.is_none();
    if open && !written.is_empty() && !is_open(written) {
        return LineStatus::Open(format!("`{written}` is not a duration: write 5m, ~45m or <5m"));
    }
    reader.facts.changes.push(ChangeTime {
        name: name.clone(),
        takes,
        propagates: cached,
        line: line.number,
    });
    match open {
        true => LineStatus::Open(format!("nobody says how long {name} takes")),
        false => LineStatus::Understood("a change and its time"),
    }
}

fn step_or_task(reader: &mut PlanReader<'_>, line: &Line, row: &TaskRow<'_>) -> LineStatus {
    let TaskRow { when, what, who, takes } = row;
    let (when, what, who) = (*when, *what, *who);
    let owners: Vec<usize> =
        mentions(who).0.iter().map(|mention| reader.person(mention, line.number)).collect();
    let far =
        |clock: &phrase::TimeOfDay| clock.offset.is_some_and(|minutes| minutes.abs() >= 12 * 60);
    let clock = phrase::clock(when);
    let counted = clock.filter(far).map(|clock| &when[clock.from..clock.to]);
    if let Some(clock) = clock.filter(|clock| !far(clock)) {
        let at = reader.lines.iter().position(|other| other.number == line.number);
        let day = dates::days(when, reader.dates).map(|days| days.to);
        let day = day.or_else(|| at.and_then(|at| reader.day(at)));
        let (minutes, day) = reader.moment(&clock, day, line.number);
        if let (Some(Topic::GoNoGo), Some(minutes)) = (topic(what), minutes) {
            reader.facts.meeting = Some(At { value: (day, minutes), line: line.number });
            return LineStatus::Understood("the go/no-go meeting");
        }
        let notes = Vec::new();
        let by = (!owners.is_empty()).then(|| reader.chain_of(owners, line.number));
        reader.facts.steps.push(StatedStep {
            text: what.to_string(),
            minutes,
            counted: clock.offset.is_some(),
            day,
            action: taking(action(what), takes.as_ref()),
            by,
            notes,
            line: line.number,
        });
        return LineStatus::Understood("a step");
    }
    let due = dates::days(when, reader.dates).map(|days| days.to);
    let (ticked, what) = match what.strip_prefix("[ ]").or(what.strip_prefix("[x]")) {
        Some(rest) => (what.starts_with("[x"), rest.trim()),
        None => (false, what),
    };
    let item = counted.map_or(what.to_string(), |counted| format!("{counted}: {what}"));
    let done = ticked
        || line
            .text
            .to_lowercase()
            .split(" | ")
            .any(|cell| matches!(cell, "done" | "yes" | "✅" | "complete" | "completed"));
    reader.facts.tasks.push(StatedTask {
        item,
        owner: owners.first().copied(),
        due,
        done,
        line: line.number,
    });
    match owners.is_empty() && is_open(who) && !who.is_empty() {
        true => LineStatus::Open(format!("nobody is assigned to: {what}")),
        false => LineStatus::Understood("a task"),
    }
}

/// The action of a row that says in another cell how long it takes.
fn taking(action: Option<StatedAction>, length: Option<&String>) -> Option<StatedAction> {
    match action {
        Some(StatedAction::Change { what, takes, propagates }) => {
            Some(StatedAction::Change { what, takes: length.cloned().or(takes), propagates })
        }
        other => other,
    }
}

/// A row of people: a role in one cell, names in others.
fn person(
    reader: &mut PlanReader<'_>,
    line: &Line,
    cells: &[String],
    names: &[String],
) -> LineStatus {
    let who: Vec<usize> = (0..names.len()).filter(|at| WHO.is_match(&names[*at])).collect();
    let role = names.iter().position(|name| ROLE.is_match(name));
    let role = role.and_then(|at| cells.get(at)).filter(|role| !role.is_empty()).cloned();
    if who.is_empty() {
        return LineStatus::NotUnderstood;
    }
    let mut named = Vec::new();
    for at in &who {
        let found = mentions(cells.get(*at).map_or("", String::as_str)).0;
        named.extend(found.iter().map(|mention| reader.person(mention, line.number)));
    }
    match (&role, named.as_slice()) {
        (Some(role), []) => {
            reader.facts.vacant(role, line.number);
            LineStatus::Open(format!("nobody is assigned to {role}"))
        }
        (None, []) => LineStatus::NotUnderstood,
        (role, people) => {
            for person in people {
                if let Some(role) = role {
                    reader.facts.give_role(*person, role);
                }
            }
            if let (Some(role), true) = (role, people.len() > 1) {
                let (label, people) = (role.clone(), people.to_vec());
                let chain = super::facts::ContactChain { label, people, line: line.number };
                reader.facts.chains.push(chain);
            }
            LineStatus::Understood("people of a role")
        }
    }
}
