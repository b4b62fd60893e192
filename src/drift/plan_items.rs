//! Change times, thresholds, criteria, steps, plays and tasks.

use super::found::DifferenceCollector;
use super::matching::{
    entries, is_same_name, items, most_alike, share_most_words, step_words, texts, words,
};
use crate::language::node::Node;
use crate::language::source::Place;
use crate::launch_plan::{
    CriterionAsk, Facts, Hole, StatedAction, StatedStep, StatedTask, clock_shown, same_person,
};

pub(super) fn compare(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    times(facts, root, found);
    thresholds(facts, root, found);
    criteria(facts, root, found);
    steps(facts, root, found);
    plays(facts, root, found);
    tasks(facts, root, found);
}

fn times(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let rows = entries(root, "changes");
    for change in &facts.changes {
        let same = rows.iter().find(|(key, _)| words(&key.text) == words(&change.name));
        let Some((key, node)) =
            same.or_else(|| rows.iter().find(|(key, _)| is_same_name(&key.text, &change.name)))
        else {
            let text = format!("the scenario has no change like {}", change.name);
            found.plan_only("time", change.line, text);
            continue;
        };
        let takes = node.text().or_else(|| node.get("takes").and_then(Node::text)).unwrap_or("?");
        let planned = change.takes.as_deref().unwrap_or("?");
        if takes != planned {
            let text = format!("{}: {planned} in the plan, {takes} in the scenario", change.name);
            let filled = planned == "?";
            found.or_filled(filled, "time", change.line, key.place, text);
        }
    }
}

/// What a rule measures, by the first word of its sentence.
fn measure(sentence: &str) -> &str {
    sentence.split([' ', '>', '<']).next().unwrap_or_default()
}

fn thresholds(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let rules: Vec<(&str, Place)> = items(root, "rules")
        .iter()
        .filter_map(|rule| rule.get("expr"))
        .filter_map(|expr| Some((expr.text()?, expr.place)))
        .collect();
    for threshold in &facts.thresholds {
        let measures_same =
            |(sentence, _): &&(&str, Place)| measure(sentence) == measure(&threshold.sentence);
        let open = threshold.sentence.contains('?');
        // A proposal may stand beside the rule that is still open.
        let as_open = |rule: &&(&str, Place)| measures_same(rule) && open && rule.0.contains('?');
        let found_rule = rules.iter().find(as_open).or_else(|| rules.iter().find(measures_same));
        let Some((sentence, place)) = found_rule else {
            let text = format!("no rule of the scenario says: {}", threshold.text);
            found.plan_only("threshold", threshold.line, text);
            continue;
        };
        let numbers = |text: &str| -> Vec<String> {
            let digits = |letter: char| !letter.is_ascii_digit() && letter != '.';
            text.split(digits).filter(|part| !part.is_empty()).map(str::to_string).collect()
        };
        match (open, sentence.contains('?')) {
            (true, true) => {}
            (true, false) => {
                let text =
                    format!("the plan leaves a threshold open, the scenario says {sentence}");
                found.filled("threshold", threshold.line, *place, text);
            }
            (false, _) => {
                let (planned, now) = (numbers(&threshold.sentence), numbers(sentence));
                if !planned.iter().all(|number| now.contains(number)) {
                    let planned = &threshold.sentence;
                    let text = format!("{planned} in the plan, {sentence} in the scenario");
                    found.both("threshold", threshold.line, *place, text);
                }
            }
        }
    }
}

fn criteria(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let rows = items(root, "go_no_go");
    for criterion in &facts.criteria {
        let required = |what: &str| {
            let mut rows = rows.iter().filter_map(|row| row.get("require"));
            rows.find(|row| row.text().is_some_and(|text| text.starts_with(what)))
        };
        let (row, limit) = match &criterion.asked {
            CriterionAsk::Users(number) => (required("users"), number.to_string()),
            CriterionAsk::Coverage(share, _) => (required("coverage"), format!("{share}%")),
            CriterionAsk::Attested(sources) => {
                let like = rows.iter().any(|row| {
                    let name = row.get("criterion").and_then(Node::text).unwrap_or_default();
                    let attested = texts(row.get("attested")).join(" ");
                    share_most_words(name, &criterion.text)
                        || (!sources.is_empty() && share_most_words(&attested, &sources.join(" ")))
                });
                if !like {
                    let text = format!("the scenario does not ask: {}", criterion.text);
                    found.plan_only("criterion", criterion.line, text);
                }
                continue;
            }
        };
        match row {
            None => {
                let text = format!("the scenario does not ask: {}", criterion.text);
                found.plan_only("criterion", criterion.line, text);
            }
            Some(row) if !row.text().unwrap_or_default().contains(&limit) => {
                let now = row.text().unwrap_or_default();
                let text = format!("the plan asks for {limit}, the scenario for {now}");
                found.both("criterion", criterion.line, row.place, text);
            }
            Some(_) => {}
        }
    }
}

fn steps(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let rows = items(root, "launch");
    let launch = facts.meeting.as_ref().and_then(|meeting| meeting.value.0);
    let today = |step: &&StatedStep| step.day.is_none() || launch.is_none() || step.day == launch;
    for step in facts.steps.iter().filter(today) {
        let said = match &step.action {
            Some(StatedAction::Change { what, .. }) => format!("{} {what}", step.text),
            _ => step.text.clone(),
        };
        let Some(row) = most_alike(rows.iter(), |row| Some(step_words(row)), &said) else {
            let text = format!("the scenario has no such step: {}", step.text);
            found.plan_only("step", step.line, text);
            continue;
        };
        let planned = step.minutes.map_or("?".to_string(), clock_shown);
        let now = row.get("at").and_then(Node::text).unwrap_or("after another step");
        if now != planned {
            let text = format!("{}: {planned} in the plan, {now} in the scenario", step.text);
            found.or_filled(planned == "?", "step", step.line, row.place, text);
        }
    }
}

fn plays(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let plays = entries(root, "plays");
    for (index, play) in facts.plays.iter().enumerate() {
        let Some((key, node)) =
            plays.iter().find(|(key, _)| share_most_words(&key.text, &play.name))
        else {
            let text = format!("the scenario has no play {}", play.name);
            found.plan_only("play", play.line, text);
            continue;
        };
        let next = facts.plays.iter().find(|next| next.after == Some(index));
        let now = node.get("otherwise").and_then(Node::text);
        if let Some(next) =
            next.filter(|next| !now.is_some_and(|now| share_most_words(now, &next.name)))
        {
            let now = now.unwrap_or("nothing");
            let text = format!("{} fails: {} in the plan, {now} here", play.name, next.name);
            found.both("play", next.line, key.place, text);
        }
        let steps = items(node, "steps");
        for step in &play.steps {
            let StatedAction::Ask { by, .. } = &step.value else { continue };
            let Some(ask) = steps.iter().find(|step| step.get("ask").is_some()) else {
                let text = format!("{}: the plan asks somebody, the scenario does not", play.name);
                found.both("play", step.line, key.place, text);
                continue;
            };
            let now = texts(ask.get("by"));
            if !by.is_empty() && now != *by {
                let all = if now.is_empty() { "every channel".to_string() } else { now.join(", ") };
                let planned = by.join(", ");
                let text = format!("{}: asked by {planned} in the plan, by {all} here", play.name);
                found.both("play", step.line, ask.place, text);
            }
        }
        let tells = |steps: &[Node]| {
            let words = |step: &&Node| step.text().is_some_and(|text| text.starts_with("tell "));
            steps.iter().filter(|step| step.get("tell").is_some() || words(step)).count()
        };
        let told = play.steps.iter().filter(|step| matches!(step.value, StatedAction::Tell { .. }));
        let (planned, now) = (told.count(), tells(steps));
        if planned > now {
            let text = format!("{}: {planned} messages in the plan, {now} here", play.name);
            found.both("play", play.line, key.place, text);
        }
    }
}

fn tasks(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    // What a hole of the plan became is not a task of it.
    let is_hole = |row: &&Node| row.get("item").and_then(Node::text).is_some_and(Hole::is_item);
    let rows: Vec<&Node> = items(root, "checklist").iter().filter(|row| !is_hole(row)).collect();
    for task in &facts.tasks {
        let item = |row: &&Node| row.get("item").and_then(Node::text).map(str::to_string);
        let like = most_alike(rows.iter().copied(), item, &task.item);
        let Some(row) = like else {
            let text = format!("the checklist does not have: {}", task.item);
            found.plan_only("task", task.line, text);
            continue;
        };
        let planned = task.due.map(|due| due.to_string());
        let now = row.get("due").and_then(Node::text);
        if let (Some(planned), Some(now)) = (planned.as_deref(), now)
            && planned != now
        {
            let text = format!("{}: due {planned} in the plan, {now} here", task.item);
            found.both("task", task.line, row.place, text);
        }
        owner(facts, task, row, found);
        let open = |text: &str| ["?", "no", "false"].contains(&text);
        let done = row.get("done").and_then(Node::text).is_some_and(|text| !open(text));
        if done != task.done {
            let (one, other) = if done { ("here", "in the plan") } else { ("in the plan", "here") };
            let text = format!("{}: done {one}, and not {other}", task.item);
            found.or_filled(done, "task", task.line, row.place, text);
        }
    }
}

/// Who is responsible for a task.
fn owner(facts: &Facts, task: &StatedTask, row: &Node, found: &mut DifferenceCollector) {
    let now = row.get("owner").and_then(Node::text).filter(|owner| *owner != "?");
    let planned = task.owner.map(|owner| facts.people[owner].name.as_str());
    let text = match (planned, now) {
        (Some(planned), Some(now)) => {
            let same = same_person(now.trim_end_matches('?'), &planned.to_lowercase());
            (!same).then(|| format!("{}: {planned}'s in the plan, {now}'s here", task.item))
        }
        (Some(planned), None) => {
            Some(format!("{}: {planned}'s in the plan, nobody's here", task.item))
        }
        (None, Some(now)) => Some(format!("{}: nobody's in the plan, {now}'s here", task.item)),
        (None, None) => None,
    };
    if let Some(text) = text {
        found.or_filled(planned.is_none(), "task", task.line, row.place, text);
    }
}
