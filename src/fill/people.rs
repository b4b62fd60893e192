//! Names as answers: who holds a role, who stands in, who comes first on a ladder.

use crate::language::edit::{Editor, joined, scalar};
use crate::language::node::{Key, Node, NodeKind};
use crate::language::source::Place;

use super::names::{bare, known, name, people, same};
use super::said::{Answerer, note};

/// A person for a role: a new one in its place, or somebody who is there already and takes it on.
pub(super) fn person(
    editor: &mut Editor,
    key: Place,
    role: &str,
    words: &str,
    said: &Answerer,
) -> Result<(), String> {
    let people = people(editor);
    let value = people.iter().find(|(other, _)| other.place == key);
    let Some((_, value)) = value else { return Err("there is no name there any more".to_string()) };
    let names = bare(words).split([',', ';']).flat_map(|part| part.split(" and "));
    let mut new = Vec::new();
    for part in names.map(str::trim).filter(|part| !part.is_empty()) {
        let part = name(part)?;
        match known(editor, part) {
            Some((known, node)) => {
                if !takes_on(editor, &node, role) {
                    return Err(format!("{part} has no roles to add to: change the file"));
                }
                // Where the plan asks for the role goes with it.
                let asked = editor.comment_of(key.line).to_string();
                let asked = if asked.is_empty() { String::new() } else { format!(" ({asked})") };
                let mark = format!("[o] {role}{asked}: {}", said.words());
                editor.comment(known.place.line, |old| joined(old, &mark));
            }
            None => new.push(scalar(&part.to_lowercase())),
        }
    }
    let Some((first, others)) = new.split_first() else {
        editor.remove_line(key);
        return Ok(());
    };
    let entry = entry(&people, role);
    editor.replace(value.place, entry.clone());
    editor.replace(key, first);
    note(editor, key.line, said);
    let said = said.words();
    for other in others {
        editor.line_below(key, &format!("{other}: {entry} # [o] {said}"));
    }
    Ok(())
}

/// Somebody new with a role, who works the hours that all others work.
fn entry(people: &[(Key, Node)], role: &str) -> String {
    let mut hours = people
        .iter()
        .filter_map(|(_, node)| node.entries().map(|_| node.get("hours").and_then(Node::text)));
    let first = hours.next().flatten();
    let shared = first.filter(|first| hours.all(|other| other == Some(*first)));
    let hours = shared.map_or(String::new(), |hours| format!(", hours: {}", scalar(hours)));
    format!("{{role: {}{hours}}}", scalar(role))
}

/// Somebody who has the role besides its one holder.
pub(super) fn deputy(
    editor: &mut Editor,
    holder: Place,
    role: &str,
    words: &str,
    said: &Answerer,
) -> Result<(), String> {
    let words = name(bare(words))?;
    match known(editor, words) {
        Some((key, _)) if key.place == holder => {
            Err(format!("{words} is the one who has it: name somebody else"))
        }
        Some((key, known)) => {
            if !takes_on(editor, &known, role) {
                return Err(format!("{words} has no roles to add to: change the file"));
            }
            note(editor, key.place.line, said);
            Ok(())
        }
        None => {
            let entry = entry(&people(editor), role);
            let new = scalar(&words.to_lowercase());
            editor.line_below(holder, &format!("{new}: {entry} # [o] {}", said.words()));
            Ok(())
        }
    }
}

/// Gives a person one more role; whether that could be written.
fn takes_on(editor: &mut Editor, person: &Node, role: &str) -> bool {
    let Some(entries) = person.entries() else { return false };
    for (key, value) in entries {
        match (key.text.as_str(), &value.kind) {
            ("role", NodeKind::Scalar(own)) => {
                editor.replace(key.place, "roles");
                editor.replace(value.place, format!("[{}, {}]", scalar(&own.text), scalar(role)));
                return true;
            }
            ("roles", NodeKind::List(roles)) => {
                let Some(last) = roles.last() else { return false };
                editor.after(last.place, format!(", {}", scalar(role)));
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Somebody who is tried first on a ladder; who is not among the people yet becomes one of them,
/// with the role of `instead`, who was first.
pub(super) fn first(
    editor: &mut Editor,
    (ladder, instead): (&str, &str),
    words: &str,
    said: &Answerer,
) -> Result<(), String> {
    let words = name(bare(words))?;
    let people = people(editor);
    let known = known(editor, words).map(|(key, _)| key.text);
    let new = known.clone().unwrap_or(words.to_lowercase());
    if same(instead, &new) {
        return Err(format!("{words} is the one who is first now: name somebody else"));
    }
    let tried = editor.root().and_then(|root| root.get("escalation")?.get(ladder)?.get("try"));
    let Some(Node { kind: NodeKind::List(tried), .. }) = tried else {
        return Err(format!("the ladder {ladder} stands elsewhere: change the file"));
    };
    let Some(top) = tried.first().map(|node| node.place) else {
        return Err(format!("the ladder {ladder} is empty: change the file"));
    };
    if tried.iter().any(|node| node.text().is_some_and(|text| same(text, &new))) {
        return Err(format!("{words} is on {ladder} already: change the order in the file"));
    }
    if known.is_none() {
        let Some((holder, node)) = people.iter().find(|(key, _)| key.text == instead) else {
            return Err(format!("{instead} is nobody in this file: change the file"));
        };
        let roles = node.get("roles").map(|roles| &roles.kind);
        let role = node.get("role").or(match roles {
            Some(NodeKind::List(roles)) => roles.last(),
            _ => None,
        });
        let Some(role) = role.and_then(Node::text) else {
            return Err(format!("nobody knows which role {words} has: add them to `people` first"));
        };
        let entry = entry(&people, role);
        let line = format!("{}: {entry} # [o] {}", scalar(&new), said.words());
        editor.line_below(holder.place, &line);
    }
    let old = editor.text_of(top).to_string();
    editor.replace(top, format!("{}, {old}", scalar(&new)));
    note(editor, top.line, said);
    Ok(())
}
