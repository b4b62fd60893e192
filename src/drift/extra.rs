//! What the scenario has and the plan does not mention.

use super::found::DifferenceCollector;
use super::matching::{entries, is_same_name, items, share_most_words, step_words, words};
use crate::language::node::Node;
use crate::launch_plan::{CriterionAsk, Facts, Hole, StatedAction};

pub(super) fn compare(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    changes(facts, root, found);
    criteria(facts, root, found);
    tasks(facts, root, found);
    steps(facts, root, found);
    plays(facts, root, found);
}

/// Everything that the plan says is done: a change may be named there alone.
fn planned_actions(facts: &Facts) -> Vec<Vec<String>> {
    let mut texts: Vec<String> = Vec::new();
    for step in &facts.steps {
        texts.push(step.text.clone());
        texts.extend(step.notes.iter().map(|note| note.value.clone()));
    }
    for play in &facts.plays {
        texts.push(if play.page {
            format!("{} maintenance page", play.name)
        } else {
            play.name.clone()
        });
        texts.extend(play.notes.iter().map(|note| note.value.clone()));
        texts.extend(play.steps.iter().filter_map(|step| match &step.value {
            StatedAction::Change { what, .. } => Some(what.clone()),
            _ => None,
        }));
    }
    texts.iter().map(|text| words(text)).collect()
}

fn changes(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let deeds = planned_actions(facts);
    for (key, _) in entries(root, "changes") {
        let name = words(&key.text);
        let of_table = facts
            .changes
            .iter()
            .any(|row| words(&row.name) == name || is_same_name(&key.text, &row.name));
        // "merge" is what "merges" does.
        let said = |deed: &Vec<String>| name.iter().all(|word| deed.contains(word));
        if !of_table && !deeds.iter().any(said) {
            let text = format!("the plan has no change {}", key.text);
            found.scenario_only("time", key.place, text);
        }
    }
}

fn criteria(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    for row in items(root, "go_no_go") {
        let name = row.get("criterion").and_then(Node::text).unwrap_or_default();
        let required = row.get("require").and_then(Node::text).unwrap_or_default();
        let asked = facts.criteria.iter().any(|criterion| match &criterion.asked {
            CriterionAsk::Users(_) if required.starts_with("users") => true,
            CriterionAsk::Coverage(..) if required.starts_with("coverage") => true,
            _ => share_most_words(name, &criterion.text),
        });
        if !asked {
            let what = if name.is_empty() { required } else { name };
            found.scenario_only("criterion", row.place, format!("the plan does not ask: {what}"));
        }
    }
}

fn tasks(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    for row in items(root, "checklist") {
        let Some(item) = row.get("item").and_then(Node::text) else { continue };
        let banned = facts.bans.iter().any(|ban| share_most_words(item, &ban.value));
        // A hole of the plan is on the checklist until somebody has filled it.
        let hole = Hole::is_item(item);
        if !banned && !hole && !facts.tasks.iter().any(|task| share_most_words(item, &task.item)) {
            found.scenario_only("task", row.place, format!("the plan does not have: {item}"));
        }
    }
}

fn steps(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    for row in items(root, "launch") {
        let words = step_words(row);
        let known = facts.steps.iter().any(|step| match &step.action {
            Some(StatedAction::Change { what, .. }) => {
                share_most_words(&words, &format!("{} {what}", step.text))
            }
            _ => share_most_words(&words, &step.text),
        });
        if !known && !words.is_empty() {
            found.scenario_only("step", row.place, format!("the plan has no such step: {words}"));
        }
    }
}

fn plays(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    for (key, _) in entries(root, "plays") {
        if !facts.plays.iter().any(|play| share_most_words(&key.text, &play.name)) {
            found.scenario_only("play", key.place, format!("the plan has no play {}", key.text));
        }
    }
}
