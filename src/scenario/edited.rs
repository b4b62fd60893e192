//! What `--set` changes for one run, written into the text of the scenario for good.

use crate::language::edit::{Editor, scalar};
use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::Problems;
use crate::language::set::{self, Grammar};
use crate::language::source::{Place, SourceText};
use crate::language::written::FromNode;
use crate::scenario::document::Document;
use crate::scenario::load::{NAMES, load};
use crate::scenario::plan::Plan;

/// A scenario's text with a value changed in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The new text.
    pub text: String,
    /// The line (from 1) that has changed first.
    pub line: u32,
    /// What stood there, as it was written; `None`: nothing.
    pub old: Option<String>,
}

/// Why a change cannot be written into a text, in words that follow on "it is not written:".
pub type NotWritten = String;

/// The text of a scenario with a value put at a path, as `--set` would for one run, and `note` in
/// the comment of its line. Everything else stays as it is. An error where the file itself does
/// not say what is to be changed, but a part that it includes, or where the new text would not
/// mean the same.
pub fn edited(
    source: &SourceText,
    set: &(String, String),
    note: &str,
) -> Result<Edited, NotWritten> {
    let source = source.without_mark();
    let meant =
        load(&source, std::slice::from_ref(set)).map_err(|problems| problems.first_error_line())?;
    let mut editor = Editor::new(&source.text);
    let Some(root) = editor.root().cloned() else { return Err("the file is not YAML".into()) };
    let spot = spot(&root, &source, set)?;
    let (line, old) = spot.put(&mut editor, &source.text, set)?;
    let text = editor.finish();
    // Its comment moves no line: the value is on one line.
    let mut commented = Editor::new(&text);
    let place = Place { line, ..Place::default() };
    commented.mark_owner(place, set.0.rsplit('.').next().unwrap_or_default(), note);
    let text = commented.finish();
    let read = load(&SourceText { text: text.clone(), ..source.clone() }, &[]);
    match read.is_ok_and(|read| same(&read.plan, &meant.plan)) {
        true => Ok(Edited { text, line, old }),
        false => Err(NEEDS_A_PERSON.to_string()),
    }
}

/// Puts a new key into a mapping: beside its last one in brackets, else on a line of its own.
fn new_key(
    editor: &mut Editor,
    text: &str,
    (mapping, below): (&Node, Option<Place>),
    path: &[String],
    value: String,
) -> Result<(u32, Option<String>), NotWritten> {
    let keys: Vec<String> = path.iter().map(|key| scalar(key)).collect();
    let (first, inner) = keys.split_first().expect("a key is new");
    let nested = inner.iter().rev().fold(value, |v, key| format!("{{{key}: {v}}}"));
    let entry = format!("{first}: {nested}");
    let entries = mapping.entries().unwrap_or_default();
    let flow = text.get(mapping.place.start..).is_some_and(|at| at.starts_with('{'));
    match entries.last() {
        Some((_, last)) if flow => {
            // The place of a list or a mapping in brackets is where it begins.
            let place = whole(text, last.place).ok_or(NEEDS_A_PERSON)?;
            let written = text.get(place.start..place.end);
            let gap = written.map_or(0, |w| w.len() - w.trim_end().len());
            let end = place.end - gap;
            editor.after(Place { end, ..place }, format!(", {entry}"));
            Ok((place.line, None))
        }
        // Below the first key, as deep as that one, if that is a line of its own.
        Some((key, value)) => {
            let single = value.place.line == key.place.line
                && !text.get(value.place.start..value.place.end).unwrap_or_default().contains('\n');
            let first = &entries[0];
            let place = if single { key.place } else { first.0.place };
            let one_line = single || first.1.place.line == first.0.place.line;
            if !one_line || below.is_some_and(|below| below.line == place.line) {
                return Err("there is no line to put it below".to_string());
            }
            editor.line_below(place, &entry);
            Ok((place.line + 1, None))
        }
        None => Err("there is nothing yet to put it below".to_string()),
    }
}

const NEEDS_A_PERSON: &str = "it is written in a way that a person must change";

/// Whether two plans are the same but for where their values stand.
fn same(one: &Plan, other: &Plan) -> bool {
    let bare = |plan: &Plan| Plan {
        findings: Vec::new(),
        inputs: Vec::new(),
        scenario: String::new(),
        ..plan.clone()
    };
    bare(one) == bare(other)
}

/// Where a text has to be changed.
enum Spot {
    /// This value.
    Value(Place),
    /// A key is new in what is here.
    New { mapping: Node, below: Option<Place>, path: Vec<String> },
    /// A value in words becomes this mapping.
    Words { place: Place, keys: Vec<(String, String)> },
}

/// Finds it by what `--set` changes in the tree of the file alone.
fn spot(root: &Node, source: &SourceText, set: &(String, String)) -> Result<Spot, NotWritten> {
    let mut problems = Problems::new(source.clone());
    let mut changed = root.clone();
    let grammar = Grammar { shape: Document::shape(), names: &NAMES };
    set::set(&mut changed, &set.0, &set.1, &grammar, &mut problems);
    let elsewhere = || "it is in an included file: change it there".to_string();
    if problems.any_error() {
        return Err(elsewhere());
    }
    found(root, &changed, None).ok_or_else(|| NEEDS_A_PERSON.to_string())
}

/// The first difference of two trees, of which the second has a value from elsewhere.
fn found(old: &Node, new: &Node, key: Option<Place>) -> Option<Spot> {
    if new.place.source != 0 {
        return Some(Spot::Value(old.place));
    }
    match (&old.kind, &new.kind) {
        (NodeKind::Map(before), NodeKind::Map(after)) => {
            let each = before.iter().zip(after);
            let inside = each.filter_map(|((key, old), (_, new))| found(old, new, Some(key.place)));
            inside.into_iter().next().or_else(|| {
                let (added, value) = after.get(before.len())?;
                let mut path = vec![added.text.clone()];
                names(value, &mut path);
                Some(Spot::New { mapping: old.clone(), below: key, path })
            })
        }
        (NodeKind::List(before), NodeKind::List(after)) => {
            before.iter().zip(after).find_map(|(old, new)| found(old, new, None))
        }
        (_, NodeKind::Map(entries)) => {
            let text = |(key, node): &(Key, Node)| (key.text.clone(), node.text().map(scalar));
            let keys = entries.iter().map(text);
            let keys = keys.map(|(key, text)| Some((key, text?))).collect::<Option<Vec<_>>>()?;
            Some(Spot::Words { place: old.place, keys })
        }
        _ => None,
    }
}

/// The keys that lead down to the new value. Those that were made on the way stand where the value
/// does, those of the value itself within it.
fn names(node: &Node, path: &mut Vec<String>) {
    if let Some([(key, value)]) = node.entries()
        && key.place == node.place
    {
        path.push(key.text.clone());
        names(value, path);
    }
}

/// The whole of a value: the place of a list or a mapping in brackets is where it begins.
/// `None`: it goes on over lines without brackets.
fn whole(text: &str, place: Place) -> Option<Place> {
    let rest = text.get(place.start..)?;
    if rest.starts_with("- ") || rest.starts_with("-\n") {
        return None;
    }
    if !rest.starts_with(['[', '{']) {
        return Some(place);
    }
    let (mut depth, mut quote) = (0, None);
    for (at, letter) in rest.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(Place { end: place.start + at + letter.len_utf8(), ..place });
        }
    }
    None
}

impl Spot {
    /// Changes the text; returns the line, and what stood there.
    fn put(
        self,
        editor: &mut Editor,
        text: &str,
        (_, value): &(String, String),
    ) -> Result<(u32, Option<String>), NotWritten> {
        let value = match value.trim() {
            value if value.starts_with(['[', '{']) => value.to_string(),
            value => scalar(value),
        };
        match self {
            Spot::Value(place) => {
                let place = whole(text, place).ok_or(NEEDS_A_PERSON)?;
                let old = text.get(place.start..place.end).unwrap_or_default();
                let end = old.trim_end().len();
                if old.contains('#') && old.contains('\n') {
                    return Err("the current value contains comments".to_string());
                }
                if old[..end] == value {
                    return Err("the file already says so".to_string());
                }
                editor.replace(Place { end: place.start + end, ..place }, value);
                Ok((place.line, Some(old[..end].to_string())))
            }
            Spot::Words { place, keys } => {
                let old = text.get(place.start..place.end).unwrap_or_default().trim_end();
                let keys: Vec<String> =
                    keys.iter().map(|(key, text)| format!("{key}: {text}")).collect();
                let end = place.start + old.len();
                editor.replace(Place { end, ..place }, format!("{{{}}}", keys.join(", ")));
                // The verb is in the path already.
                let value = old.split_once(char::is_whitespace).map(|(_, value)| value.trim());
                let alone = if keys.len() == 1 { value } else { None };
                Ok((place.line, alone.map(str::to_string)))
            }
            Spot::New { mapping, below, path } => {
                new_key(editor, text, (&mapping, below), &path, value)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tests::EXAMPLE;

    fn written(text: &str, path: &str, value: &str) -> Result<Edited, NotWritten> {
        let set = (path.to_string(), value.to_string());
        edited(&SourceText::file("a.yaml", text), &set, "owner ann")
    }

    /// The lines that are other ones.
    fn lines(text: &str, path: &str, value: &str) -> Vec<String> {
        let new = written(text, path, value).unwrap_or_else(|why| panic!("{path}: {why}"));
        let old: Vec<&str> = text.lines().collect();
        let new = new.text.lines().filter(|line| !old.contains(line));
        new.map(|line| line.trim().to_string()).collect()
    }

    #[test]
    fn a_value_is_changed_where_it_stands_and_its_line_says_who_sees_to_it() {
        let text = EXAMPLE.replace("lasts: 3h", "lasts: 3h   # [a] long enough");
        assert_eq!(lines(&text, "lasts", "4h"), ["lasts: 4h   # long enough; [o] owner ann"]);
        let line = lines(&text, "plays.rollback.declare", "7m..9m");
        assert_eq!(line.len(), 1, "{line:?}");
        assert!(line[0].contains("7m..9m") && line[0].contains("[o]"), "{line:?}");
        assert_eq!(written(&text, "lasts", "3h"), Err("the file already says so".to_string()));
    }

    #[test]
    fn a_new_key_goes_beside_the_others() {
        let line = lines(EXAMPLE, "plays.rollback.ask.agrees", "70%");
        assert!(line.len() == 1 && line[0].contains("agrees: 70%"), "{line:?}");
        let line = lines(EXAMPLE, "escalation.ops.try", "[wyatt]");
        assert!(line.len() == 1 && line[0].contains("try: [wyatt], by:"), "{line:?}");
        // Behind a list in brackets as well.
        let text =
            EXAMPLE.replace("[email, slack, phone], each: 2m, rounds: 2}", "[slack, phone]}");
        let line = lines(&text, "escalation.ops.rounds", "3");
        assert!(line.len() == 1 && line[0].contains("phone], rounds: 3}"), "{line:?}");
        let line = lines(EXAMPLE, "+people.mina", "{role: ops}");
        assert!(line.len() == 1 && line[0].contains("mina: {role: ops}"), "{line:?}");
    }

    #[test]
    fn what_cannot_be_written_changes_nothing_and_says_why() {
        assert!(written(EXAMPLE, "lasts", "soon").is_err());
        assert!(written(EXAMPLE, "nothing", "3").is_err());
        let text = EXAMPLE.replace("{try: [wyatt, james],", "{try: [wyatt,   # first\n    james],");
        let kept = written(&text, "escalation.ops.try", "[james]");
        assert!(kept.is_err(), "a comment would be lost: {kept:?}");
    }
}
