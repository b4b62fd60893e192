//! An answer as a change of the scenario's text.

use crate::language::edit::{Editor, joined, scalar};
use crate::language::node::{Key, Kind, Node};
use crate::language::source::Place;
use crate::scenario::PARKED;

use super::questions::{Asked, Question};

/// What somebody has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These words.
    Words(String),
    /// Somebody takes it with them: who, and until when.
    Parked { owner: String, due: Option<String> },
}

/// Who said so, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answerer {
    /// As they want to be called; empty where nobody has said.
    pub by: String,
    /// ISO 8601.
    pub on: String,
}

impl Answerer {
    fn words(&self) -> String {
        match self.by.as_str() {
            "" => self.on.clone(),
            by => format!("{by}, {}", self.on),
        }
    }
}

/// The text with the answer in it; what is wrong with the answer otherwise. Whether the scenario
/// can be read with it is for the caller to see.
pub fn answered(
    text: &str,
    question: &Question,
    answer: &Answer,
    said: &Answerer,
) -> Result<String, String> {
    let mut editor = Editor::new(text);
    let words = match answer {
        Answer::Parked { owner, due } => {
            let due = due.as_ref().map_or(String::new(), |due| format!(", {due}"));
            let note = format!("{PARKED}{}{due}; {}", one_line(owner), said.words());
            editor.comment(question.line, |old| joined(old, &note));
            return Ok(editor.finish());
        }
        Answer::Words(words) => one_line(words),
    };
    if words.is_empty() {
        return Err("write an answer, `park OWNER DATE`, or `skip`".to_string());
    }
    match &question.asked {
        Asked::Value { place, text } => {
            editor.replace(*place, value(text, &words)?);
            editor.ours(*place, key_of(text), &said.words());
        }
        Asked::Number { place, key } => {
            editor.replace(*place, whole(&words));
            editor.ours(*place, key, &said.words());
        }
        Asked::Person { key, role } => person(&mut editor, *key, role, &words, said)?,
        Asked::Tentative { name } => {
            let yes = ["yes", "y", "ok"].contains(&words.to_lowercase().as_str());
            let sure = if yes { name.trim_end_matches('?').trim().to_string() } else { words };
            if sure.ends_with('?') {
                return Err("a name without a question mark, or park it".to_string());
            }
            editor.rename(name, &scalar(&sure));
            note(&mut editor, question.line, said);
        }
        Asked::Deputy { holder, role } => deputy(&mut editor, *holder, role, &words, said)?,
        Asked::Item { item } => checked(&mut editor, *item, &words, said)?,
        Asked::Other => {
            return Err("no single value settles this: change the file, or park it".to_string());
        }
    }
    Ok(editor.finish())
}

/// A value as it is written; a list or a mapping stays one.
fn whole(words: &str) -> String {
    if words.starts_with(['[', '{']) { words.to_string() } else { scalar(words) }
}

/// A value in the place of `"?"`; in a sentence, a value for every question mark, or a sentence.
fn value(text: &str, words: &str) -> Result<String, String> {
    if text == "?" {
        return Ok(whole(words));
    }
    if words.contains(['>', '<']) && words.contains(' ') {
        return Ok(scalar(words));
    }
    let parts: Vec<&str> = words.split([' ', ',', ';']).filter(|part| !part.is_empty()).collect();
    let holes = text.matches('?').count();
    if parts.len() != holes {
        let given = parts.len();
        return Err(match holes {
            1 => format!("one value is open in `{text}`, and {given} are given"),
            _ => format!("{holes} values are open in `{text}`, and {given} are given"),
        });
    }
    let mut filled = String::new();
    let mut parts = parts.into_iter();
    for piece in text.split_inclusive('?') {
        match piece.strip_suffix('?') {
            Some(before) => {
                filled.push_str(before);
                filled.push_str(parts.next().unwrap_or_default());
            }
            None => filled.push_str(piece),
        }
    }
    // "3x" for "?x": the unit is there already.
    for unit in ["x", "%"] {
        filled = filled.replace(&format!("{unit}{unit}"), unit);
    }
    Ok(scalar(&filled))
}

/// What a mark on the line names, where it stands for one of several values.
fn key_of(text: &str) -> &str {
    if text == "?" { "" } else { "expr" }
}

/// A person for a role: a new one in its place, or somebody who is there already and takes it on.
fn person(
    editor: &mut Editor,
    key: Place,
    role: &str,
    name: &str,
    said: &Answerer,
) -> Result<(), String> {
    no_question_mark(name)?;
    let people = people(editor);
    if let Some((_, known)) = people.iter().find(|(key, _)| same(&key.text, name))
        && takes_on(editor, &known.clone(), role)
    {
        editor.remove_line(key);
        return Ok(());
    }
    let value = people.iter().find(|(other, _)| other.place == key);
    let Some((_, value)) = value else { return Err("there is no name there any more".to_string()) };
    editor.replace(value.place, format!("{{role: {}}}", scalar(role)));
    editor.replace(key, scalar(&name.to_lowercase()));
    note(editor, key.line, said);
    Ok(())
}

fn deputy(
    editor: &mut Editor,
    holder: Place,
    role: &str,
    name: &str,
    said: &Answerer,
) -> Result<(), String> {
    no_question_mark(name)?;
    let people = people(editor);
    if let Some((key, _)) = people.iter().find(|(key, _)| key.place == holder)
        && same(&key.text, name)
    {
        return Err(format!("{name} is the one who has it: name somebody else"));
    }
    match people.iter().find(|(key, _)| same(&key.text, name)) {
        Some((key, known)) => {
            let (line, known) = (key.place.line, known.clone());
            if !takes_on(editor, &known, role) {
                return Err(format!("{name} has no roles that could be added to: change the file"));
            }
            note(editor, line, said);
        }
        None => {
            let said = said.words();
            let name = scalar(&name.to_lowercase());
            editor.line_below(holder, &format!("{name}: {{role: {}}} # [o] {said}", scalar(role)));
        }
    }
    Ok(())
}

fn people(editor: &Editor) -> Vec<(Key, Node)> {
    let people = editor.root().and_then(|root| root.get("people")).and_then(Node::entries);
    people.unwrap_or_default().to_vec()
}

fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('?').eq_ignore_ascii_case(other.trim())
}

fn no_question_mark(name: &str) -> Result<(), String> {
    match name.contains('?') {
        true => Err("an uncertain name leaves it open: park it".to_string()),
        false => Ok(()),
    }
}

/// Gives a person one more role; whether that could be written.
fn takes_on(editor: &mut Editor, person: &Node, role: &str) -> bool {
    let Some(entries) = person.entries() else { return false };
    for (key, value) in entries {
        match (key.text.as_str(), &value.kind) {
            ("role", Kind::Scalar(own)) => {
                editor.replace(key.place, "roles");
                editor.replace(value.place, format!("[{}, {}]", scalar(&own.text), scalar(role)));
                return true;
            }
            ("roles", Kind::List(roles)) => {
                let Some(last) = roles.last() else { return false };
                editor.after(last.place, format!(", {}", scalar(role)));
                return true;
            }
            _ => {}
        }
    }
    false
}

/// `done`, or who sees to it, with a day: `ann, 2018-11-05`.
fn checked(editor: &mut Editor, item: Place, words: &str, said: &Answerer) -> Result<(), String> {
    let list = editor.root().and_then(|root| root.get("checklist"));
    let Some(Kind::List(items)) = list.map(|list| &list.kind) else {
        return Err("the checklist is gone".to_string());
    };
    let of = |node: &&Node| node.get("item").is_some_and(|value| value.place == item);
    let Some(found) = items.iter().find(of).cloned() else {
        return Err("the item is gone".to_string());
    };
    let (name, due) = match words.rsplit_once(", ") {
        Some((name, due)) if due.parse::<jiff::civil::Date>().is_ok() => (name, Some(due)),
        _ => (words, None),
    };
    let keys: Vec<(&str, String)> = match words.eq_ignore_ascii_case("done") {
        true => vec![("done", said.on.clone())],
        false => {
            let due = due.map(|due| ("due", due.to_string()));
            [("owner", scalar(name))].into_iter().chain(due).collect()
        }
    };
    // In braces everything goes on one line; else each key has its own.
    let flow = item.column > 1 && found.place.start < item.start && found.place.line == item.line;
    let mut new = String::new();
    for (key, value) in keys {
        match (found.get(key), flow) {
            (Some(old), _) => editor.replace(old.place, value),
            (None, true) => new += &format!(", {key}: {value}"),
            (None, false) => return Err(format!("write `{key}: {value}` into the file")),
        }
    }
    if !new.is_empty() {
        editor.after(item, new);
    }
    note(editor, item.line, said);
    Ok(())
}

/// Says on the line who said so.
fn note(editor: &mut Editor, line: u32, said: &Answerer) {
    let mark = format!("[o] {}", said.words());
    editor.comment(line, |old| joined(old, &mark));
}

/// What is typed becomes one line, without what would end a comment or hide.
fn one_line(words: &str) -> String {
    let seen = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    seen.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
