//! `--set path.to.key=value`: one value of the scenario, replaced for one run.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::{Problem, Problems, advice, nearest, quoted};
use crate::language::shape::{MappingShape, Shape};
use crate::language::source::{Origin, Place, SourceText};
use crate::language::yaml;

/// What the path of a value begins with that is a new name in its table.
const NEW: char = '+';

/// What a path may lead through.
pub struct Grammar {
    /// Of the whole file.
    pub shape: Shape,
    /// Keys by which the parts of a list are called, beside their positions.
    pub names: &'static [&'static str],
}

/// Puts a value, written as YAML, at a path of keys, names and list positions. A key of the
/// language may be new; a name must be there, unless the path begins with a plus.
pub fn set(root: &mut Node, path: &str, text: &str, grammar: &Grammar, problems: &mut Problems) {
    // Alone, YAML reads it as the beginning of a mapping.
    let text = if text.trim() == "?" { "\"?\"" } else { text };
    let source = problems.sources.len();
    let path_shown = format!("--set {path}");
    problems.sources.push(SourceText { origin: Origin::Set, path_shown, text: text.to_string() });
    let Some(mut value) = yaml::parse(text, source, problems) else { return };
    if let NodeKind::Scalar(scalar) = &mut value.kind {
        scalar.quoted = true; // The shell has eaten the quotes.
    }
    let place = value.place;
    let refused = match path.strip_prefix(NEW).unwrap_or(path).split('.').next() {
        None | Some("") => Some(SetRefusal::new("`--set` has no path", None)),
        Some("include") => {
            let hint = "write a new scenario that includes the other file";
            Some(SetRefusal::new("`include` cannot be set", Some(hint.to_string())))
        }
        Some(_) => {
            let (path, new) = match path.strip_prefix(NEW) {
                Some(path) => (path, true),
                None => (path, false),
            };
            let walk = Walk { whole: path, new, place, names: grammar.names };
            walk.down(root, Some(grammar.shape.clone()), path, value).err()
        }
    };
    if let Some(SetRefusal { message, hint }) = refused {
        problems.push(Problem::error(Place { line: 0, ..place }, message).maybe_hint(hint));
    }
}

/// Puts one more entry, written as YAML, at the end of a list at the top of the scenario.
pub fn append(root: &mut Node, key: &str, text: &str, problems: &mut Problems) {
    let source = problems.sources.len();
    let (origin, path_shown) = (Origin::Injected, "inject".to_string());
    problems.sources.push(SourceText { origin, path_shown, text: text.to_string() });
    let Some(value) = yaml::parse(text, source, problems) else { return };
    let NodeKind::Map(entries) = &mut root.kind else { return };
    let position = entries.iter().position(|(known, _)| known.text == key);
    let position = position.unwrap_or_else(|| {
        let place = value.place;
        let list = Node { place, kind: NodeKind::List(Vec::new()) };
        entries.push((Key { place, text: key.to_string() }, list));
        entries.len() - 1
    });
    let list = &mut entries[position].1;
    if list.kind == NodeKind::Null {
        list.kind = NodeKind::List(Vec::new());
    }
    if let NodeKind::List(items) = &mut list.kind {
        items.push(value);
    }
}

/// Why a value cannot be put there.
struct SetRefusal {
    message: String,
    hint: Option<String>,
}

impl SetRefusal {
    fn new(message: impl Into<String>, hint: Option<String>) -> SetRefusal {
        SetRefusal { message: message.into(), hint }
    }
}

/// The way down to a value.
struct Walk<'a> {
    whole: &'a str,
    /// Names may be new.
    new: bool,
    place: Place,
    names: &'static [&'static str],
}

impl Walk<'_> {
    /// Goes down the rest of the path, along what the language says may stand there.
    fn down(
        &self,
        node: &mut Node,
        shape: Option<Shape>,
        rest: &str,
        value: Node,
    ) -> Result<(), SetRefusal> {
        if rest.is_empty() {
            *node = value;
            return Ok(());
        }
        let (first, after) = rest.split_once('.').unwrap_or((rest, ""));
        self.spell_out(node, shape.as_ref());
        match &mut node.kind {
            NodeKind::List(items) => {
                let inner = shape.and_then(|shape| inner(&shape));
                let (index, after) = match position(items, first, self.names) {
                    Ok(index) => (index, after),
                    Err(()) => match with_key(items, first, inner.as_ref())[..] {
                        [] => return Err(not_there(items, first, self.names)),
                        // The key itself, or another one beside it.
                        [index] => (index, if after.is_empty() { first } else { after }),
                        ref several => return Err(ambiguous_key(first, several)),
                    },
                };
                self.down(&mut items[index], inner, after, value)
            }
            NodeKind::Map(entries) => {
                if let Some((index, after)) = longest(entries, rest) {
                    let inner = below(shape.as_ref(), &entries[index].0.text);
                    return self.down(&mut entries[index].1, inner, after, value);
                }
                if let Some((index, inner)) = self.step_of(entries, shape.as_ref(), rest) {
                    return self.down(&mut entries[index].1, Some(inner), rest, value);
                }
                self.may_be_new(entries, shape.as_ref(), rest)?;
                let key = Key { place: self.place, text: first.to_string() };
                let inner = below(shape.as_ref(), first);
                let empty = Node { place: self.place, kind: NodeKind::Map(Vec::new()) };
                entries.push((key, empty));
                let (_, last) = entries.last_mut().expect("just put there");
                self.down(last, inner, after, value)
            }
            NodeKind::Null | NodeKind::Scalar(_) => {
                let message = format!("there is nothing below {} to set", node.what());
                let path = self.whole.strip_suffix(rest).unwrap_or_default().trim_end_matches('.');
                let hint = format!("set all of it: --set {path}=…");
                Err(SetRefusal::new(message, (!path.is_empty()).then_some(hint)))
            }
        }
    }

    /// The list in this mapping that a verb leads into, where one of what is listed there has it
    /// and the mapping knows no such key: `plays.rollback.ask` is in `plays.rollback.steps`.
    fn step_of(
        &self,
        entries: &[(Key, Node)],
        shape: Option<&Shape>,
        rest: &str,
    ) -> Option<(usize, Shape)> {
        let mapping = shape.and_then(fixed).filter(|_| self.whole != rest)?;
        let first = rest.split('.').next().unwrap_or(rest);
        if mapping.keys.iter().any(|key| key.key == first) {
            return None;
        }
        entries.iter().enumerate().find_map(|(index, (key, node))| {
            let NodeKind::List(items) = &node.kind else { return None };
            let below = below(shape, &key.text)?;
            let has = with_key(items, first, inner(&below).as_ref());
            (!has.is_empty()).then_some((index, below))
        })
    }

    /// A mapping may be written as the value of one of its keys alone, or as a key and its value in
    /// words: `declare 1m..4m`.
    fn spell_out(&self, node: &mut Node, shape: Option<&Shape>) {
        let NodeKind::Scalar(scalar) = &node.kind else { return };
        let Some(mapping) = shape.and_then(fixed) else { return };
        let (key, value) = match (mapping.alone, in_words(&scalar.text, mapping)) {
            (Some(key), _) => (key.to_string(), node.kind.clone()),
            (None, Some((key, value))) => {
                (key.to_string(), Node::scalar(node.place, value.trim()).kind)
            }
            (None, None) => return,
        };
        let key = Key { place: node.place, text: key };
        node.kind = NodeKind::Map(vec![(key, Node { place: node.place, kind: value })]);
    }

    /// Whether what is not there may be put there: a key of the language, or a name that is meant
    /// to be new.
    fn may_be_new(
        &self,
        entries: &[(Key, Node)],
        shape: Option<&Shape>,
        rest: &str,
    ) -> Result<(), SetRefusal> {
        let first = rest.split('.').next().unwrap_or(rest);
        let there = entries.iter().map(|(key, _)| key.text.as_str());
        match shape.and_then(fixed) {
            Some(mapping) => {
                let mut keys = mapping.keys.iter().map(|key| key.key);
                if keys.clone().any(|key| key == first) {
                    return Ok(());
                }
                let message = format!("there is no key {}", quoted(first));
                let variable = entries.iter().find(|(key, _)| key.text == "vars");
                let variables = variable.and_then(|(_, vars)| vars.entries()).unwrap_or_default();
                if self.whole == rest && variables.iter().any(|(key, _)| key.text == first) {
                    let hint = format!("did you mean the variable `vars.{first}`?");
                    return Err(SetRefusal::new(message, Some(hint)));
                }
                let near = nearest(first, keys.by_ref())
                    .map(|near| format!("did you mean {}?", quoted(near)));
                Err(SetRefusal::new(message, near.or_else(|| advice(first, there))))
            }
            None if self.new && !self.whole.starts_with("vars.") => Ok(()),
            None => {
                let table = self.whole.strip_suffix(rest).unwrap_or_default();
                if table == "vars." {
                    let message = format!("there is no variable {}", quoted(first));
                    return Err(SetRefusal::new(message, advice(first, there)));
                }
                let message = format!("there is no {}", quoted(first));
                let add = format!("--set {NEW}{table}{first}=… adds it");
                let hint = match advice(first, there) {
                    Some(advice) if advice.ends_with('?') => format!("{advice} {add}"),
                    Some(advice) => format!("{advice}; {add}"),
                    None => add,
                };
                Err(SetRefusal::new(message, Some(hint)))
            }
        }
    }
}

/// The mapping with fixed keys that may stand here, not deeper.
fn fixed(shape: &Shape) -> Option<&MappingShape> {
    match shape {
        Shape::Keys(mapping) => Some(mapping),
        Shape::Either(shapes) => shapes.iter().find_map(fixed),
        Shape::OneOrMany(inner) => fixed(inner),
        _ => None,
    }
}

/// What may stand in a list, or under a name.
fn inner(shape: &Shape) -> Option<Shape> {
    match shape {
        Shape::List(inner) | Shape::OneOrMany(inner) | Shape::Entries(inner) => {
            Some((**inner).clone())
        }
        Shape::Either(shapes) => shapes.iter().find_map(inner),
        _ => None,
    }
}

/// What may stand under a key.
fn below(shape: Option<&Shape>, key: &str) -> Option<Shape> {
    let of_key = shape.and_then(fixed).and_then(|mapping| {
        mapping.keys.iter().find(|known| known.key == key).map(|known| (known.shape)())
    });
    of_key.or_else(|| shape.and_then(inner))
}

/// The entry that the path goes on with. Names may have dots in them: the longest that fits.
fn longest<'p>(entries: &[(Key, Node)], path: &'p str) -> Option<(usize, &'p str)> {
    let fits = |key: &str| {
        let after = path.strip_prefix(key)?;
        if after.is_empty() { Some("") } else { after.strip_prefix('.') }
    };
    let fitting = entries.iter().enumerate();
    let fitting = fitting.filter_map(|(at, (key, _))| fits(&key.text).map(|rest| (at, rest)));
    fitting.min_by_key(|(_, after)| after.len())
}

/// A position in a list, as a number or as the name of what is there.
fn position(items: &[Node], word: &str, names: &[&str]) -> Result<usize, ()> {
    if let Ok(index) = word.parse::<usize>() {
        return if index < items.len() { Ok(index) } else { Err(()) };
    }
    let called =
        |item: &Node| names.iter().any(|name| item.get(name).and_then(Node::text) == Some(word));
    items.iter().position(called).ok_or(())
}

/// The key and the value of a mapping that is written as words: `declare 1m..4m`.
fn in_words<'t>(text: &'t str, mapping: &MappingShape) -> Option<(&'t str, &'t str)> {
    let (key, value) = text.split_once(char::is_whitespace)?;
    mapping.keys.iter().any(|known| known.key == key).then_some((key, value))
}

/// The positions of what has this key in a list, if the language knows it there: the `ask` of a
/// play's steps.
fn with_key(items: &[Node], word: &str, shape: Option<&Shape>) -> Vec<usize> {
    let Some(mapping) = shape.and_then(fixed) else { return Vec::new() };
    if !mapping.keys.iter().any(|known| known.key == word) {
        return Vec::new();
    }
    let has = |item: &Node| match item.text() {
        Some(text) => in_words(text, mapping).is_some_and(|(key, _)| key == word),
        None => item.get(word).is_some(),
    };
    items.iter().enumerate().filter(|(_, item)| has(item)).map(|(index, _)| index).collect()
}

/// Several parts of a list have this key.
fn ambiguous_key(word: &str, positions: &[usize]) -> SetRefusal {
    let count = positions.len();
    let positions: Vec<String> = positions.iter().map(usize::to_string).collect();
    let hint = format!("say which by its position, from 0: {}", positions.join(" or "));
    SetRefusal::new(format!("{count} entries of this list have {}", quoted(word)), Some(hint))
}

fn not_there(items: &[Node], word: &str, names: &[&str]) -> SetRefusal {
    let names = items
        .iter()
        .filter_map(|item| names.iter().find_map(|name| item.get(name).and_then(Node::text)));
    let message = format!("{} is not a position in this list", quoted(word));
    let entries =
        if items.len() == 1 { "1 entry".into() } else { format!("{} entries", items.len()) };
    let count = format!("it has {entries}, the first is 0");
    let hint = match advice(word, names) {
        Some(advice) if word.parse::<usize>().is_err() => advice,
        _ => count,
    };
    SetRefusal::new(message, Some(hint))
}
