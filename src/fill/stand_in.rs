//! A plan with a guess in the place of everything that is open, to play its days to the end and to
//! see what one open thing costs.

use crate::language::edit::Editor;
use crate::language::node::{Node, NodeKind};
use crate::scenario::{self, Plan, SourceText};

use super::measured::Proposals;
use super::sentence::{filled, usual};

/// A guess for one open thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StandIn {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// As it is open.
    pub open: String,
    /// The guess.
    pub value: String,
}

/// A plan whose days can be played, whatever is open in it.
pub struct Playable {
    /// The text that it was read from.
    pub(super) source: SourceText,
    /// The plan with every guess in it.
    pub(super) plan: Plan,
    /// The guesses, as `--set` takes them.
    pub(super) sets: Vec<(String, String)>,
    pub(super) stand_ins: Vec<StandIn>,
}

impl Playable {
    /// The plan of a text with what was measured, else what is usual, where something is open.
    /// `None` if it cannot be read.
    pub fn from_source(source: &SourceText, measured: &Proposals) -> Option<Playable> {
        let editor = Editor::new(&source.text);
        let mut plan = scenario::load(source, &[]).ok()?.plan;
        let (mut sets, mut kept) = (Vec::new(), Vec::new());
        for mut guess in guesses(editor.root()?) {
            if let Some(figure) = measured.figure(&guess.path) {
                guess.value.clone_from(&figure.value);
            }
            sets.push((guess.path.clone(), guess.value.clone()));
            // A guess that makes no sense here is none.
            match scenario::load(source, &sets) {
                Ok(loaded) => {
                    plan = loaded.plan;
                    kept.push(guess);
                }
                Err(_) => drop(sets.pop()),
            }
        }
        Some(Playable { source: source.clone(), plan, sets, stand_ins: kept })
    }
}

/// A guess for everything that is open: first what is normal, with which rules compare.
fn guesses(root: &Node) -> Vec<StandIn> {
    let mut found = Vec::new();
    if let Some(baseline) = root.get("baseline") {
        below(baseline, "baseline", &mut found);
    }
    for (key, value) in root.get("changes").and_then(Node::entries).unwrap_or_default() {
        let path = format!("changes.{}", key.text);
        match (value.text(), value.get("takes").and_then(Node::text)) {
            (Some("?"), _) => found.push(guess(path, "?", "10m")),
            (_, Some("?")) => found.push(guess(format!("{path}.takes"), "?", "10m")),
            _ => {}
        }
    }
    if let Some(NodeKind::List(rules)) = root.get("rules").map(|rules| &rules.kind) {
        for rule in rules {
            let parts = (rule.get("alert").and_then(Node::text), rule.get("expr"));
            let (Some(name), Some(text)) = (parts.0, parts.1.and_then(Node::text)) else {
                continue;
            };
            if text.contains('?') {
                let value = filled(text, usual(text));
                found.push(guess(format!("rules.{name}.expr"), text, &value));
            }
        }
    }
    for (key, value) in root.get("people").and_then(Node::entries).unwrap_or_default() {
        if value.text() == Some("?") {
            let value = format!("{{role: {}}}", crate::language::edit::scalar(&key.text));
            found.push(guess(format!("people.{}", key.text), "?", &value));
        }
    }
    found
}

fn guess(path: String, open: &str, value: &str) -> StandIn {
    StandIn { path, open: open.to_string(), value: value.to_string() }
}

fn below(node: &Node, path: &str, found: &mut Vec<StandIn>) {
    for (key, value) in node.entries().unwrap_or_default() {
        let path = format!("{path}.{}", key.text);
        match value.text() {
            Some("?") if key.text == "error_rate" => found.push(guess(path, "?", "0.1%")),
            Some("?") => found.push(guess(path, "?", "500ms")),
            _ => below(value, &path, found),
        }
    }
}
