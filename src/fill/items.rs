//! Items of the checklist as answers: whose they are, by when, that they are done, or that they are
//! no tasks; several at once where they are asked together.

use crate::language::edit::{Editor, joined, scalar};
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use jiff::civil::Date;

use super::known;
use super::parked::taken_out;
use super::parts::{DateContext, ItemResult, parts};
use super::said::{Answerer, note, one_line, starts};

/// Writes what was answered of these items; returns the positions of those that it settles, and
/// what was written.
pub(super) fn settle(
    editor: &mut Editor,
    items: &[Place],
    words: &str,
    said: &Answerer,
) -> Result<(Vec<usize>, Vec<String>), String> {
    let parts = parts(words, items.len(), when(editor, said))?;
    let mut told: Vec<(Vec<usize>, String)> = Vec::new();
    for (at, settled) in &parts {
        let words = written(editor, items[*at], settled, said)?;
        match told.iter_mut().find(|(_, same)| *same == words) {
            Some((numbers, _)) => numbers.push(at + 1),
            None => told.push((vec![at + 1], words)),
        }
    }
    let one = |(numbers, words): (Vec<usize>, String)| match items.len() {
        1 => words,
        _ => format!("{}: {words}", listed(&numbers)),
    };
    let told = told.into_iter().map(one).collect::<Vec<_>>().join("; ");
    let late = parts.iter().any(|(_, settled)| is_late(editor, settled));
    let late = late.then(|| "A day is after the plan's own day.".to_string());
    let told = [told].into_iter().chain(late).collect();
    Ok((parts.into_iter().map(|(at, _)| at).collect(), told))
}

/// Names in the answer that may be none, as a question.
pub(super) fn unsure(
    editor: &Editor,
    count: usize,
    words: &str,
    said: &Answerer,
) -> Option<String> {
    let parts = parts(words, count, when(editor, said)).ok()?;
    parts.into_iter().find_map(|(_, settled)| match settled {
        ItemResult::Owner { name, .. } | ItemResult::Done { by: Some(name), .. }
            if !owners(editor).iter().any(|owner| known::same(owner, &name)) =>
        {
            known::odd(editor, &name)
        }
        _ => None,
    })
}

fn when(editor: &Editor, said: &Answerer) -> DateContext {
    let year = |text: &str| text.get(..4).and_then(|year| year.parse().ok());
    let year = year(&starts(editor)).or(year(&said.on)).unwrap_or(2000);
    let today = said.on.parse().unwrap_or(Date::constant(year, 1, 1));
    DateContext { year, today }
}

/// The day that the plan is for.
fn day(editor: &Editor) -> Option<Date> {
    starts(editor).get(..10)?.parse().ok()
}

fn is_late(editor: &Editor, settled: &ItemResult) -> bool {
    let ItemResult::Owner { due: Some(due), .. } = settled else { return false };
    day(editor).is_some_and(|day| *due > day)
}

/// `1, 3-5` of numbers in their order.
fn listed(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let range = |(from, to): (usize, usize)| match from == to {
        true => from.to_string(),
        false => format!("{from}-{to}"),
    };
    ranges.into_iter().map(range).collect::<Vec<_>>().join(", ")
}

/// The item of the checklist whose text is at this place.
fn found(editor: &Editor, item: Place) -> Result<Node, String> {
    let list = editor.root().and_then(|root| root.get("checklist"));
    let Some(NodeKind::List(items)) = list.map(|list| &list.kind) else {
        return Err("the checklist is gone".to_string());
    };
    let is_asked = |node: &&Node| node.get("item").is_some_and(|value| value.place == item);
    items.iter().find(is_asked).cloned().ok_or("the item is gone".to_string())
}

/// Writes what becomes of an item; returns it in words.
fn written(
    editor: &mut Editor,
    item: Place,
    settled: &ItemResult,
    said: &Answerer,
) -> Result<String, String> {
    let found = found(editor, item)?;
    let owner = owner_of(&found).map(str::to_string);
    let called = |editor: &Editor, name: &String| {
        let owner = || owners(editor).into_iter().find(|owner| known::same(owner, name));
        let known = known::known(editor, name).map(|(key, _)| key.text);
        known.or_else(owner).unwrap_or(name.clone())
    };
    let (keys, told): (Vec<(&str, String)>, String) = match settled {
        ItemResult::Dropped => return dropped(editor, item, &found, said),
        ItemResult::Kept => match owner {
            None => return Err("nobody has it yet: name somebody, or park it".to_string()),
            Some(owner) => (Vec::new(), format!("stays with {}", owner.trim_end_matches('?'))),
        },
        ItemResult::Done { on, by } => {
            // A day after the plan's own would read as a mistake there.
            let today = said.on.parse::<Date>().ok();
            let is_after = on.is_none() && today.zip(day(editor)).is_some_and(|(on, day)| on > day);
            let on = on.map_or(said.on.clone(), |on| on.to_string());
            let on = if is_after { "true".to_string() } else { on };
            let by = by.as_ref().map(|by| called(editor, by));
            let told = by.as_ref().map_or("done".to_string(), |by| format!("done by {by}"));
            let by = by.map(|by| ("owner", scalar(&by)));
            ([("done", on)].into_iter().chain(by).collect(), told)
        }
        ItemResult::Owner { name, due } => {
            let owner = called(editor, name);
            let until = due.map_or(String::new(), |due| format!(", due {due}"));
            let told = format!("{}{until}", owner.trim_end_matches('?'));
            let due = due.map(|due| ("due", due.to_string()));
            ([("owner", scalar(&owner))].into_iter().chain(due).collect(), told)
        }
    };
    put(editor, item, &found, keys);
    note(editor, item.line, said);
    Ok(told)
}

/// Puts keys into an item: in the place of those that are there, else beside its text.
fn put(editor: &mut Editor, item: Place, found: &Node, keys: Vec<(&str, String)>) {
    // In braces everything goes on one line; else each key has its own.
    let flow = item.column > 1 && found.place.start < item.start && found.place.line == item.line;
    let of_item = found.entries().and_then(|keys| keys.iter().find(|(key, _)| key.text == "item"));
    let deep = of_item.map_or(1, |(key, _)| key.place.column as usize);
    let mut new = String::new();
    for (key, value) in keys {
        match (found.get(key), flow) {
            (Some(old), _) => editor.replace(old.place, value),
            (None, true) => new += &format!(", {key}: {value}"),
            (None, false) => {
                let inner = deep.saturating_sub(1 + editor.indent_of(item.line));
                editor.line_below(item, &format!("{}{key}: {value}", " ".repeat(inner)));
            }
        }
    }
    if !new.is_empty() {
        editor.after(item, new);
    }
}

/// Takes an item that is not a task out of the list, and leaves a comment in its place.
fn dropped(
    editor: &mut Editor,
    item: Place,
    found: &Node,
    said: &Answerer,
) -> Result<String, String> {
    let keys = found.entries().unwrap_or_default();
    if keys.iter().any(|(key, value)| key.place.line != item.line || value.place.line != item.line)
    {
        return Err("the item goes over several lines: take it out of the file".to_string());
    }
    let text = found.get("item").and_then(Node::text).unwrap_or_default();
    let old = taken_out(editor.comment_of(item.line), "");
    let mark = joined(&old, &format!("[o] {}", said.words()));
    editor.replace_line(item, &format!("# not needed: {}; {mark}", one_line(text)));
    Ok("not needed, and out of the list".to_string())
}

/// Writes what something that the plan leaves open is, in every item that asks for it, and that
/// these are done.
pub(super) fn meaning(
    editor: &mut Editor,
    items: &[Place],
    (what, words): (&str, &str),
    said: &Answerer,
) -> Result<Vec<String>, String> {
    for item in items {
        let found = found(editor, *item)?;
        put(editor, *item, &found, vec![("done", "true".to_string())]);
        let mark =
            format!("{what}: {}; [o] {}", one_line(words).replace([';', '#'], ","), said.words());
        editor.comment(item.line, |old| joined(&taken_out(old, ""), &mark));
    }
    Ok(vec![format!("{what} is {words}")])
}

/// All who own an item already, as they are written.
fn owners(editor: &Editor) -> Vec<String> {
    let list = editor.root().and_then(|root| root.get("checklist"));
    let Some(NodeKind::List(items)) = list.map(|list| &list.kind) else { return Vec::new() };
    items.iter().filter_map(owner_of).map(str::to_string).collect()
}

fn owner_of(item: &Node) -> Option<&str> {
    item.get("owner").and_then(Node::text).filter(|owner| *owner != "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_listed_as_ranges() {
        assert_eq!(listed(&[1, 3, 4, 5, 9]), "1, 3-5, 9");
    }
}
