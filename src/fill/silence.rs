//! What is done when nobody answers: another channel, somebody else, or what follows.

use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use crate::scenario::Plan;

/// A question of a play that often nobody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SilentAsk {
    /// The step, as `--set` takes it: `plays.rollback.steps.0`.
    pub path: String,
    /// Who is asked, as written.
    pub ask: Vec<String>,
    /// By what, as written; none: by every channel that there is.
    pub by: Vec<String>,
    /// The channels that are not tried.
    pub others: Vec<String>,
    /// The other plays.
    pub plays: Vec<String>,
    /// Who could be asked as well: people and roles.
    pub people: Vec<String>,
}

impl SilentAsk {
    /// The step of a play at this place.
    pub(super) fn at(root: &Node, plan: &Plan, place: Place) -> Option<SilentAsk> {
        let plays = root.get("plays")?.entries()?;
        let step = |play: &Node| {
            let NodeKind::List(steps) = &play.get("steps")?.kind else { return None };
            let at = steps.iter().position(|step| step.place == place)?;
            Some((at, steps[at].clone()))
        };
        let (name, (at, step)) =
            plays.iter().find_map(|(key, play)| Some((key.text.clone(), step(play)?)))?;
        let ask = match step.text() {
            Some(words) => vec![words.strip_prefix("ask ")?.trim().to_string()],
            None => texts(step.get("ask")?),
        };
        let by = step.get("by").map_or(Vec::new(), texts);
        let channels = plan.names.channels.iter().cloned();
        let others = channels.filter(|channel| !by.is_empty() && !by.contains(channel)).collect();
        let plays = plan.names.plays.iter().filter(|play| **play != name).cloned().collect();
        let people = plan.names.people.iter().chain(&plan.names.roles);
        let people = people.filter(|name| !ask.contains(name)).cloned().collect();
        let path = format!("plays.{name}.steps.{at}");
        Some(SilentAsk { path, ask, by, others, plays, people })
    }

    /// What may be answered, in words.
    pub(super) fn ways(&self) -> String {
        let mut ways = Vec::new();
        if !self.others.is_empty() {
            ways.push(format!("another channel ({})", self.others.join(", ")));
        }
        ways.push("somebody who is asked next".to_string());
        ways.push("what is done then: next, hold 5m".to_string());
        if !self.plays.is_empty() {
            let plays: Vec<&str> = self.plays.iter().take(3).map(String::as_str).collect();
            ways.push(format!("or a play ({})", plays.join(", ")));
        }
        ways.join("; ")
    }
}

/// An answer as changes of the step, as `--set` takes them.
pub(super) fn sets(asking: &SilentAsk, words: &str) -> Result<Vec<(String, String)>, String> {
    let mut by = asking.by.clone();
    let mut ask = asking.ask.clone();
    let mut silent = None;
    let mut again = None;
    let parts = words.split([',', ';']).flat_map(|part| part.split(" then "));
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        let heads = ["by ", "then ", "silent: ", "and "];
        let part = heads.iter().find_map(|head| part.strip_prefix(head)).unwrap_or(part);
        let named = |name: &&String| name.eq_ignore_ascii_case(part);
        if let Some(channel) = asking.others.iter().find(named) {
            by.push(channel.clone());
        } else if ["next", "stop"].contains(&part) || part.starts_with("hold ") {
            silent = Some(part.to_string());
        } else if let Some(play) = asking.plays.iter().find(named) {
            silent = Some(play.clone());
        } else if let Some(person) = asking.people.iter().find(named) {
            ask.push(person.clone());
        } else if asking.by.iter().any(|channel| channel.eq_ignore_ascii_case(part)) {
            again = Some(part.to_string());
        } else {
            return Err(format!("{part} is nothing that this plan knows: {}", asking.ways()));
        }
    }
    let path = &asking.path;
    let listed = |names: &[String]| format!("[{}]", names.join(", "));
    let mut sets = Vec::new();
    if by.len() > asking.by.len() {
        sets.push((format!("{path}.by"), listed(&by)));
    }
    if ask.len() > asking.ask.len() {
        sets.push((format!("{path}.ask"), listed(&ask)));
    }
    sets.extend(silent.map(|silent| (format!("{path}.silent"), silent)));
    match (sets.is_empty(), again) {
        (true, Some(again)) => Err(format!("{again} is tried already: {}", asking.ways())),
        (true, None) => Err(format!("nothing is said: {}", asking.ways())),
        (false, _) => Ok(sets),
    }
}

fn texts(node: &Node) -> Vec<String> {
    match &node.kind {
        NodeKind::Scalar(scalar) => vec![scalar.text.clone()],
        NodeKind::List(items) => items.iter().filter_map(Node::text).map(str::to_string).collect(),
        NodeKind::Map(_) | NodeKind::Null => Vec::new(),
    }
}
