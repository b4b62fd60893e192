//! What a plan says, written as a scenario to start from.

use super::Reading;
use super::facts::{Action, Asked, Facts, Fate, Play, Step};
use super::names::mention;
use super::phrase::clock_shown;
use super::tables::slug;
use super::yaml::{Yaml, list, text};
use jiff::civil::Date;

/// What a plan does not say and a rehearsal needs.
const ASSUMED: &str = include_str!("assumed.yaml");

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

/// The names that a draft has for what a plan words in its own way.
struct Names {
    people: Vec<String>,
    chains: Vec<String>,
    rules: Vec<String>,
}

/// A change of the draft: its name, the rest of its line, and where it comes from.
struct DraftChange {
    name: String,
    value: String,
    source: String,
}

/// Writes a plan as a scenario: commented, with the line of the plan behind every value, and `"?"`
/// for all that is open. `name` is the plan's file as its reader calls it.
pub fn draft(reading: &Reading, name: &str) -> String {
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
    tasks(facts, &names, &mut yaml);
    rest(reading, &mut yaml);
    yaml.finish()
}

fn head(reading: &Reading, name: &str, yaml: &mut Yaml) {
    let facts = &reading.facts;
    let (understood, open, not) = reading.counts();
    yaml.line("# yaml-language-server: $schema=scenario.schema.json", "");
    yaml.comment(&format!(
        "A draft, read from {name}. `plan: line N` says where a value comes from; what is open"
    ));
    yaml.comment("stays \"?\"; [a] marks what the plan does not say and was assumed.");
    yaml.comment(&format!(
        "Lines of the plan: {understood} understood, {open} open, {not} not understood (kept at the end)."
    ));
    let title = facts.title.as_deref().unwrap_or("Launch");
    let title: String = title.chars().take(100).collect();
    yaml.line(&format!("scenario: {}", text(&format!("{title} (draft)"))), "");
    let zone = facts.zone.as_ref().map_or("UTC", |zone| zone.value);
    let (day, day_source) = launch_day(facts, reading.year);
    let (from, lasts) = hours(facts, day);
    let start = format!("starts: {day}T{} {zone}", clock_shown(from));
    yaml.line(&start, &day_source);
    yaml.line(&format!("lasts: {lasts}h"), "[a]");
    yaml.line("seed: 1", "");
    yaml.gap();
}

/// The day of the go/no-go, else that of the first step, else of the rehearsal, else an assumed one.
fn launch_day(facts: &Facts, year: i16) -> (Date, String) {
    let meeting = facts.meeting.as_ref().and_then(|at| Some((at.value.0?, at.line)));
    let step = || facts.steps.iter().find_map(|step| Some((step.day?, step.line)));
    let gameday = || facts.gameday.as_ref().map(|day| (day.value, day.line));
    match meeting.or_else(step).or_else(gameday) {
        Some((day, line)) => (day, format!("plan: line {line}")),
        None => {
            (Date::new(year, 1, 15).unwrap_or(Date::MIN), "[a] the plan has no day".to_string())
        }
    }
}

/// From when on, in minutes after midnight, and for how many hours.
fn hours(facts: &Facts, day: Date) -> (u16, u16) {
    let today = |step: &&Step| step.day.is_none_or(|other| other == day);
    let steps = facts.steps.iter().filter(today).filter_map(|step| step.minutes);
    let meeting = facts.meeting.as_ref().map(|at| at.value.1);
    let all: Vec<u16> = steps.chain(meeting).collect();
    let from = all.iter().copied().min().unwrap_or(10 * 60);
    let last = all.iter().copied().max().unwrap_or(from);
    (from, ((last - from) / 60 + 2).clamp(6, 16))
}

fn names(facts: &Facts) -> Names {
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
    Names { people, chains, rules }
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
        found.push(DraftChange { name, value, source: format!("plan: line {}", change.line) });
    }
    let of_steps = facts.steps.iter().filter_map(|step| Some((step.action.as_ref()?, step.line)));
    let of_plays = facts.plays.iter().flat_map(|play| &play.steps).map(|at| (&at.value, at.line));
    for (action, line) in of_steps.chain(of_plays) {
        let Action::Change { what } = action else { continue };
        let name = change_name(what, &found);
        if name.is_empty() || found.iter().any(|other| other.name == name) {
            continue;
        }
        let page = is_page(what);
        let value = if page { "{takes: \"?\", serves: 503}" } else { "\"?\"" }.to_string();
        let source = format!("plan: line {line}, which does not say how long it takes");
        found.push(DraftChange { name, value, source });
    }
    let page = facts.plays.iter().find(|play| play.page && page_step(play).is_none());
    if let Some(play) = page.filter(|_| !found.iter().any(|other| other.name == PAGE)) {
        let value = "{takes: \"?\", serves: 503}".to_string();
        let source = format!("plan: line {}, which does not say how long it takes", play.line);
        found.push(DraftChange { name: PAGE.to_string(), value, source });
    }
    found
}

const PAGE: &str = "maintenance-page";

fn is_page(what: &str) -> bool {
    let lower = what.to_lowercase();
    lower.contains("maintenance") || lower.contains("503")
}

fn page_step(play: &Play) -> Option<&str> {
    play.steps.iter().find_map(|step| match &step.value {
        Action::Change { what } if is_page(what) => Some(what.as_str()),
        _ => None,
    })
}

/// The row of the table that the words mean, where exactly one has all of its words in them; else
/// a name of their own.
fn change_name(what: &str, known: &[DraftChange]) -> String {
    if is_page(what) {
        return PAGE.to_string();
    }
    let small =
        ["the", "a", "an", "to", "for", "of", "back", "engineer", "ops", "and", "we", "our", "on"];
    let words: Vec<String> =
        slug_words(what).filter(|word| !small.contains(&word.as_str())).collect();
    let stem = |word: &str| word.trim_end_matches('s').to_string();
    let has = |word: &str| words.iter().any(|other| stem(other) == stem(word));
    let fitting: Vec<&DraftChange> =
        known.iter().filter(|change| change.name.split('-').all(&has)).collect();
    if let [only] = fitting.as_slice() {
        return only.name.clone();
    }
    words.iter().map(|word| word.as_str()).take(4).collect::<Vec<_>>().join("-")
}

fn slug_words(words: &str) -> impl Iterator<Item = String> {
    let lower = words.to_lowercase();
    let parts = lower.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    parts.map(str::to_string).filter(|part| !part.is_empty()).collect::<Vec<_>>().into_iter()
}

fn faults(facts: &Facts, changes: &[DraftChange], yaml: &mut Yaml) {
    let of_play =
        facts.plays.iter().flat_map(|play| &play.steps).filter_map(|step| match &step.value {
            Action::Change { what } if !is_page(what) => Some(change_name(what, changes)),
            _ => None,
        });
    let mut until: Vec<String> = of_play.collect();
    until.dedup();
    yaml.gap();
    let cured = match until.is_empty() {
        true => String::new(),
        false => format!(", until: {}", list(until.iter().map(String::as_str))),
    };
    yaml.line("faults:", "[a] what breaks is yours to choose");
    yaml.line(&format!("  - {{at: 2h, failing: frontend, errors: 30%{cured}}}"), "");
    yaml.gap();
}

fn rules(facts: &Facts, names: &Names, yaml: &mut Yaml) {
    let of_baseline = facts.thresholds.iter().find(|t| t.sentence.contains("baseline"));
    if let Some(threshold) = of_baseline {
        let source = format!("plan: line {}; `sim baseline LOG` measures it", threshold.line);
        yaml.line("baseline: {error_rate: \"?\"}", &source);
    }
    if facts.thresholds.is_empty() {
        yaml.comment("rules: the plan has no thresholds");
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
        yaml.line(&line, &format!("plan: line {}", threshold.line));
    }
    yaml.gap();
}

fn people(facts: &Facts, names: &Names, yaml: &mut Yaml) {
    let duty = !facts.duties.is_empty();
    yaml.line("people:", "");
    let mut unused = Vec::new();
    let mut any = false;
    for (index, person) in facts.people.iter().enumerate() {
        let called = facts.chains.iter().any(|chain| chain.people.contains(&index));
        let mut roles: Vec<String> = person.roles.iter().map(|role| role_name(role)).collect();
        if roles.is_empty() && called {
            roles.push("on call".to_string());
        }
        if roles.is_empty() {
            unused.push(format!("{} (line {})", person.name, person.lines[0]));
            continue;
        }
        any = true;
        let hours = if duty { ", hours: on-call" } else { "" };
        let held = match roles.as_slice() {
            [role] => format!("role: {}", text(role)),
            roles => format!("roles: {}", list(roles.iter().map(String::as_str))),
        };
        let line = format!("  {}: {{{held}{hours}}}", text(&names.people[index]));
        let lines: Vec<String> = person.lines.iter().take(4).map(usize::to_string).collect();
        yaml.line(&line, &format!("{}; plan: line {}", person.name, lines.join(", ")));
    }
    let vacancies = facts.vacancies.iter().map(|v| (role_name(&v.role), v.lines.as_slice()));
    let mut seen: Vec<String> = Vec::new();
    for (role, lines) in vacancies {
        let taken = names.people.contains(&role) || seen.contains(&role);
        if role.is_empty() || taken {
            continue;
        }
        any = true;
        let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
        yaml.line(
            &format!("  {}: \"?\"", text(&role)),
            &format!("plan: line {}", lines.join(", ")),
        );
        seen.push(role);
    }
    if !any {
        yaml.line("  decider: \"?\"", "[a] the plan names nobody");
    }
    if !unused.is_empty() {
        yaml.comment(&format!("Named without a part to play: {}", unused.join(", ")));
    }
    hours_of_duty(facts, yaml);
    channels(facts, yaml);
    if !facts.chains.is_empty() {
        yaml.line("escalation:", "[a] how long each is tried");
    }
    for (chain, name) in facts.chains.iter().zip(&names.chains) {
        let tried = list(chain.people.iter().map(|person| names.people[*person].as_str()));
        yaml.line(
            &format!("  {}: {{try: {tried}}}", text(name)),
            &format!("plan: line {}", chain.line),
        );
    }
    yaml.gap();
}

/// A role as a scenario calls it.
fn role_name(role: &str) -> String {
    let lower = role.to_lowercase();
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
        let mut keys = Vec::new();
        if let Some((from, to)) = duty.days {
            keys.push(format!("from: {from}, to: {to}"));
        }
        if duty.weekdays {
            keys.push("days: mon-fri".to_string());
        }
        let zone = duty.hours.zone.or(facts.zone.as_ref().map(|zone| zone.value));
        let zone = zone.map_or(String::new(), |zone| format!(" {zone}"));
        let to =
            if duty.hours.to >= 24 * 60 { "24:00".to_string() } else { clock_shown(duty.hours.to) };
        keys.push(format!(
            "daily: {}",
            text(&format!("{}-{to}{zone}", clock_shown(duty.hours.from)))
        ));
        yaml.line(&format!("    - {{{}}}", keys.join(", ")), &format!("plan: line {}", duty.line));
    }
}

fn channels(facts: &Facts, yaml: &mut Yaml) {
    let (order, source) = match &facts.channels {
        Some(at) => (at.value.clone(), format!("the order: plan: line {}; [a] the rest", at.line)),
        None => (vec!["email", "slack", "phone"], "[a]".to_string()),
    };
    let asked =
        facts.plays.iter().flat_map(|play| &play.steps).flat_map(|step| match &step.value {
            Action::Ask { by, .. } => by.clone(),
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

fn steps(facts: &Facts, names: &Names, changes: &[DraftChange], yaml: &mut Yaml) {
    let (day, _) = launch_day(facts, 2000);
    let today: Vec<&Step> =
        facts.steps.iter().filter(|step| step.day.is_none_or(|other| other == day)).collect();
    if today.is_empty() {
        return;
    }
    yaml.line("launch:", "");
    for step in today {
        let at = step.minutes.map_or("\"?\"".to_string(), |at| format!("\"{}\"", clock_shown(at)));
        let line = match &step.action {
            Some(Action::Change { what }) => {
                let by = step.by.map(|chain| format!(", by: {}", text(&names.chains[chain])));
                format!("change: {}{}", text(&change_name(what, changes)), by.unwrap_or_default())
            }
            Some(Action::Tell { from, to, text: said, .. }) => {
                let to = audience(facts, names, to);
                match from.as_ref().and_then(|from| person_named(facts, names, &from.name)) {
                    Some(from) => format!("tell: {from}, to: {to}, note: {}", text(said)),
                    None => format!("tell: {to}, note: {}", text(said)),
                }
            }
            _ => format!("tell: everyone, note: {}", text(&step.text)),
        };
        yaml.line(&format!("  - {{at: {at}, {line}}}"), &format!("plan: line {}", step.line));
        for note in &step.notes {
            yaml.comment(&format!("    line {}: {}", note.line, note.value));
        }
    }
    yaml.gap();
}

/// Who is told: a person, a role, everyone, or `"?"`.
fn audience(facts: &Facts, names: &Names, words: &str) -> String {
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

fn person_named(facts: &Facts, names: &Names, words: &str) -> Option<String> {
    let mention = mention(words)?;
    let (index, _) = facts.clone().person(&mention, 0);
    names.people.get(index).map(|name| text(name))
}

fn plays(facts: &Facts, names: &Names, changes: &[DraftChange], yaml: &mut Yaml) {
    if facts.plays.is_empty() {
        return;
    }
    yaml.line("plays:", "");
    let mut templates = Vec::new();
    for (index, play) in facts.plays.iter().enumerate() {
        yaml.line(&format!("  {}:", text(&play.name)), &format!("plan: line {}", play.line));
        if play.after.is_none() && !names.rules.is_empty() {
            let when = list(names.rules.iter().map(String::as_str));
            yaml.line(&format!("    when: {when}"), "");
        }
        let mut steps: Vec<(String, String)> = Vec::new();
        for step in &play.steps {
            if let Some(line) = play_step(facts, names, changes, &step.value, &mut templates) {
                steps.push((line, format!("plan: line {}", step.line)));
            }
        }
        if play.page && page_step(play).is_none() {
            steps.push((format!("change {PAGE}"), format!("plan: line {}", play.line)));
        }
        if steps.is_empty() {
            steps.push((
                "tell everyone".to_string(),
                "[a] the plan says nothing that is done".into(),
            ));
        }
        yaml.line("    steps:", "");
        for (line, source) in steps {
            yaml.line(&format!("      - {line}"), &source);
        }
        for note in &play.notes {
            yaml.comment(&format!("        line {}: {}", note.line, note.value));
        }
        if let Some(next) = facts.plays.iter().find(|next| next.after == Some(index)) {
            yaml.line(
                &format!("    otherwise: {}", text(&next.name)),
                &format!("plan: line {}", next.line),
            );
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
    names: &Names,
    changes: &[DraftChange],
    action: &Action,
    templates: &mut Vec<(String, String)>,
) -> Option<String> {
    Some(match action {
        Action::Ask { who, by } => {
            let who = audience(facts, names, who);
            // A play asks a role; the one who decides has one.
            let decider = facts.decider.as_ref().map(|at| text(&names.people[at.value]));
            let who = if Some(&who) == decider.as_ref() { "decider".to_string() } else { who };
            let by = match by.as_slice() {
                [] => String::new(),
                channels => format!(", by: {}", list(channels.iter().copied())),
            };
            format!("{{ask: {who}{by}}}")
        }
        Action::Tell { from, to, template, .. } => {
            let to = audience(facts, names, to);
            let template = template.as_ref().map(|words| {
                let name = if words == "?" { "update".to_string() } else { slug(words) };
                let name = if name.is_empty() { "update".to_string() } else { name };
                if !templates.iter().any(|(known, _)| *known == name) {
                    templates.push((name.clone(), "?".to_string()));
                }
                format!(", template: {}", text(&name))
            });
            let template = template.unwrap_or_default();
            match from.as_ref().and_then(|from| person_named(facts, names, &from.name)) {
                Some(from) => format!("{{tell: {from}, to: {to}{template}}}"),
                None => format!("{{tell: {to}{template}}}"),
            }
        }
        Action::Page { who } => {
            let lower = who.to_lowercase();
            let at =
                facts.chains.iter().position(|chain| lower.contains(&chain.label.to_lowercase()));
            match at {
                Some(at) => format!("page {}", names.chains[at]),
                None => format!("{{tell: {}}}", audience(facts, names, who)),
            }
        }
        Action::Change { what } => format!("change {}", change_name(what, changes)),
    })
}

fn criteria(facts: &Facts, yaml: &mut Yaml) {
    if !facts.criteria.is_empty() {
        yaml.line("go_no_go:", "");
    }
    for criterion in &facts.criteria {
        let named: String = criterion.text.chars().take(80).collect();
        let required = match &criterion.asked {
            Asked::Users(number) => format!("require: {}", text(&format!("users >= {number}"))),
            Asked::Coverage(share, of) => {
                let sentence = format!("coverage >= {share}% of {}", of.join(", "));
                format!("require: {}", text(&sentence))
            }
            Asked::Attested => "attested: [\"?\"]".to_string(),
        };
        let line = format!("  - {{criterion: {}, {required}}}", text(named.trim()));
        yaml.line(&line, &format!("plan: line {}", criterion.line));
    }
    if !facts.poll.is_empty() {
        yaml.line("decision:", "filled in by hand as the poll goes round");
        yaml.line("  poll:", "");
        for asked in &facts.poll {
            let line = format!("    {}: \"?\"", text(&role_name(&asked.value)));
            yaml.line(&line, &format!("plan: line {}", asked.line));
        }
        yaml.line("  decided: \"?\"", "");
    }
    if !facts.criteria.is_empty() || !facts.poll.is_empty() {
        yaml.gap();
    }
}

fn tasks(facts: &Facts, names: &Names, yaml: &mut Yaml) {
    if facts.tasks.is_empty() {
        return;
    }
    yaml.line("checklist:", "");
    let mut seen: Vec<&str> = Vec::new();
    for task in &facts.tasks {
        let item: String = task.item.chars().take(120).collect();
        let number = seen.iter().filter(|other| **other == task.item).count();
        let item = if number == 0 { item } else { format!("{item} (line {})", task.line) };
        seen.push(&task.item);
        let owner = task.owner.map_or("\"?\"".to_string(), |owner| text(&names.people[owner]));
        let due = task.due.map_or(String::new(), |due| format!(", due: {due}"));
        let done = if task.done { ", done: true" } else { "" };
        let line = format!("  - {{item: {}, owner: {owner}{due}{done}}}", text(item.trim()));
        yaml.line(&line, &format!("plan: line {}", task.line));
    }
    yaml.gap();
}

/// What a scenario cannot say: bans, and lines that were not understood.
fn rest(reading: &Reading, yaml: &mut Yaml) {
    if !reading.facts.bans.is_empty() {
        yaml.comment(
            "What may not be done; make `freezes:` of it once somebody says from when to when:",
        );
        for ban in &reading.facts.bans {
            yaml.comment(&format!("  line {}: {}", ban.line, ban.value));
        }
    }
    let not: Vec<_> =
        reading.lines.iter().filter(|line| line.fate == Fate::NotUnderstood).collect();
    if !not.is_empty() {
        yaml.comment("Lines of the plan that were not understood:");
        for line in not {
            yaml.comment(&format!("  line {}: {}", line.number, line.text));
        }
    }
}
