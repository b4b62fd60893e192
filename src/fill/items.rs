//! Items of the checklist as answers: whose they are, by when, or that they are done; several at
//! once where they are asked together.

use crate::language::edit::{Editor, scalar};
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use jiff::civil::Date;

use super::day::until;
use super::names;
use super::said::{Answerer, note, starts};

/// What becomes of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Settled {
    Done(Option<Date>),
    Owner {
        name: String,
        due: Option<Date>,
    },
    /// It stays in the hands that it is in.
    Kept,
}

/// What days are read by that do not say all.
#[derive(Clone, Copy)]
struct When {
    year: i16,
    today: Date,
}

/// Writes what was answered of these items, and returns the positions of those that it settles.
pub(super) fn settle(
    editor: &mut Editor,
    items: &[Place],
    words: &str,
    said: &Answerer,
) -> Result<Vec<usize>, String> {
    let year = starts(editor).get(..4).and_then(|year| year.parse().ok());
    let year = year.or(said.on.get(..4).and_then(|year| year.parse().ok())).unwrap_or(2000);
    let today = said.on.parse().unwrap_or(Date::constant(year, 1, 1));
    let parts = parts(words, items.len(), When { year, today })?;
    for (at, settled) in &parts {
        checked(editor, items[*at], settled, said)?;
    }
    Ok(parts.into_iter().map(|(at, _)| at).collect())
}

/// `ann`, `done`, `1-3 ann, 2018-11-05; 4 done`: what is said of which item, in their order. What
/// names no number is said of all that no other part names.
fn parts(words: &str, count: usize, when: When) -> Result<Vec<(usize, Settled)>, String> {
    let mut found: Vec<Option<Settled>> = vec![None; count];
    let mut of_rest = None;
    for part in split(words, count) {
        let part = part.as_str();
        let rest = ["the rest: ", "the rest ", "rest "].iter().find_map(|r| part.strip_prefix(r));
        let (numbers, rest) = match rest {
            Some(rest) => (Vec::new(), rest),
            None => numbered(part, count)?,
        };
        let settled = settled(rest, when)?;
        if numbers.is_empty() {
            if of_rest.replace(settled).is_some() {
                return Err("two parts are for all of them: begin one with its numbers".into());
            }
            continue;
        }
        for number in numbers {
            let slot = &mut found[number - 1];
            if slot.replace(settled.clone()).is_some() {
                return Err(format!("{number} is answered twice"));
            }
        }
    }
    let all = found.into_iter().enumerate();
    Ok(all.filter_map(|(at, own)| Some((at, own.or(of_rest.clone())?))).collect())
}

/// The parts of an answer: between semicolons, and before a number where the part before it is
/// whole: `1 done, 2 to 4 Josh, the rest Ann`.
fn split(words: &str, count: usize) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for whole in words.split(';') {
        let mut open = false;
        for piece in whole.split(", ").map(str::trim).filter(|piece| !piece.is_empty()) {
            let begins = piece.starts_with(|digit: char| digit.is_ascii_digit())
                || piece.starts_with("rest ")
                || piece.starts_with("the rest");
            let dated = format!("x, {piece}");
            let day = until(&dated, 2000, Date::constant(2000, 1, 1));
            let day = day.is_ok_and(|(name, day)| name == "x" && day.is_some());
            let told = |part: &String| part.contains(|letter: char| letter.is_alphabetic());
            let new = !open || (count > 1 && begins && !day && parts.last().is_some_and(told));
            match (new, parts.last_mut()) {
                (false, Some(last)) => *last = format!("{last}, {piece}"),
                _ => parts.push(piece.to_string()),
            }
            open = true;
        }
    }
    parts
}

/// The numbers that a part begins with, and what follows them. Of one item alone, none are read.
fn numbered(part: &str, count: usize) -> Result<(Vec<usize>, &str), String> {
    let part_to = part.replacen(" to ", "-", 1);
    let ranged = part.split_once(" to ").is_some_and(|(from, to)| {
        from.chars().all(|digit| digit.is_ascii_digit() || ", -".contains(digit))
            && to.starts_with(|digit: char| digit.is_ascii_digit())
    });
    if ranged && count > 1 {
        let (numbers, rest) = numbered(&part_to, count)?;
        return Ok((numbers, &part[part.len() - rest.len()..]));
    }
    let is_number = |letter: char| letter.is_ascii_digit() || "-, ".contains(letter);
    let end = part.find(|letter| !is_number(letter)).unwrap_or(part.len());
    let (head, rest) = part.split_at(end);
    if count == 1 || !head.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Ok((Vec::new(), part));
    }
    let mut numbers = Vec::new();
    for word in head.split([',', ' ']).filter(|word| !word.is_empty()) {
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        let (from, to) = (number(from, count)?, number(to, count)?);
        if from > to {
            return Err(format!("`{word}` counts backwards"));
        }
        numbers.extend(from..=to);
    }
    match rest.is_empty() {
        true => Err(format!("say whose: {} ann", head.trim())),
        false => Ok((numbers, rest)),
    }
}

fn number(text: &str, count: usize) -> Result<usize, String> {
    let read = text.parse().ok().filter(|number| (1..=count).contains(number));
    read.ok_or_else(|| format!("`{text}` is no number of the list: 1 to {count}"))
}

fn settled(words: &str, when: When) -> Result<Settled, String> {
    let (name, date) = until(words, when.year, when.today)?;
    if name.is_empty() {
        return Err("say whose it is as well: ann, 2018-11-05".to_string());
    }
    let lower = name.to_lowercase();
    let word = lower.split([',', ' ', '.']).next().unwrap_or_default();
    if word == "done" && lower.len() > 4 {
        return Err(format!(
            "`{name}` is more than `done`: write done alone, and the others behind \
                            a `;`"
        ));
    }
    if word == "done" || ["it is done", "they are done"].contains(&lower.as_str()) {
        return Ok(Settled::Done(date));
    }
    if ["keep", "leave", "ok"].contains(&word) {
        return Ok(Settled::Kept);
    }
    if ["yes", "no", "drop", "delete"].contains(&word) {
        return Err(
            "write done, keep, or whose it is; what is no task is taken out of the file by \
                    hand"
                .to_string(),
        );
    }
    let name = names::name(name)?.to_string();
    Ok(Settled::Owner { name, due: date })
}

fn checked(
    editor: &mut Editor,
    item: Place,
    settled: &Settled,
    said: &Answerer,
) -> Result<(), String> {
    let list = editor.root().and_then(|root| root.get("checklist"));
    let Some(NodeKind::List(items)) = list.map(|list| &list.kind) else {
        return Err("the checklist is gone".to_string());
    };
    let of = |node: &&Node| node.get("item").is_some_and(|value| value.place == item);
    let Some(found) = items.iter().find(of).cloned() else {
        return Err("the item is gone".to_string());
    };
    let keys: Vec<(&str, String)> = match settled {
        Settled::Done(day) => {
            vec![("done", day.map_or(said.on.clone(), |day| day.to_string()))]
        }
        Settled::Kept if owner_of(&found).is_none() => {
            return Err("nobody has it yet: name somebody, or park it".to_string());
        }
        Settled::Kept => Vec::new(),
        Settled::Owner { name, due } => {
            let due = due.map(|due| ("due", due.to_string()));
            let known = names::known(editor, name).map(|(key, _)| key.text);
            [("owner", scalar(&known.unwrap_or(name.clone())))].into_iter().chain(due).collect()
        }
    };
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
    note(editor, item.line, said);
    Ok(())
}

fn owner_of(item: &Node) -> Option<&str> {
    item.get("owner").and_then(Node::text).filter(|owner| *owner != "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHEN: When = When { year: 2018, today: jiff::civil::date(2018, 10, 31) };

    #[test]
    fn several_items_are_settled_in_one_line() {
        let owner = |name: &str| Settled::Owner { name: name.to_string(), due: None };
        let all = parts("ann", 2, WHEN).expect("for all of them");
        assert_eq!(all, [(0, owner("ann")), (1, owner("ann"))]);
        let mixed = parts("1-2 ann; 4 done 2018-11-02; bo lee", 4, WHEN).expect("by number");
        let day = Some("2018-11-02".parse().expect("a day"));
        assert_eq!(
            mixed,
            [(0, owner("ann")), (1, owner("ann")), (2, owner("bo lee")), (3, Settled::Done(day))]
        );
        let spoken = parts("1 done, 2 to 3 bo, the rest ann", 5, WHEN).expect("as people say it");
        let told = [owner("bo"), owner("bo"), owner("ann"), owner("ann")];
        assert_eq!(spoken[0], (0, Settled::Done(None)));
        assert_eq!(spoken[1..].iter().map(|(_, one)| one.clone()).collect::<Vec<_>>(), told);
        let day = parts("ann, 5 November", 6, WHEN).expect("a day, and no number");
        assert!(day.len() == 6 && matches!(&day[0].1, Settled::Owner { due: Some(_), .. }));
        let some = parts("2, 3 cy, 2018-11-05", 3, WHEN).expect("the first stays open");
        let due = Some("2018-11-05".parse().expect("a day"));
        let cy = Settled::Owner { name: "cy".to_string(), due };
        assert_eq!(some, [(1, cy.clone()), (2, cy)]);
    }

    #[test]
    fn what_is_none_of_the_list_is_refused() {
        for (words, why) in [
            ("5 ann", "no number"),
            ("0 ann", "no number"),
            ("3-1 ann", "backwards"),
            ("1-2", "say whose"),
            ("1 ann; 1-2 bo", "answered twice"),
            ("ann; bo", "two parts"),
            ("ann 2018-13-40", "not a day"),
            ("ann?", "leaves it open"),
            ("nobody", "names nobody"),
            ("done, Wyatt did it", "more than `done`"),
            ("Curtis is coming, keep", "more than a name"),
            ("yes", "write done"),
        ] {
            let told = parts(words, 4, WHEN).expect_err(words);
            assert!(told.contains(why), "{words}: {told}");
        }
    }
}
