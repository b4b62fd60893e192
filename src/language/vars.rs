//! `vars:`: values with a name, filled in wherever `${name}` is written.

use crate::language::node::{Key, Node, NodeKind, Scalar};
use crate::language::problem::{Filled, Problem, Problems, advice, nearest, quoted};
use crate::language::source::Place;
use crate::language::wording::Wording;
use indexmap::IndexMap;

/// The key that variables stand under.
const VARS: &str = "vars";

/// The longest value, and the longest text that values are filled into, in bytes. A choice: values
/// are names, numbers and sentences.
const LONGEST_VALUE: usize = 1_000;
const LONGEST_TEXT: usize = 10_000;
/// All that is filled in, in bytes. A choice that bounds memory, twice the largest file.
const MOST_FILLED: usize = 4_000_000;

/// Fills the variables into every single value of the scenario, `--set` included; `keys` are those
/// at the top of the file.
pub fn fill(root: &mut Node, keys: &[&str], problems: &mut Problems) -> Vec<Filled> {
    let defined = defined(root, keys);
    let mut variables = IndexMap::new();
    for (key, node) in &defined {
        check(&key.text, key.place, node, problems);
        let variable = Variable { key: key.place, node: node.clone(), used: false };
        variables.insert(key.text.clone(), variable);
    }
    let mut filling = Filling { variables, problems, filled: Vec::new(), bytes: 0 };
    if let NodeKind::Map(entries) = &mut root.kind {
        for (key, node) in entries.iter_mut().filter(|(key, _)| key.text != VARS) {
            filling.key(&key.text, key.place);
            filling.node(node);
        }
    }
    filling.unused();
    filling.filled
}

/// The variables, also under a key that was meant for theirs: that it is wrong is said elsewhere.
fn defined(root: &Node, keys: &[&str]) -> Vec<(Key, Node)> {
    let meant =
        |key: &str| !keys.contains(&key) && nearest(key, keys.iter().copied()) == Some(VARS);
    let entries = root.entries().unwrap_or_default();
    let found = entries.iter().find(|(key, _)| key.text == VARS);
    let found = found.or_else(|| entries.iter().find(|(key, _)| meant(&key.text)));
    found.and_then(|(_, node)| node.entries()).unwrap_or_default().to_vec()
}

/// What is wrong with a variable itself; that it is a single value is checked when it is read.
fn check(name: &str, place: Place, node: &Node, problems: &mut Problems) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        let message = format!("{} cannot be the name of a variable", quoted(name));
        problems.push(Problem::error(place, message).hint("use letters, digits, `-` and `_`"));
    }
    let Some(text) = node.text() else { return };
    if text.contains("${") {
        let message = "the value of a variable cannot use a variable";
        problems.push(Problem::error(node.place, message).hint("write the value itself"));
    }
    if text.len() > LONGEST_VALUE {
        let message = "the value of a variable is longer than 1,000 bytes";
        problems.push(Problem::error(node.place, message));
    }
}

struct Variable {
    key: Place,
    node: Node,
    used: bool,
}

struct Filling<'a> {
    variables: IndexMap<String, Variable>,
    problems: &'a mut Problems,
    filled: Vec<Filled>,
    bytes: usize,
}

impl Filling<'_> {
    fn node(&mut self, node: &mut Node) {
        let place = node.place;
        match &mut node.kind {
            NodeKind::Null => {}
            NodeKind::Scalar(scalar) if scalar.text.contains("${") => self.scalar(scalar, place),
            NodeKind::Scalar(_) => {}
            NodeKind::List(items) => items.iter_mut().for_each(|item| self.node(item)),
            NodeKind::Map(entries) => {
                for (key, node) in entries {
                    self.key(&key.text, key.place);
                    self.node(node);
                }
            }
        }
    }

    fn key(&mut self, text: &str, place: Place) {
        if text.contains("${") {
            let message = "a variable cannot be used in a key";
            self.problems.push(Problem::error(place, message).hint("only in a value"));
        }
    }

    /// `$${` means `${` itself.
    fn scalar(&mut self, scalar: &mut Scalar, place: Place) {
        let mut text = String::new();
        let mut rest = scalar.text.as_str();
        while let Some(at) = rest.find("${") {
            let (before, after) = (&rest[..at], &rest[at + 2..]);
            if let Some(before) = before.strip_suffix('$') {
                text += before;
                text += "${";
                rest = after;
                continue;
            }
            text += before;
            let Some(end) = after.find('}') else {
                let problem = Problem::error(place, "`${` has no `}`");
                self.problems.push_last(problem.hint("write ${name}, or $${ for `${` itself"));
                return;
            };
            let Some(value) = self.value(after[..end].trim(), place) else { return };
            text += &value;
            rest = &after[end + 1..];
            if text.len() > LONGEST_TEXT {
                let message = "this is longer than 10,000 bytes once its variables are filled in";
                self.problems.push(Problem::error(place, message));
                return;
            }
        }
        text += rest;
        self.bytes += text.len();
        if self.bytes > MOST_FILLED {
            let message = "the variables fill in more than 4 MB";
            self.problems.push(Problem::error(place, message));
            return;
        }
        scalar.text = text;
    }

    fn value(&mut self, name: &str, place: Place) -> Option<String> {
        let Some(variable) = self.variables.get_mut(name) else {
            let message = format!("unknown variable {}", quoted(name));
            let problem = Problem::error(place, message).label(match self.variables.is_empty() {
                true => "the scenario has no `vars`",
                false => "`vars` has no such name",
            });
            let hint = of_environment(name)
                .or_else(|| advice(name, self.variables.keys().map(String::as_str)));
            self.problems.push_last(problem.maybe_hint(hint));
            return None;
        };
        variable.used = true;
        let value = variable.node.text()?.to_string();
        self.filled.push(Filled { at: place, from: variable.node.place });
        Some(value)
    }

    /// A variable of the scenario that nothing uses is a mistake; a shared part may offer more.
    fn unused(&mut self) {
        for (name, variable) in &self.variables {
            if !variable.used && variable.key.source == 0 {
                let says = "nothing uses the variable";
                let message = Wording::ending(says, says, quoted(name));
                let hint = format!("write ${{{name}}} where its value belongs, or remove it");
                self.problems.push(Problem::warning(variable.key, message).hint(hint));
            }
        }
    }
}

/// What to do instead of what a shell would fill in: `${LASTS}`, `${LASTS:-70m}`.
fn of_environment(name: &str) -> Option<String> {
    let (own, usual) = match name.split_once([':', '-', '?', '=']) {
        Some((own, rest)) => (own, rest.trim_start_matches([':', '-', '?', '=', '+'])),
        None => (name, ""),
    };
    let shouted = own.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let name = own.to_lowercase();
    let usual = if usual.is_empty() { "…" } else { usual };
    (shouted && !own.is_empty()).then(|| {
        format!(
            "the environment is not read: add `vars: {{{name}: {usual}}}`, write ${{{name}}}, \
             and run with --set vars.{name}=\"${own}\""
        )
    })
}
