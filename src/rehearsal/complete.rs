//! Completes a word that has been begun.

use super::arguments::quoted;
use super::command::Command;
use super::find::NameKind;
use crate::names::Names;

/// Where the last word begins: at a quote that is still open, else after the last space.
fn start_of_last(before: &str) -> usize {
    let mut open = None;
    for (at, c) in before.char_indices().filter(|(_, c)| ['"', '\''].contains(c)) {
        open = match open {
            None => Some((at, c)),
            Some((_, quote)) if quote == c => None,
            still => still,
        };
    }
    let space = || before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    open.map_or_else(space, |(at, _)| at)
}

/// Where the last word of a line begins, and all words that may stand there.
pub fn complete(before: &str, names: &Names) -> (usize, Vec<String>) {
    let start = start_of_last(before);
    let begun = before[start..].trim_start_matches(['"', '\'']).to_lowercase();
    let first = before.split_whitespace().next().unwrap_or_default();
    let kinds: &[NameKind] = match first {
        _ if start == 0 || before[..start].trim().is_empty() => &[],
        "ack" | "decide" => &[NameKind::Person, NameKind::Channel],
        "declare" => &[NameKind::Person],
        "choose" => &[NameKind::Change, NameKind::Person],
        "start" | "done" | "failed" | "odds" => &[NameKind::Change],
        "do" => &[NameKind::Change, NameKind::Role, NameKind::Person],
        "say" => &[NameKind::Role, NameKind::Person, NameKind::Channel],
        "told" => &[NameKind::Role, NameKind::Person],
        "open" => &[NameKind::Play],
        "assign" | "handoff" | "seat" | "leave" | "guess" => &[NameKind::Person],
        "inject" => &[NameKind::Fault],
        _ => return (start, Vec::new()),
    };
    let mut words: Vec<&str> = match kinds {
        [] => Command::words().collect(),
        kinds => kinds.iter().flat_map(|kind| kind.all(names)).collect(),
    };
    if matches!(first, "declare" | "decide") && !kinds.is_empty() {
        words.extend(["yes", "no"]);
    }
    if first == "decide" && !kinds.is_empty() {
        words.extend(["not yet", "instead", "decides"]);
    }
    let fits = words.into_iter().filter(|word| word.to_lowercase().starts_with(&begun));
    // What is injected is taken as it was typed, without quotes.
    let typed = |word: &str| match first {
        "inject" => word.to_string(),
        _ => quoted(word).into_owned(),
    };
    (start, fits.map(typed).collect())
}
