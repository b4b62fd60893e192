//! `--set path.to.key=value`: one value of the scenario, replaced for one run.

use super::node::{Key, Kind, Node};
use super::problem::{Place, Problem, Problems, advice, quoted};
use super::source::Source;
use super::yaml;

/// What the shown path of a replaced value begins with.
pub(super) const SET: &str = "--set ";

/// Puts a value, written as YAML, at a path of keys and list positions. The last key may be new.
pub fn set(root: &mut Node, path: &str, text: &str, problems: &mut Problems) {
    // Alone, YAML reads it as the beginning of a mapping.
    let text = if text.trim() == "?" { "\"?\"" } else { text };
    let source = problems.sources.len();
    problems.sources.push(Source { path_shown: format!("{SET}{path}"), text: text.to_string() });
    let Some(mut value) = yaml::parse(text, source, problems) else { return };
    if let Kind::Scalar(scalar) = &mut value.kind {
        scalar.quoted = true; // The shell has eaten the quotes.
    }
    let place = value.place;
    let refuse = |message: String, hint: Option<String>, problems: &mut Problems| {
        problems.push(Problem::error(Place { line: 0, ..place }, message).maybe_hint(hint));
    };
    if path.split('.').next() == Some("include") {
        let hint = "make a scenario of its own that includes the other file".to_string();
        return refuse("`include` cannot be set".to_string(), Some(hint), problems);
    }
    let mut node = root;
    let mut rest = path;
    while !rest.is_empty() {
        match step(node, rest) {
            Step::Found(index, after) => {
                node = child(node, index);
                rest = after;
            }
            Step::New => {
                let Kind::Map(entries) = &mut node.kind else {
                    unreachable!("only mappings grow");
                };
                if path.strip_prefix("vars.") == Some(rest) {
                    let known = entries.iter().map(|(key, _)| key.text.as_str());
                    let message = format!("there is no variable {}", quoted(rest));
                    let hint = advice(rest, known);
                    return refuse(message, hint, problems);
                }
                entries.push((Key { place, text: rest.to_string() }, value));
                return;
            }
            Step::Missing(message, hint) => return refuse(message, hint, problems),
        }
    }
    if path.is_empty() {
        return refuse("`--set` has no path".to_string(), None, problems);
    }
    *node = value;
}

enum Step<'a> {
    /// The position of the child, and the rest of the path.
    Found(usize, &'a str),
    /// The rest of the path is a key that is not there yet.
    New,
    Missing(String, Option<String>),
}

fn child(node: &mut Node, index: usize) -> &mut Node {
    match &mut node.kind {
        Kind::List(items) => &mut items[index],
        Kind::Map(entries) => &mut entries[index].1,
        Kind::Null | Kind::Scalar(_) => unreachable!("only lists and mappings have children"),
    }
}

/// One step down. Names may have dots in them: the longest key that fits is taken.
fn step<'a>(node: &Node, path: &'a str) -> Step<'a> {
    let (first, after) = path.split_once('.').unwrap_or((path, ""));
    match &node.kind {
        Kind::List(items) => match first.parse::<usize>() {
            Ok(index) if index < items.len() => Step::Found(index, after),
            _ => {
                let message = format!("{} is no position in this list", quoted(first));
                let hint = format!("it has {} entries, the first is 0", items.len());
                Step::Missing(message, Some(hint))
            }
        },
        Kind::Map(entries) => {
            let fits = |key: &str| {
                let after = path.strip_prefix(key)?;
                if after.is_empty() { Some("") } else { after.strip_prefix('.') }
            };
            let fitting = entries.iter().enumerate();
            let fitting = fitting.filter_map(|(i, (k, _))| fits(&k.text).map(|rest| (i, rest)));
            if let Some((index, after)) = fitting.min_by_key(|(_, after)| after.len()) {
                return Step::Found(index, after);
            }
            if after.is_empty() {
                return Step::New;
            }
            let known = entries.iter().map(|(key, _)| key.text.as_str());
            Step::Missing(format!("there is no {}", quoted(first)), advice(first, known))
        }
        Kind::Null | Kind::Scalar(_) => {
            let message = format!("there is nothing below {} to set", node.what());
            Step::Missing(message, None)
        }
    }
}
