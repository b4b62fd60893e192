//! People, who decides, who is tried after whom, and when they are on duty.

use super::found::DifferenceCollector;
use super::matching::{entries, is_same_name, texts, words};
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use crate::launch_plan::{Facts, StatedPerson, clock_shown, same_person};

pub(super) fn compare(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    named(facts, root, found);
    vacant(facts, root, found);
    chains(facts, root, found);
    hours(facts, root, found);
}

/// The person of the scenario whom the plan means.
fn of_scenario<'a>(root: &'a Node, name: &str) -> Option<(&'a str, Place, &'a Node)> {
    let people = entries(root, "people").iter();
    let mut people = people.filter(|(_, node)| node.text() != Some("?"));
    let fits = |key: &str| same_person(key.trim_end_matches('?'), &name.to_lowercase());
    people
        .find(|(key, _)| fits(&key.text.to_lowercase()))
        .map(|(key, node)| (key.text.as_str(), key.place, node))
}

fn named(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let part = |index: usize, person: &StatedPerson| {
        !person.roles.is_empty() || facts.chains.iter().any(|chain| chain.people.contains(&index))
    };
    for (index, person) in facts.people.iter().enumerate().filter(|(at, who)| part(*at, who)) {
        let line = person.lines.first().copied().unwrap_or_default();
        let Some((name, place, node)) = of_scenario(root, &person.name) else {
            let text = format!("{} is not among the scenario's people", person.name);
            found.plan_only("people", line, text);
            continue;
        };
        let unsure = name.ends_with('?');
        match (person.tentative, unsure) {
            (Some(line), false) => {
                let text = format!("the plan is not sure of {}, the scenario is", person.name);
                found.both("people", line, place, text);
            }
            (None, true) => {
                let text = format!("the plan is sure of {}, the scenario is not", person.name);
                found.both("people", line, place, text);
            }
            _ => {}
        }
        let roles = [texts(node.get("role")), texts(node.get("roles"))].concat();
        let decides = roles.iter().any(|role| role == "decider");
        if facts.decider.as_ref().is_some_and(|at| at.value == index) && !decides {
            let text = format!("{} decides in the plan, and not in the scenario", person.name);
            found.both("people", line, place, text);
        }
    }
    for (key, node) in entries(root, "people") {
        let bare = key.text.trim_end_matches('?');
        let known =
            facts.people.iter().any(|person| same_person(bare, &person.name.to_lowercase()));
        if node.text() != Some("?") && !known {
            let text = format!("{} is not in the plan", key.text);
            found.scenario_only("people", key.place, text);
        }
    }
}

fn vacant(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    for vacancy in &facts.vacancies {
        let line = vacancy.lines.first().copied().unwrap_or_default();
        let people = entries(root, "people");
        let asked = people.iter().find(|(key, node)| {
            node.text() == Some("?") && words(&key.text) == words(&vacancy.role)
        });
        if asked.is_some() {
            continue;
        }
        let holder = people.iter().find(|(_, node)| {
            let roles = [texts(node.get("role")), texts(node.get("roles"))].concat();
            roles.iter().any(|role| words(role) == words(&vacancy.role))
        });
        match holder {
            // The plan itself has somebody in mind, on another line.
            Some((key, _)) if key.text.ends_with('?') => {}
            Some((key, _)) => {
                let text =
                    format!("nobody is assigned to {} in the plan: {}", vacancy.role, key.text);
                found.both("people", line, key.place, text);
            }
            None => {
                let text = format!("the scenario does not ask for {}", vacancy.role);
                found.plan_only("people", line, text);
            }
        }
    }
}

fn chains(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let ladders = entries(root, "escalation");
    let mut meant: Vec<Place> = Vec::new();
    for chain in &facts.chains {
        let wanted: Vec<&str> =
            chain.people.iter().map(|at| facts.people[*at].name.as_str()).collect();
        let same = |tried: &[String]| {
            tried.len() == wanted.len()
                && tried.iter().zip(&wanted).all(|(tried, wanted)| {
                    same_person(tried.trim_end_matches('?'), &wanted.to_lowercase())
                })
        };
        let exact = ladders.iter().find(|(_, ladder)| same(&texts(ladder.get("try"))));
        if let Some((key, _)) = exact {
            meant.push(key.place);
            continue;
        }
        let (label, order) = (&chain.label, wanted.join(", then "));
        let like = ladders.iter().find(|(key, _)| is_same_name(&key.text, label));
        match like {
            Some((key, ladder)) => {
                meant.push(key.place);
                let tried = texts(ladder.get("try")).join(", then ");
                let text = format!("{label}: the plan tries {order}; the scenario {tried}");
                found.both("chain", chain.line, key.place, text);
            }
            None => {
                let text = format!("nobody is tried in this order in the scenario: {order}");
                found.plan_only("chain", chain.line, text);
            }
        }
    }
    for (key, _) in ladders.iter().filter(|(key, _)| !meant.contains(&key.place)) {
        let text = format!("the plan has no chain {}", key.text);
        found.scenario_only("chain", key.place, text);
    }
}

fn hours(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let tables = entries(root, "hours").iter();
    let rows: Vec<&Node> = tables
        .flat_map(|(_, table)| match &table.kind {
            NodeKind::List(rows) => rows.iter().collect::<Vec<&Node>>(),
            _ => Vec::new(),
        })
        .collect();
    for duty in &facts.duties {
        let Some((from, to)) = duty.days else { continue };
        let clock = |minutes: u16| match minutes {
            1440.. => "24:00".to_string(),
            minutes => clock_shown(minutes),
        };
        let daily = format!("{}-{}", clock(duty.hours.from), clock(duty.hours.to));
        let (from, to) = (from.to_string(), to.to_string());
        let of_days: Vec<&&Node> = rows
            .iter()
            .filter(|row| {
                row.get("from").and_then(Node::text) == Some(&from)
                    && row.get("to").and_then(Node::text) == Some(&to)
            })
            .collect();
        // A row without hours is all day long.
        let covers = |row: &&&Node| match row.get("daily").and_then(Node::text) {
            None => true,
            Some(written) => {
                let written = written.split(' ').next().unwrap_or_default();
                written == daily || written == "00:00-24:00"
            }
        };
        match (of_days.first(), of_days.iter().any(covers)) {
            (_, true) => {}
            (Some(row), false) => {
                let text = format!("from {from} to {to} the plan says {daily}");
                found.both("hours", duty.line, row.place, text);
            }
            (None, _) => {
                let text = format!("the scenario has no duty from {from} to {to}, {daily}");
                found.plan_only("hours", duty.line, text);
            }
        }
    }
}
