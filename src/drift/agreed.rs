//! What was agreed: what may not be done, how the poll went, and what a scenario has beyond a page
//! of a plan: answers given in advance, what is done without one, limits, messages, people's times.

use super::found::DifferenceCollector;
use super::matching::{entries, is_same_name, items, share_most_words, texts};
use crate::language::node::Node;
use crate::launch_plan::Facts;

pub(super) fn compare(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    bans(facts, root, found);
    poll(facts, root, found);
    steps(facts, root, found);
    limits(root, found);
    messages(root, found);
    crew(root, found);
}

/// A ban is kept as an item of the checklist, or as a freeze.
fn bans(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let rows = items(root, "checklist");
    let freezes = items(root, "freezes").len();
    for (index, ban) in facts.bans.iter().enumerate() {
        let like = |row: &&Node| {
            row.get("item")
                .and_then(Node::text)
                .is_some_and(|item| share_most_words(item, &ban.value))
        };
        if rows.iter().find(like).is_none() && index >= freezes {
            let text = format!("neither a freeze nor the checklist keeps: {}", ban.value);
            found.plan_only("ban", ban.line, text);
        }
    }
}

fn poll(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let Some(decision) = root.get("decision") else {
        if let Some(first) = facts.poll.first() {
            let text = format!("the scenario asks none of the {} of the poll", facts.poll.len());
            found.plan_only("poll", first.line, text);
        }
        return;
    };
    let asked = entries(decision, "poll");
    for role in &facts.poll {
        match asked.iter().find(|(key, _)| is_same_name(&key.text, &role.value)) {
            None => {
                let text = format!("the poll of the scenario does not ask {}", role.value);
                found.plan_only("poll", role.line, text);
            }
            Some((key, node)) => {
                let Some(said) = node.text().filter(|said| *said != "?") else { continue };
                let text = format!("{} says {said} here; the plan has no answer", role.value);
                found.filled("poll", role.line, key.place, text);
            }
        }
    }
    for (key, _) in asked {
        if !facts.poll.iter().any(|role| is_same_name(&key.text, &role.value)) {
            let text = format!("the plan does not ask {} at the go/no-go", key.text);
            found.scenario_only("poll", key.place, text);
        }
    }
    if let Some(decided) = decision.get("decided").filter(|node| node.text() != Some("?")) {
        let said = decided.text().unwrap_or_default();
        found.scenario_only("poll", decided.place, format!("it is decided here: {said}"));
    }
}

/// What the steps of plays say that a page does not.
fn steps(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    for (key, play) in entries(root, "plays") {
        let name = &key.text;
        // A play that the plan does not have is a difference of its own.
        if !facts.plays.iter().any(|play| share_most_words(name, &play.name)) {
            continue;
        }
        for step in items(play, "steps") {
            if let Some(approved) = step.get("approved") {
                let by = approved.text().or(approved.get("by").and_then(Node::text));
                let by = by.unwrap_or("somebody");
                let text = format!("{name}: {by} has said yes in advance here, and is not asked");
                found.scenario_only("play", approved.place, text);
            }
            for key in ["silent", "refused"] {
                let Some(node) = step.get(key) else { continue };
                let then = node.text().unwrap_or_default();
                let text = match key {
                    "silent" => format!("{name}: without an answer it is `{then}` here"),
                    _ => format!("{name}: after a no it is `{then}` here"),
                };
                found.scenario_only("play", node.place, format!("{text}; the plan says nothing"));
            }
            if let Some(confirm) = step.get("confirm") {
                let text = format!(
                    "{name}: what comes next waits {} here to see whether it helped",
                    confirm.text().unwrap_or_default()
                );
                found.scenario_only("play", confirm.place, text);
            }
        }
    }
}

/// How soon something has to be over.
fn limits(root: &Node, found: &mut DifferenceCollector) {
    let Some(expect) = root.get("expect") else { return };
    for (key, words) in [
        ("detected", "noticed"),
        ("contained", "well again, or behind a maintenance page,"),
        ("recovered", "well again"),
    ] {
        let Some(bound) = expect.get(key) else { continue };
        let within = bound.text().unwrap_or_default();
        let text = format!("it must be {words} {within} here; the plan sets no such limit");
        found.scenario_only("limit", bound.place, text);
    }
}

fn messages(root: &Node, found: &mut DifferenceCollector) {
    for message in items(root, "messages") {
        let to = texts(message.get("to")).join(", ");
        let from = message.get("from").and_then(Node::text).unwrap_or("somebody");
        let to = if to.is_empty() { "somebody".to_string() } else { to };
        let text = format!("{from} has a message for {to} here; the plan knows of none");
        found.scenario_only("message", message.place, text);
    }
}

fn crew(root: &Node, found: &mut DifferenceCollector) {
    if let Some(crew) = root.get("crew") {
        let like = crew.get("like").and_then(Node::text).unwrap_or("others");
        let text = format!("people take as long as {like}; the plan does not say how long");
        found.scenario_only("people", crew.place, text);
    }
}
