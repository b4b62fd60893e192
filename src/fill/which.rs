//! Which items of a list the parts of an answer are about: `1 done, 2 to 4 Josh, the rest Ann Lee`.

use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

use super::day::until;

/// Which items a part of an answer is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ItemSelection {
    These(Vec<usize>),
    /// All that no other part names.
    Rest,
}

/// The parts of an answer: between semicolons, and before a number where the part before it is
/// whole; each with whether it is an exception to the one before it.
pub(super) fn split(words: &str, count: usize) -> Vec<(String, bool)> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    let words = EXCEPT.replace_all(words, ";!");
    let words = if count > 1 { with_numbers(&words) } else { words.into_owned() };
    for whole in words.split(';') {
        let except = whole.starts_with('!');
        let whole = whole.trim_start_matches('!');
        let mut open = false;
        for piece in pieces(whole) {
            let letters = |part: &str| part.contains(|letter: char| letter.is_alphabetic());
            let told = parts.last().is_some_and(|(last, _)| letters(last));
            let begins = count > 1 && begins_part(&piece) && !is_day(&piece);
            let new = !open || (begins && told);
            match (new, parts.last_mut()) {
                (false, Some((last, _))) => *last = format!("{last}, {piece}"),
                _ => parts.push((piece, except && !open)),
            }
            open = true;
        }
    }
    parts
}

/// What is between commas; "and" before a number or before the rest is one.
fn pieces(whole: &str) -> Vec<String> {
    let split = and_apart(whole);
    let pieces = split.split(", ").map(|piece| piece.trim().trim_end_matches(','));
    let pieces = pieces.map(|piece| piece.strip_prefix("and ").unwrap_or(piece).trim());
    pieces.filter(|piece| !piece.is_empty()).map(str::to_string).collect()
}

static EXCEPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i),?\s*\b(?:except(?: for)?|but not|but)\s+").expect("a pattern")
});
static AND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)\s+and\s+(\d|the rest|the others)").expect("a pattern"));
/// Words for numbers of a list.
const ORDINALS: [(&str, &str); 10] = [
    ("the first one", "1"),
    ("the first", "1"),
    ("the second one", "2"),
    ("the second", "2"),
    ("the third one", "3"),
    ("the third", "3"),
    ("the fourth", "4"),
    ("the fifth", "5"),
    ("number ", ""),
    ("numbers ", ""),
];
/// What means all items that no other part names; longer words first.
const REST: [&str; 14] = [
    "all of the others",
    "all the others",
    "all the rest",
    "the others",
    "the other ones",
    "all others",
    "the rest",
    "everything else",
    "everything",
    "all of them",
    "all of it",
    "others",
    "rest",
    "all",
];

/// `The third` as `3`.
fn with_numbers(words: &str) -> String {
    let mut words = words.to_string();
    for (word, digit) in ORDINALS {
        while let Some(at) = words.to_ascii_lowercase().find(word) {
            words.replace_range(at..at + word.len(), digit);
        }
    }
    words
}

/// A comma in the place of "and" before numbers of which something is said, and before the rest:
/// `2 bo and 3 ann`, and not `bo 2 and 3`.
fn and_apart(whole: &str) -> String {
    let mut text = String::new();
    let mut from = 0;
    for found in AND.captures_iter(whole) {
        let (all, next) = (found.get(0), found.get(1));
        let (Some(all), Some(next)) = (all, next) else { continue };
        let piece = whole[next.start()..].split([',', ';']).next().unwrap_or_default();
        let alone = |letter: char| letter.is_ascii_digit() || " -–&".contains(letter);
        let bare = piece.replace(" to ", " ").replace(" and ", " ");
        if !bare.chars().all(alone) {
            text += &whole[from..all.start()];
            text += ", ";
            from = next.start();
        }
    }
    text + &whole[from..]
}

fn begins_part(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    let numbered = piece.starts_with(|digit: char| digit.is_ascii_digit());
    numbered || head_of_rest(&lower).is_some() || trailing(piece).is_some()
}

/// The words for the rest that a part begins with.
fn head_of_rest(lower: &str) -> Option<&'static str> {
    let whole = |head: &&&str| {
        lower.strip_prefix(**head).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    REST.iter().find(whole).copied()
}

fn is_day(piece: &str) -> bool {
    let dated = format!("x, {piece}");
    let day = until(&dated, 2000, Date::constant(2000, 1, 1));
    day.is_ok_and(|(name, day)| name == "x" && day.is_some())
}

/// Which items a part is about, and what it says of them.
pub(super) fn about(part: &str, count: usize) -> Result<(ItemSelection, String), String> {
    if count == 1 {
        return Ok((ItemSelection::Rest, part.to_string()));
    }
    let part = part.trim().to_string();
    let lower = part.to_lowercase();
    if let Some(head) = head_of_rest(&lower).filter(|_| lower.len() == part.len()) {
        return Ok((ItemSelection::Rest, without_numbers(&part[head.len()..])));
    }
    let (head, rest) = leading(&part);
    if !head.is_empty() {
        return Ok((ItemSelection::These(numbers(&head, count)?), without_numbers(rest)));
    }
    Ok(match trailing(&part) {
        Some((rest, end)) if head_of_rest(&end.to_lowercase()).is_some() => {
            (ItemSelection::Rest, without_numbers(rest))
        }
        Some((rest, end)) => (ItemSelection::These(numbers(end, count)?), without_numbers(rest)),
        None => (ItemSelection::Rest, part),
    })
}

/// The numbers that a part begins with, and what follows them.
fn leading(part: &str) -> (String, &str) {
    let found = LEADING.find(part).map_or(0, |found| found.end());
    // `5 November` is a day, and `2-way` no number of a list.
    let rest = &part[found..];
    match rest.starts_with(['-', ':', '/']) && !rest.starts_with(": ") || is_day(part) {
        true => (String::new(), part),
        false => (part[..found].to_string(), rest),
    }
}

static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r"^(?:items? )?\d+\b(?:(?:\s*(?:,|-|–|&)\s*|\s+(?:and|to|through)\s+|,?\s+)\d+\b)*";
    Regex::new(pattern).expect("a pattern")
});

/// What a part says of the numbers, or of the rest, that it ends with: `Josh takes 1 to 3`.
fn trailing(part: &str) -> Option<(&str, &str)> {
    let found = TRAILING.captures(part)?;
    let (rest, end) = (found.get(1)?.as_str(), found.get(2)?.as_str());
    // `ann, Nov 5` ends with a day.
    let day = until(part, 2000, Date::constant(2000, 1, 1));
    let dated = day.is_ok_and(|(_, day)| day.is_some());
    (!dated && !rest.trim().is_empty()).then_some((rest, end))
}

static TRAILING: LazyLock<Regex> = LazyLock::new(|| {
    let numbers = r"(?:items? )?\d{1,2}(?:(?:\s*(?:,|-|–|&)\s*|\s+(?:and|to|through)\s+)\d{1,2})*";
    let pattern = format!(
        r"(?i)^(.+?)\s+({numbers}|all of them|all of it|all|everything|the rest|the others)$"
    );
    Regex::new(&pattern).expect("a pattern")
});

/// `1, 3-5`, `2 and 4`, `1 to 3` as numbers.
fn numbers(words: &str, count: usize) -> Result<Vec<usize>, String> {
    let words = words.replace(" to ", "-").replace(" through ", "-").replace('–', "-");
    let words = words.replace(" - ", "-");
    let mut numbers = Vec::new();
    let separate = |letter: char| letter.is_whitespace() || ",&".contains(letter);
    for word in words.split(separate).filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    {
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        let (from, to) = (number(from, count)?, number(to, count)?);
        if from > to {
            return Err(format!("`{word}` counts backwards"));
        }
        numbers.extend(from..=to);
    }
    Ok(numbers)
}

fn number(text: &str, count: usize) -> Result<usize, String> {
    let read = text.parse().ok().filter(|number| (1..=count).contains(number));
    read.ok_or_else(|| format!("`{text}` is not a number in the list: 1 to {count}"))
}

/// What is said of items, without what links it with their numbers.
fn without_numbers(words: &str) -> String {
    let mut words = words.trim().trim_matches([':', '-', ',']).trim();
    let heads = [
        "which is ",
        "which are ",
        "is ",
        "are ",
        "goes to ",
        "go to ",
        "belongs to ",
        "belong to ",
        "for ",
        "to ",
        "by ",
        "stays with ",
        "stay with ",
    ];
    let tails = [" takes", " take", " does", " gets", " has", " owns", " for", " of"];
    while let Some(head) = heads.iter().find(|head| words.starts_with(**head)) {
        words = words[head.len()..].trim();
    }
    while let Some(tail) = tails.iter().find(|tail| words.ends_with(**tail)) {
        words = words[..words.len() - tail.len()].trim();
    }
    words.to_string()
}
