//! Names as answers: who holds a role, who stands in, who comes first on a ladder.

use crate::language::edit::{Editor, joined, scalar};
use crate::language::node::{Key, Node, NodeKind};
use crate::language::source::Place;

use super::known::{known, odd, people, same};
use super::names::{bare, is_not_needed, is_yes, name, several};
use super::parked::taken_out;
use super::said::{Answerer, note};

/// What of an answer that names people may not be a name, as a question; whoever attests may be a
/// role.
pub(super) fn unsure(editor: &Editor, words: &str, attests: bool) -> Option<String> {
    if is_not_needed(words) || !same_as(&people(editor), words).is_empty() {
        return None;
    }
    let new = several(words).into_iter().filter(|part| !attests || role(editor, part).is_none());
    new.into_iter().find_map(|part| odd(editor, name(part).ok()?))
}

/// A person for a role: a new one in its place, or somebody who is there already and takes it on;
/// or nobody, where the role is not needed. Returns what was written.
pub(super) fn person(
    editor: &mut Editor,
    key: Place,
    role: &str,
    words: &str,
    said: &Answerer,
) -> Result<String, String> {
    let people = people(editor);
    let value = people.iter().find(|(other, _)| other.place == key);
    let Some((_, value)) = value else { return Err("there is no name there any more".to_string()) };
    if is_not_needed(words) {
        return not_needed(editor, key, role, said);
    }
    let (mut new, mut told) = (Vec::new(), Vec::new());
    let same = same_as(&people, words);
    for part in if same.is_empty() { several(words) } else { same } {
        let part = name(part)?;
        match known(editor, part) {
            Some((known, node)) => {
                takes_on(editor, (&known, &node), role)?;
                // Where the plan asks for the role goes with it.
                let asked = taken_out(editor.comment_of(key.line), "");
                let asked = if asked.is_empty() { String::new() } else { format!(" ({asked})") };
                let mark = format!("[o] {role}{asked}: {}", said.words());
                editor.comment(known.place.line, |old| joined(old, &mark));
                told.push(format!("{} is {role} as well", known.text.trim_end_matches('?')));
            }
            None => {
                new.push(part);
                told.push(format!("{part} is new in the plan, as {role}"));
            }
        }
    }
    let told = told.join("; ");
    let Some((first, others)) = new.split_first() else {
        editor.remove_line(key);
        return Ok(told);
    };
    let told = told + &as_all(&people);
    editor.replace(value.place, entry(&people, first, role));
    editor.replace(key, scalar(&first.to_lowercase()));
    note(editor, key.line, said);
    for other in others {
        editor.line_below(key, &line(&people, other, role, said));
    }
    Ok(told)
}

/// Who has another role, where an answer says that it is the same: `same as the ID.me rep`.
fn same_as<'p>(people: &'p [(Key, Node)], words: &str) -> Vec<&'p str> {
    let lower = words.to_lowercase();
    let heads = [
        "the same person as the ",
        "same person as the ",
        "the same as the ",
        "same as the ",
        "the same as ",
        "same as ",
    ];
    let Some(role) = heads.iter().find_map(|head| lower.strip_prefix(head)) else {
        return Vec::new();
    };
    let has = |(_, node): &&(Key, Node)| {
        let roles = match node.get("roles").map(|roles| &roles.kind) {
            Some(NodeKind::List(roles)) => roles.iter().filter_map(Node::text).collect(),
            _ => Vec::from_iter(node.get("role").and_then(Node::text)),
        };
        roles.iter().any(|other| same(other, role.trim_end_matches('.')))
    };
    people.iter().filter(has).map(|(key, _)| key.text.trim_end_matches('?')).collect()
}

/// When somebody new is on duty, who has no hours of their own yet.
fn as_all(people: &[(Key, Node)]) -> String {
    let hours = hours_of_all(people);
    hours.map_or(String::new(), |hours| format!(", with everybody's hours ({hours})"))
}

/// Takes a role that nobody is needed for out of the people and out of the poll, and leaves a
/// comment in its place.
fn not_needed(
    editor: &mut Editor,
    key: Place,
    role: &str,
    said: &Answerer,
) -> Result<String, String> {
    let root = editor.root();
    let poll = root.and_then(|root| root.get("decision")?.get("poll")).and_then(Node::entries);
    let asked = poll.unwrap_or_default().iter().find(|(key, _)| same(&key.text, role));
    let asked = asked.filter(|(_, word)| word.text() == Some("?")).map(|(key, _)| key.place);
    let alone = |place: &Place| {
        let on_line = people(editor).iter().filter(|(key, _)| key.place.line == place.line).count();
        on_line <= 1 && editor.indent_of(place.line) + 1 == place.column as usize
    };
    if !alone(&key) || asked.is_some_and(|place| !alone(&place)) {
        return Err(format!("{role} does not stand on a line of its own: change the file"));
    }
    for place in [Some(key), asked].into_iter().flatten() {
        let old = taken_out(editor.comment_of(place.line), "");
        let mark = joined(&old, &format!("[o] {}", said.words()));
        editor.replace_line(place, &format!("# {role}: not needed; {mark}"));
    }
    let poll = if asked.is_some() { " or in the poll" } else { "" };
    Ok(format!("{role} is not needed, and no longer among the people{poll}"))
}

/// The hours that all others work, if they all work the same.
fn hours_of_all(people: &[(Key, Node)]) -> Option<&str> {
    let mut hours = people
        .iter()
        .filter_map(|(_, node)| node.entries().map(|_| node.get("hours").and_then(Node::text)));
    let first = hours.next().flatten();
    first.filter(|first| hours.all(|other| other == Some(*first)))
}

/// Somebody new with a name and a role, who works the hours that all others work.
fn entry(people: &[(Key, Node)], name: &str, role: &str) -> String {
    let hours = hours_of_all(people);
    let hours = hours.map_or(String::new(), |hours| format!(", hours: {}", scalar(hours)));
    // A name that is no more than the key says nothing new.
    let full = if name == name.to_lowercase() {
        String::new()
    } else {
        format!("name: {}, ", scalar(name))
    };
    format!("{{{full}role: {}{hours}}}", scalar(role))
}

/// The same as a line of its own.
fn line(people: &[(Key, Node)], name: &str, role: &str, said: &Answerer) -> String {
    let key = scalar(&name.to_lowercase());
    format!("{key}: {} # [o] {}", entry(people, name, role), said.words())
}

/// Somebody who has the role besides its one holder, or several who have. Returns what was written.
pub(super) fn deputy(
    editor: &mut Editor,
    holder: Place,
    role: &str,
    words: &str,
    said: &Answerer,
) -> Result<String, String> {
    let mut told = Vec::new();
    for part in several(words) {
        let part = name(part)?;
        match known(editor, part) {
            Some((key, _)) if key.place == holder => {
                return Err(format!("{part} is the one who has it: name somebody else"));
            }
            Some((key, known)) => {
                takes_on(editor, (&key, &known), role)?;
                note(editor, key.place.line, said);
                told.push(format!("{} is {role} as well", key.text.trim_end_matches('?')));
            }
            None => {
                let people = people(editor);
                editor.line_below(holder, &line(&people, part, role, said));
                told.push(format!("{part} is new in the plan, as {role}{}", as_all(&people)));
            }
        }
    }
    if told.is_empty() {
        return Err("nobody is named: write a name".to_string());
    }
    Ok(told.join("; "))
}

/// Gives a person one more role.
fn takes_on(editor: &mut Editor, (name, person): (&Key, &Node), role: &str) -> Result<(), String> {
    let refused = || Err(format!("{} has no roles to add to: change the file", name.text));
    let Some(entries) = person.entries() else { return refused() };
    for (key, value) in entries {
        match (key.text.as_str(), &value.kind) {
            ("role", NodeKind::Scalar(own)) if own.text == role => return Ok(()),
            ("role", NodeKind::Scalar(own)) => {
                editor.replace(key.place, "roles");
                editor.replace(value.place, format!("[{}, {}]", scalar(&own.text), scalar(role)));
                return Ok(());
            }
            ("roles", NodeKind::List(roles)) => {
                let Some(last) = roles.last() else { return refused() };
                if roles.iter().all(|own| own.text() != Some(role)) {
                    editor.after(last.place, format!(", {}", scalar(role)));
                }
                return Ok(());
            }
            _ => {}
        }
    }
    refused()
}

/// Whoever has to say that a criterion is met: people and roles of the plan as they are called
/// there, others as they are typed.
pub(super) fn attesting(editor: &Editor, words: &str) -> Result<Vec<String>, String> {
    let named = several(words).into_iter().map(|part| {
        if let Some(role) = role(editor, part) {
            return Ok(role);
        }
        let name = name(part)?;
        Ok(known(editor, name).map_or(name.to_string(), |(key, _)| key.text))
    });
    named.collect()
}

/// A name that was tentative and is not any more: the same, or another.
pub(super) fn certain(
    editor: &mut Editor,
    line: u32,
    tentative: &str,
    words: &str,
    said: &Answerer,
) -> Result<String, String> {
    let short = tentative.trim_end_matches('?').trim();
    if words.to_lowercase().trim_end_matches('.') == "no" {
        return Err("who is it then? Write the name, or `park OWNER DATE`".to_string());
    }
    if is_not_needed(words) {
        return Err("whoever is named is taken out of the file by hand, or park it".to_string());
    }
    let meant = bare(words);
    let itself =
        is_yes(words) || known(editor, meant).is_some_and(|(key, _)| key.text == tentative);
    let sure = match itself {
        true => short.to_string(),
        false => name(meant)?.to_lowercase(),
    };
    let other = known(editor, &sure).filter(|(key, _)| key.text != tentative);
    if let Some((key, _)) = other {
        return Err(format!(
            "{} is in the plan already: write the name of somebody new, or change the file",
            key.text
        ));
    }
    let person = people(editor).into_iter().find(|(key, _)| key.text == tentative);
    let full = person.and_then(|(_, person)| person.get("name").map(|full| full.place));
    editor.rename(tentative, &scalar(&sure));
    if let Some(full) = full.filter(|_| !itself) {
        editor.replace(full, scalar(meant));
    }
    note(editor, line, said);
    Ok(format!("{sure} has no question mark any more"))
}

/// Whoever is told: everyone, or a role or a person as the file has it.
pub(super) fn audience(editor: &Editor, words: &str) -> Result<String, String> {
    let lower = words.to_lowercase();
    let lower = lower.trim_end_matches('.');
    if ["everyone", "everybody", "all", "all of them", "the whole team"].contains(&lower) {
        return Ok("everyone".to_string());
    }
    if lower.contains([',', ';']) || lower.contains(" and ") {
        return Err("one role or person can be told here: name one, or everyone".to_string());
    }
    let person = known(editor, bare(words)).map(|(key, _)| key.text);
    Ok(role(editor, words).or(person).unwrap_or(words.to_string()))
}

/// The role of somebody of the plan that these words name, as the file has it.
fn role(editor: &Editor, words: &str) -> Option<String> {
    let lower = bare(words).to_lowercase();
    let mut roles = people(editor).into_iter().flat_map(|(_, node)| {
        let listed = match node.get("roles").map(|roles| &roles.kind) {
            Some(NodeKind::List(roles)) => roles.iter().filter_map(Node::text).collect(),
            _ => Vec::from_iter(node.get("role").and_then(Node::text)),
        };
        listed.into_iter().map(str::to_string).collect::<Vec<_>>()
    });
    roles.find(|role| same(role, lower.trim_start_matches("the ")))
}

/// Somebody who is tried first on a ladder; who is not among the people yet becomes one of them,
/// with the role of `instead`, who was first.
pub(super) fn first(
    editor: &mut Editor,
    (ladder, instead): (&str, &str),
    words: &str,
    said: &Answerer,
) -> Result<String, String> {
    let words = name(bare(words))?;
    let people = people(editor);
    let known = known(editor, words).map(|(key, _)| key.text);
    let new = known.clone().unwrap_or(words.to_lowercase());
    if same(instead, &new) {
        return Err(format!("{words} is the one who is first now: name somebody else"));
    }
    let tried = editor.root().and_then(|root| root.get("escalation")?.get(ladder)?.get("try"));
    let Some(Node { kind: NodeKind::List(tried), .. }) = tried else {
        return Err(format!(
            "the ladder {ladder} has no list of people in this file: change the file"
        ));
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
        editor.line_below(holder.place, &line(&people, words, role, said));
    }
    let old = editor.text_of(top).to_string();
    editor.replace(top, format!("{}, {old}", scalar(&new)));
    note(editor, top.line, said);
    let stranger = if known.is_none() { ", and new in the plan" } else { "" };
    Ok(format!("{words} is first on {ladder}{stranger}"))
}
