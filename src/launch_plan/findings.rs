//! What a plan leaves open, says in two conflicting ways, or says so that nobody can test it.

use super::facts::{At, Facts, LineStatus, StatedAction, UNTESTABLE};
use super::lines::{Kind, Line};
use super::names::mention;
use super::options::ReadOptions;
use super::phrase;
use super::state::Unsure;
use super::text::{Decoded, counted};

/// How severe a gap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// On the day, something stops here.
    High,
    /// Somebody has to ask.
    Medium,
    /// Worth a look.
    Low,
}

impl Grade {
    /// The word that is shown.
    pub fn word(self) -> &'static str {
        match self {
            Grade::High => "high",
            Grade::Medium => "medium",
            Grade::Low => "low",
        }
    }
}

/// A gap of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanGap {
    /// How severe it is.
    pub grade: Grade,
    /// The lines of the plan; none for what no line says.
    pub lines: Vec<usize>,
    /// What is missing, in a sentence.
    pub text: String,
    /// What to do about it.
    pub hint: String,
}

/// Collects gaps.
struct GapCollector(Vec<PlanGap>);

impl GapCollector {
    fn add(&mut self, grade: Grade, line: impl Into<Option<usize>>, text: String, hint: &str) {
        let lines: Vec<usize> = line.into().into_iter().collect();
        // What several lines say in the same words is one gap.
        if let Some(same) = self.0.iter_mut().find(|gap| gap.text == text) {
            same.lines
                .extend(lines.iter().filter(|line| !same.lines.contains(line)).collect::<Vec<_>>());
            return;
        }
        self.0.push(PlanGap { grade, lines, text, hint: hint.to_string() });
    }

    /// Whether a gap of this line has been found already.
    fn knows(&self, line: usize) -> bool {
        self.0.iter().any(|gap| gap.lines.contains(&line))
    }
}

/// All gaps, the most severe first, then by line.
pub(super) fn gaps(
    facts: &Facts,
    lines: &[Line],
    fates: &[LineStatus],
    unsure: &Unsure,
    decoded: &Decoded,
    options: &ReadOptions,
) -> Vec<PlanGap> {
    let mut found = GapCollector(Vec::new());
    people(facts, &unsure.names, &mut found);
    times(facts, options, &mut found);
    moments(unsure, &mut found);
    steps(facts, &mut found);
    thresholds(facts, &mut found);
    changes(facts, &mut found);
    plays(facts, &mut found);
    holes(lines, fates, &mut found);
    for (line, fate) in lines.iter().zip(fates) {
        // A line that says nothing else has its gap already.
        if matches!(fate, LineStatus::Open(why) if why == UNTESTABLE) {
            continue;
        }
        if let Some(words) = phrase::untestable(&line.text) {
            let text = format!("`{words}` cannot be tested");
            found.add(Grade::Low, line.number, text, "say what can be observed, or who judges it");
        }
    }
    letters(decoded, &mut found);
    found.0.sort_by_key(|gap| (gap.grade, gap.lines.first().copied()));
    found.0
}

fn people(facts: &Facts, ambiguous: &[At<String>], found: &mut GapCollector) {
    if facts.decider.is_none() {
        let text = "the plan does not say who decides".to_string();
        found.add(Grade::High, None, text, "name one person who has the last word");
    }
    for vacancy in &facts.vacancies {
        for line in &vacancy.lines {
            let held = facts.people.iter().find(|person| person.holds(&vacancy.role));
            let text = match held {
                Some(held) => format!(
                    "nobody is assigned to {}, and {} is on line {}",
                    vacancy.role, held.name, held.lines[0]
                ),
                None => format!("nobody is assigned to {}", vacancy.role),
            };
            let grade = if held.is_some() { Grade::Medium } else { Grade::High };
            found.add(grade, *line, text, "name a person, and how they are reached");
        }
    }
    for person in &facts.people {
        let Some(line) = person.tentative else { continue };
        let text = format!("{} is tentative", person.name);
        found.add(Grade::Medium, line, text, "ask them, then take the question mark away");
    }
    for name in ambiguous {
        let text = format!("{} could be more than one person", name.value);
        found.add(Grade::Low, name.line, text, "write the last name as well");
    }
    let mut deciders = facts.people.iter().filter(|p| p.roles.iter().any(|role| role == "decider"));
    if let (Some(first), Some(second)) = (deciders.next(), deciders.next()) {
        let text = format!("{} and {} both have the last word", first.name, second.name);
        found.add(Grade::High, second.lines[0], text, "name one, and a deputy");
    }
    for (index, chain) in facts.chains.iter().enumerate() {
        let other = facts.chains[..index].iter().find(|other| {
            other.label.eq_ignore_ascii_case(&chain.label) && other.people != chain.people
        });
        if let Some(other) = other {
            let text =
                format!("{} is tried in a different order on line {}", chain.label, other.line);
            found.add(Grade::High, chain.line, text, "keep one of the two");
        }
        if chain.people.len() == 1 {
            let text = format!("{} has no deputy", facts.people[chain.people[0]].name);
            found.add(Grade::Medium, chain.line, text, "name a second person");
        }
    }
}

fn times(facts: &Facts, options: &ReadOptions, found: &mut GapCollector) {
    if let (Some(line), (year, false)) = (facts.undated, options.year) {
        let text = format!("dates have no year: {year} is assumed");
        found.add(Grade::Medium, line, text, "set it with --year, or write it in the plan");
    }
    let timed = facts.steps.iter().find(|step| step.minutes.is_some()).map(|step| step.line);
    let timed = timed.or(facts.duties.first().map(|duty| duty.line));
    if let (Some(line), None, None) = (timed, &facts.zone, &options.zone) {
        let text = "times have no time zone: UTC is assumed".to_string();
        found.add(Grade::Medium, line, text, "set it with --zone America/New_York");
    }
    for duty in &facts.duties {
        if duty.days.is_none() {
            let text = "duty hours without a day".to_string();
            found.add(Grade::Low, duty.line, text, "say from which day to which");
        }
    }
    for step in &facts.steps {
        let (Some(minutes), Some(day)) = (step.minutes, step.day) else { continue };
        let on_duty = facts.duties.iter().any(|duty| {
            let within = duty.days.is_none_or(|(from, to)| (from..=to).contains(&day));
            within && (duty.hours.from..duty.hours.to).contains(&minutes)
        });
        if !facts.duties.is_empty() && !on_duty {
            let text = format!("nobody is on duty at {}", phrase::clock_shown(minutes));
            found.add(Grade::High, step.line, text, "move the step, or the duty hours");
        }
    }
}

/// Dates and times that could be meant in another way.
fn moments(unsure: &Unsure, found: &mut GapCollector) {
    for date in &unsure.dates {
        let there_is_none = date.value.starts_with("there is no");
        let grade = if there_is_none { Grade::High } else { Grade::Medium };
        found.add(grade, date.line, date.value.clone(), "write the month as a word");
    }
    for time in &unsure.zones {
        let hint = "write all times in one zone";
        found.add(Grade::Medium, time.line, time.value.clone(), hint);
    }
}

fn steps(facts: &Facts, found: &mut GapCollector) {
    if let Some(launch) = facts.launch.as_ref().filter(|launch| launch.value.is_none()) {
        let text = "times count from the launch, and nobody says when that is".to_string();
        found.add(Grade::High, launch.line, text, "write it into the plan: T = 10:00 ET");
    }
    let launch = facts.meeting.as_ref().and_then(|meeting| meeting.value.0);
    for step in &facts.steps {
        if step.minutes.is_none() {
            let text = format!("nobody has decided when: {}", step.text);
            // On any other day it does not block the launch.
            let other = launch.is_some() && step.day.is_some() && step.day != launch;
            let grade = if other { Grade::Medium } else { Grade::High };
            found.add(grade, step.line, text, "give it a time");
        }
        let changes = matches!(step.action, Some(StatedAction::Change { .. }));
        if changes && step.by.is_none() {
            let text = format!("nobody is assigned to it: {}", step.text);
            found.add(Grade::Medium, step.line, text, "name who does it, and a deputy");
        }
    }
    let mut last: Option<(usize, u16)> = None;
    for step in &facts.steps {
        let Some(minutes) = step.minutes else { continue };
        if let Some((line, earlier)) = last.filter(|(_, earlier)| minutes < *earlier) {
            let same_day = facts.steps.iter().find(|other| other.line == line);
            if same_day.is_some_and(|other| other.day == step.day) {
                let (now, before) = (phrase::clock_shown(minutes), phrase::clock_shown(earlier));
                let text = format!("{now} comes after {before} on line {line}");
                found.add(Grade::Medium, step.line, text, "put the steps in order");
            }
        }
        last = Some((step.line, minutes));
    }
    if let Some(meeting) = &facts.meeting {
        let (day, minutes) = meeting.value;
        let before = facts.steps.iter().find(|step| {
            step.day == day
                && step.minutes.is_some_and(|step| step < minutes)
                && matches!(step.action, Some(StatedAction::Change { .. }))
        });
        if let Some(step) = before {
            let text = format!("a change is made before the go/no-go on line {}", meeting.line);
            found.add(Grade::High, step.line, text, "move the step after the decision");
        }
    }
}

fn thresholds(facts: &Facts, found: &mut GapCollector) {
    for threshold in &facts.thresholds {
        let unfilled = threshold.sentence.contains('?');
        if unfilled || threshold.lasting.as_deref() == Some("?") {
            let text = format!("a threshold is not filled in: {}", threshold.text);
            let hint = "`sim tune` finds values that are quiet on good days and quick on bad ones";
            found.add(Grade::High, threshold.line, text, hint);
        }
    }
    if facts.thresholds.is_empty() && !facts.plays.is_empty() {
        let text = "nothing says when to roll back".to_string();
        found.add(Grade::High, facts.plays[0].line, text, "write down one threshold at least");
    }
}

fn changes(facts: &Facts, found: &mut GapCollector) {
    for (index, change) in facts.changes.iter().enumerate() {
        if change.takes.is_none() {
            let text = format!("nobody says how long {} takes", change.name);
            found.add(Grade::High, change.line, text, "time it once, and write it down");
        }
        let earlier = facts.changes[..index].iter().find(|other| {
            other.name.eq_ignore_ascii_case(&change.name) && other.takes != change.takes
        });
        if let Some(earlier) = earlier {
            let text = format!("{} has a different time on line {}", change.name, earlier.line);
            found.add(Grade::High, change.line, text, "keep one of the two");
        }
    }
}

fn plays(facts: &Facts, found: &mut GapCollector) {
    for play in &facts.plays {
        let asks = play.steps.iter().find_map(|step| match &step.value {
            StatedAction::Ask { by, deputy: None, .. } => Some((step.line, by)),
            _ => None,
        });
        if let Some((line, by)) = asks {
            let text = format!("{}: nothing says what happens if nobody answers", play.name);
            found.add(
                Grade::High,
                line,
                text,
                "name a deputy, or say what is done without an answer",
            );
            if let [channel] = by.as_slice() {
                let text = format!("{}: approval comes by {channel} alone", play.name);
                found.add(
                    Grade::High,
                    line,
                    text,
                    "say which channel comes next, and after how long",
                );
            }
        }
        let pages = play.steps.iter().any(|step| matches!(step.value, StatedAction::Page { .. }));
        if play.after.is_none() && !pages {
            let text = format!("{}: the plan does not say who is called first", play.name);
            found.add(
                Grade::Medium,
                play.line,
                text,
                "say who is paged when a threshold is crossed",
            );
        }
        for step in &play.steps {
            let StatedAction::Tell { template: Some(words), .. } = &step.value else { continue };
            if words == "?" {
                let text = format!("{}: the message is not written yet", play.name);
                found.add(Grade::Medium, step.line, text, "write the template");
            }
        }
        let acts = play.steps.iter().any(|step| matches!(step.value, StatedAction::Change { .. }));
        if !acts && !play.page {
            let text = format!("{}: no change is made", play.name);
            found.add(Grade::Medium, play.line, text, "say which change brings the site back");
        }
    }
    addressees(facts, found);
}

/// Whom plays need and nobody is named for.
fn addressees(facts: &Facts, found: &mut GapCollector) {
    let named = |words: &str| mention(words).is_some();
    let known = |words: &str| {
        let lower = words.to_lowercase();
        let role = |role: &String| lower.contains(&role.to_lowercase());
        facts.people.iter().flat_map(|person| &person.roles).any(role)
            || facts.vacancies.iter().any(|vacancy| role(&vacancy.role))
            || ["everyone", "everybody", "all", "team", "public", "users"]
                .iter()
                .any(|w| lower.contains(w))
    };
    for step in facts.plays.iter().flat_map(|play| &play.steps) {
        let (StatedAction::Tell { to: who, .. }
        | StatedAction::Ask { who, .. }
        | StatedAction::Page { who }) = &step.value
        else {
            continue;
        };
        if !who.is_empty() && !named(who) && !known(who) {
            let text = format!("`{who}` is needed, but nobody has this role");
            found.add(Grade::Medium, step.line, text, "say who that is");
        }
    }
}

/// Placeholders that no other finding mentions.
fn holes(lines: &[Line], fates: &[LineStatus], found: &mut GapCollector) {
    for (line, fate) in lines.iter().zip(fates) {
        let LineStatus::Open(why) = fate else { continue };
        if found.knows(line.number) {
            continue;
        }
        let words = match line.text.is_empty() {
            true => why.clone(),
            false => format!("{why}: {}", line.text),
        };
        let grade = match line.kind {
            Kind::Item { done: Some(_), .. } => Grade::Low,
            _ => Grade::Medium,
        };
        found.add(grade, line.number, words, "fill it in");
    }
}

fn letters(decoded: &Decoded, found: &mut GapCollector) {
    if let [first, rest @ ..] = decoded.repaired.as_slice() {
        let lines = counted(rest.len() + 1);
        let text = format!("characters were decoded twice on {lines}; this is repaired");
        found.add(Grade::Low, *first, text, "save the plan as UTF-8");
    }
    for line in &decoded.hidden {
        let text = "characters that hide or reorder text were left out".to_string();
        found.add(Grade::Medium, *line, text, "delete them: people may read something different");
    }
}
