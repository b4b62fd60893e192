//! What a plan says, written as a scenario to start from.

mod naming;
mod people;
mod rest;
mod steps;

use super::ReadPlan;

use super::action::is_page;
use super::countdown::offset;
use super::facts::{CriterionAsk, Facts, StatedAction, StatedStep};
use super::hole::Hole;
use super::origin::{from_line, from_words};
use super::phrase::{clock_shown, gap};
use super::slug::slug;
use super::yaml::{Yaml, list, text};
use jiff::civil::Date;
use naming::{DraftChange, DraftNames, PAGE, change_name, launch_day, page_step};
use people::{people, role_name};
use rest::rest;
use steps::{plays, steps};

/// What a plan does not say and a rehearsal needs.
const ASSUMED: &str = include_str!("assumed.yaml");

/// Writes a plan as a scenario: commented, with the line of the plan behind every value, and `"?"`
/// for all that is open. `name` is the plan's file as its reader calls it.
pub fn draft(reading: &ReadPlan, name: &str) -> String {
    let facts = &reading.facts;
    let names = names(facts);
    let changes = changes(facts);
    let mut yaml = Yaml::default();
    head(reading, name, &mut yaml);
    yaml.raw(ASSUMED);
    faults(facts, &changes, &mut yaml);
    rules(facts, &names, &mut yaml);
    people(facts, &names, &mut yaml);
    change_times(&changes, &mut yaml);
    steps(facts, &names, &changes, &mut yaml);
    plays(facts, &names, &changes, &mut yaml);
    criteria(facts, &mut yaml);
    tasks(reading, &names, &mut yaml);
    rest(reading, &mut yaml);
    yaml.finish()
}

fn head(reading: &ReadPlan, name: &str, yaml: &mut Yaml) {
    let facts = &reading.facts;
    let (understood, open, not) = reading.counts();
    yaml.line("# yaml-language-server: $schema=scenario.schema.json", "");
    yaml.comment(&format!(
        "A draft, read from {name}. `plan: line N` says where a value comes from; what is open"
    ));
    yaml.comment(
        "stays \"?\"; [a] marks what the plan does not say and was assumed; `sim fill` writes",
    );
    yaml.comment("[o], ours, beside an answer, with who said so and when.");
    let counts = format!("{understood} understood, {open} open, {not} not understood");
    yaml.comment(&format!("Lines of the plan: {counts} (kept at the end)."));
    yaml.comment("`sim fill` asks for what is open, one question at a time.");
    let title = facts.title.as_deref().unwrap_or(name);
    let title: String = title.chars().take(100).collect();
    yaml.line(&format!("scenario: {}", text(&format!("{title} (draft)"))), "");
    let zone = facts.zone.as_ref().map_or("UTC", |zone| zone.value.as_str());
    let (day, day_source) = launch_day(facts, reading.year);
    let (from, lasts) = hours(facts, day);
    let start = format!("starts: {day}T{} {zone}", clock_shown(from));
    yaml.line(&start, &day_source);
    yaml.line(&format!("lasts: {lasts}h"), "[a]");
    yaml.line("seed: 1", "");
    yaml.line("draft: true", "until what is assumed has been filled in");
    yaml.gap();
}

/// From when on, in minutes after midnight, and for how many hours.
fn hours(facts: &Facts, day: Date) -> (u16, u16) {
    let today = |step: &&StatedStep| step.day.is_none_or(|other| other == day);
    let steps = facts.steps.iter().filter(today).filter_map(|step| step.minutes);
    let meeting = facts.meeting.as_ref().map(|at| at.value.1);
    let all: Vec<u16> = steps.chain(meeting).collect();
    let from = all.iter().copied().min().unwrap_or(10 * 60);
    let last = all.iter().copied().max().unwrap_or(from);
    (from, ((last - from) / 60 + 2).clamp(6, 16))
}

fn names(facts: &Facts) -> DraftNames {
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_lowercase();
    let mut people: Vec<String> = Vec::new();
    for person in &facts.people {
        let mut short = first(&person.name);
        if people.iter().any(|taken| taken.trim_end_matches('?') == short) {
            short = person.name.to_lowercase();
        }
        while people.contains(&short) {
            short.push('2');
        }
        let mark = if person.tentative.is_some() { "?" } else { "" };
        people.push(format!("{short}{mark}"));
    }
    let mut chains: Vec<String> = Vec::new();
    for chain in &facts.chains {
        let short = slug(&chain.label);
        let taken = chains.contains(&short);
        chains.push(if taken || short.is_empty() {
            format!("chain-{}", chain.line)
        } else {
            short
        });
    }
    let mut rules: Vec<String> = Vec::new();
    for threshold in &facts.thresholds {
        let base = if threshold.sentence.starts_with("latency") { "Slow" } else { "Errors" };
        let count = rules.iter().filter(|rule| rule.starts_with(base)).count();
        rules.push(if count == 0 { base.to_string() } else { format!("{base}{}", count + 1) });
    }
    DraftNames { people, chains, rules }
}

/// The rows of the table, then what steps and plays change and no row names.
fn changes(facts: &Facts) -> Vec<DraftChange> {
    let mut found: Vec<DraftChange> = Vec::new();
    for change in &facts.changes {
        let name = slug(&change.name);
        if name.is_empty() || found.iter().any(|other| other.name == name) {
            continue;
        }
        let takes = change.takes.as_deref().unwrap_or("\"?\"");
        let value = match &change.propagates {
            Some(cache) => format!("{{takes: {takes}, propagate: {cache}}}"),
            None => takes.to_string(),
        };
        found.push(DraftChange { name, value, source: from_line(change.line) });
    }
    let (day, _) = launch_day(facts, 2000);
    let today = facts.steps.iter().filter(|step| step.day.is_none_or(|other| other == day));
    let of_steps = today.filter_map(|step| Some((step.action.as_ref()?, step.line)));
    let of_plays = facts.plays.iter().flat_map(|play| &play.steps).map(|at| (&at.value, at.line));
    for (action, line) in of_steps.chain(of_plays) {
        let StatedAction::Change { what, takes, propagates } = action else { continue };
        let name = change_name(what, &found);
        if name.is_empty() || found.iter().any(|other| other.name == name) {
            continue;
        }
        let open = if takes.is_none() { ", which does not say how long it takes" } else { "" };
        let takes = takes.as_deref().unwrap_or("\"?\"");
        let page = if is_page(what) { ", serves: 503" } else { "" };
        let spreads = propagates.as_ref().map(|length| format!(", propagate: {length}"));
        let more = format!("{}{page}", spreads.unwrap_or_default());
        let value = match more.is_empty() {
            true => takes.to_string(),
            false => format!("{{takes: {takes}{more}}}"),
        };
        found.push(DraftChange { name, value, source: from_line(line) + open });
    }
    let page = facts.plays.iter().find(|play| play.page && page_step(play).is_none());
    if let Some(play) = page.filter(|_| !found.iter().any(|other| other.name == PAGE)) {
        let value = "{takes: \"?\", serves: 503}".to_string();
        let source = from_line(play.line) + ", which does not say how long it takes";
        found.push(DraftChange { name: PAGE.to_string(), value, source });
    }
    found
}

fn faults(facts: &Facts, changes: &[DraftChange], yaml: &mut Yaml) {
    let of_play =
        facts.plays.iter().flat_map(|play| &play.steps).filter_map(|step| match &step.value {
            StatedAction::Change { what, .. } if !is_page(what) => Some(change_name(what, changes)),
            _ => None,
        });
    let mut until: Vec<String> = Vec::new();
    for change in of_play {
        if !until.contains(&change) && until.len() < 12 {
            until.push(change);
        }
    }
    yaml.gap();
    let cured = match until.is_empty() {
        true => String::new(),
        false => format!(", until: {}", list(until.iter().map(String::as_str))),
    };
    // What a launch breaks, it breaks once something has been changed.
    let (day, _) = launch_day(facts, 2000);
    let today = |step: &&StatedStep| step.day.is_none_or(|other| other == day);
    let changes = |step: &&StatedStep| matches!(step.action, Some(StatedAction::Change { .. }));
    let timed = facts.steps.iter().filter(today).filter(changes).filter_map(|step| step.minutes);
    let after = timed.min().map(|minutes| minutes + 30).filter(|minutes| *minutes < 24 * 60);
    let at = after.map_or("2h".to_string(), |minutes| format!("\"{}\"", clock_shown(minutes)));
    yaml.line("faults:", "[a] what breaks is yours to choose");
    yaml.line(&format!("  - {{at: {at}, failing: frontend, errors: 30%{cured}}}"), "");
    yaml.gap();
}

/// What somebody has to measure before rules can compare with it, and the first line that does.
fn normal(facts: &Facts) -> Option<(String, usize)> {
    let of_baseline = facts.thresholds.iter().filter(|t| t.sentence.contains("baseline"));
    let (mut figures, mut percentiles, mut first) = (Vec::new(), Vec::new(), None);
    for threshold in of_baseline {
        first = first.or(Some(threshold.line));
        match threshold.sentence.strip_prefix("latency ").and_then(|rest| rest.split(' ').next()) {
            Some(percentile) => percentiles.push(format!("{percentile}: \"?\"")),
            None => figures.push("error_rate: \"?\"".to_string()),
        }
    }
    figures.dedup();
    percentiles.sort();
    percentiles.dedup();
    if !percentiles.is_empty() {
        figures.push(format!("latency: {{{}}}", percentiles.join(", ")));
    }
    first.map(|line| (figures.join(", "), line))
}

fn rules(facts: &Facts, names: &DraftNames, yaml: &mut Yaml) {
    if let Some((normal, line)) = normal(facts) {
        let source = from_line(line) + "; `sim baseline LOG` measures it";
        yaml.line(&format!("baseline: {{{normal}}}"), &source);
    }
    for trigger in &facts.triggers {
        let words = shortened(&trigger.value, 80);
        yaml.comment(&format!("Somebody has to notice, line {}: {words}", trigger.line));
    }
    if facts.thresholds.is_empty() {
        let measured = if facts.triggers.is_empty() { "" } else { " that are measured" };
        yaml.comment(&format!("rules: the plan has no thresholds{measured}"));
        return yaml.gap();
    }
    yaml.line("rules:", "");
    for (threshold, name) in facts.thresholds.iter().zip(&names.rules) {
        let lasting = threshold.lasting.as_deref().filter(|lasting| *lasting != "?");
        let lasting = lasting.map_or(String::new(), |lasting| format!(", for: {lasting}"));
        let open = threshold.lasting.as_deref() == Some("?");
        let sentence = match open && threshold.sentence.starts_with("latency > ") {
            true => threshold.sentence.replacen(" for ", " for ? for ", 1),
            false => threshold.sentence.clone(),
        };
        let line = format!("  - {{alert: {name}, expr: {}{lasting}}}", text(&sentence));
        let words = shortened(&threshold.text, 80);
        yaml.line(&line, &from_words(threshold.line, &words));
    }
    yaml.gap();
}

fn change_times(changes: &[DraftChange], yaml: &mut Yaml) {
    if changes.is_empty() {
        return;
    }
    yaml.line("changes:", "");
    for change in changes {
        yaml.line(&format!("  {}: {}", text(&change.name), change.value), &change.source);
    }
    yaml.gap();
}

fn criteria(facts: &Facts, yaml: &mut Yaml) {
    if !facts.criteria.is_empty() {
        yaml.line("go_no_go:", "");
    }
    for criterion in &facts.criteria {
        let named = shortened(&criterion.text, 80);
        let required = match &criterion.asked {
            CriterionAsk::Users(number) => {
                format!("require: {}", text(&format!("users >= {number}")))
            }
            CriterionAsk::Coverage(share, of) => {
                let sentence = format!("coverage >= {share}% of {}", of.join(", "));
                format!("require: {}", text(&sentence))
            }
            CriterionAsk::Attested(sources) => match sources.as_slice() {
                [] => "attested: [\"?\"]".to_string(),
                sources => format!("attested: {}", list(sources.iter().map(String::as_str))),
            },
        };
        let line = format!("  - {{criterion: {}, {required}}}", text(&named));
        yaml.line(&line, &from_line(criterion.line));
    }
    if !facts.poll.is_empty() {
        yaml.line("decision:", "filled in by hand as the poll goes round");
        yaml.line("  poll:", "");
        for asked in &facts.poll {
            let line = format!("    {}: \"?\"", text(&role_name(&asked.value)));
            yaml.line(&line, &from_line(asked.line));
        }
        yaml.line("  decided: \"?\"", "");
    }
    if !facts.criteria.is_empty() || !facts.poll.is_empty() {
        yaml.gap();
    }
}

fn tasks(reading: &ReadPlan, names: &DraftNames, yaml: &mut Yaml) {
    let facts = &reading.facts;
    let open = left_open(reading, yaml.text());
    if facts.tasks.is_empty() && open.is_empty() && facts.bans.is_empty() {
        return;
    }
    let (day, _) = launch_day(facts, reading.year);
    yaml.line("checklist:", "");
    let mut seen: Vec<&str> = Vec::new();
    for task in &facts.tasks {
        let item = shortened(&task.item, 120);
        let number = seen.iter().filter(|other| **other == task.item).count();
        let item = if number == 0 { item } else { format!("{item} (line {})", task.line) };
        seen.push(&task.item);
        let owner = task.owner.map_or("\"?\"".to_string(), |owner| {
            let person = &facts.people[owner];
            let plays = facts.chains.iter().any(|chain| chain.people.contains(&owner));
            match person.roles.is_empty() && !plays && person.tentative.is_none() {
                // Who has no part in the run is named in full: nothing else says who it is.
                true => text(&person.name.to_lowercase()),
                false => text(&names.people[owner]),
            }
        });
        // What counts from the launch is due this many days from its day.
        let counted = offset(&task.item).filter(|(minutes, from, _)| *from == 0 && *minutes != 0);
        let counted = counted.and_then(|(minutes, ..)| {
            let days = f64::from(minutes) / 1440.0;
            day.checked_add(jiff::Span::new().days(days.floor() as i64)).ok()
        });
        let due = task.due.or(counted);
        let due = due.map_or(String::new(), |due| format!(", due: {due}"));
        let done = if task.done { ", done: true" } else { "" };
        let line = format!("  - {{item: {}, owner: {owner}{due}{done}}}", text(&item));
        yaml.line(&line, &from_line(task.line));
    }
    for ban in &facts.bans {
        let item = text(&shortened(&format!("agreed with all: {}", ban.value), 120));
        let line = format!("  - {{item: {item}, owner: \"?\"}}");
        yaml.line(&line, &from_line(ban.line));
    }
    for (item, line) in open {
        let line = (format!("  - {{item: {}, owner: \"?\"}}", text(&item)), line);
        yaml.line(&line.0, &from_line(line.1));
    }
    yaml.gap();
}

/// What is to be filled in on lines that have no value of their own in the draft: somebody has to
/// see to it. Each with its line.
fn left_open(reading: &ReadPlan, draft: &str) -> Vec<(String, usize)> {
    let facts = &reading.facts;
    let tasks: Vec<usize> = facts.tasks.iter().map(|task| task.line).collect();
    let asked = |line: usize| {
        let value = format!("# {}", from_line(line));
        let named = |text: &str| {
            let whole = text.split_once(&value).map(|(before, after)| {
                before.contains('?') && !after.starts_with(|digit: char| digit.is_ascii_digit())
            });
            whole.unwrap_or(false)
        };
        // A threshold with a hole is a rule with one.
        let rule = facts.thresholds.iter().any(|threshold| threshold.line == line);
        rule || tasks.contains(&line) || draft.lines().any(named)
    };
    let holes = reading.lines.iter().filter_map(|line| {
        let hole = gap(&line.text).filter(|_| matches!(line.status, super::LineStatus::Open(_)))?;
        let template = hole.to_lowercase().contains("template");
        let item = Hole { what: hole.to_string(), line: line.text.clone() }.to_string();
        (!template && !asked(line.number)).then(|| (shortened(&item, 120), line.number))
    });
    holes.collect()
}

/// Words cut between two of them, with a sign that something follows.
fn shortened(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.trim().to_string();
    }
    let cut: String = words.chars().take(most).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(before, _)| before);
    format!("{}…", cut.trim_end_matches([',', ';', ' ', '(']))
}
